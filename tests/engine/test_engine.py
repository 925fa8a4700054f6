"""The engine as its faces use it, on a simulated league looked at from 2025-01-15."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.core.calendar import SeasonType, noon_of
from engine.core.errors import BundleError, DateOutOfRangeError, NoDataError, NoModelError, UsageError
from engine.core.records import Outcome
from engine.core.teams import BY_ID
from engine.engine import Engine, shipped_models
from engine.features.contract import Matchup
from engine.features.game import LeagueState
from engine.models.estimators import GameModel
from engine.store import games
from engine.store.database import Database
from engine.store.state import mark_changed

DAY = date(2025, 1, 15)
EngineAt = Callable[[date], Engine]


def _names(home_id: int, away_id: int) -> tuple[str, str]:
    return BY_ID[home_id].abbreviation, BY_ID[away_id].nickname


def _meddle(home: Path, sql: str, *values: object) -> None:
    """Change facts behind the engine's back and say so, as an import does."""
    with Database(home / "nbabot.db").write() as connection:
        connection.execute(sql, values)
        mark_changed(connection, date(2022, 1, 1))


def test_a_scheduled_game_is_found_whichever_team_is_named_first(engine: Engine) -> None:
    game = engine.slate().games[0].game
    forecast = engine.predict(*_names(game.away_id, game.home_id))
    assert (forecast.game_id, forecast.home_id, forecast.scheduled) == (game.game_id, game.home_id, True)


def test_the_next_meeting_within_two_weeks_is_meant_and_no_later_one(engine_at: EngineAt) -> None:
    game = engine_at(DAY).slate().games[0].game
    names = _names(game.home_id, game.away_id)
    assert engine_at(DAY - timedelta(days=14)).predict(*names).league_day <= DAY
    early = engine_at(DAY - timedelta(days=15))
    found = early.predict(*names)
    assert not found.scheduled or found.league_day < DAY
    assert early.predict(*names, day=DAY).game_id == game.game_id


def test_a_hypothetical_game_is_at_the_first_teams_home_today_and_says_so(engine: Engine) -> None:
    playing = {team for item in engine.slate().games for team in (item.game.home_id, item.game.away_id)}
    first, second = next(
        (a, b)
        for a in BY_ID
        for b in BY_ID
        if a != b and a not in playing and not engine.predict(*_names(a, b)).scheduled
    )
    forecast = engine.predict(*_names(first, second))
    assert (forecast.home_id, forecast.league_day, forecast.game_id) == (first, DAY, None)
    assert any("ypothetical" in note for note in forecast.notes)


def test_a_forecast_adds_up(engine: Engine) -> None:
    for item in engine.slate().games:
        forecast = item.forecast
        assert 0 < forecast.home_win_prob < 1
        assert (forecast.margin > 0) == (forecast.home_win_prob > 0.5)
        assert forecast.home_score + forecast.away_score == pytest.approx(forecast.total)
        assert sum(driver.points for driver in forecast.drivers) == pytest.approx(forecast.margin, abs=0.06)
        assert forecast.data_through is not None
        assert forecast.data_through < DAY


def test_no_forecast_moves_when_the_results_of_its_day_and_later_change(engine_at: EngineAt, home: Path) -> None:
    before = [item.forecast for item in engine_at(DAY).slate().games]
    _meddle(
        home,
        "UPDATE games SET home_points = 200, away_points = 1 WHERE league_day >= ?",
        DAY.isoformat(),
    )
    _meddle(
        home,
        "UPDATE team_boxes SET pts = 200, fga = 1 WHERE game_id IN (SELECT game_id FROM games WHERE league_day >= ?)",
        DAY.isoformat(),
    )
    assert [item.forecast for item in engine_at(DAY).slate().games] == before


def test_forecasts_move_when_an_earlier_result_changes(engine_at: EngineAt, home: Path) -> None:
    before = [item.forecast.home_win_prob for item in engine_at(DAY).slate().games]
    _meddle(
        home, "UPDATE team_boxes SET pts = pts + 60 WHERE team_id = ?", engine_at(DAY).slate().games[0].game.home_id
    )
    assert [item.forecast.home_win_prob for item in engine_at(DAY).slate().games] != before


def test_the_results_of_the_day_itself_are_not_known_and_those_of_the_day_before_are(engine_at: EngineAt) -> None:
    assert not any(item.final for item in engine_at(DAY).slate().games)
    assert all(item.final for item in engine_at(DAY + timedelta(days=1)).slate(DAY).games)


