"""Play-by-play (PlayByPlayV3 or the CDN's) as the timeline of the score."""

from __future__ import annotations

import pandas as pd

from engine.core.errors import FeedEmptyError
from engine.sources.files import timelines
from engine.sources.files.batch import Batch
from engine.sources.files.sieve import Sieve
from engine.sources.nba.shape import Payload, clock_seconds, number, objects, part, same_game, wrong_shape

_COLUMNS = ("GAME_ID", "PERIOD", "SECONDS_LEFT_IN_PERIOD", "HOME_SCORE", "AWAY_SCORE")


def read_plays(host: str, payload: Payload, game_id: str) -> Batch:
    """Every change of score of one game, in the order of its clock. Raises FeedEmptyError when nothing happened."""
    same_game(host, part(host, payload, "game"), game_id)
    moments = [_moment(host, action) for action in objects(host, payload, "game", "actions")]
    moments.sort(key=lambda moment: (moment[0], -moment[1]))
    rows: list[tuple[object, ...]] = []
    last: tuple[int | None, int | None] = (0, 0)
    for period, seconds, home, away in moments:
        if home is not None and away is not None and (home, away) != last:
            last = (home, away)
            rows.append((game_id, period, int(seconds), home, away))
    if not rows:
        raise FeedEmptyError(host, f"{host} sent plays without a score for {game_id}: try again later.")
    return timelines.timeline(Sieve(pd.DataFrame(rows, columns=list(_COLUMNS))))


def _moment(host: str, action: Payload) -> tuple[int, float, int | None, int | None]:
    """Period, seconds left in it, and the score after the action (None where the action does not state it)."""
    period, seconds = number(part(host, action, "period")), clock_seconds(part(host, action, "clock"))
    if period is None or seconds is None:
        raise wrong_shape(host, "in which an action has no period or clock")
    return period, seconds, number(part(host, action, "scoreHome")), number(part(host, action, "scoreAway"))
