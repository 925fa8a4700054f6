"""What the operator should know: `alerts list`, `ack`, `resolve`, `history`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from engine.core import words
from engine.core.alerts import Alert, AlertState
from nbabot.cli import json_output
from nbabot.cli.output import show, show_json, show_table
from nbabot.cli.session import Session, command, group, user_name

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="Number of the alert, as nbabot alerts list shows it.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many alerts.")]


def add_to(app: typer.Typer) -> None:
    """Register this group's commands."""
    alerts = group(app, "alerts", "See and answer what needs attention.")
    command(alerts, "list", as_json=True)(list_alerts)
    command(alerts, "ack", as_json=True)(acknowledge)
    command(alerts, "resolve", as_json=True)(resolve)
    command(alerts, "history", as_json=True)(history)


def list_alerts(session: Session) -> None:
    """What is wrong now, the worst first; nbabot run checks every hour."""
    _show(session, session.engine.alerts.open(), "Nothing is open. Alerts are raised while nbabot run is running.")


def acknowledge(session: Session, number: Number) -> None:
    """Say that you have seen an alert: it is not posted any more."""
    _show_one(session, session.engine.alerts.acknowledge(number, user_name()))


def resolve(session: Session, number: Number) -> None:
    """Close an alert; for a day, or two weeks, it stays closed."""
    _show_one(session, session.engine.alerts.resolve(number, user_name()))


def history(session: Session, limit: Limit = 20) -> None:
    """The latest alerts, newest first; resolved ones are kept 30 days."""
    _show(session, session.engine.alerts.history(limit), "There has been no alert in the last 30 days.")


def _show(session: Session, found: Sequence[Alert], none: str) -> None:
    if session.as_json:
        show_json({"alerts": [json_output.alert(one) for one in found]})
    elif found:
        rows = [(str(one.number), one.severity.value, words.moment(one.raised), _state(one), one.text) for one in found]
        show_table(("no.", "severity", "since", "state", "what"), rows, right=(0,))
    else:
        show(none)


def _show_one(session: Session, found: Alert) -> None:
    if session.as_json:
        show_json(json_output.alert(found))
    else:
        show(f"{words.alert_title(found)}: {_state(found)}.")


def _state(one: Alert) -> str:
    match one.state:
        case AlertState.OPEN:
            return "open"
        case AlertState.ACKNOWLEDGED:
            return f"seen by {one.acknowledged_by}"
        case AlertState.RESOLVED:
            return f"resolved by {one.resolved_by}"
