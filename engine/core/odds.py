"""What American moneylines say about probabilities."""

from __future__ import annotations

from engine.core.records import ClosingLine


def implied_probability(american: int) -> float:
    """Probability at which a bet at these American odds breaks even, the bookmaker's margin included."""
    return -american / (100 - american) if american < 0 else 100 / (100 + american)


def fair_home_probability(line: ClosingLine) -> float | None:
    """Home win probability with the bookmaker's margin removed in proportion; None without both moneylines."""
    if not line.moneyline_home or not line.moneyline_away:
        return None
    home, away = implied_probability(line.moneyline_home), implied_probability(line.moneyline_away)
    return home / (home + away)
