"""Past games that went like one under way: nearest first, newer before older, recent minutes before early ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from engine.core.minutes import MINUTES
from engine.models.dejavu import Library, distances, nearest, weights


def library(*games: Sequence[int]) -> Library:
    """Games by their margins in the first minutes, the last one held to the end."""
    margins = np.array([[*game, *[game[-1]] * (MINUTES - len(game))] for game in games], dtype=np.int8)
    return Library(tuple(f"g{n}" for n in range(len(games))), margins, margins[:, -1].astype(np.int16))


def test_the_game_that_went_the_same_way_comes_first_and_lies_no_distance_away() -> None:
    known = library((1, 2, 3), (2, 4, 6), (-1, -2, -3))
    found = nearest(known, (2, 4, 6), 3)
    assert [match.index for match in found] == [1, 0, 2]
    assert found[0].distance == 0
    assert nearest(known, (-2, -4, -6), 1)[0].index == 2  # sides are not mirrored


def test_a_game_that_was_always_three_points_off_lies_three_points_away() -> None:
    (match,) = nearest(library((3, 5, 7, 9)), (0, 2, 4, 6), 1)
    assert match.distance == pytest.approx(3)


def test_only_the_minutes_played_count_and_the_present_margin_as_much_as_how_it_came_to_be() -> None:
    known = library((0, 0, 0, 0, 9), (9, 0, 0, 0, 0), (0, 0, 0, 9, 0))
    assert [match.index for match in nearest(known, (0, 0, 0, 0), 3)] == [0, 1, 2]
    for minutes in (1, 24, 48):
        assert weights(minutes).sum() == pytest.approx(1)
        assert weights(minutes)[-1] == pytest.approx(0.5 + 0.5 / minutes)


def test_of_games_equally_near_the_newer_comes_first_whatever_the_others_are() -> None:
    same = library(*[(2, 5, 3)] * 40, (9, 9, 9), *[(2, 5, 3)] * 40)
    assert [match.index for match in nearest(same, (2, 4, 4), 3)] == [80, 79, 78]
    assert [match.index for match in nearest(same.first(30), (2, 4, 4), 3)] == [29, 28, 27]


def test_a_lead_beyond_what_is_kept_is_still_nearest_to_the_greatest() -> None:
    known = library((10, 20), (100, 127), (-100, -127))
    assert nearest(known, (150, 160), 1)[0].index == 1


def test_minutes_after_regulation_are_not_looked_at() -> None:
    known = library((1,), (5,))
    assert nearest(known, (1,) * MINUTES + (40,) * 5, 2) == nearest(known, (1,) * MINUTES, 2)


def test_after_regulation_what_went_to_overtime_is_only_like_what_went_there() -> None:
    level, won, lost = (5,) * 47 + (0,), (5,) * 47 + (1,), (5,) * 47 + (-1,)
    known = library(level, won, lost, (-30,) * 47 + (0,))
    assert [match.index for match in nearest(known, level, 4)] == [0, 3]
    assert [match.index for match in nearest(known, won, 4)] == [1]
    assert [match.index for match in nearest(known, level[:47], 4)] == [2, 1, 0, 3]
    assert nearest(library(won), level, 4) == ()


def test_before_the_first_minute_and_without_games_nothing_is_alike() -> None:
    assert nearest(library((1,)), (), 5) == ()
    assert nearest(library((1,)).first(0), (1, 2), 5) == ()
    assert len(nearest(library((1,), (2,)), (1, 2), 5)) == 2


def test_the_distance_is_the_weighed_root_of_the_mean_squared_difference() -> None:
    random = np.random.default_rng(1)
    known = library(*random.integers(-30, 30, (50, MINUTES)).tolist())
    so_far = random.integers(-30, 30, 18).tolist()
    plain = np.sqrt(((known.margins[:, :18] - np.array(so_far)) ** 2 * weights(18)).sum(axis=1))
    assert distances(known, so_far) == pytest.approx(plain, abs=1e-5)
