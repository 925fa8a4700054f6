"""What it costs to follow games under way: reading their files, and asking a host for 15 games at once.

    python -m bench.live_feed

The host is a process of its own (bench.live_host) whose games are in their last quarters and all score between two
questions, so that every file is long, and new each time. The promises: a play-by-play is read in less than 10 ms, and
asking every 5 s for 15 games takes less than 5% of a core.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from statistics import median

import structlog

from bench.live_files import made_up_games, play_by_play, scoreboard
from bench.tables import show
from engine.core.source_access import SourceAccess
from engine.sources.live_replay import sighting_at
from engine.sources.nba.live import read_live_plays, read_live_scoreboard
from engine.sync.live import POLL_S
from engine.sync.live_source import open_live_feed

DAY = date(2025, 1, 15)
POLLS, BEGIN, SPEED = 12, 1900, 40
MOST_MILLISECONDS, MOST_SHARE = 10.0, 0.05


def milliseconds(work: Callable[[], object], times: int = 40) -> float:
    """The usual time that one piece of work takes."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return 1000 * median(taken)


def reading() -> tuple[float, float, int]:
    """Milliseconds to read a scoreboard of 15 games and a finished game's plays, and how many actions those have."""
    games = made_up_games(DAY)
    board = json.dumps(scoreboard(DAY, [sighting_at(one.game, one.scores, 2000, one.tip) for one in games])).encode()
    plays = json.dumps(play_by_play(games[0], 3600)).encode()
    game_id = games[0].game.game_id
    return (
        milliseconds(lambda: read_live_scoreboard("bench", json.loads(board))),
        milliseconds(lambda: read_live_plays("bench", json.loads(plays), game_id)),
        plays.count(b"actionNumber"),
    )


def asking(url: str) -> tuple[float, float]:
    """Milliseconds of the processor, and of the clock, for one question about all games."""
    games = [one.game.game_id for one in made_up_games(DAY)]
    worked, waited = [], []
    with closing(open_live_feed(SourceAccess(cdn_url=url), lambda: datetime.now(UTC))) as feed:
        for _ in range(POLLS):
            began, busy = time.perf_counter(), time.process_time()
            assert feed.scoreboard() is not None
            for game_id in games:
                feed.plays(game_id)
            worked.append(time.process_time() - busy)
            waited.append(time.perf_counter() - began)
            time.sleep(0.5)
    return 1000 * median(worked), 1000 * median(waited)


def main() -> int:
    """Print the table; 1 when a promise is broken."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    board, plays, actions = reading()
    command = [sys.executable, "-m", "bench.live_host", "--begin", str(BEGIN), "--speed", str(SPEED)]
    host = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert host.stdout is not None
        worked, waited = asking(host.stdout.readline().strip())
    finally:
        host.kill()
        host.wait()
    share = worked / 1000 / POLL_S
    rows = [
        ["read a scoreboard of 15 games", f"{board:.1f} ms", ""],
        [f"read a play-by-play of {actions} actions", f"{plays:.1f} ms", f"{MOST_MILLISECONDS:g} ms"],
        ["ask for 15 games that all scored: processor", f"{worked:.0f} ms", ""],
        ["the same: clock, with the gaps that politeness asks for", f"{waited:.0f} ms", ""],
        [f"share of a core, asked every {POLL_S:g} s", f"{share:.1%}", f"{MOST_SHARE:.0%}"],
    ]
    show("Following 15 games under way", ["what", "measured", "at most"], rows)
    return int(plays > MOST_MILLISECONDS or share > MOST_SHARE)


if __name__ == "__main__":
    sys.exit(main())
