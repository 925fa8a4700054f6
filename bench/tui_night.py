"""The terminal UI on an evening of many games, all of them under way and moving: what `tui_latency` presses keys in.

    python -m bench.tui_night HOME

The games of the last season's busiest day are played with made-up courses, tenfold as fast as they would be; this very
process asks for them, writes down what it sees and forecasts from there, as it would without a service beside it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

from bench.live_files import HostedGame, made_up_scores
from engine.engine import Engine
from engine.sources.live import LivePlays, Scoreboard
from engine.sources.live_replay import plays_at, sighting_at
from nbabot import logs
from nbabot.settings import load
from tui.app import NbabotApp

SPEED = 10
"""Seconds of play that go by in one: about every score changes between two looks at the feed."""
APART = 120
"""Seconds of play by which a game is ahead of the next one of the list."""
SPAN = 330
"""Days before the last stored one among which the busiest is looked for."""


class Night:
    """A live feed of made-up games; all are on from the first look."""

    def __init__(self) -> None:
        self.games: Sequence[HostedGame] = ()
        self._start = time.monotonic()

    def scoreboard(self) -> Scoreboard:
        """All games as they stand."""
        shown = (
            sighting_at(one.game, one.scores, self._played(place), one.tip) for place, one in enumerate(self.games)
        )
        return Scoreboard(self.games[0].game.league_day, tuple(shown))

    def plays(self, game_id: str) -> LivePlays | None:
        """The course of one of them."""
        place = next(place for place, one in enumerate(self.games) if one.game.game_id == game_id)
        return plays_at(game_id, self.games[place].scores, self._played(place))

    def close(self) -> None:
        """Nothing is open."""

    def _played(self, place: int) -> int:
        return int((time.monotonic() - self._start) * SPEED) + place * APART


def night_on(home: Path) -> Engine:
    """An engine on the evening of the busiest day, a few minutes after the first games began."""
    with_days = Engine(home)
    days = with_days.games_per_day()
    with_days.close()
    busiest = max(list(days)[-SPAN:], key=lambda day: days[day])
    evening = datetime.combine(busiest + timedelta(days=1), clock_time(0, 40), UTC)
    begun, night = time.monotonic(), Night()
    engine = Engine(home, lambda: evening + timedelta(seconds=time.monotonic() - begun), live_feed=lambda: night)
    games = [entry.game for entry in engine.slate(busiest).games]
    night.games = [HostedGame(game, made_up_scores(place)) for place, game in enumerate(games)]
    return engine


def main() -> None:
    """Open the terminal UI on that evening."""
    home = Path(sys.argv[1])
    logs.configure(home, load(None, str(home)).log.policy(), terminal_level="critical")
    engine = night_on(home)
    try:
        NbabotApp(engine).run()
    finally:
        engine.close()


if __name__ == "__main__":
    main()
