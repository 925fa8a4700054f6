from __future__ import annotations

import math
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.odds import (
    OVER,
    UNDER,
    Consensus,
    Market,
    OddsAccess,
    Quote,
    american_of,
    best_prices,
    closing_line,
    consensus,
    decimal_of,
    edge_against,
    fair_home_probability,
    fair_probability,
)
from engine.core.records import ClosingLine, GameForecast

HOME, AWAY = 1610612738, 1610612747


def moneylines(book: str, home: float, away: float) -> list[Quote]:
    return [Quote(book, Market.MONEYLINE, str(HOME), home), Quote(book, Market.MONEYLINE, str(AWAY), away)]


@pytest.mark.parametrize(
    ("american", "price"), [(-150, 5 / 3), (-110, 21 / 11), (100, 2.0), (130, 2.3), (-10000, 1.01)]
)
def test_american_and_decimal_odds_say_the_same(american: int, price: float) -> None:
    assert decimal_of(american) == pytest.approx(price)
    assert american_of(price) == american


@given(st.integers(100, 100_000), st.booleans())
def test_american_odds_survive_the_way_there_and_back(size: int, favourite: bool) -> None:
    american = -size if favourite and size > 100 else size
    assert american_of(decimal_of(american)) == american


@given(st.floats(1.001, 100), st.floats(1.001, 100))
def test_fair_probabilities_of_both_sides_add_up_to_one(price: float, other: float) -> None:
    assert fair_probability(price, other) + fair_probability(other, price) == pytest.approx(1)
    assert (fair_probability(price, other) > 0.5) == (price < other) or price == other


def test_the_margin_is_taken_from_both_sides_in_proportion() -> None:
    assert fair_home_probability(ClosingLine("g", -4.5, 220.0, -200, 170)) == pytest.approx((2 / 3) / (2 / 3 + 1 / 2.7))
    assert fair_home_probability(ClosingLine("g", -4.5, 220.0, None, 170)) is None


def test_the_consensus_is_the_median_so_that_one_stale_book_moves_nothing() -> None:
    quotes = [
        *moneylines("one", 1.5, 2.7),
        *moneylines("two", 1.52, 2.65),
        *moneylines("stale", 30.0, 1.01),
        Quote("one", Market.SPREAD, str(HOME), 1.91, -5.5),
        Quote("two", Market.SPREAD, str(HOME), 1.91, -6.0),
        Quote("stale", Market.SPREAD, str(HOME), 1.91, 12.0),
        Quote("one", Market.SPREAD, str(AWAY), 1.91, 5.5),
        Quote("one", Market.TOTAL, OVER, 1.91, 221.5),
        Quote("one", Market.TOTAL, UNDER, 1.91, 221.5),
    ]
    agreed = consensus(quotes, HOME, AWAY)
    assert agreed == Consensus(3, fair_probability(1.52, 2.65), -5.5, 221.5, american_of(1.52), american_of(2.65))
    mirrored = consensus(quotes, AWAY, HOME)
    assert math.isclose(mirrored.home_win_prob or 0, 1 - (agreed.home_win_prob or 0))
    assert closing_line("g", agreed) == ClosingLine("g", -5.5, 221.5, -192, 165)


def test_a_book_that_quotes_one_side_only_says_nothing_of_the_chance() -> None:
    agreed = consensus(moneylines("one", 1.5, 2.7)[:1], HOME, AWAY)
    assert agreed == Consensus(1, None, None, None, None, None)


def test_the_best_quote_has_the_kindest_point_then_the_highest_price() -> None:
    quotes = [
        *moneylines("one", 1.5, 2.7),
        *moneylines("two", 1.55, 2.6),
        Quote("one", Market.SPREAD, str(HOME), 1.95, -6.0),
        Quote("two", Market.SPREAD, str(HOME), 1.87, -5.5),
        Quote("one", Market.TOTAL, OVER, 1.8, 220.5),
        Quote("two", Market.TOTAL, OVER, 1.9, 221.5),
        Quote("one", Market.TOTAL, UNDER, 1.8, 220.5),
        Quote("two", Market.TOTAL, UNDER, 1.9, 220.5),
        Quote("one", "player_points", OVER, 1.9, 24.5, "Al Birch"),
        Quote("one", "player_points", OVER, 1.9, 11.5, "Tom Ash"),
    ]
    best = {(quote.market, quote.side, quote.player): (quote.book, quote.point) for quote in best_prices(quotes)}
    assert best == {
        ("h2h", str(HOME), ""): ("two", None),
        ("h2h", str(AWAY), ""): ("one", None),
        ("spreads", str(HOME), ""): ("two", -5.5),
        ("totals", OVER, ""): ("one", 220.5),
        ("totals", UNDER, ""): ("two", 220.5),
        ("player_points", OVER, "Al Birch"): ("one", 24.5),
        ("player_points", OVER, "Tom Ash"): ("one", 11.5),
    }


@pytest.mark.parametrize(
    ("regions", "books", "cost"), [(("us",), 0, 3), (("us", "eu"), 0, 6), (("us", "eu"), 4, 3), (("us",), 11, 6)]
)
def test_a_call_costs_a_request_for_every_market_and_region(regions: tuple[str, ...], books: int, cost: int) -> None:
    assert OddsAccess("key", regions, tuple(f"book{number}" for number in range(books))).cost == cost


def test_the_edge_is_the_forecast_minus_the_line_and_none_where_the_line_is_silent() -> None:
    answer = GameForecast(
        home_id=1,
        away_id=2,
        league_day=date(2025, 1, 15),
        neutral=False,
        scheduled=True,
        home_win_prob=0.6,
        margin=5.0,
        total=220.0,
        drivers=(),
        model="game-x@1.0.0",
        as_of=datetime(2025, 1, 15, 17, tzinfo=UTC),
        data_through=None,
    )
    whole = edge_against(ClosingLine("1", -3.5, 224.5, 100, 100), answer)
    assert (whole.home_win_prob, whole.margin, whole.total) == pytest.approx((0.1, 1.5, -4.5))
    half = edge_against(ClosingLine("1", None, None, -110, None), answer)
    assert (half.home_win_prob, half.margin, half.total) == (None, None, None)
