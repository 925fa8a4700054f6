"""The archive of raw payloads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.core.errors import SourceError
from engine.sources.raw import RawArchive

NOW = datetime(2024, 11, 2, 16, tzinfo=UTC)


@pytest.fixture
def archive(tmp_path: Path) -> RawArchive:
    return RawArchive(tmp_path / "raw", keep_days=14)


def test_what_is_kept_comes_back_byte_for_byte_oldest_first(archive: RawArchive) -> None:
    archive.keep("stats.nba.com", "schedule", "2024-25", b"second", NOW)
    archive.keep("stats.nba.com", "schedule", "2024-25", b"first", NOW - timedelta(hours=1))
    archive.keep("cdn.nba.com", "box", "0022400001", b"third", NOW + timedelta(hours=1))
    assert [archive.read(kept) for kept in archive.payloads()] == [b"first", b"second", b"third"]
    assert [kept.key for kept in archive.payloads("cdn.nba.com", "box")] == ["0022400001"]
    assert archive.payloads("stats.nba.com", "box") == ()
    assert archive.payloads()[-1].fetched == NOW + timedelta(hours=1)


def test_two_weeks_later_a_payload_is_gone_and_a_younger_one_is_not(archive: RawArchive, tmp_path: Path) -> None:
    archive.keep("cdn.nba.com", "box", "old", b"", NOW - timedelta(days=15))
    archive.keep("cdn.nba.com", "box", "young", b"", NOW - timedelta(days=13))
    assert archive.prune(NOW) == 1
    assert [kept.key for kept in archive.payloads()] == ["young"]


def test_the_archive_of_a_new_home_is_empty(archive: RawArchive) -> None:
    assert archive.payloads() == ()
    assert archive.prune(NOW) == 0


def test_a_key_cannot_leave_the_archive(archive: RawArchive, tmp_path: Path) -> None:
    path = archive.keep("cdn.nba.com", "box", "../../../../etc/passwd " + "x" * 500, b"", NOW)
    assert tmp_path / "raw" / "cdn.nba.com" / "box" == path.parent
    assert len(archive.payloads()) == 1


def test_foreign_files_are_left_alone(archive: RawArchive, tmp_path: Path) -> None:
    kept = archive.keep("cdn.nba.com", "box", "x", b"", NOW)
    (kept.parent / "notes.gz").write_bytes(b"mine")
    assert len(archive.payloads()) == 1
    archive.prune(NOW + timedelta(days=100))
    assert [path.name for path in kept.parent.iterdir()] == ["notes.gz"]


def test_a_damaged_payload_is_one_sentence(archive: RawArchive) -> None:
    path = archive.keep("cdn.nba.com", "box", "x", b"payload", NOW)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(SourceError, match=r"is damaged: delete it\.$"):
        archive.read(archive.payloads()[0])
