"""What to believe of a feed that shows games under way: a copy may be old, a score corrected, a game broken off."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine.core.live import Moment
from engine.core.live_games import LiveState, LiveStatus
from engine.core.records import Game
from engine.core.timelines import Score
from engine.sources.live import LivePlays, Sighting

CORRECTION = 4
"""A basket taken back costs a side no more points than this."""
CLOCK_PUT_BACK = 10
"""Seconds by which officials may put the clock back without any points lost."""
PATIENCE = timedelta(seconds=45)
"""For so long a feed must insist on what contradicts its earlier word: hosts hand out old copies now and then."""
_ORDER = {LiveStatus.UPCOMING: 0, LiveStatus.PUT_OFF: 0, LiveStatus.LIVE: 1, LiveStatus.FINAL: 2}


@dataclass(frozen=True, slots=True)
class Doubt:
    """A sighting that contradicts what was seen before, and since when the feed insists on it."""

    seen: Sighting
    since: datetime


class Judge:
    """Remembers, by game, what the feed has shown that is hard to believe."""

    def __init__(self) -> None:
        self._doubts: dict[str, Doubt] = {}

    def believes(self, before: LiveState | None, seen: Sighting, now: datetime) -> bool:
        """Whether a sighting is newer than what was seen before, or the feed has insisted on it for PATIENCE."""
        if before is None or not _runs_backwards(before, seen):
            self._doubts.pop(seen.game_id, None)
            return True
        doubt = self._doubts.get(seen.game_id)
        if doubt is None or _runs_behind(doubt.seen, seen):
            self._doubts[seen.game_id] = Doubt(seen, now)
            return False
        self._doubts[seen.game_id] = replace(doubt, seen=seen)
        if now - doubt.since < PATIENCE:
            return False
        del self._doubts[seen.game_id]
        return True


def as_stored(game: Game, seen: Sighting) -> Sighting | None:
    """A sighting with the sides as they are stored: at a neutral site feeds differ. None where the teams do."""
    if (seen.home_id, seen.away_id) == (game.home_id, game.away_id):
        return seen
    if (seen.home_id, seen.away_id) != (game.away_id, game.home_id):
        return None
    return replace(seen, home_id=game.home_id, away_id=game.away_id, home=seen.away, away=seen.home)


def turned(plays: LivePlays) -> LivePlays:
    """The course of a game seen from the other side."""
    scores = tuple(replace(one, home=one.away, away=one.home) for one in plays.scores)
    return replace(plays, scores=scores, possession=-plays.possession)


def state_of(game: Game, seen: Sighting, before: LiveState | None, now: datetime) -> LiveState:
    """The state that a believed sighting shows; `changed_at` moves on when score, clock or status do."""
    moment = Moment(seen.period, seen.seconds_left, seen.home, seen.away)
    same = before is not None and before.status is seen.status and _like(before.moment) == _like(moment)
    return LiveState(
        game_id=game.game_id,
        league_day=game.league_day,
        home_id=seen.home_id,
        away_id=seen.away_id,
        tip_utc=seen.tip_utc or game.tip_utc,
        status=seen.status,
        moment=replace(moment, possession=before.moment.possession) if same and before else moment,
        text=seen.text,
        seen_at=now,
        changed_at=before.changed_at if same and before else now,
    )


def gone_on(course: tuple[Score, ...], moment: Moment) -> tuple[Score, ...]:
    """A course with the score of a moment as its last one, without what the feed has taken back since.

    A score that had changed after that moment of the clock is gone; one that dropped stays in the course as a drop.
    """
    kept = tuple(one for one in course if one.played <= moment.played)
    last = kept[-1] if kept else Score(1, moment.seconds_left, 0, 0)
    if (last.home, last.away) == (moment.home, moment.away):
        return kept
    return (*kept, Score(moment.period, moment.seconds_left, moment.home, moment.away))


def _runs_backwards(before: LiveState, seen: Sighting) -> bool:
    """Whether a sighting lies before what was seen: a lower status, an earlier clock, or points that are gone."""
    if _ORDER[seen.status] != _ORDER[before.status]:
        return _ORDER[seen.status] < _ORDER[before.status]
    then, now = before.moment, Moment(seen.period, seen.seconds_left, seen.home, seen.away)
    lost = max(then.home - now.home, then.away - now.away)
    back = then.played - now.played
    return lost > CORRECTION or back > CLOCK_PUT_BACK or (back > 0 and lost > 0)


def _runs_behind(doubted: Sighting, seen: Sighting) -> bool:
    """Whether a sighting lies behind the one that was doubted: another old copy, not the same insistence."""
    was, now = (Moment(one.period, one.seconds_left) for one in (doubted, seen))
    return now.played < was.played or _ORDER[seen.status] < _ORDER[doubted.status]


def _like(moment: Moment) -> tuple[int, int, int, int]:
    return moment.period, moment.seconds_left, moment.home, moment.away
