"""A database of an older format is copied before it is changed, and changed whole or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import time
from pathlib import Path

import pytest

from engine.core.errors import DatabaseError
from engine.core.guilds import GuildSettings, Topic
from engine.store import database as database_module
from engine.store import schema
from engine.store.backup import back_up
from engine.store.database import Database
from engine.store.guilds import Guilds
from engine.store.restore import restore
from engine.store.schema import MIGRATIONS

OLD = len(MIGRATIONS) - 2


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database with one row, as an older program left it."""
    path = tmp_path / "nbabot.db"
    with monkeypatch.context() as before:
        _program_of(before, MIGRATIONS[:OLD])
        database = Database(path)
        with database.write() as connection:
            connection.execute("INSERT INTO meta VALUES ('old', 'x')")
        database.close()
    return path


def _program_of(monkeypatch: pytest.MonkeyPatch, migrations: tuple[tuple[str, str], ...]) -> None:
    monkeypatch.setattr(schema, "MIGRATIONS", migrations)
    monkeypatch.setattr(schema, "LATEST", len(migrations))
    monkeypatch.setattr(database_module, "LATEST", len(migrations))


def _format(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        assert connection.execute("SELECT key FROM meta").fetchall() == [("old",)]
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()


def test_an_older_database_is_copied_before_it_is_brought_up_to_date(old: Path) -> None:
    Database(old).close()
    copy = old.with_name(f"nbabot-format-{OLD}.db")
    assert (_format(old), _format(copy)) == (len(MIGRATIONS), OLD)
    assert copy.stat().st_mode & 0o777 == 0o600
    Database(old).close()
    assert list(old.parent.glob("nbabot-format-*")) == [copy]


def test_a_new_database_is_not_copied(tmp_path: Path) -> None:
    Database(tmp_path / "nbabot.db").close()
    assert list(tmp_path.glob("nbabot-format-*")) == []


@pytest.mark.parametrize("broken", ["INSERT INTO no_such_table VALUES (1)", "CREATE TABLE games (twice TEXT)"])
def test_a_migration_that_fails_leaves_the_database_as_it_was(
    old: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    with monkeypatch.context() as future:
        _program_of(future, (*MIGRATIONS, ("broken", f"CREATE TABLE half (a TEXT) STRICT; {broken}")))
        with pytest.raises(DatabaseError):
            Database(old)
    assert _format(old) == OLD
    assert list(old.parent.glob("nbabot-format-*")) == []
    Database(old).close()
    assert _format(old) == len(MIGRATIONS)


def test_a_migration_whose_process_dies_has_not_happened(old: Path, dies: Callable[..., None]) -> None:
    dies(
        """
from engine.store import schema
from engine.store.database import Database
run, last = schema._runner, schema.MIGRATIONS[-1][1]
schema._runner = lambda script: (lambda database: os._exit(9)) if script == last else run(script)
Database(Path(args[0]))
""",
        old,
    )
    assert _format(old) == OLD


def test_a_backup_of_an_older_format_is_restored_as_it_was_and_brought_up_to_date_when_opened(old: Path) -> None:
    report = restore(Path(back_up(old, old.parent / "kept", 1).backup.path), old.parent / "new")
    assert (report.backup.schema, _format(old.parent / "new" / "nbabot.db")) == (OLD, OLD)
    Database(old.parent / "new" / "nbabot.db").close()
    assert _format(old.parent / "new" / "nbabot.db") == len(MIGRATIONS)


def test_what_servers_wished_before_games_under_way_were_shown_stays_and_takes_them_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wished = (
        '{"alerts_channel": 3, "at": "16:30", "off": false, "picks_channel": 1, "recap_channel": null, '
        '"topics": ["alerts", "picks"], "zone": "Europe/London"}'
    )
    before = [name for name, _ in MIGRATIONS].index("guild_live")
    with monkeypatch.context() as older:
        _program_of(older, MIGRATIONS[:before])
        database = Database(tmp_path / "nbabot.db")
        with database.write() as connection:
            connection.execute("INSERT INTO guilds VALUES (7, ?, ?, '2025-01-15')", (wished, wished))
            connection.execute("INSERT INTO guilds VALUES (8, ?, NULL, '2025-01-15')", (wished,))
        database.close()
    guilds = Guilds(Database(tmp_path / "nbabot.db"))
    assert guilds.get(7) == GuildSettings(
        7,
        1,
        alerts_channel=3,
        at=time(16, 30),
        zone="Europe/London",
        topics=frozenset({Topic.ALERTS, Topic.PICKS, Topic.LIVE}),
    )
    assert guilds.undo(7) == guilds.get(7)
    assert guilds.get(8).channel_of(Topic.LIVE) is None
