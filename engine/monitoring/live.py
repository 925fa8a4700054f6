"""How forecasts of games under way have fared: error and coverage on a rolling window of games, by time left."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from engine.core.live_games import HalftimeScore, LiveBand, LiveRecord
from engine.models.live.data import REGULATION
from engine.models.live.model import BANDS, band_of
from engine.store import live_forecasts
from engine.store.database import Database
from engine.store.live_forecasts import GradedForecast

_SUREST = 1e-6


def live_record(database: Database, today: date, games: int) -> LiveRecord:
    """The record over the last `games` graded games of the model that spoke last; empty where nothing is graded."""
    model = live_forecasts.spoken_last(database, today)
    found = live_forecasts.graded(database, model, games, today)
    days = [one.league_day for one in found]
    inside: defaultdict[int, list[GradedForecast]] = defaultdict(list)
    for one in found:
        inside[band_of(one.left)].append(one)
    spans = pairwise((*BANDS, REGULATION))
    halves = live_forecasts.graded_halves(database, games, today)
    return LiveRecord(
        model=model,
        games=len({one.game_id for one in found}),
        first_day=min(days, default=None),
        last_day=max(days, default=None),
        bands=tuple(_band(left, inside[band]) for band, left in enumerate(spans) if band in inside),
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
