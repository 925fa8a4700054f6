"""Picks seen again before tip-off: which ones the news has moved, and by whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime

from engine.core import outlook_words
from engine.core.outlooks import PlayerOutlook
from engine.core.records import Game, GameForecast
from engine.core.updates import PickUpdate
from engine.predictions.game import GameForecaster
from engine.predictions.slate import open_games
from engine.store import pick_updates, picks
from engine.store.database import Database

NEWS = 0.2
"""By how much a player's chance of playing must have moved to count as news."""
_NAMED = 3


class PickUpdates:
    """The updates of one database's picks, at the engine's moment."""

    def __init__(self, database: Database, forecaster: GameForecaster, now: Callable[[], datetime]) -> None:
        self._database = database
        self._forecaster = forecaster
        self._now = now

    def on(self, day: date) -> tuple[PickUpdate, ...]:
        """What was published about a league day's picks after their publication, oldest first."""
        return pick_updates.on(self._database, day, self._now())

    def make(self, day: date, points: float) -> tuple[PickUpdate, ...]:
        """Forecast a day's picks again, each by its own model, and write down those that the news has moved.

        Only games that have not begun count, of which word on some player is new, and whose chance has moved by at
        least so many percentage points since it was last published. Returns the new ones. Raises NoDataError,
        NoModelError and BundleError.
        """
        now = self._now()
        published: dict[str, GameForecast | PickUpdate] = dict(picks.forecasts_on(self._database, day, now))
        published.update({one.game_id: one for one in self.on(day)})
        found = tuple(
            update
            for game in open_games(self._database, day, now)
            if (before := published.get(game.game_id)) is not None
            and (update := self._moved(game, before, points, now)) is not None
        )
        pick_updates.keep(self._database, found)
        return found

    def _moved(self, game: Game, before: GameForecast | PickUpdate, points: float, now: datetime) -> PickUpdate | None:
        fresh = self._forecaster.forecast(game, now, before.model)
        reasons = tuple(news(before.availability, fresh.availability))
        if not reasons or 100 * abs(fresh.home_win_prob - before.home_win_prob) < points:
            return None
        return PickUpdate(
            game_id=game.game_id,
            league_day=game.league_day,
            home_id=game.home_id,
            away_id=game.away_id,
            before=before.home_win_prob,
            home_win_prob=fresh.home_win_prob,
            margin=fresh.margin,
            total=fresh.total,
            reasons=reasons[:_NAMED],
            availability=fresh.availability,
            model=fresh.model,
            made_at=now,
        )


def news(before: Sequence[PlayerOutlook], after: Sequence[PlayerOutlook]) -> Iterator[str]:
    """Who is in doubt now and was not, or the other way round, in words, the dearest first."""
    known = {one.player_id: one for one in before}
    changed = [
        one for one in after if abs(one.chance - (known[one.player_id].chance if one.player_id in known else 1)) >= NEWS
    ]
    gone = {one.player_id for one in before} - {one.player_id for one in after}
    back = [one for one in before if one.player_id in gone and one.chance <= 1 - NEWS]
    said = [(abs(one.points), outlook_words.outlook(one)) for one in changed]
    said += [(abs(one.points), f"{one.name} expected to play") for one in back]
    yield from (text for _, text in sorted(said, key=lambda one: -one[0]))
