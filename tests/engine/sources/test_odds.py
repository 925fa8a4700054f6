from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.core.errors import FeedBlockedError, FeedError, FeedKeyError, FeedPausedError, FeedShapeError
from engine.core.odds import OVER, OddsAccess, OddsQuota, Quote
from engine.sources.odds import LIVE, NO_QUOTES, UNKNOWN_TEAMS, fetch_odds, parse_odds

NOW = datetime(2026, 1, 15, 17, tzinfo=UTC)
KEY = "0123456789abcdef0123456789abcdef"
ACCESS = OddsAccess(KEY)
BOSTON, LAKERS = 1610612738, 1610612747


def event(**changes: Any) -> dict[str, Any]:
    """One game as the feed sends it."""
    outcomes = {
        "h2h": [{"name": "Boston Celtics", "price": 1.5}, {"name": "Los Angeles Lakers", "price": 2.7}],
        "spreads": [
            {"name": "Boston Celtics", "price": 1.91, "point": -5.5},
            {"name": "Los Angeles Lakers", "price": 1.91, "point": 5.5},
        ],
        "totals": [{"name": "Over", "price": 1.9, "point": 221.5}, {"name": "Under", "price": 1.92, "point": 221.5}],
        "h2h_q1": [{"name": "Boston Celtics", "price": 1.8}, {"name": "Los Angeles Lakers", "price": 2.0}],
        "player_points": [{"name": "Over", "description": "Al Birch", "price": 1.87, "point": 24.5}],
    }
    return {
        "id": "e1",
        "sport_key": "basketball_nba",
        "commence_time": "2026-01-16T00:40:00Z",
        "home_team": "Boston Celtics",
        "away_team": "Los Angeles Lakers",
        "bookmakers": [
            {"key": "bookie", "markets": [{"key": key, "outcomes": offered} for key, offered in outcomes.items()]}
        ],
        **changes,
    }


def test_an_event_becomes_quotes_by_team_id() -> None:
    found = parse_odds([event()], NOW)
    only = found.rows[0]
    assert (only.event_id, only.home_id, only.away_id) == ("e1", BOSTON, LAKERS)
    assert only.tip_utc == datetime(2026, 1, 16, 0, 40, tzinfo=UTC)
    assert only.quotes[:3] == (
        Quote("bookie", "h2h", str(BOSTON), 1.5),
        Quote("bookie", "h2h", str(LAKERS), 2.7),
        Quote("bookie", "spreads", str(BOSTON), 1.91, -5.5),
    )
    assert only.quotes[-1] == Quote("bookie", "player_points", OVER, 1.87, 24.5, "Al Birch")
    assert {quote.market for quote in only.quotes} == {"h2h", "spreads", "totals", "player_points"}


def test_no_games_is_a_well_formed_answer() -> None:
    assert parse_odds([], NOW).rows == ()


def test_every_event_is_accounted_for() -> None:
    events = [
        event(),
        event(),
        event(id="e2", home_team="Real Madrid"),
        event(id="e3", commence_time="2026-01-15T16:59:00Z"),
        event(id="e4", bookmakers=[]),
    ]
    found = parse_odds(events, NOW)
    assert (found.read, len(found.rows), found.repeated) == (5, 1, 1)
    assert found.rejected == {UNKNOWN_TEAMS: 1, LIVE: 1, NO_QUOTES: 1}


@pytest.mark.parametrize("price", [1.0, 0, -110, float("nan"), float("inf")])
def test_what_is_no_price_is_no_quote(price: float) -> None:
    books = [{"key": "bookie", "markets": [{"key": "h2h", "outcomes": [{"name": "Boston Celtics", "price": price}]}]}]
    assert parse_odds([event(bookmakers=books)], NOW).rejected == {NO_QUOTES: 1}


@pytest.mark.parametrize(
    "payload",
    [
        {"message": "out of order"},
        ["text"],
        [event(bookmakers=None)],
        [event(commence_time="soon")],
        [event(sport_key="icehockey_nhl")],
        [{key: value for key, value in event().items() if key != "home_team"}],
        [
            event(
                bookmakers=[{"key": "b", "markets": [{"key": "totals", "outcomes": [{"name": "Over", "price": 2.0}]}]}]
            )
        ],
        [event(bookmakers=[{"key": "b", "markets": [{"key": "h2h", "outcomes": [{"name": "Draw", "price": 2.0}]}]}])],
    ],
)
def test_an_answer_of_another_shape_is_an_error_not_an_empty_list(payload: object) -> None:
    with pytest.raises(FeedShapeError, match=r"^api\.the-odds-api\.com sent an event without"):
        parse_odds(payload, NOW)


@dataclass
class Answered:
    content: bytes
    headers: Mapping[str, str]


