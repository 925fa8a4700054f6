"""Is the model still at home in today's league, and do its picks keep their promise? `monitor`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from engine.core import words
from engine.core.monitor_reports import FeatureDrift, Measure, MonitorReport, Performance, Trend
from nbabot.cli import json_output
from nbabot.cli.output import show, show_json, show_table
from nbabot.cli.session import Session, command
from nbabot.cli.text import figure, show_reliability

_SHOWN = 8
_NAMES = {
    "log_loss": "log loss",
    "brier": "Brier score",
    "ece": "calibration error",
    "margin_mae": "margin, mean miss",
    "total_mae": "total, mean miss",
    "margin_bias": "margin, outcome less forecast",
    "total_bias": "total, outcome less forecast",
    "margin_80_coverage": "margins in the 80% interval",
    "total_80_coverage": "totals in the 80% interval",
}


Window = Annotated[
    int,
    typer.Option("--window", metavar="PICKS", max=99_999, help="How many of the last picks to judge, at least 200."),
]


def add_to(app: typer.Typer) -> None:
    """Register this group's commands."""
    command(app, as_of=True, as_json=True)(monitor)


def monitor(session: Session, window: Window = 200) -> None:
    """Whether the league still looks like what the model learned from.

    And whether the published picks do as well as their percentages promise and as the backtest did.
    """
    report = session.engine.monitor(window)
    if session.as_json:
        show_json(json_output.monitor(report))
    else:
        show_monitor(report)


def show_monitor(report: MonitorReport) -> None:
    """Print a report: the verdict and what to do, the inputs furthest from usual, the picks of every version."""
    show(f"{report.verdict.value.capitalize()}: {report.summary}")
    show(report.recommendation)
    if report.features:
        _show_features(report)
    for found in report.performance[:1]:
        _show_performance(found)
    if len(report.performance) > 1:
        _show_versions(report.performance)


def _show_features(report: MonitorReport) -> None:
    show(
        f"\nInputs of the last {report.n} games, the most unusual first ({len(report.features)} watched). "
        "A score of 1 is unusual even on its own; drifting: two windows in a row.\n"
    )
    furthest = sorted(report.features, key=lambda one: -one.score)[:_SHOWN]
    rows = [
        (one.feature, f"{one.ks:.2f}", f"{one.psi:.2f}", f"{one.wasserstein:.2f}", f"{one.score:.2f}", _state(one))
        for one in furthest
    ]
    show_table(("input", "KS", "PSI", "Wasserstein", "score", ""), rows, right=(1, 2, 3, 4))


def _state(one: FeatureDrift) -> str:
    return "drifting" if one.drifting else "unusual" if one.unusual else ""


def _show_performance(found: Performance) -> None:
    show(
        f"\nThe last {found.n} graded picks of {found.model}, {words.day(found.first_day)} to "
        f"{words.day(found.last_day)}; trend: {_trend(found)}.\n"
    )
    headings = ("figure", "picks", "expected", "95% of windows", "backtest", "")
    show_table(headings, [_measure(one) for one in found.measures], right=(1, 2, 3, 4))
    show_reliability(found.reliability)


def _measure(one: Measure) -> tuple[str, ...]:
    digits = 1 if one.name.endswith(("_mae", "_bias")) else 3
    band = "–" if one.low is None or one.high is None else f"{one.low:.{digits}f} to {one.high:.{digits}f}"
    known = (f"{one.value:.{digits}f}", figure(one.expected, digits), band, figure(one.baseline, digits))
    return (_NAMES.get(one.name, one.name), *known, "alarming" if one.alarming else "")


def _trend(found: Performance) -> str:
    if found.trend is Trend.UNKNOWN or found.slope is None or found.slope_error is None:
        return "too few picks to tell"
    return f"{found.trend.value} (log loss {found.slope:+.3f} ± {found.slope_error:.3f} per 100 picks)"


def _show_versions(performance: Sequence[Performance]) -> None:
    show("\nEvery version with graded picks, by its last ones:\n")
    rows = [(one.model, f"{one.n:,}", *_scores(one), one.trend.value) for one in performance]
    show_table(("model", "picks", "log loss", "expected", "Brier", "trend"), rows, right=(1, 2, 3, 4))


def _scores(found: Performance) -> tuple[str, str, str]:
    by_name = {one.name: one for one in found.measures}
    loss, brier = by_name["log_loss"], by_name["brier"]
    return figure(loss.value, 3), figure(loss.expected, 3), figure(brier.value, 3)
