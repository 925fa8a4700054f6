"""The live model: what it may never say, what it learns from, and that it serves what it was fitted with."""

from __future__ import annotations

import dataclasses
import json
import math
from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from engine.core.errors import BundleError, NoDataError
from engine.core.live import Moment, Pregame
from engine.core.timelines import Score, Timeline
from engine.features.game import LeagueState
from engine.models.live.data import LiveSet, build_live_set, moments
from engine.models.live.evaluation import backtest_live, forecast_all
from engine.models.live.fitting import fit_live
from engine.models.live.model import LiveModel
from engine.models.training import TrainingSet

EVEN = Pregame(0.5, 0.0)
GAMES = 260


def game(dice: np.random.Generator, strength: float) -> tuple[Score, ...]:
    """A made-up game of two-point baskets in which a side gets `strength` more a game than the other."""
    scores, home, away, period, left = [], 0, 0, 1, 720
    while True:
        left -= int(dice.integers(12, 26))
        if left < 0:
            if period >= 4 and home != away:
                return tuple(scores)
            period, left = period + 1, 720 if period < 4 else 300
            continue
        at_home = dice.random() < 0.5 + strength / 200
        home, away = home + 2 * at_home, away + 2 * (not at_home)
        scores.append(Score(period, left, home, away))


@pytest.fixture(scope="module")
def known() -> LiveSet:
    """Two seasons of made-up games, forecast with the very strength that they were played with."""
    dice = np.random.default_rng(4)
    strengths = dice.normal(2, 8, GAMES)
    timelines = [Timeline(f"00{number:08}", game(dice, strength)) for number, strength in enumerate(strengths)]
    before = {
        one.game_id: Pregame(1 / (1 + math.exp(-strength / 7)), float(strength))
        for one, strength in zip(timelines, strengths, strict=True)
    }
    margins = np.array([one.scores[-1].margin for one in timelines], dtype=float)
    season = np.where(np.arange(GAMES) < 210, 2021, 2022)
    blank = np.zeros((GAMES, 1))
    data = TrainingSet(
        x=blank, unaware=blank, margin=margins, total=margins, season=season,
        league_day=date(2021, 11, 1).toordinal() + np.arange(GAMES) // 5, regular=np.ones(GAMES, dtype=bool),
        settled=np.ones(GAMES, dtype=bool), game_id=tuple(one.game_id for one in timelines), state=LeagueState(),
    )  # fmt: skip
    return build_live_set(data, before, timelines)


@pytest.fixture(scope="module")
def model(known: LiveSet) -> LiveModel:
    """Fitted on both seasons."""
    return fit_live(known, 2023)


