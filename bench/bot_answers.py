"""How fast the bot answers: 50 questions in flight, and a steady stream of them.

    python -m bench.bot_answers [--seconds 20]

Targets: with 50 in flight the first callback within 150 ms and the answer within 500 ms (p95), none lost; 100 cached
answers a second, sustained. What shares the cores: `bench.crowd`.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.crowd import HEADINGS, Crowd, gathered, pairs, times, trained_home, unanswered
from bench.tables import show, tool

IN_FLIGHT, ROUNDS = 50, 20
WARMING_SECONDS = 5
"""A bot that has just started is still busy reading models and building the players' numbers."""
RATES = (50, 100, 150)
"""Questions a second, held for a while."""
ROW_OF_TARGETS = ("target", "none lost", "", "150", "", "500", "350")


def main() -> int:
    """Measure and print the tables; 1 when answers were lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    seconds = parser.parse_args().seconds
    if tool("fake_discord") is None:
        print("skipped: no stand-in for Discord; set NBABOT_TOOLS")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(trained_home(Path(folder)), seconds))


async def _measure(home: Path, seconds: float) -> int:
    async with gathered(home) as crowd:
        await asyncio.sleep(WARMING_SECONDS)
        asked = pairs()
        rows, lost = await _bursts(crowd, asked)
        show(f"{IN_FLIGHT} at once, {ROUNDS} times", ("round", *HEADINGS, "bot RSS MB"), [*rows, ROW_OF_TARGETS])
        more, more_lost = await _sustained(crowd, asked, seconds)
        show(f"at a steady rate for {seconds:.0f} s, cached", ("a second", *HEADINGS, "bot RSS MB"), more)
    print(f"\nlost: {lost + more_lost}")
    return 1 if lost + more_lost else 0


async def _bursts(crowd: Crowd, asked: Iterator[tuple[str, str]]) -> tuple[list[tuple[str, ...]], int]:
    answers: list[Any] = []
    rows = []
    for number in range(1, ROUNDS + 1):
        some = [next(asked) for _ in range(IN_FLIGHT)]
        burst = await asyncio.gather(*(crowd.ask("predict", home=home, away=away) for home, away in some))
        answers += burst
        if number in (1, ROUNDS):
            rows.append((str(number), *times(burst), f"{crowd.rss_mb():.0f}"))
    rows.append(("all", *times(answers), f"{crowd.rss_mb():.0f}"))
    return rows, unanswered(answers)


async def _sustained(
    crowd: Crowd, pairs: Iterator[tuple[str, str]], seconds: float
) -> tuple[list[tuple[str, ...]], int]:
    rows, lost = [], 0
    for rate in RATES:
        start = time.perf_counter()
        asked = []
        for number in range(round(rate * seconds)):
            await asyncio.sleep(start + number / rate - time.perf_counter())
            home, away = next(pairs)
            asked.append(asyncio.ensure_future(crowd.ask("predict", home=home, away=away)))
        answers = await asyncio.gather(*asked)
        reached = len(asked) / (time.perf_counter() - start)
        rows.append((f"{rate} (reached {reached:.0f})", *times(answers), f"{crowd.rss_mb():.0f}"))
        lost += unanswered(answers)
    return rows, lost


if __name__ == "__main__":
    sys.exit(main())
