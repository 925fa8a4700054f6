"""A backup holds one moment of a home in use, and nothing that fails leaves anything behind."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.core.errors import BackupError, BusyError, DatabaseError
from engine.store import snapshot
from engine.store.archive import DATABASE, unpack
from engine.store.backup import back_up, backups
from engine.store.database import Database
from engine.store.turns import in_turn


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(tmp_path / "home" / DATABASE)
    yield made
    made.close()


def _put(database: Database, key: str, value: str = "x") -> None:
    with database.write() as connection:
        connection.execute("INSERT INTO meta VALUES (?, ?)", (key, value))


def _keys(file: Path, folder: Path) -> set[str]:
    unpack(file, folder)
    connection = sqlite3.connect(folder / DATABASE)
    try:
        return {row[0] for row in connection.execute("SELECT key FROM meta")}
    finally:
        connection.close()


def test_a_backup_shows_one_moment_though_others_write_all_the_while(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(50):
        _put(database, f"before {number}", "x" * 5000)
    monkeypatch.setattr(snapshot, "PAGES", 1)
    written = 0

    def write_between_steps(stage: str, done: int, total: int) -> None:
        nonlocal written
        if stage == "copy":
            _put(database, f"meanwhile {written}")
            written += 1

    report = back_up(database.path, tmp_path / "kept", 3, write_between_steps)
    assert written > 50
    assert report.backup.counts["meta"] == 50
    assert _keys(Path(report.backup.path), tmp_path / "unpacked") == {f"before {number}" for number in range(50)}
    assert len(database.rows("SELECT * FROM meta")) == 50 + written


def test_the_newest_are_kept_and_nothing_but_backups_is_ever_removed(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    (folder / "nbabot-notes.zip").write_text("mine")
    made = [back_up(database.path, folder, 2).backup.path for _ in range(4)]
    assert len(set(made)) == 4
    assert [str(path) for path in backups(folder)] == made[:1:-1]
    assert {path.name for path in folder.iterdir()} == {*(Path(path).name for path in made[2:]), "nbabot-notes.zip"}
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in backups(folder))


def test_a_damaged_database_is_not_saved_and_displaces_no_sound_backup(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    back_up(database.path, folder, 1)
    before = backups(folder)
    database.connection.execute("PRAGMA foreign_keys = OFF")
    database.connection.execute("INSERT INTO closing_lines (game_id) VALUES ('of no game')")
    with pytest.raises(DatabaseError, match=r"damaged \(a row of closing_lines refers .*nbabot restore"):
        back_up(database.path, folder, 1)
    assert backups(folder) == before
    assert set(folder.iterdir()) == set(before)


def test_one_backup_at_a_time_is_made_of_a_home(database: Database, tmp_path: Path) -> None:
    with in_turn(database.path.parent / "backup.lock", 0, "busy"), pytest.raises(BusyError, match="try again"):
        back_up(database.path, tmp_path / "kept", 1)


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(database: Database, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(BackupError, match="--to"):
        back_up(database.path, tmp_path / "file", 1)


def test_what_a_killed_backup_left_behind_goes_with_the_next(
    database: Database, tmp_path: Path, dies: Callable[..., None]
) -> None:
    folder = tmp_path / "kept"
    dies(
        """
from engine.store.backup import back_up
back_up(Path(args[0]), Path(args[1]), 9, lambda stage, done, total: os._exit(9) if stage == "pack" else None)
""",
        database.path,
        folder,
    )
    (left,) = folder.iterdir()
    assert (left / DATABASE).is_file()
    back_up(database.path, folder, 9)
    assert list(folder.iterdir()) == list(backups(folder))


def test_readers_and_writers_of_other_threads_go_on_while_a_backup_is_packed(
    database: Database, tmp_path: Path
) -> None:
    done: list[str] = []

    def write(stage: str, at: int, total: int) -> None:
        thread = threading.Thread(target=lambda: (_put(database, f"{stage} {at}"), done.append(stage)))
        thread.start()
        thread.join(5)
        assert not thread.is_alive()

    back_up(database.path, tmp_path / "kept", 1, write)
    assert {"copy", "pack"} <= set(done)


def test_a_copy_takes_the_place_of_no_file(database: Database, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("precious")
    with pytest.raises(DatabaseError, match="mine cannot be written"):
        snapshot.copy_database(database.path, tmp_path / "mine")
    assert (tmp_path / "mine").read_text() == "precious"
