"""Plain words for versions beside each other: on which games, how far apart, which one is better."""

from __future__ import annotations

from engine.core import words
from engine.core.backtests import Difference
from engine.core.model_reports import Basis, Comparison

ON = {
    Basis.LIVE: "published, or made in the shadow before the games",
    Basis.UNSEEN: "made now of games that neither has learned from, as known before each",
    Basis.WALK: "of each one's walk forward",
}


def basis(found: Comparison) -> str:
    """On how many games of which days two versions were compared, and whose forecasts these are."""
    if found.first_day is None or found.last_day is None:
        return "No game is stored of which both have forecasts, so only their cost compares."
    span = f"{words.day(found.first_day)} to {words.day(found.last_day)}"
    return f"{found.n:,} games, {span}: forecasts {ON[found.basis]}."


def difference(found: Difference) -> str:
    """How far apart two versions are, and whether that is more than chance."""
    clear = "more than chance" if is_clear(found) else "within chance"
    return f"{found.mean:+.4f} (95%: {found.low:+.4f} to {found.high:+.4f}), {clear}"


def is_clear(found: Difference) -> bool:
    """Whether the interval leaves no doubt which one is better."""
    return found.low > 0 or found.high < 0


def better(found: Comparison) -> str:
    """Which of the two is better, as far as their log loss can tell."""
    apart = found.log_loss
    if apart is None:
        return "Which one is better cannot be told."
    if not is_clear(apart):
        return "Neither is better beyond chance."
    return f"{(found.first if apart.mean < 0 else found.second).label} is better."
