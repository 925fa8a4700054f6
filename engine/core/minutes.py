"""How a game stood at the end of each minute."""

from __future__ import annotations

from collections.abc import Sequence

from engine.core.timelines import QUARTERS, Score, period_start

MINUTES = period_start(QUARTERS + 1) // 60
"""Minutes of regulation."""
HALFTIME = MINUTES // 2


def minute_margins(scores: Sequence[Score], played: int = 60 * MINUTES) -> tuple[int, ...]:
    """Margins (home minus away, points) at the end of every whole minute of regulation among the seconds played.

    `scores` is every change of the score in order; a minute without one stands as the one before it.
    """
    margins: list[int] = []
    margin, minutes = 0, min(played // 60, MINUTES)
    for score in scores:
        ended = min((score.played - 1) // 60, minutes)  # minutes that were over before this basket
        margins.extend([margin] * (ended - len(margins)))
        margin = score.margin
    return (*margins, *[margin] * (minutes - len(margins)))
