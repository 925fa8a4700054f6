"""Is the model still at home in today's league? `monitor`."""

from __future__ import annotations

import math

import typer

from engine.core.reports import FeatureDrift, MonitorReport, Verdict
from nbabot.cli import json_output
from nbabot.cli.output import show, show_json, show_table
from nbabot.cli.session import Session, command

_SHOWN = 8


def add_to(app: typer.Typer) -> None:
    """Register this group's commands."""
    command(app, as_of=True, as_json=True)(monitor)


def monitor(session: Session) -> None:
    """Whether the league still looks like what the model learned from."""
    report = session.engine.monitor()
    if session.as_json:
        show_json(json_output.monitor(report))
    else:
        show_monitor(report)


def show_monitor(report: MonitorReport) -> None:
    """Print a report: the verdict, the picks' score, the inputs nearest to or beyond their limit."""
    show(f"{report.verdict.value.capitalize()}: {report.summary}")
    if report.log_loss is not None and report.expected_log_loss is not None:
        show(f"Picks: log loss {report.log_loss:.3f}; a calibrated model would expect {report.expected_log_loss:.3f}.")
    if report.verdict is Verdict.NOT_ENOUGH_DATA or not report.features:
        return
    nearest = sorted(report.features, key=_share_of_limit, reverse=True)[:_SHOWN]
    rows = [
        (one.feature, f"{one.statistic:.3f}", f"{one.threshold:.3f}", "drifting" if one.drifting else "")
        for one in nearest
    ]
    show(f"\nInputs over the last {report.n} games, nearest to their limit first ({len(report.features)} watched):\n")
    show_table(("input", "distance", "limit", ""), rows, right=(1, 2))


def _share_of_limit(one: FeatureDrift) -> float:
    """How much of its limit a distance takes up; the limit of an input that never moved in training is 0."""
    return one.statistic / one.threshold if one.threshold else math.inf if one.drifting else 0.0
