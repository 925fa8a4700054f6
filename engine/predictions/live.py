"""What is said of games under way: from a moment of it and the forecast before it, by the model in production."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cachetools import LRUCache

from engine.core.errors import BundleError, NoDataError, NoModelError
from engine.core.live import TIP_OFF, Moment, Pregame, moment_at, with_course
from engine.core.live_games import LiveForecast, LivePoint
from engine.core.minutes import HALFTIME, minute_margins
from engine.core.records import Game, GameForecast
from engine.core.timelines import Score
from engine.models.halftime.forms import PATTERN
from engine.models.halftime.model import HalftimeModel
from engine.models.live.model import LiveModel
from engine.models.registry import Registry, ServedModel
from engine.predictions.game import GameForecaster
from engine.predictions.notes import hindsight_note
from engine.store import picks
from engine.store.database import Database

TASK, HALFTIME_TASK = "live", "halftime"

_SEEN_FROM = 60 * (PATTERN - 3)
"""Seconds played from which a score must be known for a pattern: three minutes without one hardly ever happen."""


class LiveForecaster:
    """Forecasts from any moment of a game; what was said before tip-off is looked up once a game and kept."""

    def __init__(self, database: Database, registry: Registry, games: GameForecaster) -> None:
        self._database = database
        self._registry = registry
        self._games = games
        self._before: LRUCache[tuple[str, str], Pregame] = LRUCache(maxsize=256)
        self._lock = threading.Lock()

    def pregame(self, game: Game, now: datetime, begun: bool = False) -> Pregame | None:
        """What was said before tip-off: the published pick, else the forecast as of tip-off; None without a model.

        From tip-off on, or where a game without a known one has `begun`, the first answer stands.
        """
        key = (game.game_id, game.league_day.isoformat())
        with self._lock:
            found = self._before.get(key)
        if found is None:
            try:
                found = self._said_before(game, now)
            except (NoModelError, BundleError, NoDataError):
                return None
            if begun or (game.tip_utc is not None and game.tip_utc <= now):  # before, the news may still change it
                with self._lock:
                    self._before[key] = found
        return found

    def forecast(self, game: Game, moment: Moment, now: datetime, course: Sequence[Score] = ()) -> LiveForecast | None:
        """The forecast from a moment on, None where no model is in production; `course` is how it came there.

        Raises BundleError where the model cannot be read.
        """
        answering = self._answering()
        before = self.pregame(game, now, moment.played > 0)
        if answering is None or before is None:
            return None
        label, model = answering[0], answering[1].model
        moment = with_course(moment, course)
        said = LiveForecast(game.game_id, moment, before, model.predict(moment, before), label, now)
        return self._with_halftime(said, course)

    def hindsight(self, game: Game, now: datetime) -> str:
        """A word on a model, of games under way or of those to come, that has learned from a game's day; else empty.

        What was published before a game is no hindsight.
        """
        day, answering = game.league_day, self._answering()
        said = hindsight_note(answering[1].learned_through, day) if answering else ""
        before = "" if said else self._games.hindsight(day)
        return said or ("" if before and self._published(game, now) else before)

    def curve(self, game: Game, moment: Moment, course: Sequence[Score], now: datetime) -> tuple[LivePoint, ...]:
        """The chance of a home win at tip-off, after every change of the score, and now; empty without a model."""
        answering = self._answering()
        before = self.pregame(game, now, moment.played > 0)
        if answering is None or before is None:
            return ()
        model = answering[1].model
        changes = sorted({one.played for one in course if 0 < one.played < moment.played})
        moments = [TIP_OFF, *(moment_at(course, played) for played in changes), with_course(moment, course)]
        return tuple(
            LivePoint(one.played, one.home, one.away, model.predict(one, before).home_win_prob) for one in moments
        )

    def _with_halftime(self, said: LiveForecast, course: Sequence[Score]) -> LiveForecast:
        """A forecast with the margin at half-time, which is forecast from the pattern of the first minutes until then.

        A game that was not seen then goes without, and so does one whose model cannot be read.
        """
        known = any(_SEEN_FROM <= one.played <= 60 * PATTERN for one in course)
        if not known or not 60 * PATTERN <= said.moment.played < 60 * HALFTIME:
            return said
        try:
            label = self._registry.serving(HALFTIME_TASK, self._registry.champion(HALFTIME_TASK).label)
            model = self._registry.load_as(label, HalftimeModel).model
        except (NoModelError, BundleError):
            return said
        numbers = model.predict(minute_margins(course, 60 * PATTERN), said.pregame)
        return replace(said, halftime=numbers, halftime_model=label)

    def _said_before(self, game: Game, now: datetime) -> Pregame:
        known = now if game.tip_utc is None else min(now, game.tip_utc)
        said = self._published(game, now) or self._games.forecast(game, known)
        return Pregame(said.home_win_prob, said.margin)

    def _published(self, game: Game, now: datetime) -> GameForecast | None:
        return picks.forecasts_on(self._database, game.league_day, now).get(game.game_id)

    def _answering(self) -> tuple[str, ServedModel[LiveModel]] | None:
        try:
            label = self._registry.serving(TASK, self._registry.champion(TASK).label)
        except NoModelError:
            return None
        return label, self._registry.load_as(label, LiveModel)
