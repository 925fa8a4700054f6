"""Training the champion's family anew: `retrain`."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from engine.core.model_reports import Retrained
from nbabot.cli import json_output
from nbabot.cli.model_roles import confirmed
from nbabot.cli.model_text import show_comparison, show_criteria, show_objections
from nbabot.cli.output import progress_bar, show, show_json
from nbabot.cli.session import Session, command, user_name


class Mode(StrEnum):
    """What `retrain` does."""

    ONCE = "once"
    SCHEDULED = "scheduled"
    MONITOR = "monitor"


Chosen = Annotated[
    Mode,
    typer.Option("--mode", metavar="MODE", help="monitor: only say whether it is time; once: train now; scheduled."),
]


def add_to(app: typer.Typer) -> None:
    """Register this group's command."""
    command(app, as_of=True, as_json=True)(retrain)


def retrain(session: Session, mode: Chosen = Mode.MONITOR) -> None:
    """Train the family in production anew, or say whether it is time.

    once: train, test walking forward, register, compare, and ask. scheduled: the same once a week where there are new
    games, without a question; it promotes only with retrain.auto_promote and if the gate holds. What is in production
    stays so until then, whatever happens.
    """
    if mode is Mode.MONITOR:
        check = session.engine.retrain_check()
        if session.as_json:
            show_json({"check": json_output.retrain_check(check)})
        else:
            show_criteria(check)
        return
    with progress_bar() as progress:
        done = session.engine.retrain_weekly(progress) if mode is Mode.SCHEDULED else session.engine.retrain(progress)
    if session.as_json:
        show_json(json_output.retrained(done))
    elif done is None:
        show("Nothing to do: the family was trained within a week, or no game has been played since.")
    else:
        _show(session, done, ask=mode is Mode.ONCE)


def _show(session: Session, done: Retrained, ask: bool) -> None:
    made = done.gate.version
    show(f"{made.label} is trained on {made.rows:,} games through {made.trained_through} and registered.\n")
    if done.promoted:
        show("The gate holds, and it is in production now.")
        return
    if ask and sys.stdin.isatty():
        why = confirmed(session, done.gate, "retrained")
        session.engine.promote(made.name, made.version, user_name(), why, force=not done.gate.holds)
        show(f"{made.label} is now in production.")
        return
    if done.gate.comparison is not None:
        show_comparison(done.gate.comparison)
    if not done.gate.holds:
        show_objections(done.gate)
    show(f"\nNothing was promoted. To use it: nbabot models promote {made.name} {made.version}")
