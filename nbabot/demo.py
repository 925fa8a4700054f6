"""The whole story in a minute: a league is imported, a model learns, picks are posted, the next day they are graded.

Everything goes through the paths of daily use; only the clock is ours, so no forecast sees a result that was not
known on its day.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import sys
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from typing import Protocol

from rich.console import Console
from rich.rule import Rule
from rich.table import Table

from engine.core import calendar, words
from engine.core.errors import NoDataError, UsageError
from engine.core.progress import Progress
from engine.core.reports import ModelVersion
from engine.engine import DATABASE, Engine
from engine.sources import files as sources
from nbabot import embeds
from nbabot.channels import CONSOLE, ConsoleSender, as_panel
from nbabot.jobs import JOBS, Job
from nbabot.posting import Courier
from nbabot.settings import Settings
from nbabot.track import track_line

DEMO_DAY = date(2025, 1, 15)
DEMO_DAY_KEY = "demo_day"
_PREFIX = "nbabot-demo-"
SIMULATED_SEASONS = 3
LIVED_DAYS = 60
"""The model is trained this many days before the day shown, then lives through them pick by pick."""


class Bars(Protocol):
    """Opens progress bars for one stage of work."""

    def __call__(self) -> AbstractContextManager[Progress]:
        """A context whose value takes reports of progress."""


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """What `nbabot demo` was asked: `home` None = a temporary folder, `data` None = the simulated league."""

    home: Path | None = None
    data: Path | None = None
    day: date = DEMO_DAY
    seed: int = 2026


class _Clock:
    """A clock that the story moves; always noon in the league's zone."""

    def __init__(self, day: date) -> None:
        self.day = day

    def __call__(self) -> datetime:
        return calendar.noon_of(self.day)


def run_demo(options: DemoOptions, console: Console, bars: Bars) -> Path:
    """Tell the story on `console`; returns the home folder, which is left for `nbabot tui --demo`."""
    if options.data is not None:
        sources.discover(options.data)  # nothing is made or said before a folder that holds no data is refused
    home = options.home or Path(mkdtemp(prefix=_PREFIX))
    clock = _Clock(options.day - timedelta(days=LIVED_DAYS))
    engine = Engine(home, now=clock)
    try:
        _fill(engine, options, console, bars)
        if not engine.slate(options.day).games:
            raise NoDataError(f"There are no games on {options.day}: choose another day with --date.")
        engine.meta.put(DEMO_DAY_KEY, options.day.isoformat())
        _learn(engine, console, bars)
        _live(engine, clock, options.day, console, bars)
        _show_day(engine, console)
        clock.day = options.day + timedelta(days=1)
        _show_next_day(engine, console)
        closest = closest_game(engine, options.day)
    finally:
        engine.close()
    _say_what_next(options, home, closest, console)
    return home


def demo_day(home: Path) -> date:
    """The day that the demo in a folder showed."""
    engine = Engine(home)
    try:
        return date.fromisoformat(engine.meta.get(DEMO_DAY_KEY) or DEMO_DAY.isoformat())
    finally:
        engine.close()


def demo_home() -> Path | None:
    """The newest folder that a demo of this user has left in the temporary folder, or None."""
    ours = [path for path in Path(gettempdir()).glob(f"{_PREFIX}*") if _is_ours(path) and (path / DATABASE).is_file()]
    return max(ours, key=lambda path: (path / DATABASE).stat().st_mtime, default=None)


def _is_ours(path: Path) -> bool:
    """Whether this user made a folder: anyone may put one into the temporary folder."""
    return not hasattr(os, "getuid") or path.lstat().st_uid == os.getuid()


def _fill(engine: Engine, options: DemoOptions, console: Console, bars: Bars) -> None:
    if engine.game_days() is not None:
        raise UsageError(f"{engine.home} holds games already: name an empty folder for the demo with --home.")
    if options.data is None:
        _title(console, "1. A SIMULATED league is played: real teams, invented players and results")
        from engine.sources.simulated import write_league

        folder = engine.home / "league"
        season = calendar.season_of(options.day)
        with bars() as progress:
            write_league(folder, options.seed, range(season - SIMULATED_SEASONS + 1, season + 1), progress)
    else:
        _title(console, f"1. Real results are read from {options.data}")
        folder = options.data
    with bars() as progress:
        report = engine.import_paths([folder], progress)
    table = Table("kind", "files", "rows read", "new", "rejected", box=None, pad_edge=False)
    for kind in dict.fromkeys(one.kind for one in report.files):
        files = [one for one in report.files if one.kind == kind]
        rejected = sum(sum(one.rejected.values()) for one in files)
        figures = (len(files), sum(one.read for one in files), sum(one.new for one in files), rejected)
        table.add_row(kind, *(f"{figure:,}" for figure in figures))
    console.print(table)


