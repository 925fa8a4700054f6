"""The forecasts of players that are frozen together with a day's picks."""

from __future__ import annotations

from datetime import date, datetime

from engine.core.errors import NoDataError
from engine.core.player_records import PlayerForecast
from engine.core.records import Game
from engine.predictions.player import TASK, PlayerForecaster
from engine.predictions.slate import open_games
from engine.store import player_picks, state
from engine.store.database import Database


def publish(database: Database, forecaster: PlayerForecaster, day: date, now: datetime) -> int:
    """Freeze what the champion says of the rotations of a day's games that have not begun; returns how many were new.

    A game whose players' forecasts are published keeps them as they are. Raises NoDataError when no schedule that
    covers the day is stored.
    """
    found = open_games(database, day, now)
    if not state.standing(database, TASK).champion:
        return 0
    done = player_picks.games_published(database, (game.game_id for game in found), day)
    said = [one for game in found if game.game_id not in done for one in _said(forecaster, game, now)]
    return player_picks.publish(database, said)


def _said(forecaster: PlayerForecaster, game: Game, now: datetime) -> tuple[PlayerForecast, ...]:
    """The forecasts of a game's players; of a league without players' lines, none."""
    try:
        return forecaster.rotations(game, now)
    except NoDataError:
        return ()
