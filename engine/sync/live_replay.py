"""A game of the past played again through the whole program: on a copy of the home folder, by a clock of its own."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from engine.core.calendar import league_day, noon_of
from engine.core.errors import DatabaseError, NoDataError, UsageError
from engine.core.live_games import LiveRecord
from engine.core.progress import Progress
from engine.core.records import Game
from engine.core.timelines import Score
from engine.sources.live import LiveFeed
from engine.sources.live_replay import ReplayedGame, length_of
from engine.store import games, timelines
from engine.store.archive import DATABASE
from engine.store.database import Database
from engine.store.rewind import rewind
from engine.store.snapshot import copy_database

SLOWEST, FASTEST = 1.0, 3600.0
"""How many seconds of the game may go by in one."""
LEAD = timedelta(seconds=20)
"""How long before tip-off the clock begins."""
_AFTERNOON, _LAST_END = timedelta(hours=7, minutes=30), timedelta(hours=11, minutes=50)
"""After noon of the league day: when a game begins of which no time is known, and when it must be over at the latest,
for on the next day its result is known."""
_COPIES = "nbabot-replay-"
"""What the names of copies begin with."""
_LEFT_BEHIND = timedelta(hours=12)
_SPARE = 50 * 2**20
"""Bytes that a replay writes at most, beside the copy."""


class ReplayClock:
    """A clock that stands at `begin` until it is started, and then runs `speed` times as fast as the machine's."""

    def __init__(self, begin: datetime, speed: float) -> None:
        self._begin = begin
        self._speed = speed
        self._started: float | None = None

    def __call__(self) -> datetime:
        """The moment that it shows."""
        gone = 0.0 if self._started is None else time.monotonic() - self._started
        return self._begin + timedelta(seconds=gone * self._speed)

    def start(self) -> None:
        """Let it run from now on."""
        self._started = time.monotonic()

    def jump(self, moment: datetime) -> None:
        """Stand at another moment."""
        self._begin, self._started = moment, None


class _Engine(Protocol):
    def close(self) -> None: ...

    def grade(self) -> int: ...

    def live_record(self) -> LiveRecord: ...


E = TypeVar("E", bound=_Engine)


@dataclass(frozen=True, slots=True)
class Past:
    """A game that is over, and how it went."""

    game: Game
    scores: tuple[Score, ...]

    @property
    def tip(self) -> datetime:
        """When it is played again: at its own time, or so much earlier that it ends on its league day."""
        noon = noon_of(self.game.league_day)
        return min(self.game.tip_utc or noon + _AFTERNOON, noon + _LAST_END - timedelta(seconds=length_of(self.scores)))


@dataclass(frozen=True, slots=True)
class Replay(Generic[E]):
    """An engine in the past of a game that is about to begin, and `speed` seconds of which will go by in one.

    Its clock stands until it is started.
    """

    engine: E
    game: Game
    speed: float
    clock: ReplayClock

    def settle(self) -> LiveRecord:
        """Let a day pass and grade what was said of the game; returns how that fared."""
        self.clock.jump(noon_of(self.game.league_day + timedelta(days=1)))
        self.engine.grade()
        return self.engine.live_record()


def past_game(database: Database, game_id: str, now: datetime) -> Past:
    """A game whose result and course are known. Raises NoDataError."""
    today = league_day(now)
    game, scores = games.game(database, game_id, today), timelines.timeline(database, game_id, today).scores
    if game is None:
        raise NoDataError(f"No game {game_id[:20]} is stored: nbabot today --date DATE --json tells the ids of games.")
    if not scores or scores[-1].margin == 0:
        raise NoDataError(
            f"How game {game_id} went is not stored: import the score timelines of its season, or choose another game."
        )
    return Past(game, scores)


@contextmanager
def replaying(
    opened: Callable[[Path, Callable[[], datetime], Callable[[], LiveFeed]], E],
    home: Path,
    past: Past,
    speed: float,
    progress: Progress,
) -> Iterator[Replay[E]]:
    """Open an engine on a copy of a home folder in which a game has not begun; the copy is removed at the end.

    `opened` takes the folder, the clock and what opens the feed. Raises UsageError for a speed out of bounds and
    DatabaseError where the copy finds no room.
    """
    if not SLOWEST <= speed <= FASTEST:
        raise UsageError(f"A game is replayed {SLOWEST:.0f} to {FASTEST:,.0f} times as fast: choose such a speed.")
    clock = ReplayClock(past.tip - LEAD, speed)
    _remove_left_behind()
    with tempfile.TemporaryDirectory(prefix=_COPIES) as made:
        _copy(home, Path(made), past, progress)
        engine = opened(Path(made), clock, lambda: ReplayedGame(past.game, past.scores, past.tip, clock))
        try:
            yield Replay(engine, past.game, speed, clock)
        finally:
            engine.close()


def _remove_left_behind() -> None:
    """Remove the copies of replays that were killed: none takes as long as they have lain there."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_COPIES}*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > _LEFT_BEHIND.total_seconds():
                shutil.rmtree(folder)


def _copy(home: Path, folder: Path, past: Past, progress: Progress) -> None:
    """Copy the database and the models made here, and turn the copy back to before the game."""
    try:
        needed = sum(path.stat().st_size for path in (home / DATABASE, *(home / "models").rglob("*"))) + _SPARE
        if shutil.disk_usage(folder).free < needed:
            raise DatabaseError(
                f"A replay works on a copy, and {folder.parent} has no room for its {needed // 2**20:,} MB: free some "
                "space there."
            )
        copy_database(home / DATABASE, folder / DATABASE, progress)
        if (home / "models").is_dir():
            shutil.copytree(home / "models", folder / "models")
    except OSError as error:
        raise DatabaseError(
            f"{home} could not be copied to {folder.parent} ({error.strerror}): free some space, or mend access."
        ) from error
    database = Database(folder / DATABASE)
    try:
        rewind(database, past.game.game_id, past.tip)
    finally:
        database.close()
