"""SIGHUP has a running program read its settings again."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from engine.core.errors import ConfigError
from engine.engine import Engine
from nbabot.bot import Bot, run_bot, run_service
from nbabot.channels import ConsoleSender
from nbabot.destinations import on_terminal
from nbabot.limits import Limits
from nbabot.reload import LIVE, Reload
from nbabot.scheduler import Schedule
from nbabot.sections import LimitsSettings, ScheduleSettings, UsageSettings, WebSettings
from nbabot.settings import Settings


def test_what_can_change_does_and_what_cannot_is_named() -> None:
    fresh = Settings(usage=UsageSettings(keep_days=7), web=WebSettings(port=8711))
    taken: list[Settings] = []
    with capture_logs() as told:
        Reload(Settings(), lambda: fresh, taken.append)()
    assert taken[0].usage.keep_days == 7
    assert taken[0].web.port == Settings().web.port
    assert [(one["event"], one.get("changed", one.get("keys"))) for one in told] == [
        ("settings_read", ["usage.keep_days"]),
        ("settings_need_restart", ["web.port"]),
    ]


def test_a_mistake_keeps_the_settings_in_force_and_is_one_sentence() -> None:
    def mistaken() -> Settings:
        raise ConfigError("The key limits.user is not a setting: did you mean limits.user_commands?")

    taken: list[Settings] = []
    with capture_logs() as told:
        Reload(Settings(), mistaken, taken.append)()
    assert not taken
    assert [(one["log_level"], one["reason"]) for one in told] == [
        ("error", "The key limits.user is not a setting: did you mean limits.user_commands?")
    ]


def test_every_live_section_is_one_of_the_settings() -> None:
    assert set(LIVE) < set(Settings.model_fields)


def test_limits_count_by_the_new_ones_at_once() -> None:
    limits = Limits(LimitsSettings(user_commands=1), clock=lambda: 0.0)
    assert limits.count(1, None, press=False) is None
    assert limits.count(1, None, press=False)
    limits.renew(LimitsSettings(user_commands=2))
    assert [bool(limits.count(1, None, press=False)) for _ in range(3)] == [False, False, True]


async def test_the_schedule_goes_by_new_times_and_forgets_the_old_ones(engine: Engine) -> None:
    schedule = Schedule(engine, Settings(), on_terminal, ConsoleSender())
    schedule.start()
    try:
        schedule.renew(Settings(schedule=ScheduleSettings(picks_time="12:34")))
        wakes = {job.id for job in schedule._timer.get_jobs()}
        assert "picks 12:34" in wakes
        assert {"jobs", "outbox"} < wakes
        assert "picks 11:00" not in wakes
        assert any(line.startswith("  picks") and "12:34" in line for line in schedule.plan())
    finally:
        await schedule.stop()


async def test_a_bot_tells_of_the_days_that_are_in_force(engine: Engine) -> None:
    bot = Bot(engine, Settings())
    bot.renew(Settings(usage=UsageSettings(keep_days=7), limits=LimitsSettings(user_commands=3)))
    assert bot.settings.usage.keep_days == 7
    assert [bool(bot.conduct.limits.count(1, None, press=False)) for _ in range(4)] == [False, False, False, True]


@pytest.mark.end_to_end
@pytest.mark.parametrize("program", ["run", "bot"])
async def test_whoever_asks_after_the_signal_is_answered_by_the_new_settings(
    engine: Engine, discord_server: Any, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", discord_server.token)
    usual = Settings(web=WebSettings(port=0))
    fresh = Settings(web=usual.web, usage=UsageSettings(keep_days=7), limits=LimitsSettings(user_commands=3))
    start = {
        "bot": lambda: run_bot(engine, usual, lambda: fresh),
        "run": lambda: run_service(engine, usual, lambda sentence: None, reread=lambda: fresh),
    }
    running = asyncio.create_task(start[program]())
    await discord_server.wait_commands(["privacy"])
    assert "after 90 days" in json.dumps((await discord_server.invoke("privacy")).embeds)
    os.kill(os.getpid(), signal.SIGHUP)
    await asyncio.sleep(0)
    answers = [await discord_server.invoke("privacy") for _ in range(4)]
    assert "after 7 days" in json.dumps(answers[0].embeds)
    assert "3 times within a minute" in answers[3].content
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(running, 10)


AT_TERMINAL = """
import os, sys
os.dup2(os.open(sys.argv[1], os.O_RDWR), 0)  # the first one that the leader of a session opens is its terminal
os.execv(sys.executable, [sys.executable, "-m", "nbabot", "run", "--console", *sys.argv[2:]])
"""


@pytest.fixture
def at_terminal(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """`nbabot run --console` at a terminal of its own, and the terminal's other end."""
    ours, its = pty.openpty()
    (tmp_path / "config.toml").write_text("[web]\nport = 0\n")
    own = ["--home", str(tmp_path), "--config", str(tmp_path / "config.toml")]
    null, environment = subprocess.DEVNULL, {**os.environ, "NBABOT_SOURCES__ENABLED": "false"}
    started = [sys.executable, "-c", AT_TERMINAL, os.ttyname(its), *own]
    with subprocess.Popen(started, env=environment, start_new_session=True, stdout=null, stderr=null) as process:
        yield process, ours
        process.kill()
    os.close(its)


def _logged(home: Path, event: str) -> list[dict[str, Any]]:
    path = home / "logs" / "nbabot.log"
    lines = path.read_text().splitlines() if path.exists() else []
    return [one for line in lines if (one := json.loads(line))["event"] == event]


def _wait_for(home: Path, event: str) -> dict[str, Any]:
    for _ in range(600):
        if found := _logged(home, event):
            return found[-1]
        time.sleep(0.05)
    raise AssertionError(f"no {event} was logged")


@pytest.mark.end_to_end
def test_a_running_service_reads_its_file_again_and_ends_with_its_terminal(tmp_path: Path, at_terminal: Any) -> None:
    process, terminal = at_terminal
    config = tmp_path / "config.toml"
    _wait_for(tmp_path, "plan")
    config.write_text('[web]\nport = 8799\n[schedule]\npicks_time = "12:34"\n')
    process.send_signal(signal.SIGHUP)
    assert _wait_for(tmp_path, "settings_read")["changed"] == ["schedule.picks_time"]
    assert _wait_for(tmp_path, "settings_need_restart")["keys"] == ["web.port"]
    config.write_text('[schedule]\npicks_times = "12:34"\n')
    process.send_signal(signal.SIGHUP)
    refused = _wait_for(tmp_path, "settings_refused")["reason"]
    assert "line 2" in refused
    assert "did you mean schedule.picks_time?" in refused
    os.close(terminal)  # the same signal now means to stop
    assert process.wait(20) == 0
    assert len(_logged(tmp_path, "settings_read")) == 1
