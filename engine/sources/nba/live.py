"""Games under way in the CDN's files: today's scoreboard and the play-by-play of one game (also PlayByPlayV3).

What is odd about one game or one action costs that alone; where nothing sound is left, FeedShapeError says so.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import NamedTuple

import structlog

from engine.core.errors import FeedEmptyError, FeedShapeError
from engine.core.live_games import LiveStatus
from engine.core.records import GameStatus
from engine.core.teams import BY_ID
from engine.core.timelines import OVERTIME_SECONDS, QUARTER_SECONDS, QUARTERS, Score
from engine.sources.feed import ScheduledGame
from engine.sources.files.marks import day_of
from engine.sources.live import LivePlays, Scoreboard, Sighting
from engine.sources.nba.schedule import read_game
from engine.sources.nba.shape import Payload, clock_seconds, items, number, part, same_game, text, wrong_shape

log = structlog.get_logger(__name__)

_UPCOMING, _LIVE = 1, 2
_LAST_PERIOD = 14
_MOST_POINTS = 300
_LONGEST_TEXT = 40
_BALL_LEAVES = frozenset({"2pt", "3pt", "heave", "freethrow", "block", "turnover", "steal"})
"""Actions that name the side which had the ball when they happened, and so not the one that has it now."""


def read_live_scoreboard(host: str, payload: Payload) -> Scoreboard:
    """The games of the day that the feed is at; an odd game is left out, and the reasons are logged.

    Raises FeedShapeError without a day or a list of games, and when odd games are all that there is.
    """
    day = day_of(text(part(host, payload, "scoreboard", "gameDate")))
    if day is None:
        raise wrong_shape(host, "in which 'scoreboard.gameDate' is no date")
    games: dict[str, Sighting] = {}
    rejected: Counter[str] = Counter()
    unreadable: FeedShapeError | None = None
    for raw in items(host, payload, "scoreboard", "games"):
        try:
            game = read_game(host, raw, day)
            seen = game if isinstance(game, str) else _sighting(host, raw, game)
        except FeedShapeError as error:
            seen, unreadable = error.reason, error
        if isinstance(seen, str):
            rejected[seen] += 1
        else:
            games[seen.game_id] = seen
    if unreadable is not None and not games:
        raise unreadable
    if rejected:
        log.debug("live_games_left_out", host=host, reasons=dict(rejected))
    return Scoreboard(day, tuple(games.values()))


def read_live_plays(host: str, payload: Payload, game_id: str, home_id: int | None = None) -> LivePlays:
    """How a game went so far; without `home_id` nobody is said to have the ball.

    Raises FeedEmptyError while nothing has happened, FeedShapeError when no action has a period, a clock and a score.
    """
    game = part(host, payload, "game")
    same_game(host, game, game_id)
    listed = items(host, game, "actions")
    if not listed:
        raise FeedEmptyError(host, f"{host} sent plays without an action for {game_id}: try again later.")
    actions = [found for raw in listed if (found := _action(raw)) is not None]
    if all(action.score is None for action in actions):
        raise wrong_shape(host, "in which no action has a period, a clock and a score")
    actions.sort(key=lambda action: action.order)
    newest = actions[-1]
    return LivePlays(game_id, _course(actions), newest.period, newest.left, _side(newest.possession, home_id))


class _Action(NamedTuple):
    """One line of a play-by-play: seconds `left` of the period, the score after it where it states one.

    `order` sorts actions as they were told: by the CDN's own order within a period, else by clock. `possession` is the
    team that has the ball after it, None where the action does not tell.
    """

    order: tuple[int, float, float]
    period: int
    left: int
    score: tuple[int, int] | None
    possession: int | None


def _sighting(host: str, raw: Payload, game: ScheduledGame) -> Sighting:
    """The game as it stands. Raises FeedShapeError when that cannot be."""
    status = _status(raw, game)
    if status is None:
        raise wrong_shape(host, "in which a game's status is none of 1, 2 and 3")
    stand: tuple[int, int, int, int] | None = (1, QUARTER_SECONDS, 0, 0)
    if status is LiveStatus.LIVE:
        stand = _stand(raw)
    elif game.home_points is not None and game.away_points is not None:
        period = min(max(number(raw.get("period")) or 0, QUARTERS), _LAST_PERIOD)
        stand = (period, 0, game.home_points, game.away_points)
    if stand is None:
        raise wrong_shape(host, "in which a game has a period, clock or score that cannot be")
    identity = (game.game_id, game.home_id, game.away_id, game.tip_utc)
    return Sighting(*identity, status, *stand, _words(raw.get("gameStatusText")))


def _words(value: object) -> str:
    """A text fit to be kept and shown: no longer than any that the league uses, nothing in it but letters."""
    return "".join(letter for letter in text(value)[:_LONGEST_TEXT] if letter.isprintable())


def _status(raw: Payload, game: ScheduledGame) -> LiveStatus | None:
    if game.status in (GameStatus.POSTPONED, GameStatus.CANCELLED):
        return LiveStatus.PUT_OFF
    if game.status is GameStatus.FINAL:
        return LiveStatus.FINAL
    return {_UPCOMING: LiveStatus.UPCOMING, _LIVE: LiveStatus.LIVE}.get(number(raw.get("gameStatus")) or 0)


def _stand(raw: Payload) -> tuple[int, int, int, int] | None:
    """Period, seconds left of it and points of a game that has begun; None where they cannot be.

    Period 0 is the moment before tip-off; a period without a clock has ended.
    """
    period, clock = number(raw.get("period")), text(raw.get("gameClock"))
    score = _score(*(raw[side].get("score") for side in ("homeTeam", "awayTeam")))
    if period == 0 or (period == 1 and score == (0, 0) and not clock):
        period, clock = 1, "12:00"
    left = _left(period, clock or "0:00")
    return (period, left, *score) if period is not None and left is not None and score is not None else None


def _action(raw: object) -> _Action | None:
    """One action; None where it has no period and clock."""
    if not isinstance(raw, dict):
        return None
    period, clock = number(raw.get("period")), raw.get("clock")
    left = _left(period, clock)
    if period is None or left is None:
        return None
    told = number(raw.get("orderNumber"))
    place = number(raw.get("actionNumber")) or 0
    order = (period, -(clock_seconds(clock) or 0.0), place) if told is None else (period, told, place)
    score = _score(raw.get("scoreHome"), raw.get("scoreAway"))
    holder = None if text(raw.get("actionType")).lower() in _BALL_LEAVES else number(raw.get("possession"))
    return _Action(order, period, left, score, holder)


def _course(actions: list[_Action]) -> tuple[Score, ...]:
    """Every change of the score as it was told last, a correction downwards included, on a clock that only runs down.

    An action that was told late, after others of a later clock, counts from theirs on.
    """
    course: list[Score] = []
    last, period, left = (0, 0), 1, QUARTER_SECONDS
    for action in actions:
        if action.score is None or action.score == last:
            continue
        left = min(left, action.left) if action.period == period else action.left
        last, period = action.score, action.period
        course.append(Score(period, left, *last))
    return tuple(course)


def _left(period: int | None, clock: object) -> int | None:
    """Whole seconds left of a period, begun ones included: a game with a tenth left is not over. None: it cannot be."""
    left = clock_seconds(clock)
    if period is None or left is None or not 1 <= period <= _LAST_PERIOD:
        return None
    length = QUARTER_SECONDS if period <= QUARTERS else OVERTIME_SECONDS
    return math.ceil(left) if 0 <= left <= length else None


def _score(home: object, away: object) -> tuple[int, int] | None:
    """Points of both sides; None where they are not stated or cannot be."""
    home_points, away_points = number(home), number(away)
    if home_points is None or away_points is None:
        return None
    possible = min(home_points, away_points) >= 0 and max(home_points, away_points) <= _MOST_POINTS
    return (home_points, away_points) if possible else None


def _side(possession: int | None, home_id: int | None) -> int:
    if home_id is None or possession not in BY_ID:
        return 0
    return 1 if possession == home_id else -1
