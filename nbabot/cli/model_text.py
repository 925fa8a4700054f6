"""Comparisons, gates and checks of model versions as text."""

from __future__ import annotations

from engine.core import words
from engine.core.backtests import Difference
from engine.core.model_reports import Basis, Comparison, Gate, RetrainCheck, VersionScore
from nbabot.cli.output import show, show_table
from nbabot.cli.text import figure

_ON = {
    Basis.LIVE: "published, or made in the shadow before the games",
    Basis.UNSEEN: "made now of games that neither has learned from, as known before each",
    Basis.WALK: "of each one's walk forward",
}


def show_comparison(found: Comparison) -> None:
    """Both sides beside each other, and the paired differences with their intervals."""
    if found.first_day is None or found.last_day is None:
        show("No game is stored of which both have forecasts, so only their cost compares.\n")
    else:
        span = f"{words.day(found.first_day)} to {words.day(found.last_day)}"
        show(f"{found.n:,} games, {span}: forecasts {_ON[found.basis]}.\n")
    show_table(
        ("model", "log loss", "Brier", "accuracy", "slope", "ms", "kB"),
        [_row(side) for side in (found.first, found.second)],
        right=(1, 2, 3, 4, 5, 6),
    )
    for name, difference in (("Log loss", found.log_loss), ("Brier score", found.brier)):
        if difference is not None:
            show(f"{name}, first minus second: {_difference(difference)}")


def show_objections(gate: Gate) -> None:
    """What speaks against a promotion."""
    show(f"Against promoting {gate.version.label}:")
    for objection in gate.objections:
        show(f"  {objection}")


def show_criteria(check: RetrainCheck) -> None:
    """Whether it is time to train anew, criterion by criterion."""
    rows = [(one.name, "met" if one.met else "not met", one.detail) for one in check.criteria]
    show_table(("criterion", "", "what was found"), rows)
    verdict = (
        "It is time to train anew: nbabot retrain --mode once." if check.due else "There is no need to train anew."
    )
    show(f"\n{verdict} In production: {check.champion}.")


def _row(side: VersionScore) -> tuple[str, ...]:
    accuracy = "–" if side.accuracy is None else f"{side.accuracy:.1%}"
    cost = (f"{side.milliseconds:.2f}", f"{side.size / 1000:,.0f}")
    return (side.label, figure(side.log_loss, 4), figure(side.brier, 4), accuracy, figure(side.slope, 2), *cost)


def _difference(found: Difference) -> str:
    clear = "more than chance" if found.low > 0 or found.high < 0 else "within chance"
    return f"{found.mean:+.4f} (95%: {found.low:+.4f} to {found.high:+.4f}), {clear}; below 0 the first is better."
