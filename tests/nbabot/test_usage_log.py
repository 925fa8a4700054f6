from __future__ import annotations

import asyncio
import sqlite3

import pytest
from structlog.testing import capture_logs

from engine.core.calendar import machine_clock
from engine.core.usage import Ending, Use
from engine.engine import DATABASE, Engine
from nbabot import usage_log
from nbabot.usage_log import UsageLog


def uses(count: int) -> list[Use]:
    return [Use(machine_clock(), 1, 2, f"command {number}", 1.0, Ending.ANSWERED) for number in range(count)]


async def test_rows_are_written_in_one_batch_away_from_the_loop(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usage_log, "SECONDS", 0.01)
    kept = UsageLog(engine)
    for use in uses(50):
        kept.add(use)
    writing = asyncio.create_task(kept.keep_writing())
    while engine.usage.report(1).asked < 50:
        await asyncio.sleep(0.01)
    writing.cancel()


async def test_a_locked_database_neither_blocks_nor_loses_a_row(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.store.database.BUSY_SECONDS", 0.1)
    kept = UsageLog(engine)
    other = sqlite3.connect(engine.home / DATABASE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for use in uses(3):
        kept.add(use)
    with capture_logs() as logs:
        writing = asyncio.create_task(kept.flush())
        await asyncio.sleep(0)
        assert not writing.done(), "it waits in a thread, and the loop goes on"
        await writing
    assert [log["event"] for log in logs] == ["usage_not_written"]
    other.close()
    kept.add(uses(1)[0])
    await kept.flush()
    assert engine.usage.report(1).asked == 4


async def test_while_nothing_can_be_written_the_newest_rows_are_kept_within_bounds(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.store.database.BUSY_SECONDS", 0.01)
    monkeypatch.setattr(usage_log, "MOST_WAITING", 10)
    kept = UsageLog(engine)
    other = sqlite3.connect(engine.home / DATABASE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for use in uses(8):
        kept.add(use)
    await kept.flush()
    for use in uses(108)[100:]:
        kept.add(use)
    await kept.flush()
    other.close()
    await kept.flush()
    report = engine.usage.report(1)
    assert report.asked == 10
    assert sum(int(one.command.split()[1]) >= 100 for one in report.commands) == 8
