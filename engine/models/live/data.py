"""From stored timelines to training rows: moments of past games, what was forecast before them, and how they ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.core.errors import NoDataError
from engine.core.live import Moment, Pregame, moment_at
from engine.core.minutes import minute_margins
from engine.core.timelines import OVERTIME_SECONDS, QUARTERS, Timeline, period_start
from engine.models.live.model import fresh, log_odds

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from engine.models.training import TrainingSet

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

REGULATION = period_start(QUARTERS + 1)
MARKS = (*range(REGULATION, 300, -120), *range(300, 60, -30), *range(60, 0, -10), 2)
"""Seconds left at which a game is looked at: more often towards the end, and the same in overtime."""

NO_TIMELINES = (
    "No timelines of games are stored that were forecast before tip-off: import some with `nbabot import PATH`."
)


@dataclass(frozen=True, slots=True)
class LiveGame:
    """A finished game: what was forecast before it, and its final margin (home minus away, points).

    `season` is its starting year, `league_day` an ordinal of the proleptic calendar; `minutes` are the margins at the
    end of each minute of regulation.
    """

    game_id: str
    season: int
    league_day: int
    pregame: Pregame
    margin: int
    minutes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LiveSet:
    """Moments of finished games, game by game in the order of play.

    Arrays with a row per moment: `lead` in points, `left` in seconds, `last` as `model.fresh` gives it, `logit` and
    `expected` forecast before tip-off (log-odds of a home win, margin), `margin` as the game ended, `season` by its
    starting year, `period`, and `game`, the index of its game in `games`.
    """

    games: tuple[LiveGame, ...]
    lead: Floats
    left: Floats
    last: Floats
    logit: Floats
    expected: Floats
    margin: Floats
    season: Whole
    period: Whole
    game: Whole

    def __len__(self) -> int:
        return len(self.lead)


def build_live_set(data: TrainingSet, before: Mapping[str, Pregame], timelines: Iterable[Timeline]) -> LiveSet:
    """Every mark of every game with a forecast made before it (by game id), in the order of the timelines.

    Raises NoDataError for no game.
    """
    import numpy as np

    games: list[LiveGame] = []
    rows: list[tuple[float, ...]] = []
    for game, timeline in followed(data, before, timelines):
        rows.extend(_row(game, moment, len(games)) for moment in moments(timeline))
        games.append(game)
    if not games:
        raise NoDataError(NO_TIMELINES)
    table = np.array(rows, dtype=np.float64)
    floats, whole = table[:, :6].T, table[:, 6:].astype(np.int64).T
    return LiveSet(tuple(games), *(np.ascontiguousarray(column) for column in (*floats, *whole)))


def followed(
    data: TrainingSet, before: Mapping[str, Pregame], timelines: Iterable[Timeline]
) -> Iterator[tuple[LiveGame, Timeline]]:
    """The games with a timeline and a forecast made before it (by game id), in the order of the timelines.

    One timeline in a thousand does not end at the game's result; it is left out.
    """
    row_of = {game_id: row for row, game_id in enumerate(data.game_id)}
    for one in timelines:
        row = row_of.get(one.game_id)
        if row is None or one.game_id not in before or not one.scores:
            continue
        margin, minutes = one.scores[-1].margin, minute_margins(one.scores)
        if margin == data.margin[row]:
            season, day = int(data.season[row]), int(data.league_day[row])
            yield LiveGame(one.game_id, season, day, before[one.game_id], margin, minutes), one


def moments(timeline: Timeline) -> Iterator[Moment]:
    """A game at MARKS, its overtimes included."""
    periods = max(timeline.scores[-1].period, QUARTERS)
    yield from (moment_at(timeline.scores, REGULATION - left) for left in MARKS)
    for following in range(QUARTERS + 2, periods + 2):
        end = period_start(following)
        yield from (moment_at(timeline.scores, end - left) for left in MARKS if left <= OVERTIME_SECONDS)


def _row(game: LiveGame, moment: Moment, index: int) -> tuple[float, ...]:
    return (
        moment.margin,
        moment.expected_left,
        fresh(moment),
        log_odds(game.pregame.home_win_prob),
        game.pregame.margin,
        game.margin,
        game.season,
        moment.period,
        index,
    )