def test_a_greater_lead_never_wins_less_often(model: LiveModel):
    for left in (2880, 1500, 400, 61, 3):
        clock = {"period": 4 - min((left - 1) // 720, 3), "seconds_left": (left - 1) % 720 + 1}
        chances = [model.predict(Moment(home=50 + lead, away=50, **clock), EVEN).home_win_prob for lead in range(31)]
        assert all(earlier < later or later > 0.99999 for earlier, later in pairwise(chances))


def test_the_end_is_certain_and_a_level_end_is_not(model: LiveModel):
    won, lost = model.predict(Moment(4, 0, 101, 100), EVEN), model.predict(Moment(5, 0, 100, 101), EVEN)
    assert (won.home_win_prob, won.margin, won.margin_80) == (1.0, 1.0, (1.0, 1.0))
    assert lost.home_win_prob == 0.0
    level = model.predict(Moment(4, 0, 100, 100), Pregame(0.9, 9.0))
    assert 0.5 < level.home_win_prob < 0.9
    assert level == model.predict(Moment(5, 300, 100, 100), Pregame(0.9, 9.0))


def test_no_score_with_time_left_is_certain(model: LiveModel):
    for lead in (60, -60, 5000):
        assert 0 < model.predict(Moment(4, 1, 5000 + lead, 5000), EVEN).home_win_prob < 1


def test_intervals_close_in_as_the_end_draws_near_and_contain_each_other(model: LiveModel):
    widths = []
    for moment in (Moment(1, 720), Moment(2, 720), Moment(3, 720), Moment(4, 600), Moment(4, 60)):
        found = model.predict(moment, EVEN)
        assert found.margin_95[0] <= found.margin_80[0] < found.margin < found.margin_80[1] <= found.margin_95[1]
        widths.append(found.margin_80[1] - found.margin_80[0])
    assert widths == sorted(widths, reverse=True)


def test_what_is_served_is_what_was_fitted(known: LiveSet, model: LiveModel):
    """One path: the arrays of the backtest and the plain numbers of the answer agree, moment by moment."""
    of_game = known.game == 7
    many = forecast_all(model, known, of_game)
    scores = _timeline(7)
    for index, moment in enumerate(moments(scores)):
        if moment.over:
            continue
        one = model.predict(moment, known.games[7].pregame)
        assert math.log(one.home_win_prob / (1 - one.home_win_prob)) == pytest.approx(many.logit[index], abs=1e-6)
        assert one.margin == pytest.approx(many.margin[index])
        assert one.margin_80[1] - one.margin == pytest.approx(many.near[index])


def test_a_season_is_forecast_without_having_seen_it_or_a_later_one(known: LiveSet):
    later = known.season == 2022
    altered = dataclasses.replace(known, margin=np.where(later, -known.margin, known.margin))
    assert fit_live(altered, 2022) == fit_live(known, 2022)
    assert fit_live(altered, 2023) != fit_live(known, 2023)


def test_a_game_whose_timeline_ends_elsewhere_is_left_out():
    blank = np.zeros((1, 1))
    data = TrainingSet(
        x=blank, unaware=blank, margin=np.array([5.0]), total=np.array([5.0]), season=np.array([2021]),
        league_day=np.array([738000]), regular=np.array([True]), settled=np.array([True]), game_id=("0022100001",),
        state=LeagueState(),
    )  # fmt: skip
    wrong = Timeline("0022100001", (Score(4, 0, 100, 96),))
    with pytest.raises(NoDataError, match="import some"):
        build_live_set(data, {"0022100001": EVEN}, [wrong])


def test_a_backtest_scores_every_game_at_every_mark_and_counts_overtime_apart(known: LiveSet):
    elo = np.array([game.pregame.home_win_prob - 0.5 for game in known.games])
    found = backtest_live(known, elo, [2022])
    assert {mark.n for mark in found.marks} == {50}
    assert [mark.log_loss for mark in found.marks][-1] < found.marks[0].log_loss < math.log(2)
    assert sum(one.games for one in found.coverage[:4]) == 200
    assert all(0.6 < one.share_80 < one.share_95 <= 1 for one in found.coverage[:4])


def test_too_few_games_are_a_sentence(known: LiveSet):
    with pytest.raises(NoDataError, match="200 are needed"):
        fit_live(known, 2021)


def test_a_model_comes_back_from_its_files(model: LiveModel):
    assert LiveModel.from_files(model.to_files()) == model


@pytest.mark.parametrize(
    "change",
    [
        {"win": [1.0]},
        {"win": [-1.0] * 27},
        {"drift": None},
        {"scale": [float("nan")] * 27},
        {"reach_80": [1.0] * 4},
        {"reach_95": [0.1] * 5},
        {"kind": "game"},
        {"contract": "another"},
    ],
)
def test_a_file_that_is_no_sound_model_is_refused(model: LiveModel, change: dict[str, object]):
    values = json.loads(model.to_files()["model.json"]) | change
    with pytest.raises(BundleError, match="train a new one"):
        LiveModel.from_files({"model.json": json.dumps(values).encode()})


def _timeline(number: int) -> Timeline:
    dice = np.random.default_rng(4)
    strengths = dice.normal(2, 8, GAMES)
    found = [game(dice, strength) for strength in strengths[: number + 1]]
    return Timeline(f"00{number:08}", found[number])
