"""What 10,000 questions leave behind in the bot's memory.

    python -m bench.bot_memory [--questions 10000]

Targets: under 350 MB after 10,000 questions, and no growth after the first 1,000. Most are forecasts of games, as
cached as in life; one in ten is a day's slate, one in fifty a player with his chart, the rest private pages.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import sys
import tempfile
from collections.abc import Awaitable, Iterator
from pathlib import Path
from typing import Any

from bench.crowd import DAY, HEADINGS, Crowd, gathered, pairs, times, trained_home, unanswered
from bench.tables import show, tool
from engine.core.calendar import noon_of
from engine.engine import Engine

IN_FLIGHT = 20
WARM = 1_000
MOST_MB, MOST_GROWTH_MB = 350.0, 20.0
"""The second is what Python's and the C library's heaps come and go by."""


def main() -> int:
    """Measure and print the table; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=10_000)
    questions = parser.parse_args().questions
    if tool("fake_discord") is None:
        print("skipped: no stand-in for Discord; set NBABOT_TOOLS")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        home = trained_home(Path(folder))
        return asyncio.run(_measure(home, questions))


async def _measure(home: Path, questions: int) -> int:
    marks = sorted({WARM, *range(0, questions + 1, max(WARM, questions // 5))} - {0})
    async with gathered(home) as crowd:
        asked = _mixed(crowd, _names(home))
        rows, sizes, lost = [("0", *("",) * len(HEADINGS), f"{crowd.rss_mb():.0f}")], [], 0
        done = 0
        for mark in marks:
            answers = await _in_flight(asked, mark - done)
            done = mark
            lost += unanswered(answers)
            sizes.append(crowd.rss_mb())
            rows.append((f"{mark:,}", *times(answers), f"{sizes[-1]:.0f}"))
    show("memory of the bot", ("questions", *HEADINGS, "bot RSS MB"), rows)
    growth = sizes[-1] - sizes[0]
    print(f"\nlost: {lost}; {sizes[-1]:.0f} MB in the end (target {MOST_MB:.0f}), {growth:+.0f} MB since {WARM:,}")
    return 1 if lost or sizes[-1] > MOST_MB or growth > MOST_GROWTH_MB else 0


async def _in_flight(asked: Iterator[Awaitable[Any]], count: int) -> list[Any]:
    """Ask so many questions, each asker waiting for his answer before the next question."""
    answers: list[Any] = []
    left = iter(range(count))

    async def asker() -> None:
        for _ in left:
            answers.append(await next(asked))

    await asyncio.gather(*(asker() for _ in range(IN_FLIGHT)))
    return answers


def _mixed(crowd: Crowd, names: list[str]) -> Iterator[Awaitable[Any]]:
    chance = random.Random(7)
    matchups = pairs()
    for number in itertools.count():
        home, away = next(matchups)
        if number % 50 == 0:
            yield crowd.ask("player", name=chance.choice(names))
        elif number % 10 == 0:
            yield crowd.ask("today", date=str(DAY.replace(day=chance.randint(1, 28))))
        elif number % 10 == 1:
            yield crowd.ask(chance.choice(["help", "privacy"]))
        else:
            yield crowd.ask("predict", home=home, away=away)


def _names(home: Path) -> list[str]:
    engine = Engine(home, now=lambda: noon_of(DAY))
    try:
        return [one.name for one in engine.players("", 25)]
    finally:
        engine.close()


if __name__ == "__main__":
    sys.exit(main())
