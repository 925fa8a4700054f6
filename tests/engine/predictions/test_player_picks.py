"""Forecasts of players that are published with a day's picks, and what becomes of each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.core.calendar import noon_of
from engine.core.errors import NoDataError
from engine.core.injuries import InjuryStatus, ListedPlayer, TeamReport
from engine.core.player_records import Stat, StatRecord
from engine.engine import DATABASE, Engine
from engine.store.database import Database
from engine.store.injuries import store_injuries

DAY = date(2024, 12, 12)
NEXT = DAY + timedelta(days=1)
EngineOn = Callable[[date], Engine]


@pytest.fixture
def store(players_home: Path) -> Iterator[Database]:
    database = Database(players_home / DATABASE)
    yield database
    database.close()


def change(store: Database, sql: str, *values: object) -> None:
    with store.write() as connection:
        connection.execute(sql, values)


def rows(store: Database) -> list[dict[str, object]]:
    return [dict(row) for row in store.rows("SELECT * FROM player_picks ORDER BY game_id, player_id, stat")]


def of(engine: Engine, stat: Stat) -> StatRecord:
    return engine.player_record(stat=stat).stats[0]


def test_every_stat_of_whoever_is_counted_on_is_published_as_it_was_forecast(engine_on: EngineOn) -> None:
    engine = engine_on(DAY)
    made = engine.publish_player_picks()
    record = engine.player_record()
    assert [one.stat for one in record.stats] == list(Stat)
    assert sum(one.n for one in record.stats) == sum(one.pending for one in record.stats) == made
    assert 10 <= record.stats[0].n / len(engine.slate().games) <= 30
    assert (record.first_day, record.last_day, record.simulated) == (DAY, DAY, True)


def test_what_is_published_is_what_the_player_is_told(engine_on: EngineOn, store: Database) -> None:
    engine = engine_on(DAY)
    engine.publish_player_picks()
    name = engine.rotation(engine.slate().games[0].game.home_id)[0].name
    said = engine.player(name)
    kept = {row["stat"]: row for row in rows(store) if row["player_id"] == said.player_id}
    for one in said.stats:
        row = kept[one.stat.value]
        assert (row["mean"], row["median"], row["minutes"], row["model"]) == (
            one.mean,
            one.median,
            said.minutes,
            said.model,
        )
        assert (row["low_80"], row["high_80"]) == one.interval_80


def test_publishing_twice_changes_nothing(engine_on: EngineOn, store: Database) -> None:
    engine = engine_on(DAY)
    assert engine.publish_player_picks() > 0
    before = rows(store)
    made = engine.train_player(["mean"])[0]
    engine.promote(made.name, made.version, "tests", "another opinion", force=True)
    assert engine.publish_player_picks() == 0
    assert rows(store) == before


def test_hits_misses_and_voids_are_all_of_those_published(engine_on: EngineOn, store: Database) -> None:
    engine_on(DAY).publish_player_picks()
    later = engine_on(NEXT)
    later.grade()
    graded = rows(store)
    boxes = {(row["game_id"], row["player_id"]): row["pts"] for row in store.rows("SELECT * FROM player_boxes")}
    for row in (one for one in graded if one["stat"] == "pts"):
        points = boxes.get((row["game_id"], row["player_id"]))
        assert row["value"] == points
        inside = points is not None and row["low_80"] <= points <= row["high_80"]
        assert row["outcome"] == ("void" if points is None else "hit" if inside else "miss")
    one = of(later, Stat.PTS)
    assert one.n == one.hits + one.misses + one.voids
    assert one.share_80 == pytest.approx(one.hits / one.graded)
    wrong = [abs(row["value"] - row["median"]) for row in graded if row["stat"] == "pts" and row["value"] is not None]
    assert one.mae == pytest.approx(sum(wrong) / len(wrong))
    assert later.grade() == 0


def test_who_did_not_appear_is_void_and_stays_in_the_count(engine_on: EngineOn, store: Database) -> None:
    engine_on(DAY).publish_player_picks()
    later = engine_on(NEXT)
    later.grade()
    before = of(later, Stat.PRA)
    who = next(row for row in rows(store) if row["stat"] == "pra" and row["outcome"] == "hit")
    change(
        store,
        "UPDATE player_boxes SET minutes = 0 WHERE player_id = ? AND game_id = ?",
        who["player_id"],
        who["game_id"],
    )
    later.grade()
    after = of(later, Stat.PRA)
    assert (after.n, after.hits, after.voids) == (before.n, before.hits - 1, before.voids + 1)


def test_a_corrected_line_is_graded_anew(engine_on: EngineOn, store: Database) -> None:
    engine_on(DAY).publish_player_picks()
    later = engine_on(NEXT)
    later.grade()
    who = next(row for row in rows(store) if row["stat"] == "reb" and row["outcome"] == "hit")
    change(
        store, "UPDATE player_boxes SET dreb = 40 WHERE player_id = ? AND game_id = ?", who["player_id"], who["game_id"]
    )
    later.grade()
    again = next(row for row in rows(store) if all(row[key] == who[key] for key in ("game_id", "player_id", "stat")))
    assert again["outcome"] == "miss"
    assert again["value"] > 39
    assert {key: again[key] for key in ("mean", "low_80", "high_80", "published_at")} == {
        key: who[key] for key in ("mean", "low_80", "high_80", "published_at")
    }


def test_a_game_put_off_is_void_and_one_without_lines_yet_is_pending(engine_on: EngineOn, store: Database) -> None:
    engine_on(DAY).publish_player_picks()
    later = engine_on(NEXT)
    first, second = sorted({str(row["game_id"]) for row in rows(store)})[:2]
    change(store, "UPDATE games SET status = 'postponed' WHERE game_id = ?", first)
    change(store, "DELETE FROM player_boxes WHERE game_id = ?", second)
    later.grade()
    outcomes = {game: {row["outcome"] for row in rows(store) if row["game_id"] == game} for game in (first, second)}
    assert outcomes == {first: {"void"}, second: {"pending"}}


def test_nothing_is_seen_before_its_time(engine_on: EngineOn) -> None:
    engine_on(DAY).publish_player_picks()
    engine_on(NEXT).grade()
    assert engine_on(DAY - timedelta(days=1)).player_record().stats == ()
    then = of(engine_on(DAY), Stat.PTS)
    assert (then.n, then.mae, then.share_80) == (then.pending, None, None)


def test_the_record_is_of_the_days_the_season_and_the_stat_asked_for(engine_on: EngineOn) -> None:
    engine_on(DAY).publish_player_picks()
    later = engine_on(DAY + timedelta(days=5))
    assert later.player_record(days=4).stats == ()
    assert later.player_record(season=2023).stats == ()
    assert later.player_record(days=5) == later.player_record(season=2024) == later.player_record()
    assert [one.stat for one in later.player_record(stat=Stat.BLK).stats] == [Stat.BLK]


def test_a_player_who_is_out_is_not_published(engine_on: EngineOn, store: Database) -> None:
    engine = engine_on(DAY)
    game = engine.slate().games[0].game
    star = engine.rotation(game.home_id)[0]
    sides = (game.home_id, game.away_id)
    listed = ListedPlayer(star.name, InjuryStatus.OUT, "knee")
    moment = noon_of(DAY) - timedelta(hours=1)
    store_injuries(
        store,
        [
            TeamReport(moment, DAY, own, other, None, True, (listed,) if own == game.home_id else ())
            for own, other in (sides, sides[::-1])
        ],
    )
    engine.publish_player_picks()
    published = {row["player_id"] for row in rows(store)}
    assert star.player_id not in published
    assert engine.rotation(game.home_id)[1].player_id in published


def test_no_forecast_is_published_in_hindsight(engine_on: EngineOn, store: Database) -> None:
    """Neither for a day past, nor by a model that has learned from the day, nor once games have begun."""
    assert engine_on(NEXT).publish_player_picks(DAY) == 0
    assert engine_on(DAY - timedelta(days=5)).publish_player_picks() == 0
    change(store, "UPDATE games SET tip_utc = '2024-12-12T10:00:00Z' WHERE league_day = ?", DAY.isoformat())
    assert engine_on(DAY).publish_player_picks() == 0


def test_without_a_player_model_nothing_is_published_and_nothing_fails(engine: Engine) -> None:
    assert engine.publish_picks()
    assert engine.publish_player_picks() == 0
    assert engine.player_record().stats == ()


def test_a_day_without_a_known_schedule_is_refused(engine_on: EngineOn) -> None:
    with pytest.raises(NoDataError, match="No schedule is stored"):
        engine_on(DAY).publish_player_picks(date(2030, 1, 1))


def test_a_day_costs_little(engine_on: EngineOn) -> None:
    """A day of 15 games is to be published within 3 s."""
    engine = engine_on(DAY)
    games = len(engine.slate().games)
    engine.player(engine.rotation(engine.slate().games[0].game.home_id)[0].name)
    started = time.process_time()
    engine.publish_player_picks()
    assert (time.process_time() - started) * 15 / games < 3
