from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.core.usage import Ending, Use
from engine.store import usage
from engine.store.database import Database
from engine.store.usage import SALT, Usage

NOW = datetime(2025, 1, 15, 17, tzinfo=UTC)
USER, GUILD = 234567890123456789, 345678901234567890


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the machine's clock."""

    def put(moment: datetime) -> None:
        monkeypatch.setattr(usage, "machine_clock", lambda: moment)

    put(NOW)
    return put


@pytest.fixture
def kept(at: Callable[[datetime], None], tmp_path: Path) -> Usage:
    return Usage(Database(tmp_path / "nbabot.db"))


def use(command: str = "predict", ms: float = 10, ending: Ending = Ending.ANSWERED, moment: datetime = NOW) -> Use:
    return Use(moment, USER, GUILD, command, ms, ending)


def stored(kept: Usage, sql: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in kept._database.rows(sql)]


def test_no_id_of_discord_reaches_the_file(kept: Usage, tmp_path: Path) -> None:
    kept.record([use()])
    kept._database.close()
    whole = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert not any(str(number).encode() in whole or number.to_bytes(8, "big") in whole for number in (USER, GUILD))


def test_one_asker_has_one_hash_within_a_month_and_another_in_the_next(
    kept: Usage, at: Callable[[datetime], None]
) -> None:
    kept.record([use(), use()])
    kept.record([use()])
    at(NOW + timedelta(days=20))
    kept.record([use(), use()])
    assert [count for (count,) in stored(kept, "SELECT count(*) FROM usage GROUP BY asker ORDER BY 1")] == [2, 3]


def test_the_salt_of_a_past_month_is_gone(kept: Usage, at: Callable[[datetime], None]) -> None:
    kept.record([use()])
    ((first,),) = stored(kept, f"SELECT value FROM meta WHERE key = '{SALT}'")
    kept.clean(90)
    assert stored(kept, f"SELECT value FROM meta WHERE key = '{SALT}'") == [(first,)]
    at(NOW + timedelta(days=20))
    kept.clean(90)
    assert stored(kept, f"SELECT value FROM meta WHERE key = '{SALT}'") == []


def test_two_processes_share_the_salt(kept: Usage, tmp_path: Path) -> None:
    kept.record([use()])
    Usage(Database(tmp_path / "nbabot.db")).record([use()])
    assert kept.report(1).askers == 1


def test_the_report_counts_by_command_and_times_answers_alone(kept: Usage) -> None:
    kept.record([use(ms=ms) for ms in range(1, 101)])
    kept.record([use(ms=9999, ending=ending) for ending in (Ending.FAILED, Ending.LIMITED, Ending.LATE)])
    kept.record([use("today", 5), use("today", 7, Ending.REFUSED)])
    kept.record([use("help", 3, Ending.REFUSED)])
    report = kept.report(7)
    predict, today, alone = report.commands
    assert (predict.command, predict.asked, predict.p50_ms, predict.p95_ms) == ("predict", 103, 50, 95)
    assert (predict.failed, predict.limited, predict.late, predict.refused) == (1, 1, 1, 0)
    assert (today.asked, today.p50_ms, today.p95_ms, today.refused) == (2, 5, 5, 1)
    assert (alone.p50_ms, alone.p95_ms) == (None, None)
    assert (report.asked, report.askers, report.servers) == (106, 1, 1)


def test_what_is_older_than_asked_for_is_left_out_and_what_is_older_than_kept_is_deleted(kept: Usage) -> None:
    kept.record([use(moment=NOW - timedelta(days=days)) for days in (0, 5, 89, 91)])
    assert [kept.report(days).asked for days in (1, 7, 365)] == [1, 2, 4]
    assert kept.clean(90) == 1
    assert kept.report(365).asked == 3


def test_rows_are_written_together_or_not_at_all(kept: Usage) -> None:
    broken = Use(NOW, USER, GUILD, None, 1, Ending.ANSWERED)  # type: ignore[arg-type]
    with pytest.raises(sqlite3.IntegrityError):
        kept.record([use(), broken])
    assert kept.report(1).asked == 0
