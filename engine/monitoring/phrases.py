"""What monitoring found, in plain words: of the inputs, of the picks, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence

from engine.core.monitor_reports import FeatureDrift, Measure, Performance, Trend
from engine.monitoring.drift import Reference

_FAULTS = {
    "log_loss": "their percentages came true less often than they say",
    "margin_80_coverage": "margins fell outside their intervals too often",
    "total_80_coverage": "totals fell outside their intervals too often",
}
_TRENDS = {
    Trend.IMPROVING: " They are improving.",
    Trend.DEGRADING: " They are getting worse.",
    Trend.STABLE: "",
    Trend.UNKNOWN: "",
}
_NAMED = 4
"""Features that a sentence names; more are counted."""


def inputs(n: int, reference: Reference, features: Sequence[FeatureDrift]) -> str:
    """Whether the last n games look like those of the reference."""
    if not reference.usual:
        return "The model learned from too few games to say what is usual; train it on more seasons."
    if not features:
        return f"{n} games were played since the model's training, {reference.window} are needed to judge the inputs."
    drifting = [one.feature for one in features if one.drifting]
    if drifting:
        return f"The last {n} games differ from those the model learned from in {listed(drifting)}."
    unusual = [one.feature for one in features if one.unusual]
    if unusual:
        return f"The last {n} games are unusual in {listed(unusual)}; whether that lasts the next games will show."
    return f"The last {n} games look like those the model learned from."


def picks(own: Performance | None, needed: int) -> str:
    """Whether the model's picks keep their promise."""
    if own is None:
        return "None of its picks has been graded yet."
    if own.n < needed:
        return f"Only {own.n} of its picks have been graded, too few to judge them."
    if not own.alarming:
        return f"Its last {own.n} picks did as well as its percentages promise, within chance.{_TRENDS[own.trend]}"
    faults = "; ".join(fault(one) for one in own.alarming)
    return f"Its last {own.n} picks are off beyond chance: {faults}.{_TRENDS[own.trend]}"


def fault(measure: Measure) -> str:
    """What is wrong with an alarming measure: `home sides score 3.1 points less than forecast`."""
    if measure.name.endswith("_bias"):
        whom = "home sides do" if measure.name == "margin_bias" else "both sides together score"
        if measure.name == "margin_bias":
            return f"{whom} {abs(measure.value):.1f} points {'better' if measure.value > 0 else 'worse'} than forecast"
        return f"{whom} {abs(measure.value):.1f} points {'more' if measure.value > 0 else 'less'} than forecast"
    known = _FAULTS[measure.name]
    if measure.baseline is not None and measure.name == "log_loss":
        return (
            f"{known} (log loss {measure.value:.3f}, expected {measure.expected:.3f}, backtest {measure.baseline:.3f})"
        )
    return f"{known} ({measure.value:.3f}, expected {measure.expected:.3f})"


def recommendation(drifting: Sequence[FeatureDrift], own: Performance | None) -> str:
    """What the operator should do."""
    worse = own is not None and bool(own.alarming)
    if worse and drifting:
        return (
            "Train a new version on the latest games, compare it, and promote it if it is better: the league has "
            "changed and the picks suffer."
        )
    if worse:
        return (
            "Check that results and availability arrive in time (nbabot doctor); if they do, train a new version and "
            "compare it."
        )
    if drifting:
        return "Train a new version on the latest games and compare it; the picks have not suffered so far."
    return "Nothing to do."


def listed(features: Sequence[str]) -> str:
    """Names in a sentence: `home_edge, pace and 3 others`."""
    shown, others = list(features[:_NAMED]), len(features) - _NAMED
    if others > 0:
        shown.append(f"{others} others" if others > 1 else "1 other")
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