@dataclass
class Desk:
    """A server that gives one answer, and remembers what it was asked."""

    content: bytes = b"[]"
    headers: Mapping[str, str] = field(default_factory=lambda: {"x-requests-remaining": "497", "x-requests-used": "3"})
    refuses: type[FeedError] | None = None
    asked: list[tuple[str, Mapping[str, str], Mapping[str, str]]] = field(default_factory=list)

    def get(self, url: str, params: Mapping[str, str], secret: Mapping[str, str]) -> Answered:
        self.asked.append((url, params, secret))
        if self.refuses:
            raise self.refuses("api.the-odds-api.com", "refused")
        return Answered(self.content, self.headers)


def test_one_call_brings_all_games_and_what_is_left_of_the_quota() -> None:
    desk = Desk(json.dumps([event()]).encode())
    parsed, quota = fetch_odds(desk, ACCESS, lambda: NOW, None)
    assert (len(parsed.rows), quota) == (1, OddsQuota(497, 3, NOW))
    url, params, secret = desk.asked[0]
    assert params == {"regions": "us", "markets": "h2h,spreads,totals", "oddsFormat": "decimal", "dateFormat": "iso"}
    assert secret == {"apiKey": KEY}
    assert KEY not in url + str(params)


def test_books_that_are_named_stand_in_the_place_of_regions() -> None:
    desk = Desk()
    fetch_odds(desk, replace(ACCESS, books=("one", "two")), lambda: NOW, None)
    assert desk.asked[0][1]["bookmakers"] == "one,two"
    assert "regions" not in desk.asked[0][1]


def test_no_call_is_made_that_would_go_under_the_floor_until_the_next_day() -> None:
    desk = Desk()
    with pytest.raises(FeedPausedError, match="22 more requests"):
        fetch_odds(desk, ACCESS, lambda: NOW, OddsQuota(22, 478, NOW - timedelta(hours=1)))
    assert desk.asked == []
    fetch_odds(desk, ACCESS, lambda: NOW, OddsQuota(23, 477, NOW - timedelta(hours=1)))
    fetch_odds(desk, ACCESS, lambda: NOW, OddsQuota(0, 500, NOW - timedelta(days=1)))
    assert len(desk.asked) == 2


@pytest.mark.parametrize("headers", [{}, {"x-requests-remaining": "many", "x-requests-used": "3"}])
def test_an_answer_that_tells_no_quota_is_an_answer(headers: Mapping[str, str]) -> None:
    assert fetch_odds(Desk(headers=headers), ACCESS, lambda: NOW, None)[1] is None


def test_a_refused_key_is_said_to_be_so_and_is_not_shown() -> None:
    with pytest.raises(FeedKeyError, match="refuses the key in THE_ODDS_API_KEY") as caught:
        fetch_odds(Desk(refuses=FeedKeyError), ACCESS, lambda: NOW, None)
    assert KEY not in str(caught.value)
    with pytest.raises(FeedBlockedError, match="^refused$"):
        fetch_odds(Desk(refuses=FeedBlockedError), ACCESS, lambda: NOW, None)


@pytest.mark.parametrize(("price", "point"), [(float("inf"), -5.5), (1.0, -5.5), (1.9, float("nan"))])
def test_a_price_or_handicap_that_is_none_is_left_out(price: float, point: float) -> None:
    outcome = {"name": "Boston Celtics", "price": price, "point": point}
    spreads = {"key": "spreads", "outcomes": [outcome, {**outcome, "price": 1.91, "point": -5.5}]}
    found = parse_odds([event(bookmakers=[{"key": "bookie", "markets": [spreads]}])], NOW)
    assert [(quote.price, quote.point) for quote in found.rows[0].quotes] == [(1.91, -5.5)]


def test_a_tip_off_without_its_zone_is_not_guessed() -> None:
    with pytest.raises(FeedShapeError, match="without what belongs to one"):
        parse_odds([event(commence_time="2026-01-16T00:40:00")], NOW)


def test_a_cut_answer_is_an_error() -> None:
    with pytest.raises(FeedShapeError, match="no JSON"):
        fetch_odds(Desk(b'[{"id": "e1"'), ACCESS, lambda: NOW, None)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "fetched", "events", "begun", "quotes"),
    [
        ("mansfield_nba_odds.json", datetime(2023, 11, 6, 4, 6, tzinfo=UTC), 12, 0, 72),
        ("heatch_arb_basketball_nba.json", datetime(2025, 1, 5, 0, 47, tzinfo=UTC), 12, 3, 150),
    ],
)
def test_recorded_answers_are_read_whole(name: str, fetched: datetime, events: int, begun: int, quotes: int) -> None:
    path = Path(os.environ.get("NBABOT_DATA", "../shared/data"), "api_samples/the_odds_api", name)
    if not path.is_file():
        pytest.skip(f"the recorded odds are absent: {path} (set NBABOT_DATA)")
    found = parse_odds(json.loads(path.read_text(encoding="utf-8")), fetched)
    assert (len(found.rows), sum(found.rejected.values())) == (events, begun)
    assert sum(len(one.quotes) for one in found.rows) == quotes
