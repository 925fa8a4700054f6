"""What it takes to follow 15 games at once, as the service does: share of a core, memory, and how far it lags.

    python -m bench.live_load [--minutes 3] [--home FOLDER]

A host in a process of its own (bench.live_host) shows 15 made-up games in their second quarters, play by play, in real
time. This process follows them through the service's own loop, feed, store, forecasts and posts: the evening's message
in five channels, which also follow a game each. Nothing waits in Discord: a post is delivered when it is handed over.
With --home the database is a copy of that home's, so that past games are there to be found alike.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bench.live_evening import evening, quiet
from bench.tables import show
from engine.core.calendar import league_day, machine_clock
from engine.core.posts import Post
from engine.core.source_access import SourceAccess
from engine.engine import DATABASE, Engine
from engine.store.database import Database
from nbabot.channels import Delivered, Delivery
from nbabot.destinations import Destination
from nbabot.live_loop import LiveLoop
from nbabot.posting import Courier

GAMES, CHANNELS, BEGIN_S = 15, 5, 800
MOST_SHARE = 0.05
SCHEME = "bench"


@dataclass
class Counting:
    """Takes every post at once, and counts."""

    scheme: str = SCHEME
    sent: int = 0
    edited: int = 0

    async def deliver(self, post: Post) -> Delivery:
        """Take it."""
        if post.message_id is None:
            self.sent += 1
        else:
            self.edited += 1
        return Delivered(str(post.id))


def main() -> int:
    """Print the table; 1 where it takes more of a core than it may."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--home", type=Path)
    given = parser.parse_args()
    quiet()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        if given.home:
            shutil.copy(given.home / DATABASE, home / DATABASE)
        tip = machine_clock() - timedelta(seconds=BEGIN_S)
        evening(home, tip, GAMES)
        command = [sys.executable, "-m", "bench.live_host", "--home", str(home), "--begin", str(BEGIN_S)]
        command += ["--day", league_day(tip).isoformat()]
        host = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert host.stdout is not None
            return asyncio.run(_measure(home, host.stdout.readline().strip(), given.minutes))
        finally:
            host.kill()
            host.wait()


async def _measure(home: Path, url: str, minutes: float) -> int:
    engine = Engine(home, access=lambda: SourceAccess(cdn_url=url))
    games = engine.live_board().games
    places = tuple(Destination(f"{SCHEME}:{number}") for number in range(CHANNELS))
    for place, view in zip(places, games, strict=False):
        engine.follows.add(place.key, view.state.game_id, view.state.league_day, engine.now())
    sender = Counting()
    loop = LiveLoop(engine, lambda topic: places, Courier(engine, sender).flush)
    await loop.round()  # what is only built once: numbers of the teams, the library of past games
    before, began = time.process_time(), time.monotonic()
    loop.start()
    await asyncio.sleep(60 * minutes)
    await loop.stop()
    share = (time.process_time() - before) / (time.monotonic() - began)
    logged = Database(home / DATABASE).row("SELECT count(*) AS n FROM live_forecasts")
    engine.close()
    assert logged is not None
    rows = [
        ["share of a core", f"{share:.1%}", f"{MOST_SHARE:.0%}"],
        ["memory of the process", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB", ""],
        ["forecasts logged", f"{logged['n']:,}", ""],
        ["messages sent, edits", f"{sender.sent}, {sender.edited}", ""],
    ]
    show(f"{GAMES} games at once, followed for {minutes:g} minutes", ["what", "measured", "at most"], rows)
    return int(share > MOST_SHARE)


if __name__ == "__main__":
    sys.exit(main())
