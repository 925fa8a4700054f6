"""An evening with games under way: an engine whose feed and clock a test moves, and walls to post to."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.core.calendar import noon_of
from engine.core.guilds import Topic
from engine.core.live_games import LiveStatus
from engine.core.posts import Post
from engine.core.records import Game
from engine.core.timelines import QUARTER_SECONDS, Score, period_after, period_start
from engine.engine import DATABASE, Engine
from engine.sources.live import LivePlays, Scoreboard, Sighting
from engine.store.database import Database
from nbabot import embeds
from nbabot.channels import Delivered, Delivery, Refused
from nbabot.destinations import Destination
from nbabot.live_posts import LivePosts
from nbabot.posting import Courier
from tests.conftest import DEMO_DAY

TIP_OFF = noon_of(DEMO_DAY) + timedelta(hours=7)
"""When all games of the day begin."""


class Wall:
    """A way to channels that keeps what each message reads now, and how often one was sent and edited.

    Messages in `torn_down` are gone, and `shut` channels take none.
    """

    scheme = "wall"

    def __init__(self) -> None:
        self.reads: dict[tuple[str, str], dict[str, Any]] = {}
        self.sent: list[str] = []
        self.edited: list[str] = []
        self.torn_down: set[str] = set()
        self.shut: set[str] = set()

    async def deliver(self, post: Post) -> Delivery:
        if post.channel in self.shut:
            return Refused("The bot may not post there.", closed=True)
        if post.message_id in self.torn_down:
            return Refused("The message was deleted: nothing is left to do.")
        (self.edited if post.message_id else self.sent).append(f"{post.kind} {post.channel}")
        self.reads[post.kind, post.channel] = embeds.unpacked(post.payload)[0].to_dict()
        return Delivered(str(post.id))

    def kinds(self, channel: str) -> list[str]:
        """What stands in a channel, by the first word of its kind, in order."""
        return [kind.split(" ")[0] for kind, where in self.reads if where == channel]

    def read(self, first: str, channel: str) -> str:
        """What the message of a kind in a channel reads now."""
        found = [str(one) for (kind, where), one in self.reads.items() if kind.startswith(first) and where == channel]
        assert len(found) == 1, self.reads.keys()
        return found[0]


@dataclass
class Feed:
    """Shows the games that it is told to, with the whole course of each."""

    games: dict[str, Sighting] = field(default_factory=dict)
    courses: dict[str, list[Score]] = field(default_factory=dict)
    failing: Exception | None = None

    def scoreboard(self) -> Scoreboard | None:
        if self.failing:
            raise self.failing
        return Scoreboard(DEMO_DAY, tuple(self.games.values()))

    def plays(self, game_id: str) -> LivePlays | None:
        scores = tuple(self.courses[game_id])
        return LivePlays(game_id, scores, scores[-1].period, scores[-1].seconds_left)

    def close(self) -> None: ...


class Evening:
    """An engine, its feed, a wall, and one clock for all of them; `places` want every game."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = TIP_OFF - timedelta(minutes=30)
        for module in ("nbabot.live_posts", "nbabot.posting", "engine.store.outbox"):
            monkeypatch.setattr(f"{module}.machine_clock", lambda: self.now)
        monkeypatch.setattr("nbabot.posting.A_SECOND", 10_000)
        self.home = home
        database = Database(home / DATABASE)
        with database.write() as connection:
            connection.execute("UPDATE games SET tip_utc = date(league_day, '+1 day') || 'T00:00:00+00:00'")
        database.close()
        self.feed, self.wall, self.places = Feed(), Wall(), list[str]()
        self.engine = Engine(home, now=lambda: self.now, live_feed=lambda: self.feed)
        self.posts = LivePosts(self.engine, self._places)
        self.games: tuple[Game, ...] = tuple(item.game for item in self.engine.slate().games)

    def restart(self) -> None:
        """The program dies without a word and another one begins."""
        self.engine.close()
        self.engine = Engine(self.home, now=lambda: self.now, live_feed=lambda: self.feed)
        self.posts = LivePosts(self.engine, self._places)

    def follow(self, channel: str, game: Game) -> None:
        self.engine.follows.add(channel, game.game_id, DEMO_DAY, self.now)

    def shows(self, game: Game, played: int, home: int, away: int, over: bool = False) -> None:
        """From now on the feed shows a game like this."""
        period = period_after(max(played, 1))
        left = period_start(period + 1) - played
        status = LiveStatus.FINAL if over else LiveStatus.LIVE
        course = self.feed.courses.setdefault(game.game_id, [Score(1, QUARTER_SECONDS, 0, 0)])
        course.append(Score(period, left, home, away))
        self.feed.games[game.game_id] = Sighting(
            game.game_id, game.home_id, game.away_id, TIP_OFF, status, period, left, home, away
        )

    async def goes_on(self, seconds: float = 6) -> None:
        """A round of the service, so many seconds later."""
        self.now += timedelta(seconds=seconds)
        await asyncio.to_thread(self.engine.poll_live)
        await asyncio.to_thread(self.posts.publish)
        await Courier(self.engine, self.wall).flush()

    def _places(self, topic: Topic) -> tuple[Destination, ...]:
        return tuple(map(Destination, self.places)) if topic is Topic.LIVE else ()
