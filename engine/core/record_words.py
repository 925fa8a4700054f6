"""Plain words for the track record: how often right, how far luck reaches, and beside what to hold it. No markup."""

from __future__ import annotations

import math

from engine.core import words
from engine.core.reports import CalibrationBin, TrackRecord

FEW = 100
"""Graded picks below which a record says little."""
_95, _90 = 1.96, 1.645
"""Standard deviations within which so much of chance stays."""


def headline(record: TrackRecord) -> str:
    """`"58 of 88 picks right (66%)"`."""
    graded = record.hits + record.misses
    if not graded:
        return "No graded picks yet" if record.n else "No picks in that time"
    return f"{record.hits:,} of {graded:,} picks right ({words.percent(record.hits / graded)})"


def counted(record: TrackRecord) -> str:
    """What the record rests on: `"92 picks published, 14 Nov 2024 to 14 Jan 2025: 88 graded, 4 open, 0 void."`."""
    if record.first_day is None or record.last_day is None:
        return "Nothing was published in that time."
    graded = record.hits + record.misses
    span = f"{words.short_day(record.first_day)} to {words.short_day(record.last_day)}"
    picks = "1 pick" if record.n == 1 else f"{record.n:,} picks"
    return f"{picks} published, {span}: {graded:,} graded, {record.pending:,} open, {record.voids:,} void."


def luck(record: TrackRecord) -> str:
    """How far luck moves the share of hits: `"On 88 games luck alone moves that share by 10 points either way."`."""
    graded = record.hits + record.misses
    if not graded:
        return ""
    moved = max(1, round(100 * _95 * math.sqrt(0.25 / graded)))
    few = " Far too few to judge by." if graded < FEW else ""
    games = "1 game" if graded == 1 else f"{graded:,} games"
    return f"On {games} luck alone moves that share by up to {moved} points either way.{few}"


def baseline(record: TrackRecord) -> str:
    """Beside what to hold the share: `"Always picking the home side would have been right 55% of the time."`."""
    graded = sum(one.n for one in record.calibration)
    if not graded:
        return ""
    at_home = sum(one.n * one.observed for one in record.calibration) / graded
    return f"Always picking the home side would have been right {words.percent(at_home)} of the time, a coin 50%."


def scores(record: TrackRecord) -> str:
    """The scores of the probabilities: `"Brier score 0.214 (a coin has 0.25), log loss 0.618 (0.693); ..."`."""
    if record.brier is None or record.log_loss is None or record.margin_mae is None:
        return ""
    return (
        f"Brier score {record.brier:.3f} (a coin has 0.250), log loss {record.log_loss:.3f} (0.693), lower is better; "
        f"margins off by {record.margin_mae:.1f} points on average."
    )


def market(record: TrackRecord) -> str:
    """The same games by the closing line: `"On the 80 with a closing line: log loss 0.621, the line's 0.604."`."""
    if record.log_loss_on_market is None or record.market_log_loss is None:
        return "No closing lines are known for these games, so there is no comparison with the market."
    ours, theirs = record.log_loss_on_market, record.market_log_loss
    return f"On the {record.n_market:,} with a closing line: log loss {ours:.3f}, the line's {theirs:.3f}."


def by_luck(one: CalibrationBin) -> tuple[float, float]:
    """Between what shares the home sides of a bin would have won in 9 cases of 10, were the forecasts right."""
    spread = _90 * math.sqrt(one.mean_forecast * (1 - one.mean_forecast) / one.n)
    return max(0.0, one.mean_forecast - spread), min(1.0, one.mean_forecast + spread)
