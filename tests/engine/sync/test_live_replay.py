"""A past game played again: on a copy, as if nobody knew how it ended, and gone without a trace."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.core.calendar import league_day, noon_of
from engine.core.errors import DatabaseError, NoDataError, NoModelError, UsageError
from engine.core.live_games import LiveStatus
from engine.core.records import Game
from engine.engine import DATABASE, Engine
from engine.store.database import Database, utc_text
from engine.sync.live_replay import Replay
from tests.conftest import DEMO_DAY

YESTERDAY = DEMO_DAY - timedelta(days=1)


@pytest.fixture
def game(engine: Engine) -> Game:
    return engine.slate(YESTERDAY).games[0].game


def played_on(replay: Replay[Engine], minutes: int) -> None:
    """Move the clock on minute by minute, and ask the feed each time."""
    for _ in range(minutes):
        replay.clock.jump(replay.clock() + timedelta(minutes=1))
        assert replay.engine.poll_live().problem == ""


def test_a_game_is_played_again_without_knowing_its_end_and_its_forecasts_are_graded(engine: Engine, game: Game):
    with engine.replay(game.game_id) as replay:
        there = replay.engine
        played_on(replay, 30)
        card = there.live(game.game_id)
        assert card.view.state.status is LiveStatus.LIVE
        assert 29 * 60 <= card.view.state.moment.played <= 30 * 60
        assert card.points[-1].played == card.view.state.moment.played
        assert there.live_record().games == 0
        played_on(replay, 40)
        final = there.live(game.game_id).view.state
        assert final.status is LiveStatus.FINAL
        assert (final.moment.home, final.moment.away) == (game.home_points, game.away_points)
        record = replay.settle()
    assert (record.games, record.first_day) == (1, game.league_day)
    assert sum(band.n for band in record.bands) > 40


def test_the_home_knows_nothing_of_a_replay_and_the_copy_is_removed_though_it_was_broken_off(
    engine: Engine, game: Game
):
    with pytest.raises(KeyboardInterrupt), engine.replay(game.game_id) as replay:
        copy = replay.engine.home
        played_on(replay, 10)
        assert copy != engine.home
        raise KeyboardInterrupt
    assert not copy.exists()
    assert not Database(engine.home / DATABASE).rows("SELECT 1 FROM live_games")


def test_a_copy_that_a_killed_replay_left_behind_is_removed_by_a_later_one(
    engine: Engine, game: Game, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    old, fresh = tmp_path / "nbabot-replay-old", tmp_path / "nbabot-replay-fresh"
    for folder in (old, fresh):
        folder.mkdir()
    yesterday = time.time() - 86_400
    os.utime(old, (yesterday, yesterday))
    with engine.replay(game.game_id):
        assert fresh.exists()
        assert not old.exists()


def test_what_was_followed_and_waits_to_be_posted_stays_at_home(engine: Engine, game: Game):
    engine.follows.add("discord:1", game.game_id, game.league_day, engine.now())
    with engine.replay(game.game_id) as replay:
        assert replay.engine.follows.since(date.min) == ()
        assert replay.engine.guilds.every() == ()
    assert len(engine.follows.since(date.min)) == 1


def test_a_late_game_is_played_early_enough_to_end_on_its_own_league_day(engine: Engine, game: Game):
    just_before_midnight = noon_of(game.league_day) + timedelta(hours=11, minutes=45)
    with Database(engine.home / DATABASE).write() as connection:
        late = (utc_text(just_before_midnight), game.game_id)
        connection.execute("UPDATE games SET tip_utc = ? WHERE game_id = ?", late)
    with engine.replay(game.game_id) as replay:
        played_on(replay, 50)
        assert replay.engine.live(game.game_id).view.state.status is LiveStatus.FINAL
        assert league_day(replay.clock()) == game.league_day


def test_the_clock_stands_until_it_is_started_and_then_runs_fast(
    engine: Engine, game: Game, monkeypatch: pytest.MonkeyPatch
):
    seconds = [100.0]
    monkeypatch.setattr("engine.sync.live_replay.time.monotonic", lambda: seconds[0])
    with engine.replay(game.game_id, 600) as replay:
        seconds[0] += 50
        begin = replay.clock()
        assert replay.engine.now() == begin
        replay.clock.start()
        seconds[0] += 1
        assert replay.clock() - begin == timedelta(minutes=10)


@pytest.mark.parametrize("speed", [0.0, -1.0, 0.5, 3601.0, float("nan"), float("inf")])
def test_an_absurd_speed_is_a_sentence(engine: Engine, game: Game, speed: float):
    with pytest.raises(UsageError, match=r"1 to 3,600 times"), engine.replay(game.game_id, speed):
        pass


def test_a_game_that_cannot_be_replayed_is_a_sentence_that_says_what_to_do(engine: Engine, game: Game):
    with pytest.raises(NoDataError, match="nbabot today"):
        engine.replay("0029900001")
    with pytest.raises(NoDataError, match="import the score timelines"):
        engine.replay(engine.slate().games[0].game.game_id)
    with Database(engine.home / DATABASE).write() as connection:
        connection.execute("DELETE FROM model_aliases WHERE task = 'live'")
    with pytest.raises(NoModelError, match="nbabot train live"):
        engine.replay(game.game_id)


def test_a_disk_without_room_is_a_sentence_and_leaves_nothing(
    engine: Engine, game: Game, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    usual: Callable[[Path], object] = shutil.disk_usage
    monkeypatch.setattr("shutil.disk_usage", lambda path: type(usual(path))(10, 9, 1))  # type: ignore[call-arg]
    with pytest.raises(DatabaseError, match="has no room for its"), engine.replay(game.game_id):
        pass
    assert not list(tmp_path.glob("nbabot-replay-*"))


def test_the_past_is_called_hindsight_where_the_model_has_learned_from_it(engine: Engine, game: Game):
    with Database(engine.home / DATABASE).write() as connection:
        connection.execute("UPDATE games SET league_day = '2024-01-20' WHERE game_id = ?", (game.game_id,))
    assert any("In hindsight" in note for note in engine.live(game.game_id).view.notes)
