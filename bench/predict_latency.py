"""One forecast in a warm process: uncached and cached, on the simulated league and, with real seasons, on those.

    python -m bench.predict_latency

Target: p50 under 10 ms uncached, under 0.5 ms cached.
"""

from __future__ import annotations

import itertools
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from bench.tables import data_folder, show
from engine.core.calendar import noon_of
from engine.core.teams import TEAMS
from engine.engine import Engine
from engine.sources.simulated import write_league

DAY = date(2025, 1, 15)


def main() -> None:
    """Measure and print the table."""
    rows: list[tuple[str, ...]] = []
    with tempfile.TemporaryDirectory() as folder:
        league = Path(folder) / "league"
        write_league(league, seasons=(2023, 2024))
        for name, data in (("simulated, 2 seasons", league), ("real, every season", data_folder())):
            if data is None:
                rows.append((name, "skipped: NBABOT_DATA is absent", "", "", ""))
                continue
            engine = Engine(Path(folder) / name, now=lambda: noon_of(DAY))
            engine.import_paths([data])
            rows.append((name, *_measured(engine)))
            engine.close()
    show("one forecast, milliseconds", ("data", "uncached p50", "p95", "cached p50", "peak RSS MB"), rows)


def _measured(engine: Engine) -> tuple[str, ...]:
    pairs = [(a.abbreviation, b.abbreviation) for a, b in itertools.permutations(TEAMS, 2)]
    engine.predict("BOS", "LAL")
    fresh = [_milliseconds(engine.predict, *pair) for pair in pairs if pair != ("BOS", "LAL")]
    cached = [_milliseconds(engine.predict, *pair) for pair in pairs]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    p95 = statistics.quantiles(fresh, n=20)[-1]
    figures = (f"{statistics.median(fresh):.3f}", f"{p95:.3f}", f"{statistics.median(cached):.3f}", f"{peak:.0f}")
    return tuple(figures)


def _milliseconds(call: Callable[[str, str], object], home: str, away: str) -> float:
    start = time.perf_counter()
    call(home, away)
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    main()
