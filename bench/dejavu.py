"""What the past games most like one under way know of its end, beside the live model, and how they were chosen.

    python -m bench.dejavu

Each game is asked about as of its own day, so that only games of earlier days can be alike. Weights and number of
neighbours were chosen on seasons before the ones that are reported. Targets: one search under 20 ms, reading every
stored timeline once under 60 s.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.real_seasons import PLAYERS, TEAMS
from bench.tables import data_folder, show
from engine.core.live_backtests import LiveBacktest
from engine.engine import DATABASE, Engine
from engine.models.dejavu import NOW, Library, weights
from engine.models.scores import log_loss
from engine.predictions.dejavu import COUNTED, Dejavu
from engine.store import minutes
from engine.store.database import Database

CHOSEN_ON, TESTED = (2015, 2016, 2017, 2018, 2020), (2021, 2022, 2023)
MARKS = (12, 18, 24, 36, 42)
TIMELINES = "score_timelines"
CANDIDATES = (*((now, COUNTED) for now in (0.0, 0.25, NOW, 0.75, 1.0)), *((NOW, k) for k in (25, 50, 200)))
"""What the present margin counts, and how many neighbours."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Games:
    """Every game whose minutes are kept, oldest first, and the starting year of its season."""

    library: Library
    days: Sequence[date]
    seasons: NDArray[np.int64]

    @classmethod
    def of(cls, database: Database) -> Games:
        """All that the database holds."""
        kept = minutes.kept(database)
        margins = np.array([np.frombuffer(one.margins, dtype=np.int8) for one in kept])
        finals = np.array([one.final_margin for one in kept], dtype=np.int16)
        days = [one.league_day for one in kept]
        seasons = np.array([day.year - (day.month < 8) for day in days])
        return cls(Library(tuple(one.game_id for one in kept), margins, finals), days, seasons)


def main() -> None:
    """Import, read the timelines, measure and print."""
    data = data_folder()
    if data is None:
        print("no real seasons here (NBABOT_DATA): nothing measured")
        return
    with tempfile.TemporaryDirectory() as home:
        engine = Engine(Path(home))
        seconds = imported(engine, data)
        database = Database(Path(home) / DATABASE)
        games = Games.of(database)
        print(f"{len(games.days):,} games: their minutes were read from the timelines in {seconds:.1f} s (target 60)")
        show(
            "log loss on 2015-16 to 2020-21 without 2019-20, chosen on",
            ("present margin counts", "neighbours", *(f"{mark}:00" for mark in MARKS)),
            list(candidates(games)),
        )
        rows = list(tested(Dejavu(database), games, engine.backtest_live(TESTED)))
        headings = ("played", "n", "log loss", "live model", "margin MAE", "live model", "in 80%", "ms", "p95")
        show("2021-22 to 2023-24", headings, rows)
        engine.close()
        database.close()


def imported(engine: Engine, data: Path) -> float:
    """Import the games and their timelines; returns how many seconds their minutes took."""
    began: list[float] = []

    def progress(stage: str, done: int, total: int) -> None:
        if stage == "games minute by minute":
            began.append(time.perf_counter())

    engine.import_paths([data / TEAMS, data / PLAYERS, data / TIMELINES], progress)
    return began[-1] - began[0]


def candidates(games: Games) -> Iterator[tuple[str, ...]]:
    """A row for each weight of the present margin and number of neighbours."""
    losses = {one: [chosen_loss(games, *one, mark) for mark in MARKS] for one in CANDIDATES}
    for (now, k), found in losses.items():
        yield f"{now:.0%}", str(k), *(f"{loss:.4f}" for loss in found)


def chosen_loss(games: Games, now: float, k: int, mark: int) -> float:
    """Log loss of the neighbours' share at a mark, each season by the games of earlier ones."""
    shares, wins = [], []
    for season in CHOSEN_ON:
        known = games.library.first(int((games.seasons < season).sum()))
        own = games.seasons == season
        nearest = np.argpartition(squares(known, games.library.margins[own], weights(mark, now)), k, axis=1)[:, :k]
        shares.append(share((known.finals[nearest] > 0).sum(axis=1), k))
        wins.append(games.library.finals[own] > 0)
    return log_loss(np.concatenate(shares), np.concatenate(wins).astype(np.float64))


def squares(known: Library, asked: NDArray[np.int8], shares: Floats) -> Floats:
    """Squared distances of each game asked about (rows) from each known one (columns), all at once."""
    patterns, others = (one[:, : len(shares)].astype(np.float64) for one in (asked, known.margins))
    apart: Floats = (patterns**2 @ shares)[:, None] + others**2 @ shares - 2 * (patterns * shares) @ others.T
    return apart


def share(won: NDArray[np.int64], n: int) -> Floats:
    """The chance of a win that a count of wins stands for, never sure."""
    return (won + 1) / (n + 2)


def tested(dejavu: Dejavu, games: Games, live: LiveBacktest) -> Iterator[tuple[str, ...]]:
    """A row for each mark: what is served, beside the live model on the same seasons."""
    said = {one.played // 60: one for one in live.marks}
    asked = np.isin(games.seasons, TESTED).nonzero()[0].tolist()
    finals = games.library.finals.astype(np.float64)[asked]
    for mark in MARKS:
        found, took = [], []
        for index in asked:
            so_far = games.library.margins[index, :mark].tolist()
            began = time.perf_counter()
            found.append(dejavu.outcomes(games.library.game_ids[index], so_far, games.days[index]))
            took.append(1000 * (time.perf_counter() - began))
        known = [one for one in found if one is not None]
        chances = share(np.array([one.home_won for one in known]), COUNTED)
        misses = np.abs(finals - [one.final_margin for one in known])
        inside = [one.low <= final <= one.high for one, final in zip(known, finals.tolist(), strict=True)]
        yield (
            f"{mark}:00",
            f"{len(known):,}",
            f"{log_loss(chances, (finals > 0).astype(np.float64)):.4f}",
            f"{said[mark].log_loss:.4f} (n {said[mark].n:,})",
            f"{misses.mean():.2f}",
            f"{said[mark].margin_mae:.2f}",
            f"{statistics.mean(inside):.1%}",
            f"{statistics.median(took):.1f}",
            f"{statistics.quantiles(took, n=20)[-1]:.1f}",
        )


if __name__ == "__main__":
    main()
