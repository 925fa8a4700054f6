"""The scheduled work in the terminal UI: real runs, posts and a real log file; a schedule on paper."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from engine.core.calendar import noon_of
from engine.core.errors import UsageError
from engine.core.posts import Draft
from engine.core.progress import Progress
from engine.core.reports import ScheduledJob
from engine.core.sync_reports import Check
from engine.engine import Engine
from tui.app import NbabotApp
from tui.desk import WITHOUT
from tui.log_tail import LogTail

DAY = date(2025, 1, 15)
MORNING = datetime(2025, 1, 15, 14, 5, tzinfo=UTC)
CHANNEL = "discord:123456789012345678"


class PaperDesk:
    """Implements `Desk`: three jobs, of which `recap` fails; a run waits for `gate`."""

    def __init__(self, engine: Engine, log: Path) -> None:
        self.engine, self.log = engine, log
        self.ran: list[tuple[str, str]] = []
        self.gate = threading.Event()
        self.gate.set()

    def jobs(self) -> tuple[ScheduledJob, ...]:
        last = {run.job: run for run in self.engine.runs.recent()}
        told = (("sync", "fetch all that is new", "done"), ("recap", "grade", "failed"), ("picks", "freeze", "due"))
        return tuple(
            ScheduledJob(name, about, state, last.get(name), noon_of(DAY) + timedelta(days=1))
            for name, about, state in told
        )

    def run(self, name: str) -> str:
        self.ran.append((name, threading.current_thread().name))
        assert self.gate.wait(10)
        if name == "recap":
            raise UsageError("No channel is set: set discord.picks_channel_id.")
        return "12 picks frozen."

    def check_up(self, progress: Progress) -> tuple[Check, ...]:
        return ()


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """The memory of a terminal UI that was left at the jobs."""
    memory = tmp_path / "tui.json"
    memory.write_text('{"place": "jobs"}')
    return memory


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[PaperDesk]:
    """A morning: a synchronisation of 94 s is done, a recap has failed, one post is out and one was refused."""
    engine = Engine(tmp_path, now=lambda: noon_of(DAY))
    for name, seconds, detail in (("sync", 94, "1,214 rows new"), ("recap", 2, "no results yet: wait for the feeds")):
        engine.runs.begin(name, str(DAY), MORNING + timedelta(minutes=seconds), timedelta(minutes=5))
        close = engine.runs.finish if name == "sync" else engine.runs.fail
        close(name, str(DAY), MORNING + timedelta(minutes=seconds, seconds=seconds), detail)
    content = json.dumps([{"title": "Picks of the day", "description": "**BOS 71%** · tip-off <t:1736985600:t>"}])
    for kind in ("recap", "picks"):
        engine.outbox.put(Draft(DAY, kind, CHANNEL, content, noon_of(DAY)))
    for tell in ("sent", "failed"):
        post = engine.outbox.claim(CHANNEL, MORNING, timedelta(hours=1))
        assert post is not None
        getattr(engine.outbox, tell)(post, "1065" if tell == "sent" else "The bot may not post in that channel.")
    yield PaperDesk(engine, tmp_path / "logs" / "nbabot.log")
    engine.close()


def logged(desk: PaperDesk, *events: tuple[str, str]) -> None:
    desk.log.parent.mkdir(exist_ok=True)
    with desk.log.open("a") as file:
        for level, event in events:
            file.write(json.dumps({"event": event, "level": level, "timestamp": MORNING.isoformat(), "n": 7}) + "\n")


async def test_jobs_runs_and_posts_are_told_with_their_times_and_in_full_on_enter(
    desk: PaperDesk, here: Path, tui
) -> None:
    async with NbabotApp(desk.engine, 60, here, desk).run_test(size=(80, 24)) as pilot:
        await tui.settle(pilot)
        text = tui.painted(pilot)
        assert "▸  sync      done     15 Jan 10:39 ET      94 s  16 Jan 12:00 ET" in text
        assert "picks     due      never                   –" in text
        assert "[Runs]" in text
        assert "fetch all that is new" in await tui.press(pilot, "enter")
        await tui.press(pilot, "escape", "right", "left")
        text = await tui.press(pilot, "enter")
        assert "Run of sync" in text
        assert "1,214 rows new" in text
        text = await tui.press(pilot, "escape", "right")
        assert "▸  2025-01-15  picks    failed       1  discord 123456789012345678" in text
        text = await tui.press(pilot, "enter")
        assert "The bot may not post in that channel." in text
        assert "BOS 71% · tip-off Wed 15 Jan 2025 19:00 ET" in text
        assert "Nothing is logged yet in" in await tui.press(pilot, "escape", "right")


async def test_a_job_is_run_only_after_a_yes_in_a_thread_and_its_result_is_told(
    desk: PaperDesk, here: Path, tui
) -> None:
    async with NbabotApp(desk.engine, 60, here, desk).run_test(size=(80, 24)) as pilot:
        await tui.settle(pilot)
        assert "Run the sync job now?" in await tui.press(pilot, "r")
        await tui.press(pilot, "escape")
        assert desk.ran == []
        desk.gate.clear()
        await tui.press(pilot, "end", "r", "enter")
        await tui.press(pilot, "r")
        assert "wait for it to end" in tui.told(pilot)[-1], "one at a time, and the keys still work"
        desk.gate.set()
        await heard(pilot, tui, "12 picks frozen.")
        await tui.press(pilot, "up", "r", "y")
        await heard(pilot, tui, "No channel is set: set discord.picks_channel_id.")
    assert [name for name, _ in desk.ran] == ["picks", "recap"]
    assert "MainThread" not in {thread for _, thread in desk.ran}


async def heard(pilot, tui, sentence: str) -> None:
    for _ in range(500):
        if sentence in tui.told(pilot):
            return
        await pilot.pause(0.02)
    raise AssertionError(f"{sentence!r} was not told, only {tui.told(pilot)}")


async def test_the_log_is_followed_from_a_level_on_and_obeys_no_escape_sequence(
    desk: PaperDesk, here: Path, tui
) -> None:
    logged(desk, ("debug", "feed_call"), ("info", "job_done"), ("error", "job_failed \x1b[2J"))
    async with NbabotApp(desk.engine, 60, here, desk).run_test(size=(80, 24)) as pilot:
        text = await tui.press(pilot, "left")
        assert "[Log: info and worse]" in text
        assert "09:05:00 info    job_done n=7" in text
        assert "job_failed ?[2J n=7" in text
        assert "feed_call" not in text
        logged(desk, ("warning", "feed_slow"))
        assert "feed_slow" in await tui.until(pilot, "feed_slow")
        assert "job_done" not in await tui.press(pilot, "v")
        text = await tui.press(pilot, "v")
        assert "[Log: error]" in text
        assert "feed_slow" not in text
        assert "feed_call" in await tui.press(pilot, "v")


async def test_without_a_schedule_or_anything_done_each_part_says_what_to_do(tmp_path: Path, here: Path, tui) -> None:
    engine = Engine(tmp_path)
    async with NbabotApp(engine, 60, here).run_test(size=(160, 45)) as pilot:
        await tui.settle(pilot)
        text = tui.painted(pilot)
        for part in (WITHOUT, "No job has run yet: `nbabot run`", "Nothing was posted yet"):
            assert part in " ".join(text.split())
        await tui.press(pilot, "r")
        assert tui.told(pilot) == [WITHOUT]
    engine.close()


def test_the_tail_of_a_log_begins_near_its_end_waits_for_whole_lines_and_follows_a_rotation(tmp_path: Path) -> None:
    log = tmp_path / "nbabot.log"
    tail = LogTail(log)
    assert tail.new() == ()
    log.write_text("".join(json.dumps({"event": f"old_{n}", "level": "info"}) + "\n" for n in range(5000)))
    found = [line.text for line in tail.new()]
    assert found[-1] == "old_4999"
    assert 100 < len(found) < 5000
    with log.open("a") as file:
        file.write('{"event": "half')
    assert tail.new() == ()
    with log.open("a") as file:
        file.write('_done", "level": "critical"}\nno json at all\n')
    assert [(line.level, line.text) for line in tail.new()] == [("error", "half_done"), ("info", "no json at all")]
    log.rename(tmp_path / "nbabot.log.1")
    log.write_text(json.dumps({"event": "new", "level": "info", "exception": "Trace"}) + "\n")
    assert [line.text for line in tail.new()] == ["new\nTrace"]
