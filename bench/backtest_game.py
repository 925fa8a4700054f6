"""The game models on the yardstick seasons: the walk-forward table, and what features and forecasts cost.

    python -m bench.backtest_game [--seasons 2017-18..2022-23]

Reads the real seasons in NBABOT_DATA (default ../shared/data) into a temporary folder.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import numpy as np

from bench.real_seasons import LINES, PLAYERS, TEAMS, read
from bench.tables import data_folder
from engine.core.backtests import Backtest, Difference, FamilyScore
from engine.core.calendar import parse_seasons
from engine.features import elo
from engine.features.contract import GAME_FEATURES, Matchup, names
from engine.models import scores
from engine.models.estimators import GameModel, GameNumbers
from engine.models.evaluation import Plan, backtest
from engine.models.fitting import Fitter
from engine.models.recipes import FAMILIES
from engine.models.training import TrainingSet, build_training_set

DIFFERENCES = ("against_elo", "against_line")
T = TypeVar("T")
YARDSTICK = "2017-18..2022-23"
COLUMNS = (
    "log_loss",
    "brier",
    "accuracy",
    "ece",
    "ece_high",
    "calibration_slope",
    "margin_mae",
    "margin_80_coverage",
    "total_mae",
    "total_80_coverage",
    "log_loss_on_market",
)


def timed(label: str, work: Callable[[], T]) -> T:
    """Run a step and print how long it took."""
    start = time.perf_counter()
    result = work()
    print(f"{label:<44}{time.perf_counter() - start:8.2f} s")
    return result


def line(score: FamilyScore) -> str:
    """One row of the table."""
    figures = (getattr(score, column) for column in COLUMNS)
    cells = "".join(f"{'-' if value is None else format(value, '.4f'):>19}" for value in figures)
    return f"{score.season or 'all':<9}{score.family:<10}{score.n:>6}{score.n_market:>9}{cells}"


def show(result: Backtest) -> None:
    """Print the whole table, the sum first."""
    print(f"\n{'season':<9}{'family':<10}{'n':>6}{'n_market':>9}" + "".join(f"{column:>19}" for column in COLUMNS))
    for score in (*result.rows, *result.by_season):
        print(line(score))
    print(f"\n{'family':<10}" + "".join(f"{name:>30}" for name in DIFFERENCES))
    for score in result.rows:
        print(f"{score.family:<10}" + "".join(f"{difference(getattr(score, name)):>30}" for name in DIFFERENCES))
    print(*result.notes, sep="\n")


def difference(found: Difference | None) -> str:
    """A paired difference in log loss with its 95% interval."""
    return "-" if found is None else f"{found.mean:+.4f} ({found.low:+.4f} to {found.high:+.4f})"


def forecast(model: GameModel, rows: Sequence[tuple[float, ...]]) -> list[GameNumbers]:
    """Forecasts with intervals and contributions, one after the other, as they are served."""
    return [model.predict(row) for row in rows]


def formula_unchanged(data: TrainingSet, seasons: Sequence[int]) -> str:
    """FiveThirtyEight's formula as published, its 100 points for the home side included."""
    tested = data.regular & np.isin(data.season, seasons)
    columns = names(GAME_FEATURES)
    rating, edge = (data.x[tested, columns.index(name)].tolist() for name in ("elo", "home_edge"))
    pairs = zip(rating, edge, strict=True)
    forecasts = np.array([elo.home_win_probability(difference, neutral=home == 0) for difference, home in pairs])
    wins = data.home_win[tested]
    return f"log loss {scores.log_loss(forecasts, wins):.4f}, accuracy {scores.accuracy(forecasts, wins):.4f}"


def main() -> None:
    """Import, walk forward, time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seasons", type=parse_seasons, default=parse_seasons(YARDSTICK))
    options = parser.parse_args()
    seasons = data_folder()
    if seasons is None:
        print("no real seasons here (NBABOT_DATA): nothing measured")
        return
    folders = [seasons / TEAMS, seasons / PLAYERS, seasons / LINES]
    played, lines = timed("import games, players and closing lines", lambda: read(folders))
    data = timed(f"features of {len(played)} games", lambda: build_training_set(played))
    fitter = Fitter(data, lines)
    result = timed(f"backtest of {len(options.seasons)} seasons", lambda: backtest(fitter, Plan(options.seasons)))
    matchups = [Matchup.of(one.game) for one in played[-1000:]]
    rows = timed("1,000 feature rows read", lambda: [data.state.row(one) for one in matchups])
    for family in FAMILIES:
        model = fitter.model(family, data.before(options.seasons[0]))
        timed(f"1,000 rows forecast and explained: {family}", partial(forecast, model, rows))
    show(result)
    print(f"Elo with the formula's fixed home edge: {formula_unchanged(data, options.seasons)}")


if __name__ == "__main__":
    main()