def _learn(engine: Engine, console: Console, bars: Bars) -> None:
    _title(console, f"2. Models learn from what was known on {words.day(engine.today())}")
    with bars() as progress:
        versions = engine.train_game(progress=progress)
    table = Table("model", "games", "log loss", "right", box=None, pad_edge=False)
    for one in versions:
        log_loss, accuracy = one.metrics.get("log_loss"), one.metrics.get("accuracy")
        figures = (f"{log_loss:.4f}" if log_loss else "-", words.percent(accuracy) if accuracy else "-")
        table.add_row(one.label, f"{one.rows:,}", *figures)
    console.print(table)
    console.print("(tested walking forward: each season forecast by what was learned from earlier ones)", style="dim")
    best = min(versions, key=_log_loss)
    engine.promote(best.name, best.version, "demo", "lowest log loss of the versions just trained")
    console.print(f"{best.label} goes into production.")


def _live(engine: Engine, clock: _Clock, day: date, console: Console, bars: Bars) -> None:
    _title(console, f"3. {LIVED_DAYS} days pass: picks each morning, grades the next")
    start = clock.day
    with bars() as progress:
        while clock.day < day:
            for job in ("recap", "picks"):
                JOBS[job].work(engine, Settings())
            clock.day += timedelta(days=1)
            progress("days", (clock.day - start).days, LIVED_DAYS)
    engine.grade()
    console.print(track_line(engine) + ".")


def _show_day(engine: Engine, console: Console) -> None:
    _title(console, f"4. {words.day(engine.today())}: the day's picks are posted")
    asyncio.run(_post(engine, console, JOBS["picks"]))
    first = engine.slate().games[0].game
    home, away = words.code(first.home_id), words.code(first.away_id)
    _title(console, f"5. Somebody asks in Discord: /predict {home} {away}")
    console.print(as_panel(embeds.prediction(engine.predict(home, away), track_line(engine), engine.simulated)))


def _show_next_day(engine: Engine, console: Console) -> None:
    _title(console, "6. The next day: results are in, picks are graded")
    asyncio.run(_post(engine, console, JOBS["recap"]))
    record = engine.record()
    if record.brier is not None and record.log_loss is not None:
        console.print(
            f"Record: {track_line(engine)}; Brier score {record.brier:.3f}, log loss {record.log_loss:.3f} "
            f"on {record.hits + record.misses} games (a coin flip: 0.250 and 0.693)."
        )
    if record.n_market and record.market_log_loss is not None and record.log_loss_on_market is not None:
        console.print(
            f"Against the closing line on {record.n_market} of them: "
            f"{record.log_loss_on_market:.3f}, the line {record.market_log_loss:.3f}."
        )
    console.print(f"Monitoring: {engine.monitor().summary}")


async def _post(engine: Engine, console: Console, job: Job) -> None:
    job.work(engine, Settings())
    if message := job.compose(engine, engine.today()):
        engine.outbox.put(message.draft(CONSOLE))
    await Courier(engine, ConsoleSender(console)).flush()


def closest_game(engine: Engine, day: date) -> str | None:
    """The id of the day's closest game whose course is stored, or None."""
    games = [item.game for item in engine.slate(day).games if engine.timeline(item.game.game_id).scores]
    margins = {one.game_id: abs((one.home_points or 0) - (one.away_points or 0)) for one in games}
    return min(margins, key=lambda game_id: margins[game_id], default=None)


def _say_what_next(options: DemoOptions, home: Path, closest: str | None, console: Console) -> None:
    _title(console, "What next")
    folder, program = shlex.quote(str(home)), _program()
    where = f" --home {folder}" if options.home else ""
    replay = f"{program} live --replay {closest} --speed 300 --home {folder}"
    steps = (
        (f"{program} tui --demo{where}", "browse these games and models in the terminal"),
        *([(replay, "the day's closest game again, forecast from every score on")] if closest else []),
        (f"{program} predict BOS LAL", "a forecast from the real numbers that come with nbabot"),
        (f"{program} import PATH", "real results in the stats.nba.com column format"),
        (f"DISCORD_TOKEN=… {program} run", "the bot and the daily posts (docs/discord.md in the repository)"),
        (f"rm -r {folder}", "delete the demo's folder"),
    )
    for command, purpose in steps:
        console.print(f"  {command}", style="bold", highlight=False, soft_wrap=True)
        console.print(f"      {purpose}", highlight=False)
    if options.data is None:
        console.print("All games above are SIMULATED.", style="bold yellow")


def _program() -> str:
    """How to call this program again from the same working folder, as it would be typed."""
    if shutil.which("nbabot"):
        return "nbabot"
    started = Path(sys.argv[0])
    if started.name == "__main__.py":
        return f"{shlex.quote(sys.executable)} -m nbabot"
    absolute = started.absolute()
    return shlex.quote(min(str(absolute), os.path.relpath(absolute), key=len))


def _title(console: Console, text: str) -> None:
    console.print()
    console.print(Rule(text, align="left"))


def _log_loss(version: ModelVersion) -> float:
    return version.metrics.get("log_loss", float("inf"))
