"""Player models: each family learns, serves one row as it serves many, and survives its files."""

from __future__ import annotations

import json

import numpy as np
import pytest

from engine.core.errors import BundleError, NoDataError, UsageError
from engine.core.player_records import Stat
from engine.features.player_row import feature_names
from engine.models.player.data import PlayerSet
from engine.models.player.fitting import FAMILIES, FEWEST_ROWS, PlayerFitter, check_families
from engine.models.player.model import MODEL, PlayerModel

NAMES = feature_names()


def made_up_set(n: int = 6000) -> PlayerSet:
    """Players with steady minutes and rates, whose outcomes scatter around minutes times rate."""
    dice = np.random.default_rng(11)
    x = np.zeros((n, len(NAMES)), dtype=np.float32)
    minutes = dice.uniform(6, 36, n)
    rates = {
        Stat.PTS: dice.uniform(0.2, 0.9, n),
        Stat.REB: dice.uniform(0.05, 0.4, n),
        Stat.AST: dice.uniform(0, 0.3, n),
    }
    for at, name in enumerate(NAMES):
        if name.startswith("minutes_") and "over" not in name:
            x[:, at] = minutes + dice.normal(0, 1, n)
        elif name.startswith("allowed"):
            x[:, at] = 1.0
    outcomes = np.zeros((n, len(Stat)))
    for at, stat in enumerate(Stat):
        rate = rates.get(stat, np.full(n, 0.03))
        if stat is not Stat.PRA:
            outcomes[:, at] = dice.poisson(rate * minutes)
            for column, name in enumerate(NAMES):
                if name.startswith(f"{stat}_rate"):
                    x[:, column] = rate
                elif name.startswith(f"{stat}_game"):
                    x[:, column] = rate * minutes
    outcomes[:, -1] = outcomes[:, :3].sum(axis=1)
    season = np.repeat([2021, 2022, 2023], n // 3)
    return PlayerSet(x, minutes, outcomes, season, np.arange(n) // 20 + 737000)


@pytest.fixture(scope="module")
def data() -> PlayerSet:
    return made_up_set()


@pytest.fixture(scope="module")
def fitter(data: PlayerSet) -> PlayerFitter:
    return PlayerFitter(data)


@pytest.fixture(scope="module", params=FAMILIES)
def model(request: pytest.FixtureRequest, fitter: PlayerFitter, data: PlayerSet) -> PlayerModel:
    return fitter.model(request.param, data.before(2023))


def test_every_family_finds_minutes_times_rate(model: PlayerModel, data: PlayerSet) -> None:
    rows = slice(data.before(2023), len(data))
    expected = model.expect_all(data.x[rows])
    assert np.abs(expected.minutes - data.minutes[rows]).mean() < 1.0
    for stat in (Stat.PTS, Stat.REB, Stat.PRA):
        outcomes = data.of(stat)[rows]
        explained = 1 - np.mean((outcomes - expected.means[stat]) ** 2) / outcomes.var()
        assert explained > 0.6


def test_one_row_is_served_as_many_are(model: PlayerModel, data: PlayerSet) -> None:
    x = data.x[-20:]
    many = model.expect_all(x)
    for at, row in enumerate(x):
        one = model.expect([float(value) for value in row])
        assert one.minutes == pytest.approx(many.minutes[at], abs=1e-3)
        assert [one.means[stat] for stat in Stat] == pytest.approx([many.means[stat][at] for stat in Stat], abs=2e-3)


def test_a_model_that_was_stored_says_the_same(model: PlayerModel, data: PlayerSet) -> None:
    row = [float(value) for value in data.x[-1]]
    read = PlayerModel.from_files(model.to_files())
    assert read.forecasts(read.expect(row)) == model.forecasts(model.expect(row))
    assert read.family == model.family


def test_intervals_lie_inside_each_other_and_around_the_median(model: PlayerModel, data: PlayerSet) -> None:
    for one in model.forecasts(model.expect([float(value) for value in data.x[-5]])):
        assert one.interval_95[0] <= one.interval_80[0] <= one.interval_50[0] <= one.median
        assert one.median <= one.interval_50[1] <= one.interval_80[1] <= one.interval_95[1]


def test_a_line_beside_the_median_is_near_even(fitter: PlayerFitter, data: PlayerSet) -> None:
    model = fitter.model("ridge", data.before(2023))
    expected = model.expect([float(value) for value in data.x[-5]])
    median = next(one.median for one in model.forecasts(expected) if one.stat is Stat.PTS)
    over, under = (model.line(expected, Stat.PTS, median + step) for step in (-0.5, 0.5))
    assert over.over >= 0.5 >= under.over
    assert over.over + over.under == pytest.approx(1.0)


def test_too_few_appearances_make_no_model(fitter: PlayerFitter) -> None:
    with pytest.raises(NoDataError, match="import more seasons"):
        fitter.model("ridge", FEWEST_ROWS - 1)


def test_an_unknown_family_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(UsageError, match="mean, linear, ridge, lasso, xgboost"):
        check_families(("elo",))


@pytest.mark.parametrize("harm", ["contract", "kind", "scores", "misses", "minutes"])
def test_a_damaged_model_is_refused(fitter: PlayerFitter, data: PlayerSet, harm: str) -> None:
    files = fitter.model("xgboost", data.before(2023)).to_files()
    values = json.loads(files[MODEL])
    values[harm] = {} if harm in ("scores", "misses", "minutes") else "another"
    with pytest.raises(BundleError):
        PlayerModel.from_files({**files, MODEL: json.dumps(values).encode()})


def test_trees_that_are_missing_are_named(fitter: PlayerFitter, data: PlayerSet) -> None:
    files = fitter.model("xgboost", data.before(2023)).to_files()
    del files["pts.ubj"]
    with pytest.raises(BundleError, match=r"pts\.ubj"):
        PlayerModel.from_files(files)
