"""How fast the bot answers: 50 questions in flight, and a steady stream of them, with the bot's memory.

    python -m bench.bot_answers [--seconds 20]

The real bot runs in a process of its own, on a simulated league, against the stand-in for Discord in NBABOT_TOOLS
(default ../shared/tools) on loopback. Bot, stand-in and questioner share the machine's cores, so the figures contain
all three. Times are from the question's dispatch to Discord's receipt of the answer.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import itertools
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from bench.tables import show
from engine.core.calendar import noon_of
from engine.core.teams import TEAMS
from engine.engine import Engine
from engine.sources.simulated import write_league

DAY = date(2025, 1, 15)
IN_FLIGHT = 50
RATES = (10, 50, 100, 150)
"""Questions a second, held for a while."""
BOT = """
import asyncio, sys
from datetime import date
from pathlib import Path
from engine.core.calendar import noon_of
from engine.engine import Engine
from nbabot.bot import run_bot
from nbabot.settings import Settings
asyncio.run(run_bot(Engine(Path(sys.argv[1]), now=lambda: noon_of(date.fromisoformat(sys.argv[2]))), Settings()))
"""
Ask = Callable[[], Awaitable[Any]]


def main() -> int:
    """Measure and print the tables; 1 when answers were lost or the stand-in is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    seconds = parser.parse_args().seconds
    tools = Path(os.environ.get("NBABOT_TOOLS", "../shared/tools"))
    if not (tools / "fake_discord.py").is_file():
        print(f"skipped: no stand-in for Discord in {tools}; set NBABOT_TOOLS")
        return 0
    sys.path.insert(0, str(tools))
    with tempfile.TemporaryDirectory() as folder:
        home = _trained_home(Path(folder))
        return asyncio.run(_measure(importlib.import_module("fake_discord"), home, seconds))


def _trained_home(folder: Path) -> Path:
    write_league(folder / "league", seed=7, seasons=(2023, 2024))
    engine = Engine(folder / "home", now=lambda: noon_of(DAY))
    engine.import_paths([folder / "league"])
    for version in engine.train_game(["elo", "logistic"]):
        if version.family == "logistic":
            engine.promote(version.name, version.version, "bench", "the league is simulated")
    engine.close()
    return folder / "home"


async def _measure(stand_in: Any, home: Path, seconds: float) -> int:
    async with stand_in.FakeDiscord() as server:
        environment = {**stand_in.subprocess_env(server, DISCORD_TOKEN=server.token)}
        arguments = (sys.executable, "-c", BOT, str(home), DAY.isoformat())
        bot = await asyncio.create_subprocess_exec(*arguments, env=environment, stdout=asyncio.subprocess.DEVNULL)
        try:
            await server.wait_commands(["predict"], timeout=30)
            ask = _questions(server)
            rows, lost = await _bursts(ask, bot.pid)
            show(f"{IN_FLIGHT} questions at once, ten times", _HEADINGS, rows)
            more, more_lost = await _sustained(ask, bot.pid, seconds)
            show("questions at a steady rate", ("a second", *_HEADINGS[1:]), more)
        finally:
            bot.terminate()
            await bot.wait()
    print(f"\nlost: {lost + more_lost}")
    return 1 if lost + more_lost else 0


_HEADINGS = ("round", "answers", "first p50 ms", "first p95 ms", "final p50 ms", "final p95 ms", "bot RSS MB")


def _questions(server: Any) -> Ask:
    """Asks about the next pair of teams: all 870 pairs, then again, by which time the engine has them cached."""
    pairs: Iterator[Any] = itertools.cycle(itertools.permutations([team.abbreviation for team in TEAMS], 2))

    def ask() -> Awaitable[Any]:
        home, away = next(pairs)
        answer: Awaitable[Any] = server.invoke("predict", {"home": home, "away": away})
        return answer

    return ask


async def _bursts(ask: Ask, pid: int) -> tuple[list[tuple[str, ...]], int]:
    answers: list[Any] = []
    rows = []
    for number in range(1, 11):
        burst = await asyncio.gather(*(ask() for _ in range(IN_FLIGHT)))
        answers += burst
        if number in (1, 10):
            rows.append((str(number), *_figures(burst, pid)))
    rows.append(("all", *_figures(answers, pid)))
    return rows, sum(not _forecast_given(answer) for answer in answers)


async def _sustained(ask: Ask, pid: int, seconds: float) -> tuple[list[tuple[str, ...]], int]:
    rows, lost = [], 0
    for rate in RATES:
        start = time.perf_counter()
        asked = []
        for number in range(round(rate * seconds)):
            await asyncio.sleep(start + number / rate - time.perf_counter())
            asked.append(asyncio.ensure_future(ask()))
        reached = len(asked) / (time.perf_counter() - start)
        answers = await asyncio.gather(*asked)
        rows.append((f"{rate} (reached {reached:.0f})", *_figures(answers, pid)))
        lost += sum(not _forecast_given(answer) for answer in answers)
    return rows, lost


def _forecast_given(answer: Any) -> bool:
    """Whether the question was answered with a forecast; an apology is a lost answer."""
    return bool(answer.ok and answer.embeds)


def _figures(answers: list[Any], pid: int) -> tuple[str, ...]:
    first = [answer.first_ms for answer in answers if _forecast_given(answer)]
    final = [answer.last_ms for answer in answers if _forecast_given(answer)]
    times = [f"{np.percentile(values, q):.0f}" for values in (first, final) for q in (50, 95)]
    return (f"{len(answers):,}", *times, f"{_rss_mb(pid):.0f}")


def _rss_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    sys.exit(main())
