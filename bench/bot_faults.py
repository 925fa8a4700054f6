"""What every fault does to the day's posts and to the answers: sent, lost, doubled, and what a user saw.

    python -m bench.bot_faults [FAULT ...]

The whole service runs as a process of its own in front of the stand-in for Discord, on a clock of sixty times the usual
speed that begins just before the picks are due; then one thing goes wrong. A post is lost when it never appears though
its channel would take it, doubled when it stands there twice; a question is lost when its asker is left without a word.
The stand-in does not enforce nonces as Discord does, so nothing here is owed to them.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench import bot_fault_list
from bench.bot_fault_world import Found, World
from bench.tables import show, tool
from engine.core.calendar import noon_of
from engine.engine import Engine
from engine.sources.simulated import write_league

TRAINED = date(2024, 10, 30)
"""Before every day that is played through: a model does not forecast days that it has learned from."""
AT_ONCE = 3
HEADINGS = ("fault", "posts due", "sent", "lost", "doubled", "asked", "left without a word", "what was seen")


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    name: str
    found: Found

    @property
    def sound(self) -> bool:
        """Whether all that was due came once, and nobody was left without a word."""
        found = self.found
        return (found.sent, found.lost, found.doubled, found.unanswered) == (found.due, 0, 0, 0)

    @property
    def cells(self) -> tuple[str, ...]:
        """What the table shows."""
        found = self.found
        counts = (found.due, found.sent, found.lost, found.doubled, found.asked, found.unanswered)
        return (self.name, *map(str, counts), found.seen)


def main() -> int:
    """Print the table; 1 when a post was lost or doubled or a question left without a word."""
    if tool("fake_discord") is None:
        print("skipped: no stand-in for Discord; set NBABOT_TOOLS")
        return 0
    names = sys.argv[1:] or list(bot_fault_list.FAULTS)
    unknown = set(names) - set(bot_fault_list.FAULTS)
    if unknown:
        print(f"no such fault: {', '.join(sorted(unknown))}; there are {', '.join(bot_fault_list.FAULTS)}")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        lines = asyncio.run(_all(names, _home(Path(folder)), Path(folder)))
    show("Faults", HEADINGS, [line.cells for line in lines])
    total = Counter[str]()
    for line in lines:
        total.update(due=line.found.due, sent=line.found.sent, lost=line.found.lost, doubled=line.found.doubled)
    print(f"\nposts: {', '.join(f'{count} {what}' for what, count in total.items())}")
    return 0 if all(line.sound for line in lines) else 1


def _home(folder: Path) -> Path:
    write_league(folder / "league", seed=7, seasons=(2023, 2024))
    engine = Engine(folder / "base", now=lambda: noon_of(TRAINED))
    engine.import_paths([folder / "league"])
    engine.refresh_players()
    version = engine.train_game(["logistic"])[0]
    engine.promote(version.name, version.version, "bench", "the league is simulated", force=True)
    engine.close()
    return folder / "base"


async def _all(names: list[str], base: Path, folder: Path) -> list[Line]:
    """A few at a time: mostly they wait."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(number: int, name: str) -> Line:
        async with turn:
            home = Path(shutil.copytree(base, folder / str(number)))
            fault = bot_fault_list.FAULTS[name]
            async with World.around(home, fault.clock()) as world:
                try:
                    return Line(name, await fault.inflict(world))
                except (TimeoutError, AssertionError) as error:
                    return Line(name, Found(1, 0, 1, 0, 0, 0, f"could not be played: {error}"))

    return list(await asyncio.gather(*(one(number, name) for number, name in enumerate(names))))


if __name__ == "__main__":
    sys.exit(main())
