"""How many calls a synchronisation makes: a season from nothing, and the morning after a night of fifteen games.

    python -m bench.sync

The stand-in for both hosts (NBABOT_TOOLS) serves a real season (NBABOT_DATA) as if it were being played. The promises:
at most 40 calls for a season, for a night at most 6 to stats.nba.com or 20 to the CDN, under 500 MB. That 100,000
player rows take less than 20 s is measured by bench.feed_speed.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench import stand_in
from bench.tables import show
from engine.core.calendar import noon_of
from engine.core.sync_reports import SyncRequest
from engine.engine import Engine

SEASON = "2024-25"
MORNINGS = 2
MOST_FOR_A_SEASON, MOST_TO_STATS, MOST_TO_CDN, MOST_MEGABYTES = 40, 6, 20, 500


@dataclass(frozen=True)
class Row:
    """One line of the table; `most` is what was promised."""

    what: str
    games: int
    calls: int
    most: int
    new: int
    seconds: float


def main() -> int:
    """Print the table; 1 when a promise is broken."""
    tool = stand_in.load_tool()
    if tool is None:
        return 0
    with tool.ReplayNBA() as server, tempfile.TemporaryDirectory() as folder:
        rows = list(measured(server, Path(folder)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    headings = ("sync", "games", "calls", "promised", "rows new", "seconds, waits included")
    lines = [
        (one.what, str(one.games), str(one.calls), f"{one.most} at most", f"{one.new:,}", f"{one.seconds:.1f}")
        for one in rows
    ]
    show(f"Calls of a synchronisation, season {SEASON}", headings, lines)
    print(f"\npeak of memory {peak:,.0f} MB, the stand-in with its whole season included")
    kept = all(one.calls <= one.most and one.new for one in rows) and peak < MOST_MEGABYTES
    return 0 if kept else 1


def measured(server: Any, folder: Path) -> Iterator[Row]:
    """A season from nothing, then mornings after nights of fifteen games by each route, in one home folder each."""
    teams, players = stand_in.season_rows(SEASON)
    per_day = Counter(teams["GAME_DATE"])
    nights = [date.fromisoformat(day) for day, rows in sorted(per_day.items()) if rows == 2 * 15]
    stand_in.serve(server, teams, players)
    yield _row("a whole season", server, folder / "season", None, "stats", MOST_FOR_A_SEASON)
    for route, most in (("stats", MOST_TO_STATS), ("cdn", MOST_TO_CDN)):
        for night in nights[-MORNINGS:]:
            home = folder / f"{route}-{night}"
            for offset in (-1, 0, 1):
                day = night + timedelta(days=offset)
                server.today = day
                row = _row(
                    f"the morning of {day}, by {route}", server, home, day, route if offset == 1 else "stats", most
                )
            yield row


def _row(what: str, server: Any, home: Path, day: date | None, prefer: str, most: int) -> Row:
    moment = noon_of(day or date(2025, 9, 1))
    engine = Engine(home, lambda: moment, access=lambda: stand_in.access(server, prefer=prefer))
    try:
        games, calls = engine.status().games, len(server.requests)
        report = engine.sync(SyncRequest((2024,), only=("schedule", "results", "players")))
        games, calls = engine.status().games - games, len(server.requests) - calls
    finally:
        engine.close()
    return Row(what, games, calls, most, sum(task.new for task in report.tasks), report.seconds)


if __name__ == "__main__":
    sys.exit(main())
