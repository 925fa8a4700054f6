"""What fans read of teams, odds, the record and the models is true and plain."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from engine.core import odds_words, record_words, status_words, team_words
from engine.core.calendar import SeasonType
from engine.core.odds import OVER, Consensus, GameOdds, Market, Quote
from engine.core.records import Game, GameForecast
from engine.core.reports import CalibrationBin, ModelStatus, ModelVersion, TrackRecord
from engine.core.sync_reports import HostState
from engine.core.teams import BY_ABBREVIATION

BOS, LAL = BY_ABBREVIATION["BOS"].team_id, BY_ABBREVIATION["LAL"].team_id
DAY = date(2025, 1, 15)
NOON = datetime(2025, 1, 15, 17, tzinfo=UTC)
FORECAST = GameForecast(BOS, LAL, DAY, False, True, 0.64, 5.2, 223.4, (), "a@1", NOON, DAY)
BINS = (CalibrationBin(0.3, 0.4, 40, 0.35, 0.25), CalibrationBin(0.6, 0.7, 60, 0.65, 0.75))
RECORD = TrackRecord(DAY, DAY, 104, 62, 38, 0, 4, 0.62, 0.214, 0.618, 10.4, BINS)


@pytest.mark.parametrize(
    ("number", "said"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (13, "13th"), (22, "22nd")]
)
def test_places_are_said_as_people_say_them(number: int, said: str) -> None:
    assert team_words.ordinal(number) == said


def test_a_game_is_told_from_the_teams_own_side() -> None:
    game = Game("1", 2024, SeasonType.REGULAR, DAY, BOS, LAL, home_points=104, away_points=118)
    assert team_words.played(game, BOS) == "L 104-118 vs LAL"
    assert team_words.played(game, LAL) == "W 118-104 at BOS"
    assert team_words.played(replace(game, neutral=True), LAL) == "W 118-104 vs BOS"
    assert team_words.to_play(FORECAST, BOS) == "vs LAL, 64% to win"
    assert team_words.to_play(FORECAST, LAL) == "at BOS, 36% to win"


def test_models_that_differ_are_said_to_differ() -> None:
    def by(*chances: float) -> str:
        return team_words.agreement([replace(FORECAST, home_win_prob=chance) for chance in chances])

    assert by(0.64, 0.62) == "All 2 models pick the Celtics, 62% to 64%."
    assert by(0.64, 0.64) == "All 2 models pick the Celtics, 64%."
    assert by(0.36, 0.38) == "All 2 models pick the Lakers, 62% to 64%."
    assert "far apart" in by(0.55, 0.70)
    assert by(0.55, 0.45, 0.6) == (
        "The models disagree on the winner, 2 for the Celtics and 1 for the Lakers: take it as open."
    )
    assert by(0.64) == "There is only this one model."


def test_a_record_says_on_how_many_games_it_rests_and_how_far_luck_reaches() -> None:
    assert record_words.headline(RECORD) == "62 of 100 picks right (62%)"
    assert "104 picks published" in record_words.counted(RECORD)
    assert record_words.luck(RECORD) == "On 100 games luck alone moves that share by up to 10 points either way."
    few = replace(RECORD, hits=3, misses=1)
    assert record_words.luck(few).endswith("by up to 49 points either way. Far too few to judge by.")


def test_the_baseline_is_the_home_side_of_the_very_same_games() -> None:
    assert "right 55% of the time" in record_words.baseline(RECORD)


def test_a_record_without_graded_picks_promises_nothing() -> None:
    empty = TrackRecord(None, None, 0, 0, 0, 0, 0, None, None, None, None)
    assert record_words.headline(empty) == "No picks in that time"
    assert record_words.headline(replace(empty, n=3, pending=3)) == "No graded picks yet"
    assert (record_words.luck(empty), record_words.baseline(empty), record_words.scores(empty)) == ("", "", "")
    assert "no comparison with the market" in record_words.market(empty)


def test_luck_reaches_further_with_fewer_games_and_never_beyond_certain() -> None:
    wide, narrow = record_words.by_luck(replace(BINS[1], n=4)), record_words.by_luck(BINS[1])
    assert wide[0] < narrow[0] < 0.65 < narrow[1] < wide[1] <= 1


def test_the_books_are_held_against_the_pick_in_points() -> None:
    assert odds_words.verdict(FORECAST, 0.62) == "BOS to win: the bot says 64%, the books 62%, 2 points less."
    assert odds_words.verdict(replace(FORECAST, home_win_prob=0.36), 0.37).endswith("64%, the books 63%, 1 point less.")
    assert odds_words.verdict(FORECAST, 0.64).endswith("the books 64%, the same.")
    assert odds_words.verdict(FORECAST, None) == ""


def test_best_prices_say_side_price_and_book_and_leave_out_players() -> None:
    best = (
        Quote("one", "player_points", OVER, 1.9, 27.5, "Somebody"),
        Quote("two", Market.TOTAL, OVER, 1.95, 224.5),
        Quote("three", Market.MONEYLINE, str(BOS), 1.667),
        Quote("four", Market.SPREAD, str(LAL), 2.0, 4.5),
    )
    game = Game("1", 2024, SeasonType.REGULAR, DAY, BOS, LAL)
    found = GameOdds(game, NOON, Consensus(2, 0.6, -4.5, 224.5, -150, 130), best)
    assert odds_words.quotes(found) == (
        "BOS to win: 1.67 (-150) at three",
        "LAL +4.5: 2.00 (+100) at four",
        "over 224.5: 1.95 (-105) at two",
    )


def test_a_version_says_what_it_learned_from_and_how_it_did_or_that_nobody_knows() -> None:
    one = ModelVersion("game-elo", "1.0.0", "game", "elo", ModelStatus.CHAMPION, NOON, "2023-24", 1200, False)
    assert status_words.version(one).endswith("It has not been tested yet.")
    tested = replace(one, metrics={"accuracy": 0.645, "log_loss": 0.6341, "n": 3690.0})
    assert "on 3,690 games it had not seen it picked the winner 64% of the time" in status_words.version(tested)
    assert status_words.in_short(tested) == "in production; picked 64% of winners in testing, log loss 0.634"


def test_a_host_that_is_left_alone_is_said_to_be() -> None:
    assert status_words.host(HostState("a.example", 3, NOON)) == (
        "a.example failed 3 times in a row, left alone until 12:00 ET"
    )
