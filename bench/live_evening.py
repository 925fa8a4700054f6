"""An evening of made-up games in a fresh home folder, where the models that come with the program forecast them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import structlog

from bench.live_files import HostedGame
from bench.live_host import made_up_games
from engine.core.calendar import league_day
from engine.core.records import GameStatus
from engine.engine import DATABASE, Engine
from engine.sources.feed import ScheduledGame
from engine.store.database import Database
from engine.store.schedule import write_schedule


def evening(home: Path, tip: datetime, number: int = 15) -> list[HostedGame]:
    """Games between all teams that begin at a moment, in the schedule of a home folder made for them."""
    games = [replace(one, game=replace(one.game, tip_utc=tip)) for one in made_up_games(league_day(tip), number)]
    Engine(home).close()
    database = Database(home / DATABASE)
    with database.write() as connection:
        write_schedule(connection, games[0].game.season, _listed(games))
    database.close()
    return games


def quiet() -> None:
    """Let the table be all that is printed."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def _listed(games: Sequence[HostedGame]) -> list[ScheduledGame]:
    return [
        ScheduledGame(
            game_id=one.game.game_id,
            season=one.game.season,
            season_type=one.game.season_type,
            league_day=one.game.league_day,
            tip_utc=one.game.tip_utc,
            home_id=one.game.home_id,
            away_id=one.game.away_id,
            neutral=False,
            status=GameStatus.SCHEDULED,
        )
        for one in games
    ]
