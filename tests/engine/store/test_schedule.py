"""Schedules in the store: games appear, move and vanish, results stay, and a list that lacks too much is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.core.calendar import SeasonType, noon_of, season_type_of
from engine.core.errors import SourceError
from engine.core.records import Game, GameStatus
from engine.core.teams import BY_ABBREVIATION, TEAMS
from engine.sources.feed import PlayerListing, ScheduledGame
from engine.store import corrections, games, state
from engine.store.database import Database
from engine.store.facts import Written
from engine.store.imports import import_paths
from engine.store.injuries import known_players
from engine.store.rosters import write_roster
from engine.store.schedule import OTHER_TEAMS, write_schedule

SEASON = 2024
FIRST = date(2024, 10, 22)
LONG_AFTER = date(2026, 1, 1)
NOW = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "home" / "nbabot.db")
    yield database
    database.close()


def listed(number: int, home: str = "BOS", away: str = "NYK", **values: Any) -> ScheduledGame:
    game_id = values.pop("game_id", f"00224{number:05d}")
    day = values.pop("day", FIRST)
    known = {"tip_utc": noon_of(day) + timedelta(hours=7), "neutral": False, "status": GameStatus.SCHEDULED}
    kind = season_type_of(game_id) or SeasonType.REGULAR
    ids = BY_ABBREVIATION[home].team_id, BY_ABBREVIATION[away].team_id
    return ScheduledGame(game_id, SEASON, kind, day, home_id=ids[0], away_id=ids[1], **(known | values))


def fixtures(count: int) -> list[ScheduledGame]:
    teams = [team.abbreviation for team in TEAMS]
    return [
        listed(number, teams[number % 30], teams[(number + 7) % 30], day=FIRST + timedelta(days=number // 10))
        for number in range(1, count + 1)
    ]


def put(database: Database, *rows: ScheduledGame) -> Written:
    with database.write() as connection:
        return write_schedule(connection, SEASON, rows)


def stored(database: Database, game_id: str) -> Game:
    return games.game_of(database.rows("SELECT * FROM games WHERE game_id = ?", (game_id,))[0])


def test_games_to_come_are_stored_with_tip_off_venue_and_without_points_whatever_the_feed_says(database: Database):
    over = listed(2, "LAL", "DEN", status=GameStatus.FINAL, home_points=101, away_points=99, neutral=True)
    assert put(database, listed(1), over).tally.new == 2
    first, second = games.games_on(database, FIRST, LONG_AFTER)
    assert first.tip_utc == noon_of(FIRST) + timedelta(hours=7)
    assert (second.status, second.home_points, second.neutral) == (GameStatus.SCHEDULED, None, True)


def test_reading_the_same_schedule_again_changes_nothing(database: Database) -> None:
    rows = fixtures(30)
    put(database, *rows)
    version = state.standing(database).version
    again = put(database, *rows)
    assert (again.tally.new, again.tally.changed, again.tally.unchanged) == (0, 0, 30)
    assert state.standing(database).version == version


def test_a_game_that_moves_keeps_its_id_and_the_move_is_on_record(database: Database) -> None:
    put(database, listed(1))
    put(database, listed(1, status=GameStatus.POSTPONED))
    put(database, listed(1, day=date(2025, 3, 4)))
    assert not games.games_on(database, FIRST, LONG_AFTER)
    assert stored(database, "0022400001").status is GameStatus.SCHEDULED
    changes = [one.changes for one in corrections.recent(database, NOW, 10)]
    assert changes == [
        {"league_day": ("2024-10-22", "2025-03-04"), "status": ("postponed", "scheduled")},
        {"status": ("scheduled", "postponed")},
    ]


def test_a_feed_that_does_not_say_whether_the_place_is_neutral_leaves_what_is_known(database: Database) -> None:
    put(database, listed(1, neutral=True))
    put(database, listed(1, neutral=None))
    assert stored(database, "0022400001").neutral


def test_play_offs_that_appear_late_are_new_and_games_no_longer_needed_are_called_off(database: Database) -> None:
    season = fixtures(60)
    put(database, *season)
    series = [listed(n, game_id=f"004240010{n}", day=date(2025, 4, 19) + timedelta(days=2 * n)) for n in range(1, 8)]
    assert put(database, *season, *series).tally.new == 7
    swept = put(database, *season, *series[:4])
    assert swept.tally.changed == 3
    assert swept.notes == ("3 games no longer in the schedule: called off",)
    assert stored(database, "0042400105").status is GameStatus.CANCELLED
    assert put(database, *season, *series[:5]).tally.changed == 1
    assert stored(database, "0042400105").status is GameStatus.SCHEDULED


@pytest.mark.parametrize("kept", [0, 30, 54])
def test_a_schedule_that_lacks_too_much_is_refused_and_nothing_is_touched(database: Database, kept: int) -> None:
    season = fixtures(60)
    put(database, *season)
    with pytest.raises(SourceError, match=f"2024-25 lacks {60 - kept} of the 60 stored games"):
        put(database, *season[:kept])
    assert len(games.season_of_games(database, SEASON)) == 60
    assert not corrections.recent(database, NOW, 10)


def test_a_result_outlasts_every_schedule_and_takes_the_home_side_from_it(database: Database, logs: Any) -> None:
    both_away = logs.game(1, "LAL", "DEN", (99, 120), MATCHUP="DEN @ LAL")
    import_paths(database, [logs.write(both_away, "log.csv")])
    before = stored(database, both_away[0]["GAME_ID"])
    names = {team.team_id: team.abbreviation for team in TEAMS}
    turned = listed(1, names[before.away_id], names[before.home_id], game_id=before.game_id, neutral=None)
    turned = replace(turned, league_day=before.league_day, status=GameStatus.CANCELLED)
    put(database, turned)
    after = stored(database, before.game_id)
    assert (after.home_id, after.away_id) == (before.away_id, before.home_id)
    assert (after.home_points, after.away_points) == (before.away_points, before.home_points)
    assert (after.status, after.neutral, after.tip_utc) == (GameStatus.FINAL, True, turned.tip_utc)
    others = put(database, replace(turned, home_id=BY_ABBREVIATION["MIA"].team_id))
    assert others.rejected == {OTHER_TEAMS: 1}


def players(*teams: str | None) -> list[PlayerListing]:
    ids = [BY_ABBREVIATION[team].team_id if team else None for team in teams]
    return [PlayerListing(100 + n, f"Player {n}", team_id, team_id is not None) for n, team_id in enumerate(ids)]


def test_a_roster_follows_trades_and_names_who_has_never_played(database: Database) -> None:
    with database.write() as connection:
        assert write_roster(connection, SEASON, players("BOS", "NYK", "MIA", None)).tally.new == 3
        traded = write_roster(connection, SEASON, players("BOS", "MIA", None, None))
    assert (traded.tally.new, traded.tally.changed, traded.tally.unchanged) == (0, 2, 1)
    found = {one.name: one.team_id for one in known_players(database, FIRST)}
    assert found == {"Player 0": BY_ABBREVIATION["BOS"].team_id, "Player 1": BY_ABBREVIATION["MIA"].team_id}


def test_a_list_of_players_that_lacks_most_of_them_is_refused(database: Database) -> None:
    with database.write() as connection:
        write_roster(connection, SEASON, players("BOS", "NYK", "MIA"))
        with pytest.raises(SourceError, match="lacks most"):
            write_roster(connection, SEASON, players("BOS"))
    assert len(known_players(database, FIRST)) == 3
