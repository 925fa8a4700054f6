"""Roles survive the change of their table."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.core.errors import BusyError, NoModelError
from engine.store import database as module
from engine.store import models, schema
from engine.store.database import Database
from engine.store.models import Move, VersionRow

NOW = datetime(2025, 1, 15, tzinfo=UTC)


def row(version: str) -> VersionRow:
    return VersionRow("m", version, "game", "elo", NOW, "home", f"m/{version}", {"data": version})


def move(version: str) -> Move:
    return Move("game", "m", version, "ada", "why", NOW)


def roles(database: Database) -> dict[str, tuple[str, ...]]:
    return {one.version: one.aliases for one in models.versions(database)}


def test_a_database_from_before_challengers_keeps_its_roles_and_its_trail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [name for name, _ in schema.MIGRATIONS].index("model_life")
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:before])
        patch.setattr(schema, "LATEST", before)
        patch.setattr(module, "LATEST", before)
        old = Database(tmp_path / "old.db")
        for version in ("1.0.0", "2.0.0"):
            models.add_version(old, row(version))
        with old.write() as connection:
            connection.execute("INSERT INTO model_aliases VALUES ('game', 'champion', 'm', '2.0.0')")
            connection.execute("INSERT INTO model_aliases VALUES ('game', 'previous', 'm', '1.0.0')")
            connection.execute(
                "INSERT INTO model_audit (moment, task, who, why, from_label, to_label) VALUES (?, ?, ?, ?, ?, ?)",
                (NOW.isoformat(), "game", "ada", "why", "m@1.0.0", "m@2.0.0"),
            )
        old.close()
    database = Database(tmp_path / "old.db")
    assert roles(database) == {"1.0.0": ("previous",), "2.0.0": ("champion",)}
    assert [(one.role, one.despite) for one in models.audit(database, 9)] == [("champion", "")]
    models.roll_back(database, move("1.0.0"))
    assert roles(database) == {"1.0.0": ("champion",), "2.0.0": ("previous",)}
    database.close()


def test_roles_are_refused_to_the_unknown_and_to_the_outdated(tmp_path: Path) -> None:
    database = Database(tmp_path / "new.db")
    with pytest.raises(NoModelError):
        models.promote(database, move("1.0.0"), None)
    for version in ("1.0.0", "2.0.0", "3.0.0"):
        models.add_version(database, row(version))
    models.promote(database, move("1.0.0"), None)
    models.promote(database, move("2.0.0"), "m@1.0.0")
    with pytest.raises(BusyError, match="m@2.0.0 is in production by now"):
        models.promote(database, move("3.0.0"), "m@1.0.0")
    with pytest.raises(BusyError, match="not the previous version"):
        models.roll_back(database, move("3.0.0"))
    models.challenge(database, move("1.0.0"))
    models.challenge(database, move("3.0.0"))
    assert roles(database)["2.0.0"] == ("champion",)
    assert set(roles(database)["1.0.0"]) == {"previous", "challenger"}
    assert [one.version for one in models.in_role(database, "game", "challenger")] == ["1.0.0", "3.0.0"]
    database.close()
