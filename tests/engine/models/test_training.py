from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from engine.core.calendar import SeasonType
from engine.core.errors import NoDataError, UsageError
from engine.core.records import PlayedGame
from engine.features import elo
from engine.features.contract import GAME_FEATURES, Role, names
from engine.models.estimators import LinearGameModel
from engine.models.training import BURN_IN_GAMES, FAMILIES, TrainingSet, build_training_set, fit, recipe_of

COLUMN = {name: index for index, name in enumerate(names(GAME_FEATURES))}


@pytest.fixture(scope="module", params=sorted(FAMILIES))
def fitted(request: pytest.FixtureRequest, training_set: TrainingSet) -> LinearGameModel:
    return fit(request.param, training_set, training_set.season < 2023)


def test_a_training_set_holds_every_game_in_order(league: list[PlayedGame], training_set: TrainingSet) -> None:
    assert training_set.game_id == tuple(one.game.game_id for one in league)
    assert training_set.x.shape == (len(league), len(GAME_FEATURES))
    assert training_set.x.dtype == np.float64
    assert np.isfinite(training_set.x).all()
    assert training_set.margin.tolist() == [one.game.margin for one in league]
    assert training_set.total.tolist() == [one.home.pts + one.away.pts for one in league]
    assert training_set.regular.tolist() == [one.game.season_type is SeasonType.REGULAR for one in league]
    assert int(training_set.settled.argmax()) == BURN_IN_GAMES
    assert training_set.state.data_through == league[-1].game.league_day


def test_progress_ends_at_the_last_game(league: list[PlayedGame]) -> None:
    seen: list[tuple[str, int, int]] = []
    build_training_set(iter(league), lambda *step: seen.append(step))
    assert seen[-1] == ("features", len(league), len(league))


def test_no_games_are_an_error_that_says_what_to_do() -> None:
    with pytest.raises(NoDataError, match="nbabot import"):
        build_training_set([])


def test_who_wins_is_explained_by_edges_only_and_the_total_by_levels_only(fitted: LinearGameModel) -> None:
    for feature, win, total in zip(GAME_FEATURES, fitted.win.coefficients, fitted.total.coefficients, strict=True):
        assert (total if feature.role is Role.EDGE else win) == 0, feature.name


def test_fitting_twice_gives_the_same_model(fitted: LinearGameModel, training_set: TrainingSet) -> None:
    again = fit(fitted.family, training_set, training_set.season < 2023)
    assert json.dumps(again.to_json()) == json.dumps(fitted.to_json())


def test_the_elo_family_keeps_the_formulas_curve(training_set: TrainingSet) -> None:
    model = fit("elo", training_set, training_set.season < 2023)
    used = {name: value for name, value in zip(COLUMN, model.win.coefficients, strict=True) if value}
    assert set(used) == {"elo", "home_edge"}
    assert used["elo"] == elo.LOGIT_PER_POINT


def test_the_home_edge_of_the_elo_family_makes_forecast_and_observed_home_wins_agree(
    training_set: TrainingSet,
) -> None:
    rows = training_set.settled & (training_set.x[:, COLUMN["home_edge"]] > 0)
    model = fit("elo", training_set, training_set.season < 2030)
    forecasts = [model.predict(row).home_win_prob for row in training_set.x[rows].tolist()]
    assert np.mean(forecasts) == pytest.approx(training_set.home_win[rows].mean(), abs=0.01)


def test_margins_are_of_the_right_size(fitted: LinearGameModel, training_set: TrainingSet) -> None:
    rows = training_set.settled & (training_set.season < 2023)
    margins = np.array([fitted.predict(row).margin for row in training_set.x[rows].tolist()])
    assert margins @ training_set.margin[rows] / (margins @ margins) == pytest.approx(1.0)


def test_later_games_have_no_influence_on_a_fit(league: list[PlayedGame], training_set: TrainingSet) -> None:
    short = build_training_set([one for one in league if one.game.season < 2023])
    for family in FAMILIES:
        assert fit(family, short, short.season < 2023) == fit(family, training_set, training_set.season < 2023)


def test_games_of_the_burn_in_have_no_influence_on_a_fit(training_set: TrainingSet) -> None:
    chosen = training_set.season < 2023
    late = chosen & (np.arange(len(training_set)) >= BURN_IN_GAMES)
    assert fit("logistic", training_set, chosen) == fit("logistic", training_set, late)


def test_too_few_games_are_an_error_that_says_how_many(training_set: TrainingSet) -> None:
    with pytest.raises(NoDataError, match="0 settled games are too few"):
        fit("logistic", training_set, training_set.season < 2020)


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_games_between_teams_that_all_look_alike_are_an_error(training_set: TrainingSet, family: str) -> None:
    """Features without any spread: nothing can be learned from them."""
    flat = replace(training_set, x=np.zeros_like(training_set.x))
    with pytest.raises(NoDataError, match="do not tell stronger teams from weaker ones"):
        fit(family, flat, flat.season < 2030)


def test_an_unknown_family_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="choose from elo, logistic"):
        recipe_of("oracle")


def test_no_edge_counts_against_the_side_that_it_favours(training_set: TrainingSet) -> None:
    edges = [index for index, feature in enumerate(GAME_FEATURES) if feature.role is Role.EDGE]
    turned = replace(training_set, x=training_set.x * np.where(np.arange(training_set.x.shape[1]) == edges[2], -1, 1))
    for data in (training_set, turned):
        model = fit("logistic", data, np.ones(len(data), dtype=bool))
        assert min(model.win.coefficients[index] for index in edges) >= 0
        assert max(model.win.coefficients[index] for index in edges) > 0
