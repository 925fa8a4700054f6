"""What a synchronisation makes of every fault of the feeds: what the operator sees, rows lost, healed by the next run.

    python -m bench.sync_faults [FAULT ...]

A season's first two days are stored; then both hosts go wrong in one way (NBABOT_TOOLS stands in for them, with real
rows from NBABOT_DATA) while the third day is fetched, and the next run finds them well again. A row counts as lost
when it was stored before and is not afterwards, as false when it is not one of the true rows; healed means that in
the end the database holds exactly the true rows.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from bench import stand_in
from bench.tables import show
from engine.core.calendar import noon_of
from engine.core.source_access import SourceAccess
from engine.core.sync_reports import SyncReport, SyncRequest
from engine.engine import DATABASE, Engine
from engine.sources.pacing import Patience
from engine.sync import sources

BEFORE, AFTER = date(2024, 10, 24), date(2024, 10, 25)
EVERYTHING = "leaguegamelog|boxscore|scheduleleague|scheduleLeague"
KINDS = (
    "timeout", "drip", "reset", "403", "429", "500", "503", "message", "html", "blank", "truncated", "short", "empty",
    "nosets", "nokey", "renamed", "dropped", "null", "partial", "dup", "reordered", "strings",
)  # fmt: skip
TABLES = {
    "games": "SELECT game_id, status, min(home_points, away_points), max(home_points, away_points) FROM games "
    "WHERE status = 'final'",
    "team_boxes": "SELECT * FROM team_boxes",
    "player_boxes": "SELECT * FROM player_boxes",
}
Rows = dict[str, set[tuple[Any, ...]]]


@dataclass
class World:
    """The stand-in, the rows that it serves, and the home folder as it was before the fault."""

    server: Any
    teams: pd.DataFrame
    players: pd.DataFrame
    base: Path
    truth: Rows

    def serve(self, teams: pd.DataFrame | None = None, today: date = AFTER) -> None:
        """Serve the true rows, or others for the teams."""
        self.server.clear_faults()
        self.server.today = today
        stand_in.serve(self.server, self.teams if teams is None else teams, self.players)


def synced(world: World, home: Path, day: date, **access: Any) -> SyncReport:
    """One synchronisation of schedule and results on the morning of a day."""
    how = stand_in.access(world.server, read_s=0.5, **access)
    engine = Engine(home, lambda: noon_of(day), access=lambda: how)
    try:
        return engine.sync(SyncRequest((2024,), only=("schedule", "results")))
    finally:
        engine.close()


def stored(home: Path) -> Rows:
    """The facts in a home folder."""
    database = sqlite3.connect(home / DATABASE)
    try:
        return {table: set(database.execute(sql)) for table, sql in TABLES.items()}
    finally:
        database.close()


def missing_team(world: World) -> None:
    """A game comes with the row of one team only, on both hosts."""
    world.serve(world.teams.drop(index=world.teams[world.teams["GAME_DATE"] == "2024-10-24"].index[0]))


def wrong_sum(world: World) -> None:
    """A team has two points more than its shots, on both hosts."""
    teams = world.teams.copy()
    row = teams[teams["GAME_DATE"] == "2024-10-24"].index[0]
    teams.loc[row, "PTS"] += 2
    world.serve(teams)


def fails(kind: str) -> Callable[[World], None]:
    """Both hosts go wrong in one way in every answer."""
    return lambda world: world.server.fail(kind, n=100_000, match=EVERYTHING, seconds=2)


FAULTS: dict[str, tuple[Callable[[World], None], dict[str, Any]]] = {
    **{kind: (fails(kind), {}) for kind in KINDS},
    "a team's row is missing": (missing_team, {}),
    "points do not add up": (wrong_sum, {}),
    "the clock a day behind": (lambda world: None, {"day": BEFORE}),
    "the clock a year ahead": (lambda world: None, {"day": AFTER.replace(year=2025)}),
    "no such host": (lambda world: None, {"stats_url": "http://no.such.host.invalid/stats",
                                          "cdn_url": "http://no.such.host.invalid/static/json"}),
}  # fmt: skip


def tried(world: World, name: str, home: Path) -> tuple[str, ...]:
    """One line of the table."""
    shutil.copytree(world.base, home)
    before = stored(home)
    break_it, access = FAULTS[name]
    access = dict(access)
    day = access.pop("day", AFTER)
    world.serve()
    break_it(world)
    report = synced(world, home, day, **access)
    after = stored(home)
    world.serve()
    synced(world, home, AFTER)
    healed = stored(home) == world.truth
    lost = sum(len(before[table] - after[table]) for table in TABLES)
    false = sum(len(after[table] - world.truth[table]) for table in TABLES)
    code = "1" if report.failed else "0"
    return name, code, _seen(report), str(lost), str(false), "yes" if healed else "NO"


def _seen(report: SyncReport) -> str:
    """What the failed tasks say; for a run that succeeded, what came and what was rejected."""
    if report.failed:
        return " / ".join(f"{task.task}: {task.detail}" for task in report.failed)
    new = sum(task.new for task in report.tasks)
    rejected = [f"{count} rejected: {reason}" for task in report.tasks for reason, count in task.rejected.items()]
    return "; ".join([f"{new} rows new from {report.tasks[-1].source}", *rejected])


def main() -> int:
    """Print the table; 1 when a row was lost or false, or a fault outlived it."""
    tool = stand_in.load_tool()
    if tool is None:
        return 0
    # on loopback nobody has to be spared, so the table takes minutes and not an hour
    sources.Patience = partial(Patience, backoff_s=0.01, jitter_s=0.0, gap_s=0.0, gaps={})
    teams, players = (rows[rows["GAME_DATE"] < AFTER.isoformat()] for rows in stand_in.season_rows("2024-25"))
    with tool.ReplayNBA() as server, tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        world = World(server, teams, players, folder / "base", {})
        world.serve(today=BEFORE)
        synced(world, world.base, BEFORE)
        world.truth = _truth(world, folder)
        names = sys.argv[1:] or list(FAULTS)
        lines = [tried(world, name, folder / str(number)) for number, name in enumerate(names)]
    headings = ("fault at both hosts", "exit code", "what the operator saw", "rows lost", "rows false", "healed")
    show("Faults of the feeds during a synchronisation", headings, lines)
    return 0 if all(line[3:] == ("0", "0", "yes") for line in lines) else 1


def _truth(world: World, folder: Path) -> Rows:
    """The rows that an import of the same logs stores."""
    (folder / "files").mkdir()
    world.teams.to_csv(folder / "files/teams.csv", index=False)
    world.players.to_csv(folder / "files/players.csv", index=False)
    engine = Engine(folder / "truth", lambda: noon_of(AFTER + timedelta(days=1)), access=SourceAccess)
    try:
        engine.import_paths([folder / "files"])
    finally:
        engine.close()
    return stored(folder / "truth")


if __name__ == "__main__":
    sys.exit(main())
