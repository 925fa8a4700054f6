from __future__ import annotations

import json
import math
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.errors import BundleError
from engine.core.records import ClosingLine
from engine.features.contract import GAME_FEATURES, names
from engine.models.estimators import MODEL, GameModel, sigmoid
from engine.models.market import LINE, Lines, MarketBlend
from engine.models.scorers import EDGES, LEVELS, WIDTH, Linear
from engine.models.spread import Spread

ZEROS = (0.0,) * WIDTH
SPREAD = Spread((-8.0, 8.0), (-15.0, 15.0), (-12.0, 13.0), (-22.0, 24.0))
NARROW = Spread((-7.0, 7.0), (-14.0, 14.0), (-11.0, 12.0), (-21.0, 23.0))
BLEND = MarketBlend(0.9, 0.2, 0.75, 6.0, NARROW)


def at(index: int, value: float) -> tuple[float, ...]:
    return tuple(value if column == index else 0.0 for column in range(WIDTH))


def edge(values: tuple[float, ...]) -> Linear:
    return Linear(0.0, tuple(value if place in EDGES else 0.0 for place, value in enumerate(values)), ZEROS)


def model(win: tuple[float, ...] = ZEROS, scale: float = 7.0, market: MarketBlend | None = None) -> GameModel:
    total = Linear(220.0, at(LEVELS[0], 2.0), at(LEVELS[0], 5.0))
    return GameModel("logistic", edge(win), total, scale, SPREAD, market)


weights = st.lists(st.floats(-0.5, 0.5), min_size=WIDTH, max_size=WIDTH).map(tuple)
rows = st.lists(st.floats(-500, 500), min_size=WIDTH, max_size=WIDTH).map(tuple)


def test_a_forecast_is_what_its_scorers_say() -> None:
    row = tuple(a + b for a, b in zip(at(EDGES[0], 50.0), at(LEVELS[0], 8.0), strict=True))
    numbers = model(at(EDGES[0], 0.01)).predict(row)
    assert numbers.home_win_prob == pytest.approx(1 / (1 + math.exp(-0.5)))
    assert numbers.margin == pytest.approx(3.5)
    assert numbers.total == pytest.approx(226.0)
    assert dict(numbers.contributions)[names(GAME_FEATURES)[EDGES[0]]] == pytest.approx(3.5)


def test_intervals_lie_around_the_forecast() -> None:
    numbers = model(at(EDGES[0], 0.01)).predict(at(EDGES[0], 50.0))
    assert numbers.margin_50 == pytest.approx((3.5 - 8, 3.5 + 8))
    assert numbers.margin_80 == pytest.approx((3.5 - 15, 3.5 + 15))
    assert numbers.total_50 == pytest.approx((210 - 12, 210 + 13))
    assert numbers.total_80 == pytest.approx((210 - 22, 210 + 24))


def test_what_is_not_known_widens_the_intervals_and_draws_the_chance_to_one_half() -> None:
    sure = model(at(EDGES[0], 0.01)).predict(at(EDGES[0], 50.0))
    unsure = model(at(EDGES[0], 0.01)).predict(at(EDGES[0], 50.0), sd_scale=1.25)
    assert unsure.margin == sure.margin
    assert unsure.home_win_prob == pytest.approx(sigmoid(0.5 / 1.25))
    assert unsure.margin_80 == pytest.approx((3.5 - 1.25 * 15, 3.5 + 1.25 * 15))


def test_an_even_game_is_even() -> None:
    numbers = model(at(EDGES[0], 0.01)).predict(ZEROS)
    assert (numbers.home_win_prob, numbers.margin) == (0.5, 0.0)


@given(weights, rows, st.floats(0.1, 30))
def test_contributions_sum_to_the_margin_exactly(win: tuple[float, ...], row: tuple[float, ...], scale: float) -> None:
    numbers = model(win, scale).predict(row)
    assert [name for name, _ in numbers.contributions] == list(names(GAME_FEATURES))
    assert sum(points for _, points in numbers.contributions) == numbers.margin


@given(weights, rows, st.floats(0.1, 30))
def test_margin_and_probability_never_name_different_winners(
    win: tuple[float, ...], row: tuple[float, ...], scale: float
) -> None:
    numbers = model(win, scale).predict(row)
    assert 0 <= numbers.home_win_prob <= 1
    assert (numbers.home_win_prob - 0.5) * numbers.margin >= 0


@given(weights, rows)
def test_a_model_comes_back_from_its_files_bit_for_bit(win: tuple[float, ...], row: tuple[float, ...]) -> None:
    one = model(win, market=BLEND)
    again = GameModel.from_files(one.to_files())
    assert again == one
    assert again.predict(row) == one.predict(row)


@given(weights, rows)
def test_many_rows_are_forecast_as_one_by_one(win: tuple[float, ...], row: tuple[float, ...]) -> None:
    line = ClosingLine("1", -3.0, 215.0, -150, 130)
    one = model(win, market=BLEND)
    many = one.predict_many(np.array([row, row]), Lines.of({"1": line}, ["1", "2"]))
    for place, numbers in enumerate((one.predict(row, line=line), one.predict(row))):
        assert many.probability[place] == pytest.approx(numbers.home_win_prob, abs=1e-9)
        assert many.margin[place] == pytest.approx(numbers.margin, abs=1e-6)
        assert many.total[place] == pytest.approx(numbers.total, abs=1e-6)
        assert many.margin[place] + many.offsets[place, 2] == pytest.approx(numbers.margin_80[0], abs=1e-6)


