"""An evening of the simulated league whose feed and clock a test moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from engine.core.calendar import noon_of
from engine.core.errors import FeedError
from engine.core.live_games import LiveStatus
from engine.core.records import Game
from engine.engine import DATABASE, Engine
from engine.sources.live import LivePlays, Scoreboard, Sighting
from engine.store import live
from engine.store.database import Database
from tests.conftest import DEMO_DAY

EVENING = noon_of(DEMO_DAY) + timedelta(hours=7, minutes=5)
"""Shortly after the tip-offs of the day, which are all at 19:00 ET."""


@dataclass
class Shown:
    """A feed that shows what it is told to show."""

    games: tuple[Sighting, ...] = ()
    courses: dict[str, LivePlays | None] = field(default_factory=dict)
    failing: FeedError | None = None
    unchanged: bool = False
    asked: int = 0

    def scoreboard(self) -> Scoreboard | None:
        self.asked += 1
        if self.failing:
            raise self.failing
        return None if self.unchanged else Scoreboard(DEMO_DAY, self.games)

    def plays(self, game_id: str) -> LivePlays | None:
        return self.courses.get(game_id)

    def close(self) -> None: ...


class Evening:
    """An engine at an evening whose feed and clock the test moves; `one` is the game that it looks at."""

    def __init__(self, home: Path) -> None:
        self.now = EVENING
        self.feed = Shown()
        self.home = home
        self.database = Database(home / DATABASE)
        with self.database.write() as connection:
            connection.execute("UPDATE games SET tip_utc = date(league_day, '+1 day') || 'T00:00:00+00:00'")
        self.engine = self.another()
        self.one: Game = self.engine.slate().games[0].game

    def another(self) -> Engine:
        """A second process on the same home."""
        return Engine(self.home, now=lambda: self.now, live_feed=lambda: self.feed)

    def shows(self, period: int, left: int, home: int, away: int, status: LiveStatus = LiveStatus.LIVE) -> None:
        """The feed shows the game like this, from a minute later on, and is asked."""
        one = self.one
        self.feed.games = (
            Sighting(one.game_id, one.home_id, one.away_id, one.tip_utc, status, period, left, home, away, "seen"),
        )
        self.asks_after(60)

    def asks_after(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.poll = self.engine.poll_live()

    @property
    def score(self) -> tuple[int, int, int, int]:
        moment = self.engine.live(self.one.game_id).view.state.moment
        return moment.period, moment.seconds_left, moment.home, moment.away

    @property
    def course(self) -> list[tuple[int, int, int]]:
        found = live.scores(self.database, self.one.game_id)
        return [(one.played, one.home, one.away) for one in found]
