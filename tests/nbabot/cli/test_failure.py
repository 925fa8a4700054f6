"""How commands end when they do not end well."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.engine import Engine

Run = Callable[..., Any]


def test_the_bare_name_prints_the_help(run: Run) -> None:
    result = run()
    assert result.code == 0
    assert "nbabot demo" in result.out


@pytest.mark.parametrize("name", ["sync", "player", "live", "retrain", "backup", "restore", "doctor"])
def test_a_command_of_a_later_version_is_known_and_refused(run: Run, name: str) -> None:
    result = run(name, "--json")
    assert result.code == 2
    assert f"`nbabot {name}` comes with a later version" in result.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("predct", "BOS", "LAL"), "Did you mean 'predict'?"),
        (("predict", "BOS"), "Missing argument 'AWAY'. Try: nbabot predict --help"),
        (("predict", "BOS", "LAL", "--jsn"), "--jsn"),
        (("import",), "PATH"),
        (("models", "promote", "game-logistic"), "Which version"),
        (("jobs", "run", "lunch"), "the jobs are recap and picks"),
        (("backtest", "game", "--seasons", "2022-23..2017-18"), "runs backwards"),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_code_2(
    run: Run, tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    result = run("--home", tmp_path, *words)
    assert (result.code, result.out) == (2, "")
    assert sentence in result.err
    assert result.err.count("\n") == 1


def test_no_token_is_one_sentence_with_the_next_step(run: Run, tmp_path: Path) -> None:
    for command in ("bot", "run"):
        result = run(command, "--home", tmp_path)
        assert result.code == 1
        assert "set DISCORD_TOKEN" in result.err


def test_a_folder_that_cannot_be_used_is_one_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    result = run("status", "--home", tmp_path / "file")
    assert result.code == 1
    assert "--home" in result.err
    assert result.err.count("\n") == 1


def test_a_database_of_a_newer_version_is_left_alone(run: Run, home: Path) -> None:
    with sqlite3.connect(home / "nbabot.db") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    result = run("today", "--home", home)
    assert result.code == 1
    assert "upgrade nbabot" in result.err


def test_an_unexpected_error_is_an_apology_with_an_id_and_the_trace_in_the_log(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Engine) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(Engine, "status", broken)
    result = run("status", "--home", tmp_path)
    assert result.code == 1
    assert "Traceback" not in result.err
    assert "secret detail" not in result.err
    number = re.search(r"report id (\w+)", result.err)
    log = (tmp_path / "logs" / "nbabot.log").read_text()
    assert number
    assert number[1] in log
    assert "secret detail" in log
    monkeypatch.setenv("NBABOT_DEBUG", "1")
    assert "Traceback" in run("status", "--home", tmp_path).err


def test_an_interrupt_ends_quietly_with_130(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: Engine) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Engine, "status", interrupted)
    result = run("status", "--home", tmp_path)
    assert (result.code, result.err.strip()) == (130, "")


def test_a_reader_that_goes_away_causes_no_noise(home: Path) -> None:
    script = f"{sys.executable} -m nbabot today --as-of 2025-01-15 --json --home '{home}' | true"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""


def test_a_terminal_that_knows_only_ascii_gets_an_answer(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nbabot", "predict", "BOS", "LAL", "--as-of", "2025-01-15", "--home", home],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Expected score" in done.stdout


def test_home_and_config_count_before_and_after_the_command(run: Run, tmp_path: Path) -> None:
    settings = tmp_path / "mine.toml"
    settings.write_text('[log]\nlevel = "debug"\n')
    for words in (
        ("--home", tmp_path, "--config", settings, "config", "path", "--json"),
        ("config", "path", "--json", "--home", tmp_path, "--config", settings),
    ):
        assert run(*words).json == {"config": str(settings), "home": str(tmp_path)}


def test_the_home_in_the_environment_counts_and_the_command_line_wins(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NBABOT_HOME", str(tmp_path / "one"))
    assert run("config", "path", "--json").json["home"] == str(tmp_path / "one")
    assert run("config", "path", "--json", "--home", tmp_path / "two").json["home"] == str(tmp_path / "two")


def test_a_settings_file_with_a_mistake_stops_every_command(run: Run, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[schedule]\npick_time = "11:00"\n')
    for words in (("config", "check"), ("status",)):
        result = run(*words, "--home", tmp_path)
        assert result.code == 1
        assert "did you mean schedule.picks_time?" in result.err
