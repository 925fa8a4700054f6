"""Past games that went like one under way up to the same minute, and what became of them."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cachetools import LRUCache

from engine.core.live_games import Alike, Outcomes
from engine.core.minutes import HALFTIME, MINUTES
from engine.core.progress import Progress, silent
from engine.models.dejavu import Library, Match, nearest
from engine.store import games, minutes
from engine.store.database import Database

SHOWN = 5
"""Games that are shown."""
COUNTED = 100
"""Games whose outcomes are counted: of fewer the share says little, of many more the last are hardly alike."""
LEAST = 20
"""Fewer games than this tell nothing of outcomes."""
BATCH = 100
"""Games read in one transaction: a tenth of a second, for others wait meanwhile."""
KEPT_ANSWERS = 64

Found = tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Every game that is kept, oldest first, with the ordinals of their league days; `version` is the store's."""

    version: str
    library: Library
    days: tuple[int, ...]

    def before(self, day: date) -> Library:
        """The games of earlier league days."""
        return self.library.first(bisect_left(self.days, day.toordinal()))


class Dejavu:
    """Finds past games among those whose minutes are kept; `prepare` keeps those of new timelines.

    Only games of league days before `today` count, and never the game itself. `so_far` are a game's margins at the end
    of each minute of regulation played (`engine.core.minutes.minute_margins`); in the first minute nothing is alike.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._newest: Shelf | None = None
        self._answers: LRUCache[tuple[str, str, tuple[int, ...], date], Found] = LRUCache(maxsize=KEPT_ANSWERS)
        self._lock = threading.Lock()

    def prepare(self, progress: Progress = silent) -> None:
        """Keep the minutes of every timeline that are not kept yet; when killed it goes on from there."""
        waiting = minutes.waiting(self._database)
        for start in range(0, len(waiting), BATCH):
            progress("games minute by minute", start, len(waiting))
            minutes.keep(self._database, waiting[start : start + BATCH])
        if waiting:
            progress("games minute by minute", len(waiting), len(waiting))

    def alike(self, game_id: str, so_far: Sequence[int], today: date, k: int = SHOWN) -> tuple[Alike, ...]:
        """The `k` games that went most like this one, the likest first; at most COUNTED."""
        library, found = self._nearest(game_id, so_far, today)
        told = (self._told(library, one, min(len(so_far), MINUTES), today) for one in found[:k])
        return tuple(one for one in told if one is not None)

    def outcomes(self, game_id: str, so_far: Sequence[int], today: date) -> Outcomes | None:
        """What became of the COUNTED games that went most like this one.

        None where too few are known to tell, and for what was decided in regulation: nothing can become of it.
        """
        if any(so_far[MINUTES - 1 : MINUTES]):
            return None
        library, found = self._nearest(game_id, so_far, today)
        finals = sorted(int(library.finals[one.index]) for one in found)
        n, tenth = len(finals), len(finals) // 10
        if n < LEAST:
            return None
        return Outcomes(n, sum(final > 0 for final in finals), sum(finals) / n, finals[tenth - 1], finals[-tenth])

    def _nearest(self, game_id: str, so_far: Sequence[int], today: date) -> tuple[Library, Found]:
        shelf = self._shelf()
        library, key = shelf.before(today), (shelf.version, game_id, tuple(so_far), today)
        with self._lock:
            known = self._answers.get(key)
        if known is None:
            likest = nearest(library, so_far, COUNTED + 1)
            known = tuple(one for one in likest if library.game_ids[one.index] != game_id)[:COUNTED]
            with self._lock:
                self._answers[key] = known
        return library, known

    def _shelf(self) -> Shelf:
        version, shelf = minutes.version(self._database), self._newest
        if shelf is None or shelf.version != version:
            shelf = self._newest = _shelved(version, minutes.kept(self._database))
        return shelf

    def _told(self, library: Library, match: Match, minute: int, today: date) -> Alike | None:
        game_id, margins = library.game_ids[match.index], library.margins[match.index]
        game = games.game(self._database, game_id, today)
        if game is None:
            return None
        return Alike(
            game_id=game_id,
            league_day=game.league_day,
            home_id=game.home_id,
            away_id=game.away_id,
            margin=int(margins[minute - 1]),
            halftime_margin=int(margins[HALFTIME - 1]),
            final_margin=int(library.finals[match.index]),
            distance=match.distance,
            minute=minute,
        )


def _shelved(version: str, kept: Sequence[minutes.KeptMinutes]) -> Shelf:
    import numpy as np

    margins = np.frombuffer(b"".join(one.margins for one in kept), dtype=np.int8).reshape(len(kept), MINUTES)
    finals = np.array([one.final_margin for one in kept], dtype=np.int16)
    library = Library(tuple(one.game_id for one in kept), margins, finals)
    return Shelf(version, library, tuple(one.league_day.toordinal() for one in kept))
