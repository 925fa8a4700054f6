"""Answers about games: from a question to what is sent, in any thread. Commands and buttons ask here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from engine.core import words
from engine.core.errors import UsageError
from engine.core.named_games import NamedGame
from engine.core.records import SlateGame
from engine.engine import Engine
from nbabot import embeds
from nbabot.buttons import ChooseGame, Compare, Refresh, Turn, Why
from nbabot.embeds.games import comparison, why
from nbabot.embeds.odds import odds
from nbabot.embeds.slates import by_surety
from nbabot.replies import Picture, Reply
from nbabot.slate_chart import MOST_ROWS, rows_of, slate_png, slate_words
from nbabot.track import CachedTrack

PAGE = MOST_ROWS
"""Most games of a day in one message: what a phone shows without much scrolling."""
CHART = "chances.png"
MEETINGS = 3


class GameAnswers:
    """Every answer is the engine's, unchanged."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._track = CachedTrack(engine)

    def today(self) -> date:
        """The league day of the engine's moment."""
        return self._engine.today()

    def predict(self, asked: NamedGame, asker: int) -> Reply:
        """Who wins, with buttons to ask on; `asker` is the Discord id of the one who may refresh it."""
        forecast = self._engine.predict(asked.home, asked.away, asked.day)
        game = str(NamedGame.of(forecast))
        embed = embeds.prediction(forecast, self._track.line(), self._engine.simulated)
        over = forecast.league_day < self.today()
        return Reply(embed, buttons=(Why(game), Compare(game), *([] if over else [Refresh(asker, game)])))

    def refresh(self, asked: NamedGame, asker: int) -> Reply:
        """The same as it is now. Raises UsageError once the day of the game is past."""
        if asked.day is not None and asked.day < self.today():
            raise UsageError(f"That game was on {words.day(asked.day)}: its forecast does not change any more.")
        return self.predict(asked, asker)

    def why(self, asked: NamedGame) -> Reply:
        """All that is behind a forecast."""
        forecast = self._engine.predict(asked.home, asked.away, asked.day)
        teams = forecast.home_id, forecast.away_id
        meetings = self._engine.head_to_head(*teams, limit=MEETINGS, before=forecast.league_day)
        return Reply(why(forecast, meetings, self._engine.simulated))

    def compare(self, asked: NamedGame) -> Reply:
        """The same game by every model."""
        forecasts = self._engine.side_by_side(asked.home, asked.away, asked.day)
        return Reply(comparison(forecasts, self._engine.simulated))

    def odds(self, asked: NamedGame) -> Reply:
        """A game against the line."""
        forecast = self._engine.predict(asked.home, asked.away, asked.day)
        board = self._engine.odds(forecast.league_day)
        found = next((one for one in board.games if one.game.game_id == forecast.game_id), None)
        return Reply(odds(forecast, found, self._engine.simulated))

    def slate(self, day: date | None, asker: int, page: int = 1) -> Reply:
        """A page of a day's games, with a picture, and buttons to turn; a page that there is not is the nearest one."""
        found = self._engine.slate(day)
        pages = pages_of(found.games)
        number = max(1, min(page, len(pages)))
        shown = pages[number - 1] if pages else ()
        embed = embeds.slate(found, self._track.line(), page=shown)
        buttons = [*_menu(shown), *self._turns(found.league_day, asker, number, len(pages))]
        return Reply(embed, _picture(shown) if shown else None, buttons)

    def _turns(self, day: date, asker: int, page: int, pages: int) -> list[Turn]:
        """To the day before and after, to the pages beside this one, and to this one as it is now."""
        before, after = day - timedelta(days=1), day + timedelta(days=1)
        beside = [other for other in (page - 1, page + 1) if 1 <= other <= pages]
        return [
            Turn.to(f"◀ {words.day_from(before, self.today())}", asker, before, 1),
            *(Turn.to(f"Page {other} of {pages}", asker, day, other) for other in beside),
            Turn.to("🔄", asker, day, page),
            Turn.to(f"{words.day_from(after, self.today())} ▶", asker, after, 1),
        ]

    def games_ahead(self) -> list[tuple[str, NamedGame]]:
        """The games of today and tomorrow with what they are called, for choosing one."""
        today = self.today()
        found = [self._engine.slate(today + timedelta(days=ahead)) for ahead in (0, 1)]
        return [(f"{_name(item)}, {words.day(one.league_day)}", _game(item)) for one in found for item in one.games]

    def warm(self) -> None:
        """Forecast and draw the games of today and tomorrow, before anybody asks for them."""
        for ahead in (0, 1):
            for page in pages_of(self._engine.slate(self.today() + timedelta(days=ahead)).games):
                _picture(page)


def pages_of(games: Sequence[SlateGame]) -> list[tuple[SlateGame, ...]]:
    """A day's games, the surest pick first, on pages of much the same length: 15 games are 8 and 7."""
    ordered = by_surety(games)
    count = math.ceil(len(ordered) / PAGE)
    bounds = [math.ceil(len(ordered) * at / count) for at in range(count + 1)] if count else []
    return [ordered[first:last] for first, last in pairwise(bounds)]


def _picture(games: Sequence[SlateGame]) -> Picture:
    rows = rows_of(games)
    return Picture(CHART, slate_png(rows), slate_words(rows))


def _menu(games: Sequence[SlateGame]) -> list[ChooseGame]:
    return [ChooseGame([(_name(item), _game(item)) for item in games])] if games else []


def _game(item: SlateGame) -> NamedGame:
    return NamedGame.of(item.forecast)


def _name(item: SlateGame) -> str:
    return words.short_matchup(item.forecast)
