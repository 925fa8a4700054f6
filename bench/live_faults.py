"""What every fault of a night with games under way does to the messages about them: ended well, doubled, wrong, stale.

    python -m bench.live_faults [FAULT ...]

The whole service runs as a process of its own in front of the stand-in for Discord (NBABOT_TOOLS) and the stand-in for
the league's host (bench/live_host.py), on a clock of twenty times the usual speed; a game of the night is followed by a
moderator, the evening's message stands in another channel. Then one thing goes wrong. Every version of every message is
held against what the feed had shown by then: a version is wrong where it never showed that, and goes backwards where a
score drops. A message is stale for as long as it shows a score that another one has replaced in the feed, in seconds of
the fast clock; the library's own waits, which do not go faster, are in it.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.live_evening import quiet
from bench.live_fault_feed import Fault
from bench.live_fault_judge import Verdict
from bench.live_fault_list import FAULTS
from bench.live_fault_night import Night, Notices, made_home
from bench.live_files import HostedGame
from bench.tables import show, tool

AT_ONCE = 5
HEADINGS = (
    "fault", "due", "right at the end", "sent twice", "versions", "wrong", "backwards", "stale at most", "notices",
    "of these twice", "what was seen",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    name: str
    fault: Fault
    verdict: Verdict
    doubled: int
    notices: Notices
    seen: str

    @property
    def sound(self) -> bool:
        """Whether every message ended with the result, once, and never said what was not so."""
        said = self.verdict
        twice = self.doubled + self.notices.doubled
        well = (said.right, twice, said.wrong) == (said.due, 0, 0) and said.backwards <= self.fault.back
        return well and "NOT " not in self.seen and "STILL " not in self.seen

    @property
    def cells(self) -> tuple[str, ...]:
        """What the table shows."""
        said = self.verdict
        counts = (said.due, said.right, self.doubled, said.versions, said.wrong, said.backwards)
        notices = (self.notices.sent, self.notices.doubled)
        return (self.name, *map(str, counts), f"{said.stale:.0f} s", *map(str, notices), self.seen)


def main() -> int:
    """Print the table; 1 where a message ended wrongly, was doubled, or said what was not so."""
    if tool("fake_discord") is None:
        print("skipped: no stand-in for Discord; set NBABOT_TOOLS")
        return 0
    names = sys.argv[1:] or list(FAULTS)
    unknown = set(names) - set(FAULTS)
    if unknown:
        print(f"no such fault: {', '.join(sorted(unknown))}; there are {', '.join(FAULTS)}")
        return 2
    quiet()
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "base"
        base.mkdir()
        lines = asyncio.run(_all(names, base, made_home(base)))
    show("Faults of a night", HEADINGS, [line.cells for line in lines])
    return int(not all(line.sound for line in lines))


async def _all(names: Sequence[str], base: Path, games: Sequence[HostedGame]) -> list[Line]:
    """A few at a time: mostly they wait."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(number: int, name: str) -> Line:
        async with turn:
            home = Path(shutil.copytree(base, base.parent / str(number)))
            return await _line(name, FAULTS[name], home, games)

    return list(await asyncio.gather(*(one(number, name) for number, name in enumerate(names))))


async def _line(name: str, fault: Fault, home: Path, games: Sequence[HostedGame]) -> Line:
    async with Night.around(home, games, fault.pace, fault.limits) as night:
        try:
            seen = await fault.inflict(night)
        except (TimeoutError, AssertionError, IndexError) as error:
            seen = f"NOT played to its end: {error!r}"
        verdict = await night.verdict(fault.due)
        return Line(name, fault, verdict, night.doubled(), night.notices(), seen)


if __name__ == "__main__":
    sys.exit(main())
