"""A backup is put back whole or not at all, whatever is wrong with it and whenever the process dies."""

from __future__ import annotations

import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.core.errors import BackupError, BusyError
from engine.store import replacement
from engine.store.archive import DATABASE, MANIFEST
from engine.store.backup import back_up
from engine.store.database import Database
from engine.store.restore import restore

BUNDLE = Path("models/game-elo/1.0.0")


def _put(home: Path, key: str) -> None:
    database = Database(home / DATABASE)
    with database.write() as connection:
        connection.execute("INSERT INTO meta VALUES (?, 'x')", (key,))
    database.close()


def _keys(home: Path) -> set[str]:
    database = Database(home / DATABASE)
    try:
        return {row["key"] for row in database.rows("SELECT key FROM meta")}
    finally:
        database.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with one row and one model made there."""
    home = tmp_path / "home"
    _put(home, "saved")
    (home / BUNDLE).mkdir(parents=True)
    (home / BUNDLE / "manifest.json").write_text("{}")
    database = Database(home / DATABASE)
    with database.write() as connection:
        connection.execute(
            "INSERT INTO model_versions VALUES ('game-elo', '1.0.0', 'game', 'elo', '', 'home:game-elo/1.0.0', '{}')"
        )
    database.close()
    return home


@pytest.fixture
def backup(home: Path, tmp_path: Path) -> Path:
    return Path(back_up(home / DATABASE, tmp_path / "kept", 9).backup.path)


def _snapshot(folder: Path) -> dict[str, bytes]:
    """Every file of a folder but locks and the parts of SQLite's log, which come and go."""
    skipped = (".lock", "-wal", "-shm")
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(skipped)
    }


def test_what_was_saved_comes_back_and_what_was_there_is_kept_beside_it(home: Path, backup: Path) -> None:
    _put(home, "later")
    (home / BUNDLE / "manifest.json").write_text("altered")
    report = restore(backup, home)
    assert _keys(home) == {"saved"}
    assert (home / BUNDLE / "manifest.json").read_text() == "{}"
    assert report.backup.models == ("game-elo@1.0.0",)
    assert report.aside is not None
    assert _keys(Path(report.aside)) == {"saved", "later"}
    assert (home / DATABASE).stat().st_mode & 0o777 == 0o600


def test_a_backup_makes_a_home_where_there_is_none_and_takes_the_place_of_ruins(backup: Path, tmp_path: Path) -> None:
    assert restore(backup, tmp_path / "new" / "home").aside is None
    assert _keys(tmp_path / "new" / "home") == {"saved"}
    ruins = tmp_path / "ruins"
    ruins.mkdir()
    (ruins / DATABASE).write_bytes(b"torn" * 1000)
    report = restore(backup, ruins)
    assert _keys(ruins) == {"saved"}
    assert (Path(str(report.aside)) / DATABASE).read_bytes() == b"torn" * 1000


def test_a_home_in_use_is_left_alone_but_a_dry_run_may_look(home: Path, backup: Path) -> None:
    database = Database(home / DATABASE)
    try:
        with pytest.raises(BusyError, match="Another nbabot is using .* stop it"):
            restore(backup, home)
        report = restore(backup, home, dry_run=True)
    finally:
        database.close()
    assert not report.restored
    assert report.backup.counts["meta"] == 1
    assert not list(home.glob(".restore*"))
    restore(backup, home)


def _rewritten(backup: Path, change: Callable[[dict[str, Any], dict[str, bytes]], None]) -> None:
    """Change manifest and members of an archive."""
    with zipfile.ZipFile(backup) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members.pop(MANIFEST))
    change(manifest, members)
    with zipfile.ZipFile(backup, "w") as archive:
        archive.writestr(MANIFEST, json.dumps(manifest))
        for name, content in members.items():
            archive.writestr(name, content)


def _torn(backup: Path) -> None:
    backup.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])


def _altered_inside(backup: Path) -> None:
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 0xFF
    backup.write_bytes(content)