def test_the_state_from_snapshots_is_the_state_from_all_games(engine: Engine) -> None:
    whole = LeagueState()
    for played in games.played_games(Database(engine.home / "nbabot.db"), before=DAY):
        whole.advance(played)
    assert engine.team_numbers().to_payload() == whole.to_payload()


def test_a_forecast_from_the_cache_is_the_same_but_for_the_moment_of_the_question(home: Path) -> None:
    moment = noon_of(DAY)
    engine = Engine(home, now=lambda: moment)
    first = engine.predict("BOS", "LAL")
    assert engine.predict("celtics", "lakers") is first
    moment += timedelta(hours=3)
    later = engine.predict("BOS", "LAL")
    assert later == replace(first, as_of=moment)


def _days_of(engine: Engine, season: int) -> list[date]:
    rows = Database(engine.home / "nbabot.db").rows(
        "SELECT DISTINCT league_day FROM games WHERE season = ? ORDER BY league_day", (season,)
    )
    return [date.fromisoformat(row["league_day"]) for row in rows]


def test_a_quiet_day_of_the_season_is_an_empty_slate_and_an_unknown_day_is_refused(engine: Engine) -> None:
    days = _days_of(engine, 2024)
    quiet = next(day + timedelta(days=1) for day in days if day + timedelta(days=1) not in days)
    assert engine.slate(quiet).games == ()
    with pytest.raises(NoDataError, match="run from .* to"):
        engine.slate(days[-1] + timedelta(days=30))


def test_picks_are_frozen_once_and_graded_when_the_result_is_known(engine_at: EngineAt) -> None:
    morning = engine_at(DAY)
    picks = morning.publish_picks()
    assert len(picks) == len(morning.slate().games) > 0
    other = next(one for one in morning.models() if one.family == "elo" and one.simulated)
    morning.promote(other.name, other.version, "tests", "another opinion")
    assert morning.publish_picks() == picks
    assert all(item.published and item.forecast.model == picks[0].model for item in morning.slate().games)
    assert morning.grade() == 0
    next_day = engine_at(DAY + timedelta(days=1))
    assert next_day.grade() == len(picks)
    assert next_day.grade() == 0
    record = next_day.record()
    assert (record.n, record.hits + record.misses, record.pending) == (len(picks), len(picks), 0)
    assert record.n_market == len(picks)
    assert record.simulated


def test_a_game_that_was_never_played_voids_its_pick_and_stays_in_the_count(engine_at: EngineAt, home: Path) -> None:
    picks = engine_at(DAY).publish_picks()
    _meddle(home, "UPDATE games SET status = 'cancelled' WHERE game_id = ?", picks[0].game_id)
    next_day = engine_at(DAY + timedelta(days=1))
    next_day.grade()
    record = next_day.record()
    assert (record.n, record.voids, record.hits + record.misses) == (len(picks), 1, len(picks) - 1)
    assert next_day.picks(DAY)[0].outcome is Outcome.VOID


def test_a_question_from_earlier_does_not_see_what_was_published_later(engine_at: EngineAt) -> None:
    day_after = DAY + timedelta(days=1)
    assert engine_at(day_after).publish_picks()
    engine_at(day_after + timedelta(days=1)).grade()
    earlier = engine_at(DAY)
    slate = earlier.slate(day_after)
    assert not any(item.published for item in slate.games)
    assert all(item.forecast.data_through < DAY for item in slate.games if item.forecast.data_through)
    assert earlier.picks(day_after) == ()
    assert earlier.record().n == 0
    assert earlier.status().published_picks == 0


def test_a_model_that_has_seen_the_day_publishes_no_picks_for_it(engine_at: EngineAt) -> None:
    past = engine_at(DAY - timedelta(days=10))
    with pytest.raises(NoModelError, match="hindsight"):
        past.publish_picks()
    assert engine_at(DAY + timedelta(days=9)).record().n == 0


def test_a_day_without_a_stored_schedule_is_not_taken_for_a_day_without_games(tmp_path: Path) -> None:
    with pytest.raises(NoDataError, match="No games are stored"):
        Engine(tmp_path).publish_picks()


