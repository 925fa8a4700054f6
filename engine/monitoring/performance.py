"""Whether published picks score as well as their own percentages promise."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_CLIP = 1e-6


@dataclass(frozen=True, slots=True)
class Performance:
    """Scores of n picks beside what a calibrated model would expect of exactly these percentages.

    `log_loss_sd` is the standard deviation of the log loss over the games' chance alone; `excess` is how many of them
    the log loss lies above its expectation (negative = better).
    """

    n: int
    log_loss: float
    expected_log_loss: float
    log_loss_sd: float

    @property
    def excess(self) -> float:
        """Standard deviations by which the log loss exceeds its expectation; 0 where chance plays no part."""
        return (self.log_loss - self.expected_log_loss) / self.log_loss_sd if self.log_loss_sd > 0 else 0.0


def performance_of(picks: Sequence[tuple[float, bool]]) -> Performance | None:
    """Score picks given as (probability of the home win, whether it came); None for no picks.

    For a game with probability p the log loss has mean -p ln p - q ln q and variance p q ln(p/q)^2, where q = 1 - p.
    """
    if not picks:
        return None
    n = len(picks)
    pairs = [(min(1 - _CLIP, max(_CLIP, p)), won) for p, won in picks]
    return Performance(
        n=n,
        log_loss=sum(-math.log(p if won else 1 - p) for p, won in pairs) / n,
        expected_log_loss=sum(-p * math.log(p) - (1 - p) * math.log(1 - p) for p, _ in pairs) / n,
        log_loss_sd=math.sqrt(sum(p * (1 - p) * math.log(p / (1 - p)) ** 2 for p, _ in pairs)) / n,
    )
