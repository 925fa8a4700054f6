"""The whole story in a minute: `demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nbabot.cli.output import console, progress_bar
from nbabot.cli.session import Day, Session, command

Data = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="PATH", help="Real logs to tell it on, instead of a simulated league.", show_default=False
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        "--seed", metavar="NUMBER", min=0, max=999_999_999, help="Which simulated league.", show_default=False
    ),
]


def add_to(app: typer.Typer) -> None:
    """Register this group's command."""
    command(app)(demo)


def demo(session: Session, data: Data = None, date: Day = None, seed: Seed = None) -> None:
    """The whole story in a minute, on a simulated league.

    Imports, trains, promotes, posts today's picks, answers a question as Discord would show it, and grades it all.
    Without --home it makes a temporary folder, so that nothing of yours is touched.
    """
    from nbabot import logs
    from nbabot.demo import DemoOptions, run_demo

    logs.configure(session.settings.home, logs.LogPolicy("warning"))
    usual = DemoOptions()
    home = None if session.home is None else session.settings.home
    options = DemoOptions(home, data, session.day(date) or usual.day, usual.seed if seed is None else seed)
    run_demo(options, console(stderr=False), progress_bar)
