"""`jobs` and `run` from the command line, at noon of a day of the simulated league."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.core import calendar
from engine.core.calendar import noon_of
from nbabot import job_runs, posting  # noqa: F401 - imported before the clock is changed, which they must not keep

DAY = date(2025, 1, 15)
Run = Callable[..., Any]


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the machine's clock shows; may be changed."""
    shown = [noon_of(DAY)]
    monkeypatch.setattr(calendar, "machine_clock", lambda: shown[0])
    monkeypatch.setattr(job_runs, "machine_clock", lambda: shown[0])
    return shown


def test_a_job_run_by_hand_posts_once_and_then_says_when_it_was_done(ask: Run, moment: list[Any]) -> None:
    first = ask("jobs", "run", "picks", "--console")
    again = ask("jobs", "run", "picks", "--console")
    assert "Games of Wed 15 Jan 2025" in first.out
    assert first.out.rstrip().endswith("picks frozen for Wed 15 Jan 2025.")
    assert "Games of" not in again.out
    assert "The picks job was done on Wed 15 Jan 2025 12:00 ET" in again.out
    runs = ask("jobs", "history", "--json").json["runs"]
    assert sorted((run["job"], run["due"], run["state"]) for run in runs) == [
        ("picks", "2025-01-15", "done"), ("picks", "2025-01-15 console", "done")
    ]  # fmt: skip
    listed = {job["job"]: job for job in ask("jobs", "list", "--json").json["jobs"]}
    assert listed["recap"]["last_run"] is None
    assert listed["picks"]["last_run"]["state"] == "done"
    assert listed["picks"]["channels"] == {"sent": 1}
    assert (listed["picks"]["at"], listed["picks"]["next"]) == (["11:00"], "2025-01-16T11:00:00-05:00")


def test_a_job_without_a_place_to_post_to_is_refused_and_uses_up_nothing(ask: Run, moment: list[Any]) -> None:
    refused = ask("jobs", "run", "picks")
    assert refused.code == 2
    assert "discord.picks_channel_id" in refused.err
    assert "--console" in refused.err
    assert refused.err.count("\n") == 1
    assert ask("jobs", "history", "--json").json["runs"] == []
    assert "Games of Wed 15 Jan 2025" in ask("jobs", "run", "picks", "--console").out


def test_a_job_shown_on_the_terminal_is_still_to_be_done_for_discord(
    ask: Run, moment: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("jobs", "run", "picks", "--console")
    monkeypatch.setenv("NBABOT_DISCORD__PICKS_CHANNEL_ID", "77")
    assert "the running bot posts it within a minute." in " ".join(ask("jobs", "run", "picks").out.split())


def test_no_post_is_promised_on_a_day_without_games(
    ask: Run, moment: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    moment[0] = noon_of(date(2024, 12, 24))
    monkeypatch.setenv("NBABOT_DISCORD__PICKS_CHANNEL_ID", "77")
    assert ask("jobs", "run", "picks").out == "No games to pick on Tue 24 Dec 2024.\n"


def test_a_job_that_has_just_failed_names_the_reason_and_the_time_of_the_next_try(
    run: Run, moment: list[Any], tmp_path: Path
) -> None:
    first = run("jobs", "run", "picks", "--console", "--home", tmp_path)
    again = run("jobs", "run", "picks", "--console", "--home", tmp_path)
    assert "No games are stored" in first.out
    assert "may run again on Wed 15 Jan 2025 12:05 ET" in " ".join(again.out.split())
    assert "No games are stored" in again.out


def test_no_picks_are_frozen_once_the_games_have_begun(ask: Run, moment: list[Any]) -> None:
    moment[0] = noon_of(DAY) + timedelta(hours=7)
    refused = ask("jobs", "run", "picks", "--console")
    assert refused.code == 2
    assert "19:00" in refused.err
    assert ask("record", "--json").json["n"] == 0


def test_no_job_can_be_run_for_another_day(ask: Run) -> None:
    assert ask("jobs", "run", "picks", "--console", "--as-of", DAY).code == 2


@pytest.mark.end_to_end
def test_the_console_service_says_what_it_will_do_and_that_it_stopped(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "nbabot", "run", "--console", "--home", str(tmp_path)]
    quiet = {**os.environ, "NBABOT_SOURCES__ENABLED": "false", "NBABOT_WEB__PORT": "0"}
    process = subprocess.Popen(words, env=quiet, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(8)]
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    shown = " ".join("".join([*lines, out]).split())
    assert lines[0] == "nbabot posts to this terminal; Ctrl-C stops it.\n"
    assert "nbabot sync fetches them" in shown
    assert "recap" in lines[1]
    assert "picks" in "".join(lines)
    assert out.endswith("Stopped.\n")
    assert err == ""
    assert process.returncode == 0
