"""What is stored, in the terminal UI: real reports of a real store; a synchronisation and a check-up on paper."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.core.calendar import machine_clock
from engine.core.errors import BusyError
from engine.core.progress import Progress, silent
from engine.core.reports import ScheduledJob
from engine.core.sync_reports import Check, Health, SyncReport, SyncRequest, SyncTask
from engine.engine import Engine
from engine.sources.breaker import Breaker
from engine.sources.pacing import Patience
from engine.store import sync
from engine.sync.standing import HostMemory
from tui.app import NbabotApp
from tui.desk import WITHOUT
from tui.long_work import LongWork

DAY = date(2025, 1, 15)
DONE = SyncTask("results", "done", "cdn.nba.com", 12, 24, 3, 900, 12.4, machine_clock(), notes=("2 were moved",))


class PaperFeeds:
    """Stands in for the feeds behind `Engine.sync`: it moves when told to, and ends as told."""

    def __init__(self) -> None:
        self.threads: list[str] = []
        self.step = threading.Event()
        self.report: SyncReport | Exception = SyncReport((DONE,), 12.4, 2)

    def sync(self, request: SyncRequest = SyncRequest(), progress: Progress = silent) -> SyncReport:  # noqa: B008
        self.threads.append(threading.current_thread().name)
        progress("results", 45, 120)
        assert self.step.wait(10)
        progress("results", 120, 120)
        if isinstance(self.report, Exception):
            raise self.report
        return self.report


class PaperDesk:
    """Implements `Desk`, of which only the check-up is used here."""

    log = Path("nbabot.log")

    def jobs(self) -> tuple[ScheduledJob, ...]:
        return ()

    def run(self, name: str) -> str:
        return ""

    def check_up(self, progress: Progress) -> tuple[Check, ...]:
        progress("checks", 1, 1)
        return (
            Check("python", Health.OK, "3.12.1"),
            Check("disk", Health.WARNING, "1.2 GiB free", "free some space"),
            Check("last sync", Health.FAILED, "results were never fetched", "run nbabot sync"),
        )


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """The memory of a terminal UI that was left at the data."""
    memory = tmp_path / "tui.json"
    memory.write_text('{"place": "data"}')
    return memory


@pytest.fixture
def feeds(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[PaperFeeds]:
    paper = PaperFeeds()
    monkeypatch.setattr(engine, "sync", paper.sync)
    yield paper
    paper.step.set()


async def test_what_is_stored_how_the_feeds_fared_and_what_was_corrected_is_told(
    engine: Engine, here: Path, tui
) -> None:
    now = machine_clock()
    for hours, state, detail in ((30, "done", ""), (3, "failed", "cdn.nba.com is down: try again later.")):
        task = replace(DONE, state=state, started=now - timedelta(hours=hours, minutes=1), detail=detail)
        sync.put_report(engine._database, now, task)
    breaker = Breaker(HostMemory(engine._database), machine_clock, Patience(failures=2))
    breaker.failed("cdn.nba.com")
    breaker.failed("cdn.nba.com")
    game = engine.slate(DAY - timedelta(days=1)).games[0].game.game_id
    with engine._database.write() as connection:
        connection.execute(
            "INSERT INTO corrections (moment, game_id, what, changes) VALUES (?, ?, 'game', ?)",
            ("2025-01-14T09:00:00+00:00", game, '{"home_points": [101, 103]}'),
        )
    status = engine.status()
    async with NbabotApp(engine, 60, here).run_test(size=(80, 24)) as pilot:
        await tui.settle(pilot)
        text = tui.painted(pilot)
        assert f"{status.games:,} games, 2023-24 to 2024-25" in text
        assert "results through Tue 14 Jan 2025, 1 day before this one" in text
        assert "▸  results   failed" in text
        assert ", 30 h ago" in text
        assert "✗ cdn.nba.com: 2 failures in a row, left alone until" in text
        text = await tui.press(pilot, "enter")
        assert "cdn.nba.com is down: try again later." in text
        assert "2 were moved" in text
        text = await tui.press(pilot, "escape", "right")
        assert f"14 Jan 04:00 ET  game {game}" in text
        assert "home_points 101 to 103" in " ".join((await tui.press(pilot, "enter")).split())
        await tui.press(pilot, "escape", "left", "left", "right")
        assert "[Feeds]" in tui.painted(pilot)
        await pilot.click(pilot.app.screen.query("Heading").last())
        await tui.settle(pilot)
        assert "[Check-up]" in tui.painted(pilot)


async def test_a_synchronisation_goes_on_while_one_looks_elsewhere_can_be_stopped_and_says_why_it_failed(
    engine: Engine, feeds: PaperFeeds, here: Path, tui
) -> None:
    async with NbabotApp(engine, 60, here).run_test(size=(80, 24)) as pilot:
        await tui.settle(pilot)
        assert "x Stop" not in tui.painted(pilot)
        await pilot.press("s")
        text = await tui.until(pilot, "45 of 120")
        assert "[Sync: running]" in text
        assert "x Stop" in text
        await tui.press(pilot, "s", "1", "6")
        assert "45 of 120" in tui.painted(pilot)
        assert len(feeds.threads) == 1, "it is not begun twice"
        feeds.step.set()
        text = await tui.until(pilot, "2 picks graded")
        assert "results  done   24        3  12 s" in text
        assert "results: 2 were moved" in text
        assert tui.told(pilot) == ["All that is new is stored."]
        feeds.step.clear()
        await pilot.press("s")
        await tui.until(pilot, "45 of 120")
        await pilot.press("x")
        feeds.step.set()
        assert "x Stop" not in await tui.until(pilot, "Stopped: what was finished stays.")
        feeds.report = BusyError("Another nbabot is synchronising: wait for it to end, then run nbabot sync again.")
        await pilot.press("s")
        await tui.until(pilot, "Another nbabot is synchronising")
        assert tui.told(pilot)[-1] == str(feeds.report)
        failed = replace(DONE, state="failed", detail="cdn.nba.com is down: try again later.")
        feeds.report = SyncReport((failed,), 1.0, 0)
        await pilot.press("s")
        assert "s tries again, d looks further." in await tui.until(pilot, "results: cdn.nba.com is down")
        assert tui.told(pilot)[-1] == "Not all could be fetched (results): Data says why."
    assert "MainThread" not in feeds.threads


async def test_the_check_up_tells_what_is_wrong_first_and_a_simulated_league_is_not_synchronised(
    engine: Engine, here: Path, tui
) -> None:
    async with NbabotApp(engine, 60, here, PaperDesk()).run_test(size=(80, 24)) as pilot:
        await pilot.press("d")
        text = await tui.until(pilot, "3 checks: 1 failed, 1 warning.")
        assert (
            text.index("✗ last sync") < text.index("→ run nbabot sync") < text.index("! disk") < text.index("✓ python")
        )
        await pilot.press("s")
        assert "x Stop" not in await tui.until(pilot, "is never mixed")


async def test_an_empty_home_says_what_to_do_and_a_check_up_needs_the_desk(tmp_path: Path, here: Path, tui) -> None:
    engine = Engine(tmp_path)
    async with NbabotApp(engine, 60, here).run_test(size=(80, 24)) as pilot:
        await tui.settle(pilot)
        text = tui.painted(pilot)
        assert "Nothing is stored yet: s fetches the league's results" in text
        assert "Nothing was ever fetched" in text
        assert "No stored fact has changed" in await tui.press(pilot, "right")
        assert WITHOUT in await tui.press(pilot, "d")
    engine.close()


def test_work_of_minutes_does_not_keep_the_program_from_ending() -> None:
    gate = threading.Event()
    work = LongWork(None, "sync")  # type: ignore[arg-type]
    work.start(lambda progress: gate.wait(10))  # type: ignore[arg-type, return-value]
    assert work.running
    assert next(one for one in threading.enumerate() if one.name == "sync").daemon
    assert not work.start(lambda progress: None)  # type: ignore[arg-type, return-value]
    work._tell = lambda message: None  # type: ignore[method-assign]
    gate.set()
