"""A whole season lived through by the real schedule on a clock of its own: what was posted, missed, doubled, graded.

    python -m bench.season [DAYS]

Schedule, engine, outbox and delivery are those of `nbabot run`; the league is simulated. The clock jumps to every
moment at which one of the schedule's own triggers fires, through both changes of the clock, with a retry after each.
Every tenth delivery fails at first, every week the process is started anew. Targets: 170 league days, 0 missed, 0
doubled, all graded, under 15 minutes, and under 400 MB of memory after the first week.
"""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import structlog
from apscheduler.triggers.cron import CronTrigger

from bench.tables import show
from engine.core import calendar
from engine.core.calendar import LEAGUE_ZONE
from engine.core.guilds import Topic
from engine.core.posts import Post
from engine.core.records import Outcome
from engine.engine import DATABASE, Engine
from engine.sources.simulated import write_league
from engine.store.database import Database
from engine.store.games import games_per_day
from nbabot import jobs
from nbabot.channels import Delivered, Delivery, Unreachable
from nbabot.destinations import Destination
from nbabot.scheduler import Schedule
from nbabot.settings import Settings

SEASONS = (2022, 2023, 2024)
LEARNED = date(2024, 10, 15)
TARGET_DAYS, TARGET_SECONDS, TARGET_MB = 170, 15 * 60, 400
AFTERWARDS = 8
"""Days lived through after the last game day and with it, until its week has been reported."""
RETRIED = timedelta(minutes=6)
FAILS_EVERY, RESTART_EVERY = 10, 7
TOPICS = (Topic.PICKS, Topic.RECAP, Topic.WEEKLY)


class Clock:
    """The clock of engine, schedule and outbox alike; `moment` is moved by hand."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        """The moment."""
        return self.moment

    def rule(self) -> None:
        """Take the place of the machine's clock wherever it is asked."""
        for module in list(sys.modules.values()):
            if getattr(module, "machine_clock", None) is calendar.machine_clock and module is not calendar:
                module.machine_clock = self  # type: ignore[attr-defined]


class Recorder:
    """A channel that remembers what came, and is out of reach now and then."""

    scheme = "record"

    def __init__(self) -> None:
        self.posts: Counter[tuple[date, str]] = Counter()
        self.edits = self.calls = self.failures = 0

    async def deliver(self, post: Post) -> Delivery:
        """Note a new message, or an edit of one that stands here already."""
        self.calls += 1
        if self.calls % FAILS_EVERY == 0:
            self.failures += 1
            return Unreachable("the channel is out of reach, as now and then")
        if post.message_id:
            self.edits += 1
            return Delivered(post.message_id)
        self.posts[post.league_day, post.kind] += 1
        return Delivered(str(self.calls))


class Season:
    """One home, one channel, and a schedule that is replaced when the process is started anew."""

    def __init__(self, home: Path, first: date) -> None:
        self.clock = Clock(datetime.combine(first, datetime.min.time(), LEAGUE_ZONE))
        self.engine = Engine(home, self.clock)
        self.clock.rule()
        self.settings = Settings()
        self.recorder = Recorder()
        self.schedule = self._started()

    def _started(self) -> Schedule:
        places = (Destination("record:1"),)
        return Schedule(self.engine, self.settings, lambda topic: places if topic in TOPICS else (), self.recorder)

    async def live(self, day: date) -> None:
        """One league day, from wake-up to wake-up."""
        if day.toordinal() % RESTART_EVERY == 0:
            self.schedule = self._started()
        for moment in self._wakes(day):
            self.clock.moment = moment
            await self.schedule.catch_up()

    def _wakes(self, day: date) -> list[datetime]:
        """The moments at which the schedule's triggers fire on a day, a retry after each, and every sixth hour."""
        midnight = datetime.combine(day, datetime.min.time(), LEAGUE_ZONE)
        times = {at for job in jobs.scheduled(self.engine, self.settings) for at in job.times(self.settings)}
        triggers = [CronTrigger(hour=at.hour, minute=at.minute, timezone=LEAGUE_ZONE) for at in times]
        fired = [trigger.get_next_fire_time(None, midnight) for trigger in triggers]
        found = {moment + later for moment in fired for later in (timedelta(), RETRIED)}
        found |= {midnight.replace(hour=hour) for hour in range(0, 24, 6)}
        return sorted(moment for moment in found if moment.date() == day)