def _leads_out(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    members["models/../../evil.json"] = b"x"
    manifest["files"]["models/../../evil.json"] = {"size": 1, "sha256": "0"}


def _unlisted(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    members["models/game-elo/1.0.0/more.json"] = b"x"


def _beyond_reason(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    manifest["files"][DATABASE]["size"] = 10**15


def _larger_than_listed(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    members[DATABASE] += b"x"


def _other_rows(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    manifest["counts"]["meta"] = 7


def _newer(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    manifest["schema"] = 10_000


def _another_format(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    manifest["format"] = 2


def _no_manifest(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    manifest.clear()


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (_torn, "torn or no backup"),
        (_altered_inside, "torn or no backup|was altered"),
        (lambda backup: backup.write_bytes(b""), "torn or no backup"),
        (lambda backup: backup.unlink(), "There is no file"),
        (lambda backup: _rewritten(backup, _leads_out), "a file that no backup holds"),
        (lambda backup: _rewritten(backup, _unlisted), "not hold what its manifest lists"),
        (lambda backup: _rewritten(backup, _beyond_reason), "sizes that no backup has"),
        (lambda backup: _rewritten(backup, _larger_than_listed), "another form than listed"),
        (lambda backup: _rewritten(backup, _other_rows), "not those counted"),
        (lambda backup: _rewritten(backup, _newer), "newer nbabot .* upgrade"),
        (lambda backup: _rewritten(backup, _another_format), "upgrade nbabot"),
        (lambda backup: _rewritten(backup, _no_manifest), "not a backup of nbabot"),
    ],
)
def test_a_file_that_is_not_a_sound_backup_changes_nothing(
    home: Path, backup: Path, harm: Callable[[Path], None], sentence: str
) -> None:
    _put(home, "later")
    before = _snapshot(home)
    harm(backup)
    with pytest.raises(BackupError, match=sentence):
        restore(backup, home)
    assert _snapshot(home) == before
    assert not (home.parent / "evil.json").exists()


def test_a_link_in_an_archive_is_refused(home: Path, backup: Path) -> None:
    with zipfile.ZipFile(backup) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    link = zipfile.ZipInfo(DATABASE)
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(backup, "w") as archive:
        for name, content in members.items():
            archive.writestr(link if name == DATABASE else name, content)
    with pytest.raises(BackupError, match="another form than listed"):
        restore(backup, home)


DIE_AFTER_MOVES = """
from engine.store.restore import restore
rename, left = os.rename, iter(range(int(args[0])))

def counted(*names):
    if next(left, None) is None:
        os._exit(9)
    rename(*names)

os.rename = counted
restore(Path(args[1]), Path(args[2]))
os._exit(9)
"""
DIE_WRITING = """
from engine.store.database import Database
database = Database(Path(args[0]))
with database.write() as connection:
    connection.execute("INSERT INTO meta VALUES ('in the log', 'x')")
os._exit(9)
"""


@pytest.mark.parametrize("moves", range(7))
def test_a_restore_that_dies_is_finished_by_the_next_start_or_has_changed_nothing(
    home: Path, backup: Path, moves: int, dies: Callable[..., None]
) -> None:
    _put(home, "later")
    (home / BUNDLE / "manifest.json").write_text("altered")
    dies(DIE_AFTER_MOVES, moves, backup, home)
    restored = _keys(home) == {"saved"}
    assert (home / BUNDLE / "manifest.json").read_text() == ("{}" if restored else "altered")
    assert restored == (moves > 0)
    if restored:
        (aside,) = home.glob("before-restore-*")
        assert _keys(aside) == {"saved", "later"}
        assert (aside / "models/game-elo/1.0.0/manifest.json").read_text() == "altered"
    else:
        assert _keys(home) == {"saved", "later"}
    assert not (home / replacement.READY).exists()


def test_the_log_of_a_killed_writer_is_set_aside_with_its_database(
    home: Path, backup: Path, dies: Callable[..., None]
) -> None:
    dies(DIE_WRITING, home / DATABASE)
    assert (home / f"{DATABASE}-wal").stat().st_size
    report = restore(backup, home)
    assert _keys(home) == {"saved"}
    assert _keys(Path(str(report.aside))) == {"saved", "in the log"}
