import sqlite3
import threading
import time
from pathlib import Path

import pytest

from engine.core.errors import DatabaseError
from engine.store import database as database_module
from engine.store.database import Database
from engine.store.schema import LATEST, MIGRATIONS


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "nbabot.db")


def _put(database: Database, key: str) -> None:
    with database.write() as connection:
        connection.execute("INSERT INTO meta VALUES (?, 'x')", (key,))


def test_a_write_that_raises_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as connection:
        connection.execute("INSERT INTO meta VALUES ('a', 'x')")
        raise RuntimeError
    assert database.rows("SELECT * FROM meta") == []
    _put(database, "b")


def test_migrations_are_recorded_by_name_and_run_once(database: Database) -> None:
    again = Database(database.path)
    names = [row["name"] for row in again.rows("SELECT name FROM _sqlite_migrations ORDER BY id")]
    assert names == [name for name, _ in MIGRATIONS]


def test_many_threads_that_open_a_new_file_at_once_all_find_it_whole(tmp_path: Path) -> None:
    failures: list[Exception] = []

    def open_and_write(number: int) -> None:
        try:
            _put(Database(tmp_path / "new.db"), str(number))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=open_and_write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(Database(tmp_path / "new.db").rows("SELECT * FROM meta")) == 6


def test_a_database_of_a_newer_program_is_refused_and_left_alone(database: Database) -> None:
    database.connection.execute(f"PRAGMA user_version = {LATEST + 1}")
    with pytest.raises(DatabaseError, match="newer nbabot.*upgrade"):
        Database(database.path)


def test_a_file_that_is_no_database_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "nbabot.db"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(DatabaseError, match="not a sound nbabot database"):
        Database(path)
    assert path.read_bytes().startswith(b"not a database")


def test_a_database_locked_for_too_long_says_who_holds_it(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 0.05)
    holder = sqlite3.connect(database.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    late = Database(database.path)
    with pytest.raises(DatabaseError, match="in use by another nbabot"):
        _put(late, "a")
    holder.close()
    _put(late, "a")


def test_a_short_lock_is_waited_for(database: Database) -> None:
    holder = sqlite3.connect(database.path, isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.3, holder.rollback)
    timer.start()
    _put(database, "a")
    timer.join()
    holder.close()
    assert len(database.rows("SELECT * FROM meta")) == 1


def test_a_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(DatabaseError, match="--home"):
        Database(tmp_path / "file" / "nbabot.db")


def test_the_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "nbabot.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE games (title TEXT)")
    other.close()
    with pytest.raises(DatabaseError, match="another program"):
        Database(path)


def test_a_mistake_in_our_own_sql_is_not_blamed_on_the_file(database: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError), database.write() as connection:
        connection.execute("INSERT INTO meta VALUES ('a', NULL)")
    _put(database, "b")


def test_a_sound_file_is_called_sound_whatever_the_order_of_a_tables_columns(database: Database) -> None:
    with database.write() as connection:
        connection.execute("CREATE TABLE t (a TEXT NOT NULL, b TEXT NOT NULL, PRIMARY KEY (b)) STRICT, WITHOUT ROWID")
        connection.execute("INSERT INTO t VALUES ('a', 'b')")
    assert database.damage() is None


def test_a_damaged_page_is_found(database: Database) -> None:
    _put(database, "a")
    database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    root = database.rows("SELECT rootpage FROM sqlite_master WHERE name = 'meta'")[0][0]
    size = database.rows("PRAGMA page_size")[0][0]
    database.close()
    with database.path.open("r+b") as file:
        file.seek((root - 1) * size + size // 2)
        file.write(b"\xff" * (size // 2))
    for found in (database.damage(), database.damage(5.0)):
        assert found
        assert "\n" not in found
        assert not found.startswith("***")


def test_closing_waits_for_a_query_of_another_thread(tmp_path: Path) -> None:
    database, begun = Database(tmp_path / "x.db"), threading.Event()
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT count(*) FROM n"
    found: list[int] = []

    def ask() -> None:
        begun.set()
        row = database.row(endless)
        found.append(0 if row is None else row[0])

    thread = threading.Thread(target=ask)
    thread.start()
    begun.wait()
    time.sleep(0.05)
    database.close()
    thread.join()
    assert found == [3_000_000]
