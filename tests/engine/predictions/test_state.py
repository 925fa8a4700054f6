"""Snapshots of the league's state: always equal to a replay of every game, whatever has changed."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.core.errors import BundleError
from engine.engine import Engine
from engine.features.contract import GAME_FEATURES, contract_hash
from engine.features.game import LeagueState
from engine.predictions.availability import NewsDesk
from engine.predictions.people import People
from engine.predictions.starter import STARTER, Starter, read_starter, write_starter
from engine.predictions.state import StateKeeper
from engine.store import games
from engine.store.database import Database
from engine.store.state import changed_from, mark_changed

DAY = date(2025, 1, 15)


@pytest.fixture
def database(home: Path) -> Database:
    return Database(home / "nbabot.db")


@pytest.fixture
def keeper(database: Database, tmp_path: Path) -> StateKeeper:
    return StateKeeper(database, tmp_path / "nothing shipped")


def _replayed(database: Database, day: date) -> dict[str, object]:
    state = LeagueState()
    for played in games.played_games(database, before=day):
        state.advance(played)
    return state.to_payload()


def _each_replayed(database: Database, days: Sequence[date]) -> list[dict[str, object]]:
    """The same for several days, the earliest first, in one walk."""
    state, found, last = LeagueState(), [], None
    for day in days:
        for played in games.played_games(database, before=day, after=last and last - timedelta(days=1)):
            state.advance(played)
        found.append(state.to_payload())
        last = day
    return found


def _change_from(database: Database, day: date) -> None:
    with database.write() as connection:
        connection.execute(
            "UPDATE team_boxes SET pts = pts + 3 WHERE game_id IN (SELECT game_id FROM games WHERE league_day >= ?)",
            (day.isoformat(),),
        )
        mark_changed(connection, day)


def _snapshot_days(database: Database) -> list[str]:
    return [row["league_day"] for row in database.rows("SELECT league_day FROM state_snapshots ORDER BY 1")]


@pytest.mark.parametrize("day", [date(2023, 12, 1), date(2024, 3, 17), DAY, date(2026, 1, 1)])
def test_any_day_equals_a_replay(keeper: StateKeeper, database: Database, day: date) -> None:
    assert keeper.at(day).to_payload() == _replayed(database, day)


@pytest.mark.parametrize("changed", [date(2023, 11, 11), date(2024, 12, 1), date(2025, 4, 10), date(2030, 1, 1)])
def test_a_change_reaches_every_later_day_before_and_after_the_refresh(
    keeper: StateKeeper, database: Database, changed: date
) -> None:
    before = _snapshot_days(database)
    _change_from(database, changed)
    days = [DAY, date(2025, 4, 12), date(2025, 8, 1)]
    replayed = _each_replayed(database, days)
    assert [keeper.at(day).to_payload() for day in days] == replayed
    keeper.refresh()
    assert [keeper.at(day).to_payload() for day in days] == replayed
    assert _snapshot_days(database) == before


def test_snapshots_of_another_contract_are_rebuilt_when_the_folder_is_opened(home: Path, database: Database) -> None:
    days = _snapshot_days(database)
    with database.write() as connection:
        connection.execute("UPDATE state_snapshots SET contract = 'older', payload = x'00'")
    engine = Engine(home)
    assert _snapshot_days(database) == days
    assert engine.predict("BOS", "LAL").model


def test_a_refresh_that_dies_half_way_changes_nothing(
    keeper: StateKeeper, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    _change_from(database, date(2024, 12, 1))
    before = database.rows("SELECT league_day, payload FROM state_snapshots")

    def stop(stage: str, done: int, total: int) -> None:
        if done > 300:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keeper.refresh(stop)
    assert database.rows("SELECT league_day, payload FROM state_snapshots") == before
    assert keeper.at(DAY).to_payload() == _replayed(database, DAY)


def test_the_starter_file_comes_back_as_it_was_and_is_the_same_bytes_each_time(
    tmp_path: Path, keeper: StateKeeper, database: Database
) -> None:
    players = People(database, keeper, NewsDesk(database)).everybody(DAY)
    assert players
    starter = Starter("c", keeper.at(DAY).to_payload(), players)
    write_starter(tmp_path / "a", starter)
    write_starter(tmp_path / "b", starter)
    assert read_starter(tmp_path / "a") == starter
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("raw", [b"", b"\x1f\x8b", b"\x1f\x8b\x08\x00" + b"\x00" * 40, b"{}"])
def test_a_damaged_starter_file_is_a_bundle_error(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "s").write_bytes(raw)
    with pytest.raises(BundleError, match="damaged"):
        read_starter(tmp_path / "s")


def test_results_after_the_shipped_numbers_go_on_from_them(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    before = LeagueState.from_payload(_replayed(database, date(2024, 9, 1)))
    write_starter(shipped / STARTER, Starter(contract_hash(GAME_FEATURES), before.to_payload(), ()))
    with database.write() as connection:
        connection.execute("DELETE FROM meta WHERE key = 'simulated'")
        for table in ("scores", "minute_margins", "closing_lines", "player_boxes", "team_boxes"):
            connection.execute(f"DELETE FROM {table} WHERE game_id < '0022400000'")
        connection.execute("DELETE FROM games WHERE season < 2024")
        mark_changed(connection, date(2024, 10, 1))
    keeper = StateKeeper(database, shipped)
    for played in games.played_games(database, before=DAY):
        before.advance(played)
    assert keeper.at(DAY).to_payload() == before.to_payload()
    keeper.refresh()
    assert keeper.at(DAY).to_payload() == before.to_payload()
    with database.write() as connection:
        connection.execute("UPDATE state_snapshots SET contract = 'older'")
    keeper.refresh()
    assert keeper.at(DAY).to_payload() == before.to_payload()


def test_damaged_snapshots_are_passed_over(keeper: StateKeeper, database: Database) -> None:
    with database.write() as connection:
        connection.execute("UPDATE state_snapshots SET payload = x'0011'")
    assert keeper.at(DAY).to_payload() == _replayed(database, DAY)


def test_a_refresh_overtaken_by_an_import_leaves_the_mark_for_the_next_one(
    keeper: StateKeeper, database: Database
) -> None:
    _change_from(database, date(2024, 12, 1))

    def import_meanwhile(stage: str, done: int, total: int) -> None:
        if done == total:
            _change_from(database, date(2023, 12, 1))

    keeper.refresh(import_meanwhile)
    assert changed_from(database) == date(2023, 12, 1)
    keeper.refresh()
    assert changed_from(database) is None
    assert keeper.at(DAY).to_payload() == _replayed(database, DAY)
