"""The players' numbers: built before anybody asks, never waited for by everybody, and there on a fresh machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.core.calendar import noon_of, season_of
from engine.core.errors import BundleError, BusyError, NoDataError
from engine.core.player_records import Stat
from engine.core.teams import TEAMS, resolve_team
from engine.engine import DATABASE, Engine
from engine.features.contract import GAME_FEATURES, contract_hash
from engine.features.player_league import PlayerLeague
from engine.features.player_summer import after_summer, stayed
from engine.predictions import player, player_states
from engine.predictions.player_states import PlayerStates, players_contract
from engine.predictions.starter import (
    PLAYERS_STARTER,
    STARTER,
    PlayersStarter,
    Starter,
    write_players_starter,
    write_starter,
)
from engine.predictions.state import StateKeeper
from engine.store.database import Database

DAY = date(2024, 12, 12)


@pytest.fixture
def database(players_home: Path) -> Iterator[Database]:
    found = Database(players_home / DATABASE)
    yield found
    found.close()


def states(database: Database, shipped: Path = Path("nothing shipped")) -> PlayerStates:
    return PlayerStates(database, StateKeeper(database, shipped))


def forget(database: Database) -> None:
    with database.write() as connection:
        connection.execute("DELETE FROM player_snapshots")


def never(*_: object) -> None:
    raise AssertionError("a game was replayed")


def test_after_a_refresh_no_question_replays_a_game(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    forget(database)
    stages: list[tuple[str, int, int]] = []
    states(database).refresh(lambda *news: stages.append(news))
    assert stages[-1][0] == "player numbers"
    assert stages[-1][1] == stages[-1][2]
    monkeypatch.setattr(PlayerLeague, "advance", never)
    again = states(database)
    again.refresh()
    assert again.at(date(2026, 1, 1)).league.data_through is not None


def test_days_after_the_newest_result_share_one_state(database: Database) -> None:
    found = states(database)
    assert found.at(date(2026, 1, 1)) is found.at(date(2026, 1, 20))
    assert found.at(DAY) is not found.at(DAY - timedelta(days=7))


def test_who_asks_while_the_numbers_are_built_is_told_so_at_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Threads that waited would be missing for every other question."""
    forget(database)
    monkeypatch.setattr(player_states, "PATIENCE", 0.01)
    found, begun, may_end = states(database), threading.Event(), threading.Event()

    def wait(*_: object) -> None:
        begun.set()
        may_end.wait(30)

    builder = threading.Thread(target=found.refresh, args=(wait,))
    builder.start()
    try:
        assert begun.wait(30)
        with pytest.raises(BusyError, match="ask again"):
            found.at(DAY)
    finally:
        may_end.set()
        builder.join()
    assert found.at(date(2026, 1, 1)) is found.at(date(2026, 1, 2))


@pytest.fixture
def shipped(database: Database, tmp_path: Path) -> Path:
    """A folder with the numbers of the simulated league as of DAY."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    found = states(database).at(DAY)
    through = found.league.data_through
    assert through is not None
    write_starter(folder / STARTER, Starter(contract_hash(GAME_FEATURES), found.league.to_payload(), ()))
    write_players_starter(
        folder / PLAYERS_STARTER, PlayersStarter(players_contract(), through, found.to_payload(seasons=2))
    )
    return folder


def test_a_fresh_machine_goes_on_from_the_numbers_that_come_with_the_program(
    database: Database, shipped: Path, tmp_path: Path
) -> None:
    empty = Database(tmp_path / "empty.db")
    known = states(database).at(DAY)
    assert states(empty, shipped).at(date(2025, 1, 1)).to_payload() == known.to_payload()
    with pytest.raises(NoDataError, match="nbabot import"):
        states(empty, shipped).at(DAY - timedelta(days=1))
    (shipped / PLAYERS_STARTER).write_bytes(b"half a file")
    with pytest.raises(BundleError, match="reinstall nbabot"):
        states(empty, shipped).at(DAY)
    empty.close()


def test_numbers_of_another_day_than_the_teams_are_not_used(shipped: Path, tmp_path: Path) -> None:
    empty = Database(tmp_path / "empty.db")
    write_players_starter(shipped / PLAYERS_STARTER, PlayersStarter(players_contract(), date(2024, 1, 1), {}))
    with pytest.raises(NoDataError):
        states(empty, shipped).at(DAY)
    empty.close()


def test_the_program_as_it_comes_forecasts_a_player_and_says_how_old_its_numbers_are(tmp_path: Path) -> None:
    engine = Engine(tmp_path, now=lambda: noon_of(date(2025, 10, 22)))
    forecast = engine.player("jayson tatum")
    assert forecast.name == "Jayson Tatum"
    assert forecast.game_id is None
    assert forecast.model.startswith("player-xgboost@")
    assert 15 < forecast.stat(Stat.PTS).mean < 30
    said = " ".join(forecast.notes)
    assert "No schedule is known" in said
    assert "122 days old (2025-06-22)" in said
    assert "changed teams in the summer" in said
    assert engine.player("tatum", "NYK").opponent_id == resolve_team("NYK").team_id
    assert [one.name for one in engine.players("jayson t", 1)] == ["Jayson Tatum"]
    engine.close()


def test_before_the_summers_moves_are_known_nobody_shares_his_minutes_with_all_of_last_seasons_team(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine(tmp_path, now=lambda: noon_of(date(2025, 10, 22)))
    forecast = engine.player("jayson tatum")
    monkeypatch.setattr(player, "after_summer", lambda *_: {})
    everybody = engine.player("jayson tatum")
    assert forecast.minutes > everybody.minutes + 2
    assert not any("summer" in note for note in everybody.notes)
    engine.close()


def test_who_is_still_there_is_only_guessed_for_teams_that_have_not_played_yet(database: Database) -> None:
    league = states(database).at(DAY).league
    teams = tuple(one.team_id for one in TEAMS)
    season = season_of(DAY)
    assert after_summer(league, teams, season) == {}
    chances = after_summer(league, teams, season + 1)
    rotation = league.players.rotation(teams[0], season + 1)
    assert [chances[one.player_id] for one in rotation] == sorted(
        (stayed(one.minutes) for one in rotation), reverse=True
    )
    assert 0.2 < stayed(12.0) < stayed(40.0) < 0.9
