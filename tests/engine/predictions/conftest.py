"""What the injury report of a day says, put into a copy of the simulated league."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from engine.core.calendar import noon_of
from engine.core.injuries import InjuryStatus, ListedPlayer, TeamReport
from engine.core.records import Game
from engine.store.database import Database
from engine.store.injuries import store_injuries

DAY = date(2025, 1, 15)
AN_HOUR_BEFORE = noon_of(DAY) - timedelta(hours=1)
Report = Callable[..., None]


@pytest.fixture
def database(home: Path) -> Database:
    return Database(home / "nbabot.db")


@pytest.fixture
def report(database: Database) -> Report:
    """Publishes a report on a game: `statuses` by (team id, player's name); teams in `silent` have not told yet."""

    def publish(
        game: Game,
        statuses: dict[tuple[int, str], InjuryStatus],
        silent: tuple[int, ...] = (),
        moment: datetime = AN_HOUR_BEFORE,
    ) -> None:
        def team(team_id: int, opponent_id: int) -> TeamReport:
            listed = [ListedPlayer(name, status, "knee") for (at, name), status in statuses.items() if at == team_id]
            told = team_id not in silent
            return TeamReport(moment, game.league_day, team_id, opponent_id, None, told, tuple(listed) if told else ())

        store_injuries(database, [team(game.home_id, game.away_id), team(game.away_id, game.home_id)])

    return publish
