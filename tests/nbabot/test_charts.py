"""Charts are PNG files of the figures that they were given."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.core.backtests import Backtest, Reliability, TrainingCurve
from engine.core.reports import CalibrationBin
from nbabot.charts import reliability_png, training_curve_png

BINS = (CalibrationBin(0.3, 0.4, 20, 0.36, 0.4), CalibrationBin(0.6, 0.7, 30, 0.65, 0.6))
RARE = CalibrationBin(0.0, 0.1, 2, 0.09, 1.0)
CURVE = TrainingCurve("2022-23", (13.0, 12.0, 11.5), (13.1, 12.4, 12.5), 2)


def result(*bins: CalibrationBin) -> Backtest:
    families = (Reliability("elo", bins),)
    return Backtest("game", ("2021-22", "2022-23"), (), (), (), families, (), seed=1, simulated=False)


SIGNATURE = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize("png", [reliability_png(result(*BINS)), training_curve_png(CURVE)])
def test_a_chart_is_a_png_that_a_message_can_carry(png: bytes) -> None:
    assert png.startswith(SIGNATURE)
    assert 5_000 < len(png) < 500_000


def test_the_same_figures_give_the_same_bytes_in_any_thread() -> None:
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(training_curve_png, [CURVE] * 8))
    assert set(drawn) == {training_curve_png(CURVE)}


def test_a_bin_of_few_games_is_not_drawn_and_none_at_all_is_no_error() -> None:
    assert reliability_png(result(RARE, *BINS)) == reliability_png(result(*BINS))
    assert reliability_png(result(RARE)).startswith(SIGNATURE)
