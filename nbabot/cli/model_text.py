"""Comparisons, gates and checks of model versions as text."""

from __future__ import annotations

from engine.core import model_words
from engine.core.model_reports import Comparison, Gate, RetrainCheck, VersionScore
from nbabot.cli.output import show, show_table
from nbabot.cli.text import figure


def show_comparison(found: Comparison) -> None:
    """Both sides beside each other, and the paired differences with their intervals."""
    show(f"{model_words.basis(found)}\n")
    show_table(
        ("model", "log loss", "Brier", "accuracy", "slope", "ms", "kB"),
        [_row(side) for side in (found.first, found.second)],
        right=(1, 2, 3, 4, 5, 6),
    )
    for name, difference in (("Log loss", found.log_loss), ("Brier score", found.brier)):
        if difference is not None:
            show(f"{name}, first minus second: {model_words.difference(difference)}; below 0 the first is better.")


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