def test_a_closing_line_is_weighed_in_and_named() -> None:
    line = ClosingLine("1", -3.0, 215.0, -150, 130)
    fair = math.log((150 / 250) / (100 / 230))
    numbers = model(at(EDGES[0], 0.01), market=BLEND).predict(at(EDGES[0], 50.0), line=line)
    assert numbers.home_win_prob == pytest.approx(sigmoid(0.9 * fair + 0.2 * 0.5))
    assert numbers.total == pytest.approx(210 + 0.75 * 5)
    assert dict(numbers.contributions)[LINE] == pytest.approx(6.0 * 0.9 * fair)
    assert sum(points for _, points in numbers.contributions) == numbers.margin
    assert numbers.margin_50 == pytest.approx((numbers.margin - 7, numbers.margin + 7))


def test_a_line_with_a_missing_side_counts_by_its_spread_and_an_empty_one_not_at_all() -> None:
    one, row = model(at(EDGES[0], 0.01), market=BLEND), at(EDGES[0], 50.0)
    by_spread = one.predict(row, line=ClosingLine("1", -3.5, None, -150, None))
    assert by_spread.home_win_prob == pytest.approx(sigmoid(0.9 * 3.5 / 7 + 0.2 * 0.5))
    assert by_spread.total == pytest.approx(210)
    assert one.predict(row, line=ClosingLine("1", None, 215.0, None, 130)) == one.predict(row)


def test_a_line_means_nothing_to_a_model_without_a_market() -> None:
    line = ClosingLine("1", -3.0, 215.0, -150, 130)
    assert model(at(EDGES[0], 0.01)).predict(ZEROS, line=line) == model(at(EDGES[0], 0.01)).predict(ZEROS)


@pytest.mark.parametrize("logit", [-2000.0, -1.0, 0.0, 1.0, 2000.0])
def test_the_logistic_curve_does_not_overflow(logit: float) -> None:
    assert sigmoid(logit) + sigmoid(-logit) == pytest.approx(1.0)


@pytest.mark.parametrize("row", [(), ZEROS[:-1], (*ZEROS, 0.0), at(0, math.nan), at(1, math.inf)])
def test_a_row_that_does_not_fit_is_refused(row: tuple[float, ...]) -> None:
    with pytest.raises(BundleError, match="does not fit the model"):
        model().predict(row)


def put(path: tuple[str, ...], value: object) -> bytes:
    """The file of a sound model with one thing changed."""
    content: dict[str, Any] = json.loads(model(at(EDGES[0], 0.01), market=BLEND).to_files()[MODEL])
    place = content
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return json.dumps(content).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x80\x04\x95\xff",
        b"[]",
        b"{}",
        b"[" * 100_000,
        put(("kind",), "forest"),
        put(("family",), None),
        put(("family",), ""),
        put(("edge",), None),
        put(("edge", "intercept"), 0.3),
        put(("edge", "means"), [1.0] * WIDTH),
        put(("edge", "coefficients"), list(at(LEVELS[0], 1.0))),
        put(("total",), None),
        put(("points_per_logit",), 0.0),
        put(("points_per_logit",), -6.0),
        put(("points_per_logit",), math.nan),
        put(("spread",), None),
        put(("spread", "margin_50"), [1.0]),
        put(("spread", "margin_50"), [1.0, -1.0]),
        put(("spread", "total_80"), [math.nan, 1.0]),
        put(("market", "line_weight"), None),
        put(("market", "points_per_logit"), 0.0),
        put(("market", "spread"), None),
    ],
)
def test_a_file_that_is_no_sound_model_is_refused(content: bytes) -> None:
    with pytest.raises(BundleError, match="cannot be used"):
        GameModel.from_files({MODEL: content})


def test_a_bundle_without_a_model_is_refused() -> None:
    with pytest.raises(BundleError, match=r"model\.json is not in its bundle"):
        GameModel.from_files({})


@pytest.mark.parametrize("content", [put(("contract",), "0" * 64), put(("features",), ["elo"])])
def test_a_model_for_other_features_is_refused(content: bytes) -> None:
    with pytest.raises(BundleError, match="made for other features"):
        GameModel.from_files({MODEL: content})


def test_serving_a_linear_model_imports_no_numpy() -> None:
    files = {name: content.decode() for name, content in model(at(EDGES[0], 0.01), market=BLEND).to_files().items()}
    code = (
        "import sys, json, engine.features.game, engine.models.registry\n"
        "from engine.models.estimators import GameModel\n"
        "files = {name: text.encode() for name, text in json.loads(sys.argv[1]).items()}\n"
        f"GameModel.from_files(files).predict((0.5,) * {WIDTH})\n"
        "sys.exit(bool({'numpy', 'pandas', 'sklearn', 'scipy', 'xgboost'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code, json.dumps(files)], check=False).returncode == 0
