"""Rest, crowded schedules and journeys, counted by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.core.arenas import travel_km
from engine.core.teams import BY_ABBREVIATION
from engine.features.itinerary import Itinerary

BOS, LAL, DEN = (BY_ABBREVIATION[code].team_id for code in ("BOS", "LAL", "DEN"))
DAY = date(2025, 1, 15)


def back(days: int) -> date:
    return DAY - timedelta(days=days)


def after(*days: int, arena: int | None = BOS) -> Itinerary:
    """Games so many days before DAY, the last of them in an arena."""
    found = Itinerary()
    for one in days:
        found = found.after(back(one), arena)
    return found


@pytest.mark.parametrize(("last", "rest"), [(1, 1), (2, 2), (3, 3), (9, 3)])
def test_rest_is_days_since_the_last_game_at_most_three(last: int, rest: int) -> None:
    assert after(last).rest(DAY, None) == rest


def test_rest_before_the_first_game_is_full_and_the_schedule_knows_better() -> None:
    assert Itinerary().rest(DAY, None) == 3
    assert after(4).rest(DAY, back(1)) == 1


@pytest.mark.parametrize(
    ("days", "crowded"), [((3, 1), True), ((3, 2), True), ((2, 1), True), ((4, 1), False), ((1,), False), ((), False)]
)
def test_a_third_game_in_four_nights_is_seen(days: tuple[int, ...], crowded: bool) -> None:
    assert after(*days).third_in_four(DAY, None) is crowded


def test_a_last_game_that_only_the_schedule_knows_counts_once() -> None:
    assert after(3).third_in_four(DAY, back(1))
    assert not after(1).third_in_four(DAY, back(1))


def test_a_journey_leads_from_the_last_arena_and_is_slept_off_in_a_week() -> None:
    assert after(2).travel(DAY, LAL) == pytest.approx(travel_km(BOS, LAL) / 1000)
    assert after(2).travel(DAY, BOS) == 0
    assert after(6).travel(DAY, LAL) == 0


@pytest.mark.parametrize("arena", [None, 1610612000])
def test_an_unknown_place_is_no_journey(arena: int | None) -> None:
    assert after(2, arena=arena).travel(DAY, LAL) == 0
    assert after(2).travel(DAY, arena) == 0


def test_only_the_last_games_are_kept_and_come_back_from_json() -> None:
    found = after(9, 8, 7, 5, 3, 1, arena=DEN)
    assert len(found.days) == 4
    assert Itinerary.from_payload(found.to_payload()) == found
    assert Itinerary.from_payload(Itinerary().to_payload()) == Itinerary()