def test_a_game_moved_to_another_day_voids_its_pick_and_can_be_picked_again(engine_at: EngineAt, home: Path) -> None:
    pick = engine_at(DAY).publish_picks()[0]
    new_day = DAY + timedelta(days=20)
    _meddle(home, "UPDATE games SET league_day = ? WHERE game_id = ?", new_day.isoformat(), pick.game_id)
    next_day = engine_at(DAY + timedelta(days=1))
    next_day.grade()
    assert next_day.picks(DAY)[0].outcome is Outcome.VOID
    again = engine_at(new_day)
    assert pick.game_id in {one.game_id for one in again.publish_picks()}
    after = engine_at(new_day + timedelta(days=1))
    after.grade()
    assert {one.game_id: one.outcome for one in after.picks(new_day)}[pick.game_id] in (Outcome.HIT, Outcome.MISS)
    assert after.picks(DAY)[0].outcome is Outcome.VOID


def test_a_corrected_result_is_graded_again(engine_at: EngineAt, home: Path) -> None:
    pick = engine_at(DAY).publish_picks()[0]
    next_day = engine_at(DAY + timedelta(days=1))
    next_day.grade()
    first = next_day.picks(DAY)[0].outcome
    _meddle(
        home,
        "UPDATE games SET home_points = away_points, away_points = home_points WHERE game_id = ?",
        pick.game_id,
    )
    assert next_day.grade() == 1
    assert {first, next_day.picks(DAY)[0].outcome} == {Outcome.HIT, Outcome.MISS}


def test_a_pick_is_graded_by_its_team_when_home_and_away_were_corrected(engine_at: EngineAt, home: Path) -> None:
    pick = engine_at(DAY).publish_picks()[0]
    next_day = engine_at(DAY + timedelta(days=1))
    next_day.grade()
    before = next_day.picks(DAY)[0]
    _meddle(
        home,
        "UPDATE games SET home_id = away_id, away_id = home_id, home_points = away_points, away_points = home_points "
        "WHERE game_id = ?",
        pick.game_id,
    )
    next_day.grade()
    after = next_day.picks(DAY)[0]
    assert next_day.slate(DAY).games[0].outcome is before.outcome
    assert (after.outcome, after.home_points, after.away_points) == (
        before.outcome,
        before.home_points,
        before.away_points,
    )


def test_a_league_imported_by_another_process_is_seen_as_simulated(tmp_path: Path, league_folder: Path) -> None:
    running = Engine(tmp_path, now=lambda: noon_of(DAY))
    assert not running.simulated
    Engine(tmp_path).import_paths([league_folder])
    assert running.simulated
    assert running.slate().simulated
    assert any("SIMULATED" in note for note in running.predict("BOS", "LAL").notes)


def test_a_forecast_is_what_the_model_says_of_a_row_read_from_the_results_alone(engine_at: EngineAt) -> None:
    for day in (DAY, DAY + timedelta(days=1), date(2025, 3, 1)):
        engine = engine_at(day)
        state = LeagueState()
        for played in games.played_games(Database(engine.home / "nbabot.db"), before=day):
            state.advance(played)
        file = next((engine.home / "models" / "game-logistic").glob("*/model.json"))
        model = GameModel.from_files({file.name: file.read_bytes()})
        for item in engine.slate().games:
            numbers = model.predict(state.row(Matchup.of(item.game)))
            assert item.forecast.margin == numbers.margin
            assert item.forecast.total == numbers.total


def test_a_pause_of_the_schedule_is_no_missing_data(engine_at: EngineAt) -> None:
    days = _days_of(engine_at(DAY), 2024)
    gap = max(range(1, len(days)), key=lambda n: days[n] - days[n - 1])
    if (days[gap] - days[gap - 1]).days > 4:
        after_break = engine_at(days[gap]).slate().games[0].forecast
        assert not any("newest result known" in note for note in after_break.notes)
    long_after = engine_at(days[-1] + timedelta(days=200)).predict("BOS", "LAL")
    assert any("newest result known" in note for note in long_after.notes)


def test_picks_are_not_made_up_for_days_gone_by(engine: Engine) -> None:
    assert engine.publish_picks(DAY - timedelta(days=1)) == ()


def test_the_record_looks_back_as_far_as_asked(engine_at: EngineAt) -> None:
    for offset in (0, 10):
        engine_at(DAY + timedelta(days=offset)).publish_picks()
    later = engine_at(DAY + timedelta(days=11))
    later.grade()
    whole, week = later.record(), later.record(days=7)
    assert 0 < week.n < whole.n
    assert later.record(season=2024) == whole
    assert later.record(season=2023).n == 0


