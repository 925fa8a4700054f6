"""A night with games under way: a home folder, the stand-in for Discord, the host of the games, services before both.

The evening's message goes to one channel, and another one follows the first game. Everything goes by one fast clock;
the games go faster still, and from tip-off on nobody calls a time-out.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.bot_fault_world import Clock, World
from bench.live_evening import evening
from bench.live_fault_judge import Point, Verdict, histories, judge, standing
from bench.live_files import HostedGame, made_up_scores
from bench.live_host import LiveHost
from engine.core import words
from engine.core.calendar import LEAGUE_ZONE
from engine.core.live_games import LiveStatus
from engine.core.records import Game
from engine.core.timelines import Score
from engine.engine import Engine
from engine.sources.live_replay import sighting_at
from nbabot.jobs import JOBS
from nbabot.settings import Settings

TIP, BEFORE = "2026-10-28T19:00", "2026-10-28T18:58"
"""When the games should begin, in New York, and when the services start: later than all that the shipped models know,
but not later than now, since Discord dates its messages by the true time."""
TURNING = 82
"""A made-up course in which first the one side leads by 18, then the other one by 15, and wins by 2."""
MODERATOR = ["manage_messages"]
TICK_S = 0.02
END_S = 25.0
"""How long is waited for the end of a game to be told, in real seconds."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the clock goes, in its seconds a second, and the games, in seconds of play in one of the clock's."""

    clock: float = 20.0
    games: float = 6.0


USUAL = Pace()


@dataclass(frozen=True, slots=True)
class Notices:
    """How many words of turns were sent, and how many of these more than once."""

    sent: int
    doubled: int


