from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.core import words
from engine.core.calendar import SeasonType
from engine.core.records import Driver, Game, GameForecast, GameStatus, Outcome, Pick, SlateGame
from engine.core.reports import ModelStatus, ModelVersion, TrackRecord
from engine.core.teams import BY_ABBREVIATION

BOS, LAL = BY_ABBREVIATION["BOS"].team_id, BY_ABBREVIATION["LAL"].team_id
DAY = date(2025, 1, 15)
FORECAST = GameForecast(
    home_id=BOS,
    away_id=LAL,
    league_day=DAY,
    neutral=False,
    scheduled=True,
    home_win_prob=0.643,
    margin=5.2,
    total=223.4,
    drivers=(Driver("Playing at home", 2.6), Driver("Second game in two nights", -0.8)),
    model="logistic@1",
    as_of=datetime(2025, 1, 15, 17, tzinfo=UTC),
    data_through=date(2025, 1, 14),
)
GAME = Game("0022400001", 2024, SeasonType.REGULAR, DAY, BOS, LAL)
PICK = Pick("0022400001", DAY, BOS, LAL, 0.643, 5.2, 223.4, "logistic@1", FORECAST.as_of)
EMPTY = TrackRecord(None, None, 0, 0, 0, 0, 0, None, None, None, None)


def test_the_answer_names_the_likelier_team_in_words_and_with_the_number() -> None:
    assert words.chance(FORECAST) == "Celtics win about 2 times in 3 (64%)"
    assert words.chance(replace(FORECAST, home_win_prob=0.2)) == "Lakers win about 4 times in 5 (80%)"


def test_near_even_is_called_a_coin_flip_and_not_a_win() -> None:
    assert words.chance(replace(FORECAST, home_win_prob=0.51)) == "A coin flip (Celtics 51%)"


@given(st.floats(0.565, 0.999))
def test_the_words_lie_within_five_points_of_the_number(probability: float) -> None:
    part, whole = (int(word) for word in words.how_often(probability).split() if word.isdigit())
    assert abs(part / whole - probability) <= 0.0501


@given(st.floats(0, 1))
def test_no_forecast_is_shown_as_certain(probability: float) -> None:
    assert words.percent(probability) not in ("0%", "100%")
    assert int(words.percent(probability)[:-1]) + int(words.other_percent(probability)[:-1]) == 100


@given(st.floats(0.5, 1))
def test_every_chance_has_words(probability: float) -> None:
    assert words.how_often(probability)


def test_the_score_stands_with_the_likelier_winner_first() -> None:
    assert words.score(FORECAST) == "Celtics 114, Lakers 109"
    assert words.score(replace(FORECAST, home_win_prob=0.3, margin=-7.0)) == "Lakers 115, Celtics 108"
    assert words.score(replace(FORECAST, home_win_prob=0.51, margin=0.2)) == "about 112 each"


def test_a_hypothetical_game_is_never_called_scheduled() -> None:
    assert words.setting(FORECAST) == "On the schedule: Wed 15 Jan 2025, Celtics at home"
    asked = words.setting(replace(FORECAST, scheduled=False))
    assert asked == "A what-if game, not on the schedule: Wed 15 Jan 2025, Celtics at home"


def test_a_neutral_game_is_at_nobodys_home() -> None:
    neutral = replace(FORECAST, neutral=True)
    assert words.matchup(neutral) == "Los Angeles Lakers vs Boston Celtics"
    assert words.short_matchup(neutral) == "Lakers vs Celtics"
    assert "home" not in words.setting(neutral)
    assert words.matchup(FORECAST) == "Los Angeles Lakers at Boston Celtics"
    assert words.short_matchup(FORECAST) == "Lakers at Celtics"


def test_a_reason_is_credited_to_the_team_it_helps() -> None:
    assert words.driver(FORECAST.drivers[0], FORECAST) == ("+2.6 BOS", "Playing at home")
    assert words.driver(FORECAST.drivers[1], FORECAST) == ("+0.8 LAL", "Second game in two nights")


def test_the_track_record_counts_graded_picks_only() -> None:
    record = replace(EMPTY, first_day=date(2025, 1, 1), last_day=DAY, n=100, hits=61, misses=34, voids=1, pending=4)
    assert words.track(record, None) == "61 of 95 picks right (64%) since Wed 1 Jan 2025"


def test_before_any_pick_is_graded_the_backtest_speaks_and_is_called_one() -> None:
    metrics = {"accuracy": 0.652, "n": 7056.0}
    champion = ModelVersion(
        "logistic", "1", "game", "logistic", ModelStatus.CHAMPION, FORECAST.as_of, "2023-24", 9000, False, metrics
    )
    said = words.track(replace(EMPTY, n=5, pending=5), champion)
    assert said == "No graded picks yet; in testing on 7,056 past games it picked the winner 65% of the time"
    assert words.track(EMPTY, None) == "No graded picks yet"


def test_a_slate_line_puts_scores_in_the_order_of_the_teams() -> None:
    item = SlateGame(GAME, FORECAST, True, Outcome.PENDING)
    assert words.slate_line(item, "**") == "LAL at **BOS 64%** · 109-114"
    final = replace(GAME, status=GameStatus.FINAL, home_points=101, away_points=99)
    assert words.slate_line(SlateGame(final, FORECAST, True, Outcome.HIT)) == "✅ LAL at BOS 64% · final 99-101"


def test_a_recap_line_says_what_became_of_the_pick() -> None:
    graded = replace(PICK, outcome=Outcome.MISS, home_points=99, away_points=101)
    assert words.recap_line(graded) == "❌ Celtics 64% · LAL 101, BOS 99"
    assert words.recap_line(PICK) == "⏳ Celtics 64% · no result yet"
    assert words.recap_line(replace(PICK, outcome=Outcome.VOID)) == "➖ Celtics 64% · not played"


def test_the_tally_leaves_out_what_is_not_graded() -> None:
    outcomes = (Outcome.HIT, Outcome.HIT, Outcome.MISS, Outcome.VOID, Outcome.PENDING)
    assert words.tally(outcomes) == "2 of 3 picks right, 1 not played, 1 without a result yet"


def test_a_moment_is_told_in_the_zone_of_the_league() -> None:
    assert words.moment(datetime(2025, 1, 16, 0, 30, tzinfo=UTC)) == "Wed 15 Jan 2025 19:30 ET"


def test_sureness_grows_with_the_chance() -> None:
    assert [words.surety(share) for share in (0.5, 0.57, 0.58, 0.69, 0.7, 0.99)] == [
        "close to a coin flip",
        "close to a coin flip",
        "leaning",
        "leaning",
        "clear favourites",
        "clear favourites",
    ]


def test_a_day_near_today_is_called_so_and_keeps_its_date() -> None:
    said = [words.day_from(DAY + timedelta(days=ahead), DAY) for ahead in (-2, -1, 0, 1)]
    assert said == ["Mon 13 Jan", "Yesterday, 14 Jan", "Today, 15 Jan", "Tomorrow, 16 Jan"]


def test_a_result_names_the_winner_first_and_the_overtimes() -> None:
    assert words.result(replace(GAME, home_points=104, away_points=118)) == "LAL 118, BOS 104"
    assert words.result(replace(GAME, home_points=118, away_points=104, overtimes=1)) == "BOS 118, LAL 104 (OT)"
