"""A past game shown again by another clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bench.live_files import made_up_games, made_up_scores
from engine.core.errors import FeedMissingError, NoDataError
from engine.core.live_games import LiveStatus
from engine.core.records import Game
from engine.core.timelines import Score
from engine.sources.live import LivePlays, Sighting
from engine.sources.live_replay import ReplayedGame, length_of

START = datetime(2025, 1, 20, 12, tzinfo=UTC)
GAME = made_up_games(date(2025, 1, 15), 1)[0].game
SHORT = (Score(1, 700, 2, 0), Score(2, 30, 40, 41), Score(4, 0, 90, 90), Score(6, 12, 104, 101))
"""A game that went into a second overtime."""


class Replay:
    """A replay and its clock."""

    def __init__(self, game: Game = GAME, scores: tuple[Score, ...] = SHORT) -> None:
        self.now = START
        self.feed = ReplayedGame(game, scores, START, lambda: self.now)

    def at(self, played: int) -> Sighting | None:
        """What the scoreboard shows after so many seconds of play."""
        self.now = START + timedelta(seconds=played)
        shown = self.feed.scoreboard()
        return shown.games[0] if shown else None


@pytest.mark.parametrize(
    ("played", "status", "stand", "text"),
    [
        (-60, LiveStatus.UPCOMING, (1, 720, 0, 0), ""),
        (0, LiveStatus.LIVE, (1, 720, 0, 0), "Q1 12:00"),
        (25, LiveStatus.LIVE, (1, 695, 2, 0), "Q1 11:35"),
        (720, LiveStatus.LIVE, (1, 0, 2, 0), "End Q1"),
        (1440, LiveStatus.LIVE, (2, 0, 40, 41), "Half"),
        (1441, LiveStatus.LIVE, (3, 719, 40, 41), "Q3 11:59"),
        (2880, LiveStatus.LIVE, (4, 0, 90, 90), "End Q4"),
        (2940, LiveStatus.LIVE, (5, 240, 90, 90), "OT 04:00"),
        (3479, LiveStatus.LIVE, (6, 1, 104, 101), "2OT 00:01"),
        (3480, LiveStatus.FINAL, (6, 0, 104, 101), "Final/OT2"),
        (9999, LiveStatus.FINAL, (6, 0, 104, 101), "Final/OT2"),
    ],
)
def test_a_game_is_shown_as_it_stood_at_each_moment(
    played: int, status: LiveStatus, stand: tuple[int, int, int, int], text: str
) -> None:
    seen = Replay().at(played)
    assert seen == Sighting(GAME.game_id, GAME.home_id, GAME.away_id, START, status, *stand, text)


def test_what_has_not_moved_is_none_and_the_clock_moves_without_a_basket() -> None:
    replay = Replay()
    assert replay.at(100) is not None
    assert replay.at(100) is None
    ticked = replay.at(160)
    assert ticked is not None
    assert ticked.seconds_left == 560
    assert replay.feed.plays(GAME.game_id) == LivePlays(GAME.game_id, SHORT[:1], 1, 560)
    assert replay.feed.plays(GAME.game_id) is None


def test_it_is_shown_on_its_own_day_and_over_when_its_last_overtime_is() -> None:
    replay = Replay()
    replay.now = START + timedelta(seconds=length_of(SHORT))
    shown = replay.feed.scoreboard()
    assert shown is not None
    assert shown.games[0].status is LiveStatus.FINAL
    assert shown.league_day == GAME.league_day


def test_it_ends_at_the_result_where_that_is_known() -> None:
    seen = Replay(replace(GAME, home_points=105, away_points=101)).at(5000)
    assert seen is not None
    assert (seen.home, seen.away) == (105, 101)


def test_every_basket_is_seen_once_by_whoever_asks_often_enough() -> None:
    scores = made_up_scores(5)
    replay = Replay(scores=scores)
    seen: list[tuple[int, int]] = [(0, 0)]
    for played in range(length_of(scores) + 1):
        one = replay.at(played)
        if one is not None and (one.home, one.away) != seen[-1]:
            seen.append((one.home, one.away))
    assert seen[1:] == [(one.home, one.away) for one in scores]


@pytest.mark.parametrize("scores", [(), (Score(4, 0, 90, 90),)])
def test_a_game_whose_course_has_no_end_is_not_replayed(scores: tuple[Score, ...]) -> None:
    with pytest.raises(NoDataError, match="not stored to its end"):
        Replay(scores=scores)


def test_another_game_is_not_shown() -> None:
    with pytest.raises(FeedMissingError, match=GAME.game_id):
        Replay().feed.plays("0022400099")
