"""`nbabot backup` and `nbabot restore`, as a person runs them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nbabot.cli import service

Run = Callable[..., Any]


def test_a_home_is_saved_lost_and_put_back_with_its_models(ask: Run, run: Run, home: Path, tmp_path: Path) -> None:
    champion = ask("status", "--json").json["champion"]
    saved = ask("backup", "--to", tmp_path / "kept", "--json").json["backup"]
    assert "game-logistic@1.0.0" in saved["models"]
    dry = run("restore", saved["path"], "--dry-run", "--home", tmp_path / "new")
    assert (dry.code, "nothing was changed" in dry.out) == (0, True)
    put_back = run("restore", saved["path"], "--home", tmp_path / "new", "--json").json
    assert (put_back["restored"], put_back["aside"]) == (True, None)
    assert run("status", "--home", tmp_path / "new", "--json").json["champion"] == champion
    assert run("models", "verify", "--home", tmp_path / "new").code == 0


def test_the_settings_say_where_backups_go_and_how_many_stay(
    ask: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NBABOT_BACKUP__FOLDER", str(tmp_path / "there"))
    monkeypatch.setenv("NBABOT_BACKUP__KEEP", "1")
    ask("backup")
    second = ask("backup")
    assert second.out.count("Removed, to keep 1") == 1
    assert len(list((tmp_path / "there").iterdir())) == 1


def test_a_torn_database_is_told_with_the_way_out(ask: Run, run: Run, home: Path, tmp_path: Path) -> None:
    saved = ask("backup", "--to", tmp_path, "--json").json["backup"]["path"]
    (home / "nbabot.db").write_bytes(b"\0" * 8192)
    (home / "nbabot.db-wal").unlink(missing_ok=True)
    told = ask("status")
    assert (told.code, "nbabot restore" in told.err, told.err.count("\n")) == (1, True, 1), told.err
    assert run("restore", saved, "--home", home).code == 0
    assert ask("status").code == 0


def test_the_service_does_not_start_on_a_database_that_falls_apart(ask: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[float] = []
    monkeypatch.setattr("engine.engine.Engine.damage", lambda self, seconds: seen.append(seconds) or "page 7 is torn")
    told = ask("run", "--console")
    assert (told.code, seen) == (1, [service.LOOK_SECONDS])
    assert "page 7 is torn" in told.err
    assert "nbabot restore" in told.err
