"""Line-ups that follow from who plays, and what is known of it before tip-off."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.features.availability import (
    CHANCES,
    MOST_MINUTES,
    TEAM_MINUTES,
    UNKNOWN,
    Availability,
    Lineup,
    Member,
    chance_after,
    known_from,
    lineup,
)

TEAM = 1


def member(player_id: int, minutes: float = 30.0, value: float = 2.0, missed: int = 0) -> Member:
    return Member(player_id, TEAM, minutes, value / 2, value / 2, 1.0, missed)


ROTATION = [member(n, minutes) for n, minutes in enumerate((34, 32, 30, 28, 26, 22, 18, 14))]


def test_what_is_told_of_a_player_counts_before_the_games_he_missed() -> None:
    hurt = member(1, missed=5)
    assert UNKNOWN.chance(hurt) == CHANCES[5]
    assert Availability({1: 0.4}).chance(hurt) == 0.4
    assert Availability({1: 0.4}, complete=frozenset({TEAM})).chance(hurt) == 0.4


def test_where_every_missing_player_is_listed_the_others_play() -> None:
    assert Availability(complete=frozenset({TEAM})).chance(member(1, missed=5)) == 1.0
    assert Availability(complete=frozenset({2})).chance(member(1, missed=5)) == CHANCES[5]
    assert Availability(complete=frozenset({TEAM})).usual_chance(TEAM) == 1.0
    assert UNKNOWN.usual_chance(TEAM) == CHANCES[0]


def test_the_longer_a_player_has_been_missing_the_less_likely_he_plays() -> None:
    assert list(CHANCES[:8]) == sorted(CHANCES[:8], reverse=True)
    assert max(CHANCES[8:]) < CHANCES[7]
    assert chance_after(500) == CHANCES[-1]


def test_a_played_game_tells_of_the_rotation_alone_and_of_each_for_his_own_team() -> None:
    known = known_from(ROTATION[:3], {(0, TEAM), (1, 2), (99, TEAM)})
    assert known.chances == {0: 1.0, 1: 0.0, 2: 0.0}


def test_missing_minutes_go_to_team_mates_in_part_and_never_beyond_forty() -> None:
    whole = lineup(ROTATION, [1.0] * 8)
    short = lineup(ROTATION, [0.0] + [1.0] * 7)
    lost = ROTATION[0].minutes / 48 * ROTATION[0].value
    assert whole.value - lost < short.value < whole.value
    lonely = lineup([member(1, 39.0)], [1.0])
    assert lonely.value == pytest.approx(MOST_MINUTES / 48 * 2.0)


def test_more_minutes_than_a_game_has_are_cut_to_it() -> None:
    crowd = [member(n, 30.0) for n in range(12)]
    assert lineup(crowd, [1.0] * 12).value == pytest.approx(TEAM_MINUTES / 48 * 2.0)


def test_nobody_is_worth_nothing() -> None:
    assert lineup([], []) == lineup(ROTATION, [0.0] * 8) == Lineup()


def test_a_coin_flip_over_a_star_is_less_sure_than_either_way() -> None:
    star = [member(0, 36.0, value=8.0), *ROTATION[1:]]
    sure = [lineup(star, [chance] + [1.0] * 7).variance for chance in (0.0, 1.0)]
    assert lineup(star, [0.5] + [1.0] * 7).variance > max(sure)


@given(st.lists(st.tuples(st.floats(12, 40), st.floats(-4, 8), st.floats(0, 1)), min_size=1, max_size=15))
def test_no_line_up_is_better_than_five_of_its_best_player(players: list[tuple[float, float, float]]) -> None:
    members = [member(n, minutes, value) for n, (minutes, value, _) in enumerate(players)]
    found = lineup(members, [chance for *_, chance in players])
    best, worst = (choose([0.0, *(value for _, value, _ in players)]) for choose in (max, min))
    assert 5 * worst - 1e-9 <= found.value <= 5 * best + 1e-9
    assert found.variance >= 0
