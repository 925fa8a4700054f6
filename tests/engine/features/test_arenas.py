"""Places of the arenas against figures that anybody can look up."""

from __future__ import annotations

import pytest

from engine.core.arenas import ARENAS, climb_km, travel_km
from engine.core.teams import BY_ABBREVIATION, TEAMS


def team(code: str) -> int:
    return BY_ABBREVIATION[code].team_id


def test_every_team_has_an_arena() -> None:
    assert ARENAS.keys() == {one.team_id for one in TEAMS}


@pytest.mark.parametrize(
    ("start", "end", "km"), [("BOS", "LAL", 4170), ("NYK", "BKN", 8), ("MIA", "POR", 4350), ("LAL", "LAC", 0)]
)
def test_distances_are_those_of_the_map(start: str, end: str, km: float) -> None:
    assert travel_km(team(start), team(end)) == pytest.approx(km, rel=0.02, abs=3)
    assert travel_km(team(end), team(start)) == pytest.approx(travel_km(team(start), team(end)))


def test_only_the_way_up_is_a_climb() -> None:
    assert climb_km(team("BOS"), team("DEN")) == pytest.approx(1.6, abs=0.05)
    assert climb_km(team("DEN"), team("BOS")) == 0
    assert 0 < climb_km(team("UTA"), team("DEN")) < 0.5