@pytest.mark.parametrize("day", [DAY + timedelta(days=400), date(2099, 1, 1)])
def test_a_game_more_than_a_year_away_is_not_forecast(engine: Engine, day: date) -> None:
    with pytest.raises(DateOutOfRangeError, match="more than a year away"):
        engine.predict("BOS", "LAL", day)


def test_a_day_before_anything_was_known_is_refused(engine_at: EngineAt) -> None:
    with pytest.raises(NoDataError, match="Nothing is known"):
        engine_at(date(2020, 1, 1)).predict("BOS", "LAL")


def test_the_first_days_of_a_season_are_forecast_with_a_word_of_caution(engine_at: EngineAt) -> None:
    first = _days_of(engine_at(DAY), 2024)[0]
    item = engine_at(first).slate().games[0]
    assert any("Early season" in note for note in item.forecast.notes)


def test_a_model_that_has_seen_the_day_says_that_this_is_no_fair_test(engine_at: EngineAt) -> None:
    assert not any("hindsight" in note for note in engine_at(DAY).predict("BOS", "LAL").notes)
    looking_back = engine_at(DAY - timedelta(days=30)).predict("BOS", "LAL")
    assert any("In hindsight" in note and "no fair test" in note for note in looking_back.notes)


def test_the_rotation_is_who_played_lately_for_this_team(engine: Engine) -> None:
    players = engine.rotation(1610612738)
    assert 5 <= len(players) <= 13
    assert all(one.minutes >= 12 and one.last_day < DAY for one in players)
    assert list(players) == sorted(players, key=lambda one: (-one.minutes, one.name))


def test_a_neutral_game_has_no_home_court_driver(engine: Engine) -> None:
    database = Database(engine.home / "nbabot.db")
    row = database.row("SELECT league_day, home_id, away_id FROM games WHERE neutral = 1 AND season = 2024")
    assert row is not None
    forecast = engine.predict(*_names(row["home_id"], row["away_id"]), day=date.fromisoformat(row["league_day"]))
    assert forecast.neutral
    assert not any("at home" in driver.text for driver in forecast.drivers)


def test_training_needs_enough_games(tmp_path: Path) -> None:
    with pytest.raises(NoDataError, match="import"):
        Engine(tmp_path).train_game()


def test_an_unknown_family_is_refused_with_the_known_ones(engine: Engine) -> None:
    with pytest.raises(UsageError, match="elo, logistic"):
        engine.train_game(["oracle"])


def test_a_backtest_refuses_the_first_stored_season(engine: Engine) -> None:
    with pytest.raises(UsageError, match="first stored season"):
        engine.backtest_game([2023])


class TestFreshMachine:
    """No data, no network: only what comes with the program."""

    def test_a_matchup_is_answered_from_the_shipped_numbers_which_say_how_old_they_are(self, tmp_path: Path) -> None:
        forecast = Engine(tmp_path).predict("BOS", "LAL")
        assert 0 < forecast.home_win_prob < 1
        assert forecast.data_through is not None
        assert any(str(forecast.data_through) in note and "days" in note for note in forecast.notes)

    def test_players_come_with_the_program_too(self, tmp_path: Path) -> None:
        assert len(Engine(tmp_path).rotation(1610612738)) >= 5

    def test_a_slate_needs_a_schedule(self, tmp_path: Path) -> None:
        with pytest.raises(NoDataError, match="nbabot import"):
            Engine(tmp_path).slate()

    def test_a_damaged_starter_file_is_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        import engine.engine as module

        shipped = tmp_path / "shipped"
        shipped.mkdir()
        for path in shipped_models().glob("game-*/*/*"):
            target = shipped / path.relative_to(shipped_models())
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
        (shipped / "starter_state.json.gz").write_bytes(b"\x1f\x8b half a file")
        monkeypatch.setattr(module, "shipped_models", lambda: shipped)
        with pytest.raises(BundleError, match="damaged"):
            Engine(tmp_path / "home").predict("BOS", "LAL")

    def test_the_shipped_metrics_are_honest_walk_forward_figures(self, tmp_path: Path) -> None:
        manifest = Engine(tmp_path).champion()
        assert 0.59 < manifest.metrics["log_loss"] < 0.66
        assert json.dumps(manifest.metrics)


def test_season_types_are_stored_with_each_game(engine: Engine) -> None:
    assert {item.game.season_type for item in engine.slate().games} == {SeasonType.REGULAR}
