"""Half-time margins: what is served is what was measured, nothing later is known, and what a bundle may hold."""

from __future__ import annotations

import dataclasses
import json
import math

import numpy as np
import pytest

from engine.core.errors import BundleError, NoDataError, UsageError
from engine.core.live import Pregame
from engine.models.halftime import fitting
from engine.models.halftime.data import HalftimeSet, build_halftime_set
from engine.models.halftime.evaluation import backtest_halftime
from engine.models.halftime.fitting import HalftimeFitter, check_families
from engine.models.halftime.forms import Dejavu, Line
from engine.models.halftime.model import HalftimeModel, Member
from engine.models.live.data import LiveGame
from engine.models.tasks import TASKS

SEASONS, GAMES = 6, 240
FAMILIES = ("linear", "dejavu", "ensemble")


@pytest.fixture(scope="module")
def data() -> HalftimeSet:
    """Made-up seasons: every minute the margin moves by chance and by a 48th of the margin forecast before."""
    dice, games = np.random.default_rng(3), []
    for number in range(SEASONS * GAMES):
        strength = float(dice.normal(2, 12))
        minutes = np.round(np.cumsum(dice.normal(strength / 24, 1.2, 48))).astype(int).tolist()
        season, before = 2015 + number // GAMES, Pregame(1 / (1 + math.exp(-strength / 7)), strength)
        games.append(LiveGame(f"{number:010}", season, 700000 + number // 5, before, minutes[-1], tuple(minutes)))
    return build_halftime_set(games, {game.game_id: game.pregame.margin / 14 for game in games})


@pytest.fixture(scope="module", autouse=True)
def _without_pytorch():
    """Whether or not it is installed, these tests are about what does without."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fitting, "can_train", lambda: False)
        yield


@pytest.fixture(scope="module")
def fitter(data: HalftimeSet) -> HalftimeFitter:
    return HalftimeFitter(data)


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_served_is_what_was_measured(fitter: HalftimeFitter, data: HalftimeSet, family: str):
    model = fitter.model(family, 2020)
    measured = fitter.forecasts({member.name: member.weight for member in model.members}, 2020)
    games = [game for game in data.games if game.season == 2020][:20]
    for game, said in zip(games, measured[:20], strict=True):
        found = model.predict(game.minutes[:18], game.pregame)
        assert found.margin == pytest.approx(said)
        assert found.margin_80 == pytest.approx((said - model.reach_80, said + model.reach_80))
        assert found.margin_95[0] <= found.margin_80[0] < found.margin < found.margin_80[1] <= found.margin_95[1]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_season_is_forecast_without_having_seen_it_or_a_later_one(data: HalftimeSet, family: str):
    later = data.season >= 2019
    altered = dataclasses.replace(data, half=np.where(later, -data.half, data.half))
    assert HalftimeFitter(altered).model(family, 2019) == HalftimeFitter(data).model(family, 2019)
    assert HalftimeFitter(altered).model(family, 2020) != HalftimeFitter(data).model(family, 2020)


def test_the_ensemble_is_a_weighted_mean_of_what_it_is_made_of(fitter: HalftimeFitter, data: HalftimeSet):
    model, game = fitter.model("ensemble", 2020), data.games[-1]
    found = model.predict(game.minutes[:18], game.pregame)
    weights = {member.name: member.weight for member in model.members}
    assert sum(weights.values()) == pytest.approx(1)
    assert all(weight > 0 for weight in weights.values())
    assert found.margin == pytest.approx(sum(weights[name] * said for name, said in found.parts))


def test_a_backtest_says_what_each_family_is_worth_and_that_its_intervals_hold(fitter: HalftimeFitter):
    found = backtest_halftime(fitter, [2019, 2020])
    rows = {row.family: row for row in found.rows}
    assert list(rows) == ["hold", "elo", "linear", "dejavu", "ensemble"]
    assert {row.n for row in found.rows} == {2 * GAMES}
    for family in FAMILIES:
        against = rows[family].against_hold
        assert against is not None
        assert against.high < 0
        assert against.mean == pytest.approx(rows[family].mae - rows["hold"].mae)
        assert 0.75 < (rows[family].share_80 or 0) < 0.85 < 0.92 < (rows[family].share_95 or 0) < 0.98
    assert rows["elo"].share_80 is None
    assert [(row.season, row.n) for row in found.by_season if row.family == "hold"] == [
        ("2019-20", 240),
        ("2020-21", 240),
    ]
    assert found.notes[0].startswith("PyTorch is not installed")


def test_a_past_game_that_went_alike_is_asked_what_became_of_it():
    risers, fallers = [list(range(18))] * 300, [[-minute for minute in range(18)]] * 300
    patterns, half = np.array(risers + fallers), np.array([17.0 + 4] * 300 + [-17.0 + 2] * 300)
    form = Dejavu.of(patterns, half, np.zeros(600))
    assert form.change([minute + 1 for minute in range(18)], 0.0) == 4
    assert form.change([-minute for minute in range(18)], 0.0) == 2
    told_apart = Dejavu.of(
        np.array(risers + risers), np.array([21.0] * 300 + [15.0] * 300), np.repeat([9.0, -9.0], 300)
    )
    assert [told_apart.change(list(range(18)), before) for before in (8.0, -8.0)] == [4, -2]


def test_a_model_comes_back_from_its_files(fitter: HalftimeFitter):
    for family in FAMILIES:
        model = fitter.model(family, 2020)
        assert TASKS["halftime"].read(model.to_files()) == model


def test_only_a_model_that_asks_past_games_carries_them(fitter: HalftimeFitter):
    assert fitter.model("linear", 2020).to_files().keys() == {"model.json"}
    assert fitter.model("dejavu", 2020).to_files().keys() == {"model.json", "library.bin"}


@pytest.mark.parametrize(
    "change",
    [
        {"members": None},
        {"members": []},
        {"members": [{"name": "linear", "weight": 1.0}]},
        {"members": [{"name": "oracle", "weight": 1.0, "form": {}}]},
        {"members": [{"name": "dejavu", "weight": 1.0, "form": {}}]},
        {"members": [{"name": "linear", "weight": 0.5, "form": {"level": 0, "by_margin": 0, "by_pregame": 0}}]},
        {"members": [{"name": "linear", "weight": 1, "form": {"level": math.nan, "by_margin": 0, "by_pregame": 0}}]},
        {"members": [{"name": "sequence", "weight": 1, "form": {"head": [1.0]}}]},
        {"reach_80": 0.0},
        {"reach_95": 1.0},
        {"kind": "live"},
        {"contract": "another"},
    ],
)
def test_a_file_that_is_no_sound_model_is_refused(change: dict[str, object]):
    sound = HalftimeModel((Member("linear", 1.0, Line(0.1, -0.1, 0.2)),), 7.5, 11.5)
    values = json.loads(sound.to_files()["model.json"]) | change
    with pytest.raises(BundleError, match="train a new one"):
        HalftimeModel.from_files({"model.json": json.dumps(values).encode()})


def test_too_few_games_and_unknown_families_are_sentences(fitter: HalftimeFitter):
    with pytest.raises(NoDataError, match="200 are needed"):
        fitter.model("linear", 2015)
    with pytest.raises(UsageError, match="choose among linear, dejavu, sequence, ensemble"):
        check_families(["oracle"])
