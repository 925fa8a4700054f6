"""FiveThirtyEight's NBA Elo ("How Our NBA Predictions Work", fivethirtyeight.com): the classic yardstick, unchanged."""

from __future__ import annotations

import math

K = 20.0
HOME_ADVANTAGE = 100.0
"""Elo points that the formula gives to the home side; 0 at a neutral site."""
MEAN = 1505.0
"""Where every team starts and what it reverts to."""
REVERSION = 0.25
"""Share of the way back to the mean at each new season."""
LOGIT_PER_POINT = math.log(10) / 400
"""The logistic curve of Elo: 400 points are odds of ten to one."""


def home_win_probability(difference: float, neutral: bool = False) -> float:
    """Probability that the home side wins, from home Elo minus away Elo."""
    points = difference + (0.0 if neutral else HOME_ADVANTAGE)
    return 1 / (1 + math.exp(-LOGIT_PER_POINT * points))


def shift(difference: float, margin: int, neutral: bool = False) -> float:
    """Elo points that the home side gains (and the away side loses) by a result.

    `difference` is home minus away before the game, `margin` home minus away points. The multiplier grows with the
    margin and shrinks when the favourite wins, which keeps ratings from running away.
    """
    points = difference + (0.0 if neutral else HOME_ADVANTAGE)
    winner_edge = points if margin > 0 else -points
    multiplier = (abs(margin) + 3) ** 0.8 / (7.5 + 0.006 * winner_edge)
    surprise = (1.0 if margin > 0 else 0.0) - home_win_probability(difference, neutral)
    return float(K * multiplier * surprise)


def at_new_season(rating: float, seasons: int = 1) -> float:
    """A rating as it enters a season that begins `seasons` after the last one it saw."""
    return float(MEAN + (rating - MEAN) * (1 - REVERSION) ** seasons)
