from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.core.errors import NoDataError, UsageError
from engine.core.records import ClosingLine, PlayedGame
from engine.features import elo
from engine.features.contract import GAME_FEATURES, names
from engine.models.boosters import Booster
from engine.models.estimators import GameModel
from engine.models.fitting import Fitter
from engine.models.recipes import ENSEMBLE, FAMILIES, MARKET, RECIPES, XGBOOST
from engine.models.scorers import EDGES, LEVELS, SWAPPED, Blend, Linear, inside
from engine.models.training import BURN_IN_GAMES, TrainingSet, build_training_set

COLUMN = {name: index for index, name in enumerate(names(GAME_FEATURES))}


@pytest.fixture(scope="module")
def lines(league: list[PlayedGame]) -> dict[str, ClosingLine]:
    """A line for every game that has gone by the home side's strength."""
    return {one.game.game_id: ClosingLine(one.game.game_id, -3.0, 212.5, -150, 130) for one in league}


@pytest.fixture(scope="module")
def fitter(training_set: TrainingSet, lines: dict[str, ClosingLine]) -> Fitter:
    return Fitter(training_set, lines)


@pytest.fixture(scope="module", params=FAMILIES)
def fitted(request: pytest.FixtureRequest, fitter: Fitter) -> GameModel:
    return fitter.model(request.param, fitter.data.before(2023))


def later(data: TrainingSet) -> list[tuple[float, ...]]:
    return [tuple(row) for row in data.x[data.before(2023) :].tolist()]


def test_swapping_the_sides_gives_the_opposite_forecast(fitted: GameModel, training_set: TrainingSet) -> None:
    for row in later(training_set)[:20]:
        swapped = tuple(factor * value for factor, value in zip(SWAPPED, row, strict=True))
        here, there = fitted.predict(row), fitted.predict(swapped)
        assert there.home_win_prob == pytest.approx(1 - here.home_win_prob)
        assert (there.margin, there.total) == (-here.margin, here.total)


def test_the_reasons_sum_to_the_margin(fitted: GameModel, training_set: TrainingSet) -> None:
    for row in later(training_set)[:20]:
        numbers = fitted.predict(row)
        assert sum(points for _, points in numbers.contributions) == numbers.margin


def test_who_wins_is_explained_by_edges_only(fitted: GameModel, training_set: TrainingSet) -> None:
    for row in later(training_set)[:20]:
        said = dict(fitted.predict(row).contributions)
        assert all(said[GAME_FEATURES[at].name] == 0 for at in LEVELS)


def test_a_fitted_model_comes_back_from_its_files(fitted: GameModel, training_set: TrainingSet) -> None:
    again = GameModel.from_files(fitted.to_files())
    for row in later(training_set)[:20]:
        assert again.predict(row) == fitted.predict(row)


def test_one_row_is_forecast_as_in_a_backtest(fitted: GameModel, training_set: TrainingSet) -> None:
    many = fitted.predict_many(training_set.x)
    for at in range(training_set.before(2023), len(training_set), 9):
        assert fitted.predict(training_set.x[at].tolist()).margin == pytest.approx(many.margin[at], abs=1e-4)


def test_fitting_twice_gives_the_same_model(
    fitted: GameModel, training_set: TrainingSet, lines: dict[str, ClosingLine]
) -> None:
    again = Fitter(training_set, lines).model(fitted.family, training_set.before(2023))
    assert again.to_files() == fitted.to_files()


def test_later_games_have_no_influence_on_a_fit(
    fitted: GameModel, league: list[PlayedGame], lines: dict[str, ClosingLine]
) -> None:
    short = build_training_set([one for one in league if one.game.season < 2023])
    assert Fitter(short, lines).model(fitted.family, len(short)).to_files() == fitted.to_files()


def test_games_of_the_burn_in_have_no_influence_on_a_fit(training_set: TrainingSet) -> None:
    turned = np.where(np.arange(len(training_set)) < BURN_IN_GAMES, -1, 1)
    other = replace(training_set, margin=training_set.margin * turned)
    one, two = (Fitter(data).model("logistic", data.before(2023)) for data in (training_set, other))
    assert one == two