@dataclass
class Night:
    """One night; `course` is how the first game has stood in the feed at every moment so far."""

    world: World
    host: LiveHost
    games: Sequence[HostedGame]
    pace: Pace
    course: list[Point] = field(default_factory=list)
    begun: float = 0.0
    held: bool = False
    put_off: bool = False
    played: int = -1

    @classmethod
    @asynccontextmanager
    async def around(
        cls, home: Path, games: Sequence[HostedGame], pace: Pace, strict: bool = False
    ) -> AsyncIterator[Night]:
        """A night whose processes and host are ended with it."""
        with LiveHost(games) as host:
            feeds = {f"NBABOT_SOURCES__{name}_URL": host.url for name in ("CDN", "STATS", "INJURIES")}
            limits = {f"NBABOT_LIMITS__{name}": "1000" for name in ("USER_COMMANDS", "USER_PRESSES", "SERVER")}
            variables = {**feeds, **limits, "NBABOT_WEB__PORT": "0"}
            async with World.around(home, Clock(BEFORE, pace.clock), variables, strict) as world:
                world.variables = {**variables, "NBABOT_DISCORD__LIVE_CHANNEL_ID": str(world.channel)}
                night = cls(world, host, games, pace)
                playing = asyncio.create_task(night._play())
                try:
                    yield night
                finally:
                    playing.cancel()

    @property
    def server(self) -> Any:
        """The stand-in for Discord."""
        return self.world.server

    @property
    def game(self) -> Game:
        """The game that is followed."""
        return self.games[0].game

    @property
    def name(self) -> str:
        """What users call it."""
        return f"{words.code(self.game.away_id)} at {words.code(self.game.home_id)}"

    def tip_off(self) -> None:
        """From now on the games go on."""
        self.begun = time.perf_counter()

    async def begins(self) -> Any:
        """Start the service, have the first game followed, and let the games begin; returns the process."""
        process = await self.world.start()
        await self.follow()
        self.tip_off()
        return process

    async def follow(self, command: str = "follow", channel: str = "general") -> Any:
        """A moderator's wish for the first game."""
        answer = await self.server.invoke(command, {"game": self.name}, user_permissions=MODERATOR, channel=channel)
        self.world.answers.append(answer)
        return answer

    async def reaches(self, played: float) -> None:
        """Wait until so many seconds have been played."""
        while self.played < played:
            await asyncio.sleep(TICK_S)

    async def passes(self, seconds: float) -> None:
        """Wait for so many seconds of the clock."""
        await asyncio.sleep(seconds / self.pace.clock)

    async def rests(self, seconds: float) -> None:
        """Nothing goes on for so many seconds of the clock."""
        self.held, since = True, time.perf_counter()
        await self.passes(seconds)
        self.begun += time.perf_counter() - since
        self.held = False

    def retell(self, scores: Sequence[Score]) -> None:
        """From now on the first game went otherwise."""
        self.host.retell(scores, self.game.game_id)

    def length(self) -> int:
        """Seconds of play of the first game."""
        return self.host.length(self.game.game_id)

    async def over(self) -> None:
        """Wait until the games are over."""
        await self.reaches(self.host.length())

    async def verdict(self, due: int) -> Verdict:
        """Wait until the end is told in `due` messages, and for a moment longer; then judge. Times are the clock's."""
        end = time.monotonic() + END_S
        while self._judged(due).right < due and time.monotonic() < end:
            await asyncio.sleep(0.2)
        await asyncio.sleep(1.0)
        return self._judged(due)

    def stale(self, channel: str) -> float:
        """The longest time for which the messages of one channel have shown a score that was none any more."""
        number = self.server.channel_id(channel)
        shown = {key: said for key, said in histories(self.server, self.game).items() if key[0] == number}
        return judge(shown, self.course, 1, self.pace.clock).stale

    def notices(self) -> Notices:
        """Words of turns of all games that were sent."""
        sent = standing(self.server, "swing")
        return Notices(len(sent), sum(sent.values()) - len(sent))

    def doubled(self) -> int:
        """Cards and messages of the evening that were sent more than once."""
        sent = standing(self.server, "live")
        return sum(sent.values()) - len(sent)

    async def card(self, channel: str = "general") -> Any:
        """The newest card in a channel, as a message of the stand-in."""
        return [one for one in await self.server.messages(channel) if "nbabot · live" in str(one.embeds)][-1]

    def logged(self, event: str) -> int:
        """How often the services have logged an event."""
        lines = (self.world.home / "logs" / "nbabot.log").read_text().splitlines()
        return sum(json.loads(line).get("event") == event for line in lines if line.startswith("{"))

    def _judged(self, due: int) -> Verdict:
        return judge(histories(self.server, self.game), self.course, due, self.pace.clock)

    async def _play(self) -> None:
        """Move the games on, and remember what the feed has shown of the first one since when."""
        while True:
            if self.begun and not self.held:
                self.played = int((time.perf_counter() - self.begun) * self.pace.clock * self.pace.games)
                self.host.at(min(self.played, self.host.length()))
            if self.begun:
                self._note()
            await asyncio.sleep(TICK_S)

    def _note(self) -> None:
        hosted = self.host.hosted(self.game.game_id)
        seen = sighting_at(hosted.game, hosted.scores, self.played, hosted.tip)
        now = (seen.home, seen.away, seen.status is LiveStatus.FINAL)
        point = Point(time.perf_counter() - self.server._t0, *((None, None, True) if self.put_off else now))
        if not self.course or (point.home, point.away, point.over) != _score(self.course[-1]):
            self.course.append(point)


def made_home(folder: Path, games: int = 2) -> list[HostedGame]:
    """A home folder for a night with games, where everything else of the day is done."""
    tip = datetime.fromisoformat(TIP).replace(tzinfo=LEAGUE_ZONE)
    hosted = evening(folder, tip, games)
    hosted[0] = replace(hosted[0], scores=made_up_scores(TURNING))
    engine = Engine(folder, now=lambda: tip)
    for job in JOBS.values():
        turns = {job.turn(moment, Settings()) for moment in (tip - timedelta(hours=2), tip)}
        for turn in filter(None, turns):
            engine.runs.begin(job.name, turn.due, tip, job.retry)
            engine.runs.finish(job.name, turn.due, tip, "done before")
    engine.close()
    return hosted


def _score(point: Point) -> tuple[int | None, int | None, bool]:
    return point.home, point.away, point.over
