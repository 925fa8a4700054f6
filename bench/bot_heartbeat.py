"""Whether the bot stays awake while its own process fetches, trains and grades.

    python -m bench.bot_heartbeat [idle | sync | train | grade ...]

Target: never late by more than 1 s. The work runs in the bot's process as the schedule runs it, while users ask two
questions a second. How late the event loop is is measured inside; how late the heartbeats are, asked for every 500 ms,
by the stand-in for Discord, whose own delays count too. Real seasons (NBABOT_DATA) are fetched from the stand-in for
the league's hosts.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench import stand_in
from bench.crowd import HEADINGS, Crowd, gathered, pairs, times, unanswered
from bench.tables import data_folder, show, tool
from engine.core.calendar import noon_of
from engine.engine import Engine

DAY = date(2025, 1, 15)
FETCHED = "2024-25"
LEARNED_FROM = ("2022-23", "2023-24")
EVERY = 0.5
"""Seconds between heartbeats that the stand-in asks for: Discord asks for one in 41."""
MOST_LATE_MS = 1000.0
WORKS = ("idle", "sync", "train", "grade")


def main() -> int:
    """Measure and print the table; 1 when the loop or a heartbeat was late by more than the target."""
    replay = stand_in.load_tool()
    if replay is None or tool("fake_discord") is None:
        return 0
    with replay.ReplayNBA() as hosts, tempfile.TemporaryDirectory() as folder:
        stand_in.serve(hosts, *stand_in.season_rows(FETCHED))
        hosts.today = DAY
        return asyncio.run(_measure(hosts, _home(Path(folder))))


def _home(home: Path) -> Path:
    """A home folder with two real seasons, and a model in production that learned from them."""
    data = data_folder()
    assert data is not None
    engine = Engine(home, now=lambda: noon_of(DAY))
    engine.import_paths([path for season in LEARNED_FROM for path in sorted(data.glob(f"*_logs/{season}*"))])
    made = engine.train_game(["logistic"])[0]
    engine.promote(made.name, made.version, "bench", "the shipped model has learned from that day", force=True)
    engine.close()
    return home


async def _measure(hosts: Any, home: Path) -> int:
    access = stand_in.access(hosts)
    variables = {
        "NBABOT_SOURCES__STATS_URL": access.stats_url,
        "NBABOT_SOURCES__CDN_URL": access.cdn_url,
        "NBABOT_SOURCES__INJURIES_URL": access.injuries_url,
    }
    rows, worst = [], 0.0
    async with gathered(home, DAY, EVERY, variables) as crowd:
        for work in sys.argv[1:] or WORKS:
            row, late = await _beside(crowd, work)
            rows.append(row)
            worst = max(worst, late)
    rows.append(("target", "", "1000", "1000", "none lost", *("",) * 4))
    show("while the bot's process works", ("work", "seconds", "loop late ms", "heartbeat late ms", *HEADINGS), rows)
    return 1 if worst > MOST_LATE_MS else 0


async def _beside(crowd: Crowd, work: str) -> tuple[tuple[str, ...], float]:
    """One line of the table, and by how many milliseconds loop or heartbeat was late at worst."""
    start, answers = len(crowd.server.gateway_log), []
    working = asyncio.create_task(crowd.work(work))
    matchups = pairs()
    while not working.done():
        home, away = next(matchups)
        answers.append(asyncio.create_task(crowd.ask("predict", home=home, away=away)))
        await asyncio.sleep(EVERY)
    given = await asyncio.gather(*answers)
    did = working.result()
    beats = max(_lateness(crowd.server.gateway_log[start:]), default=0.0)
    missing = unanswered(given)
    row = (work, f"{did['seconds']:.0f}", f"{did['late_ms']:.0f}", f"{beats:.0f}", *times(given))
    return row, max(did["late_ms"], beats, MOST_LATE_MS + 1 if missing else 0)


def _lateness(log: list[Any]) -> Iterator[float]:
    """By how many milliseconds each heartbeat came later after the one before than it was asked for."""
    moments = [moment for moment, _, way, operation, _ in log if (way, operation) == ("in", 1)]
    for before, after in pairwise(moments):
        yield 1000 * (after - before - EVERY)


if __name__ == "__main__":
    sys.exit(main())
