from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.core.calendar import SeasonType
from engine.core.records import Game, GameForecast, GameStatus, Outcome, SlateGame
from tui.widgets import text as texts

BOS, LAL = 1610612738, 1610612747
NOW = datetime(2025, 1, 15, 23, tzinfo=UTC)
GAME = Game("0022400001", 2024, SeasonType.REGULAR, date(2025, 1, 15), BOS, LAL)
FORECAST = GameForecast(
    BOS, LAL, GAME.league_day, False, True, 0.7, 8.0, 226.0, (), "elo@1", datetime(2025, 1, 15, 17, tzinfo=UTC), None
)


@pytest.mark.parametrize("share", [0.0, 0.26, 0.5, 0.97, 1.0, 1.3, -0.2])
@pytest.mark.parametrize("width", [1, 10, 37])
def test_a_bar_is_always_as_wide_as_asked(share: float, width: int) -> None:
    assert len(texts.bar(share, width)) == width


def test_a_bar_is_filled_in_proportion() -> None:
    assert texts.bar(0.5, 4) == "━━··"
    assert texts.bar(0.625, 4) == "━━╸·"


def test_a_signed_bar_grows_to_the_side_of_its_sign() -> None:
    assert texts.signed_bar(-2, 4, 4) == ("  ━━", "    ")
    assert texts.signed_bar(4, 4, 4) == ("    ", "━━━━")
    assert texts.signed_bar(-1.5, 4, 4) == ("  ╺━", "    ")
    assert texts.signed_bar(0.01, 4, 4) == ("    ", "╸   ")
    assert texts.signed_bar(9, 4, 4) == ("    ", "━━━━")
    assert texts.signed_bar(0, 0, 2) == ("  ", "  ")


def test_scores_put_the_away_side_first() -> None:
    assert texts.expected_score(FORECAST) == "109-117"
    final = replace(GAME, home_points=120, away_points=104, overtimes=2)
    assert texts.result(final) == "104-120 2OT"
    assert texts.result(GAME) == ""


@pytest.mark.parametrize(
    ("game", "outcome", "text"),
    [
        (GAME, Outcome.PENDING, "scheduled"),
        (replace(GAME, tip_utc=NOW + timedelta(minutes=1)), Outcome.PENDING, "scheduled"),
        (replace(GAME, tip_utc=NOW), Outcome.PENDING, "in play"),
        (replace(GAME, tip_utc=NOW - timedelta(hours=5)), Outcome.PENDING, "no result"),
        (replace(GAME, league_day=date(2025, 1, 14)), Outcome.PENDING, "no result"),
        (replace(GAME, status=GameStatus.POSTPONED), Outcome.PENDING, "postponed"),
        (replace(GAME, home_points=120, away_points=104), Outcome.HIT, "✓ hit"),
        (replace(GAME, home_points=100, away_points=104), Outcome.MISS, "✗ miss"),
        (replace(GAME, home_points=100, away_points=104), Outcome.PENDING, "final"),
        (GAME, Outcome.VOID, "void"),
    ],
)
def test_a_game_says_where_it_stands(game: Game, outcome: Outcome, text: str) -> None:
    assert texts.standing(SlateGame(game, FORECAST, False, outcome), NOW) == text


def test_a_tip_off_is_a_time_by_this_machine_and_names_another_day_than_the_leagues() -> None:
    tip = datetime(2025, 1, 16, 0, 30, tzinfo=UTC)
    local = tip.astimezone()
    assert texts.tip_off(replace(GAME, tip_utc=tip, league_day=local.date())) == f"{local:%H:%M}"
    other = replace(GAME, tip_utc=tip, league_day=local.date() - timedelta(days=1))
    assert texts.tip_off(other) == f"{local:%a %H:%M}"
    assert texts.tip_off(GAME) == ""
    assert texts.zone(tip) == f"{local:%Z}"


def test_what_rounds_to_nothing_has_no_sign() -> None:
    assert [texts.signed(amount) for amount in (1.26, -0.4, 0.04, -0.04)] == ["+1.3", "-0.4", "0.0", "0.0"]


def test_counts_and_points_agree_with_their_nouns() -> None:
    assert (texts.plural(1, "game"), texts.plural(2, "game")) == ("1 game", "2 games")
    assert (texts.points(1.0), texts.points(8.62)) == ("1.0 point", "8.6 points")
