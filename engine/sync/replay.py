"""The kept payloads of the feeds read once more, as after an update whose parsers see more or err less."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Sequence

from engine.core.calendar import machine_clock, parse_season
from engine.core.errors import SourceError
from engine.core.progress import Progress
from engine.core.source_access import SourceAccess
from engine.core.sync_reports import SyncTask
from engine.pipeline import TaskReport, TaskState
from engine.sources.feed import Delivery, Parsed, ScheduledGame
from engine.sources.files import counted
from engine.sources.raw import RawPayload
from engine.sources.replay import replay
from engine.store import corrections, facts
from engine.store.database import Database
from engine.store.schedule import write_schedule
from engine.sync.lock import only_one
from engine.sync.sources import archive_of
from engine.sync.tally import TaskTally

REPLAY = "replay-raw"
_SCHEDULE = "schedule"


def replay_raw(database: Database, access: SourceAccess, progress: Progress) -> tuple[SyncTask, ...]:
    """Write what today's parsers make of every kept schedule and box score, oldest first, in one transaction.

    Of each season only the newest schedule is read. A payload that cannot be read is noted, as it was when it came.
    """
    started, clock = machine_clock(), time.monotonic()
    tally = TaskTally()
    archive = archive_of(database, access)
    kept = list(_worth_reading(archive.payloads()))
    with only_one(database.path.parent), database.write() as connection:
        facts.claim_league(connection, simulated=False)
        before = corrections.newest(connection)
        for done, payload in enumerate(kept):
            progress(REPLAY, done, len(kept))
            try:
                _write(connection, payload, archive.read(payload), tally)
            except SourceError as error:
                tally.note(f"{payload.path.name} was passed over: {error}")
        corrections.condense(connection, before)
    progress(REPLAY, len(kept), len(kept))
    tally.note(f"{counted(len(kept), 'payload')} read")
    return (tally.report(TaskReport(REPLAY, TaskState.DONE, "", 1, started, time.monotonic() - clock)),)


def _worth_reading(payloads: Sequence[RawPayload]) -> Iterable[RawPayload]:
    newest = {payload.key: payload for payload in payloads if payload.kind == _SCHEDULE}
    schedules = set(newest.values())
    return (payload for payload in payloads if payload.kind != _SCHEDULE or payload in schedules)


def _write(connection: sqlite3.Connection, payload: RawPayload, content: bytes, tally: TaskTally) -> None:
    found = replay(payload, content)
    if isinstance(found, Delivery):
        for batch in found.batches:
            tally.heard(found.source, batch.rejected, batch.notes)
            tally.written(facts.write(connection, batch), batch.repeated, batch.replaced)
    elif isinstance(found, Parsed) and payload.kind == _SCHEDULE:
        games = tuple(game for game in found.rows if isinstance(game, ScheduledGame))
        tally.heard(found.source, found.rejected, found.notes)
        tally.written(write_schedule(connection, parse_season(payload.key), games), found.repeated)