def test_the_elo_family_keeps_the_formulas_curve(fitter: Fitter) -> None:
    edge = fitter.model("elo", len(fitter.data)).edge
    assert isinstance(edge, Linear)
    used = {name: value for name, value in zip(COLUMN, edge.coefficients, strict=True) if value}
    assert set(used) == {"elo", "home_edge"}
    assert used["elo"] == elo.LOGIT_PER_POINT


def test_the_home_edge_of_the_elo_family_makes_forecast_and_observed_home_wins_agree(fitter: Fitter) -> None:
    data = fitter.data
    rows = data.settled & (data.x[:, COLUMN["home_edge"]] > 0)
    forecasts = fitter.model("elo", len(data)).predict_many(data.x[rows]).probability
    assert np.mean(forecasts) == pytest.approx(data.home_win[rows].mean(), abs=0.01)


@pytest.mark.parametrize("family", ["logistic", "margin"])
def test_no_edge_counts_against_the_side_that_it_favours(training_set: TrainingSet, family: str) -> None:
    turned = training_set.x * np.where(np.arange(training_set.x.shape[1]) == EDGES[2], -1, 1)
    for data in (training_set, replace(training_set, x=turned)):
        model = Fitter(data).model(family, len(data))
        linear = next(part for part in inside(model.edge) if isinstance(part, Linear))
        assert min(linear.coefficients) >= 0 < max(linear.coefficients)


def test_the_ensemble_weighs_its_members_and_leaves_out_those_without_worth(fitter: Fitter) -> None:
    edge = fitter.model(ENSEMBLE, len(fitter.data)).edge
    assert isinstance(edge, Blend)
    assert {term.name for term in edge.terms} <= set(RECIPES)
    assert all(term.weight > 0 for term in edge.terms)
    assert sum(term.weight for term in edge.terms) == pytest.approx(1.0, abs=0.5)


def test_xgboost_keeps_its_training_curve_to_the_last_game_it_stopped_at(fitter: Fitter) -> None:
    booster = next(part for part in inside(fitter.model(XGBOOST, len(fitter.data)).edge) if isinstance(part, Booster))
    curve = booster.anatomy["curve"]
    assert len(curve["train"]) == len(curve["validation"]) >= curve["best"]
    assert min(curve["validation"]) == curve["validation"][curve["best"] - 1]


def test_eighty_of_a_hundred_margins_fall_into_the_eighty_percent_interval(fitted: GameModel, fitter: Fitter) -> None:
    data = fitter.data
    first = data.before(2023)
    found = fitted.predict_many(data.x[first:])
    misses = data.margin[first:] - found.margin
    inside_80 = (misses >= found.offsets[:, 2]) & (misses <= found.offsets[:, 3])
    assert 0.7 < inside_80.mean() < 0.92


def test_a_market_without_lines_is_refused_and_is_no_family_by_default(training_set: TrainingSet) -> None:
    without = Fitter(training_set)
    assert without.families(len(training_set)) == tuple(family for family in FAMILIES if family != MARKET)
    with pytest.raises(NoDataError, match="closing odds"):
        without.model(MARKET, len(training_set))


def test_too_few_games_are_an_error_that_says_how_many(fitter: Fitter) -> None:
    with pytest.raises(NoDataError, match="0 settled games are too few"):
        fitter.model("logistic", fitter.data.before(2020))


@pytest.mark.parametrize("family", sorted(RECIPES))
def test_games_between_teams_that_all_look_alike_are_an_error(training_set: TrainingSet, family: str) -> None:
    """Features without any spread: nothing can be learned from them."""
    flat = replace(training_set, x=np.zeros_like(training_set.x))
    with pytest.raises(NoDataError, match="do not tell stronger teams from weaker ones"):
        Fitter(flat).model(family, len(flat))


def test_an_unknown_family_is_refused_with_the_known_ones(fitter: Fitter) -> None:
    with pytest.raises(UsageError, match="choose from elo, logistic"):
        fitter.model("oracle", len(fitter.data))