def prepare(home: Path) -> None:
    """Import the league and put a model in production that has learned from the seasons before."""
    write_league(home / "files", seed=7, seasons=SEASONS)
    engine = Engine(home, now=lambda: calendar.noon_of(LEARNED))
    engine.import_paths([home / "files"])
    made = engine.train_game(["logistic"])[0]
    engine.promote(made.name, made.version, "bench", "a simulated league", force=True)
    engine.refresh_players()
    engine.close()


def resident() -> float:
    """Memory of this process in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1000


async def lived(season: Season, first: date, days: int) -> tuple[float, float]:
    """Live through the days; memory after a week and at the end."""
    after_week = 0.0
    for number in range(days):
        await season.live(first + timedelta(days=number))
        if number == 6:
            after_week = resident()
    await season.schedule.stop()
    return after_week, resident()


def main() -> int:
    """Print the table; 1 when a target is missed."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    if sys.argv[1:2] == ["--prepare"]:
        prepare(Path(sys.argv[2]))
        return 0
    with tempfile.TemporaryDirectory() as text:
        home = Path(text)
        # in a process of its own: a service neither imports nor trains
        subprocess.run([sys.executable, "-m", "bench.season", "--prepare", text], check=True)
        return _season(home, int(sys.argv[1]) if len(sys.argv) > 1 else 0)


def _season(home: Path, wanted: int) -> int:
    database = Database(home / DATABASE)
    played = sorted(day for day in games_per_day(database) if day > LEARNED)
    database.close()
    if wanted:
        played = played[:wanted]
    days = (played[-1] - played[0]).days + AFTERWARDS
    season = Season(home, played[0])
    began = time.perf_counter()
    after_week, at_end = asyncio.run(lived(season, played[0], days))
    seconds = time.perf_counter() - began
    rows, well = report(season, played, seconds, (after_week, at_end))
    season.engine.close()
    show("A season lived through by the schedule", ("what", "found", "target"), rows)
    return int(not well)


def report(
    season: Season, played: list[date], seconds: float, memory: tuple[float, float]
) -> tuple[list[tuple[str, str, str]], bool]:
    """The table, and whether every target is met."""
    posts = season.recorder.posts
    due = {(day, "picks") for day in played} | {(day, "recap") for day in played}
    due |= {(day, "weekly") for day in _weeks(played)}
    missed = due - set(posts)
    doubled = sum(count - 1 for count in posts.values())
    outcomes = Counter(pick.outcome for pick in season.engine.published() if pick.league_day <= played[-1])
    kinds = Counter(kind for _, kind in posts)
    days = (played[-1] - played[0]).days + 1
    rows = [
        ("league days, of which with games", f"{days}, {len(played)}", f"{TARGET_DAYS}"),
        ("posts", ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())), "–"),
        ("deliveries that failed at first; edits", f"{season.recorder.failures}; {season.recorder.edits}", "–"),
        ("posts missed", f"{len(missed)}", "0"),
        ("posts doubled", f"{doubled}", "0"),
        ("picks, of which without a grade", f"{sum(outcomes.values()):,}, {outcomes[Outcome.PENDING]}", "0 without"),
        ("time", f"{seconds:.0f} s ({1000 * seconds / days:.0f} ms a day)", f"{TARGET_SECONDS} s"),
        ("memory after a week", f"{memory[0]:.0f} MB", f"{TARGET_MB} MB"),
        ("memory at the end", f"{memory[1]:.0f} MB", f"{TARGET_MB} MB"),
    ]
    if missed:
        rows.append(("missed", ", ".join(f"{kind} of {day}" for day, kind in sorted(missed)[:5]), ""))
    well = not missed and not doubled and not outcomes[Outcome.PENDING] and max(memory) < TARGET_MB
    return rows, well and seconds < TARGET_SECONDS


def _weeks(played: list[date]) -> set[date]:
    """The Mondays that follow a week with games."""
    return {day + timedelta(days=7 - day.weekday()) for day in played}


if __name__ == "__main__":
    sys.exit(main())
