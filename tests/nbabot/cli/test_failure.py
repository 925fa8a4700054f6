"""How commands end when they do not end well."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from engine.engine import Engine

Run = Callable[..., Any]


def test_the_bare_name_prints_the_help(run: Run) -> None:
    result = run()
    assert result.code == 0
    assert "nbabot demo" in result.out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("predct", "BOS", "LAL"), "Did you mean 'predict'?"),
        (("predict", "BOS"), "Missing argument 'AWAY'. Try: nbabot predict --help"),
        (("predict", "BOS", "LAL", "--jsn"), "--jsn"),
        (("import",), "PATH"),
        (("models", "promote", "game-elo"), "needs a yes: run it in a terminal, or add --yes."),
        (("predict", "la", "clippers", "BOS"), "put quotes round a name of several words"),
        (("today", "soon"), "unexpected extra argument(s) (soon). Try: nbabot today --help."),
        (("record", "--days", "99999999999999999999"), "--days"),
        (("tui",), "needs a terminal"),
        (("jobs", "run", "lunch"), "the jobs are "),
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
    with closing(sqlite3.connect(home / "nbabot.db")) as connection, connection:
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


@pytest.mark.parametrize("words", [("--home", "~nosuchuser/x"), ("--home=",), ("--home", "")])
def test_a_home_that_cannot_be_one_is_one_sentence_also_when_it_is_empty(run: Run, words: tuple[str, ...]) -> None:
    for line in ((*words, "status"), ("status", *words), ("demo", *words), ("tui", *words, "--demo")):
        result = run(*line)
        assert (result.code, result.out) in ((1, ""), (2, ""))
        assert "The home folder is wrong" in result.err or "needs a terminal" in result.err
        assert result.err.count("\n") == 1


def test_the_log_of_a_failure_is_in_the_home_that_was_named_in_any_way(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Engine) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Engine, "status", broken)
    (tmp_path / "my.toml").write_text(f'home = "{tmp_path}/from_file"\n')
    for words, home in (
        ((f"--home={tmp_path}/equals", "status"), "equals"),
        (("status", "--config", tmp_path / "my.toml"), "from_file"),
    ):
        assert f"{home}/logs/nbabot.log" in run(*words).err
        assert (tmp_path / home / "logs" / "nbabot.log").is_file()


def test_a_failure_that_cannot_be_logged_is_still_told(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Engine) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Engine, "status", broken)
    monkeypatch.setattr("nbabot.logs.configure", broken)
    monkeypatch.setattr("nbabot.settings.default_home", lambda: tmp_path / "home")
    result = run("status", "--home", tmp_path)
    assert result.code == 1
    assert re.search(r"Sorry, nbabot itself failed \(\w+\): please report id \w+\.", result.err)


@pytest.mark.parametrize("redirection", [">&-", ">/dev/full"])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_an_output_that_takes_nothing_is_one_sentence(redirection: str, unbuffered: str) -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m nbabot --help {redirection}"],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    )
    assert done.returncode == 1
    assert done.stderr.startswith("nbabot: The output cannot be written")
    assert done.stderr.count("\n") == 1


def test_a_closed_stderr_leaves_stdout_for_the_answer(tmp_path: Path) -> None:
    for words, code in (("config path", 0), ("no-such-command", 2)):
        script = f"{sys.executable} -m nbabot {words} 2>&-"
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, cwd=tmp_path)
        assert done.returncode == code
        assert bool(done.stdout) == (code == 0)


def test_control_characters_in_a_name_do_not_reach_the_terminal(run: Run, tmp_path: Path) -> None:
    result = run("predict", "\x1b[31mred\a\n", "BOS", "--home", tmp_path)
    assert result.code == 2
    assert "?[31mred?" in result.err
    assert result.err.rstrip("\n").isprintable()


def test_a_sentence_is_wrapped_at_the_width_of_the_terminal(tmp_path: Path) -> None:
    import fcntl
    import pty
    import struct
    import termios

    reader, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 50, 0, 0))
    words = [sys.executable, "-m", "nbabot", "predict", "nobody at all", "BOS", "--home", str(tmp_path)]
    subprocess.run(words, stdout=subprocess.PIPE, stderr=terminal, timeout=60)
    lines = os.read(reader, 10_000).decode().split("\r\n")
    os.close(reader)
    os.close(terminal)
    assert len(lines) > 2
    assert max(map(len, lines)) <= 50
