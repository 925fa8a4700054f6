"""How forecasts of games under way have fared: error and coverage on a rolling window of games, by time left."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from engine.core.live_games import HalftimeScore, LiveBand, LiveRecord
from engine.store import live_forecasts
from engine.store.database import Database
from engine.store.live_forecasts import GradedForecast

EDGES = (0, 300, 720, 1440, 2160, 2881)
"""Seconds left at which bands begin: the last five minutes and overtime, the rest of Q4, Q3, Q2, Q1."""
_SUREST = 1e-6


def live_record(database: Database, today: date, games: int) -> LiveRecord:
    """The record over the last `games` graded games of the model that spoke last; empty where nothing is graded."""
    spoken = live_forecasts.models(database)
    if not spoken:
        return LiveRecord("", 0, None, None)
    found = live_forecasts.graded(database, spoken[0], games, today)
    days = [one.league_day for one in found]
    bands = [
        _band(left, inside)
        for left in pairwise(EDGES)
        if (inside := [one for one in found if left[0] <= one.left < left[1]])
    ]
    halves = live_forecasts.graded_halves(database, games, today)
    return LiveRecord(
        model=spoken[0],
        games=len({one.game_id for one in found}),
        first_day=min(days, default=None),
        last_day=max(days, default=None),
        bands=tuple(bands),
        halftime=_halves(halves) if halves else None,
    )


def _band(left: tuple[int, int], found: Sequence[GradedForecast]) -> LiveBand:
    """The scores of forecasts of one band."""
    n = len(found)
    chances = [one.home_win_prob if one.final_margin > 0 else 1 - one.home_win_prob for one in found]
    return LiveBand(
        left=left,
        n=n,
        games=len({one.game_id for one in found}),
        log_loss=-sum(math.log(max(chance, _SUREST)) for chance in chances) / n,
        brier=sum((1 - chance) ** 2 for chance in chances) / n,
        margin_mae=_mae(found),
        share_80=sum(one.in_80 for one in found) / n,
        share_95=sum(one.in_95 for one in found) / n,
    )


def _halves(found: Sequence[GradedForecast]) -> HalftimeScore:
    n = len(found)
    shares = (sum(one.in_80 for one in found) / n, sum(one.in_95 for one in found) / n)
    return HalftimeScore(n, _mae(found), *shares)


def _mae(found: Sequence[GradedForecast]) -> float:
    """Mean absolute error of the margins."""
    return sum(abs(one.margin - one.final_margin) for one in found) / len(found)
