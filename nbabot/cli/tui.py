"""The terminal UI: `tui`. The one place where the command line reaches into the other face, and only when asked."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Annotated

import typer

from engine.core.errors import NoDataError, UsageError
from nbabot.cli.session import Session, command

Demo = Annotated[bool, typer.Option("--demo", help="Open what nbabot demo left, on the day it showed.")]


def add_to(app: typer.Typer) -> None:
    """Register this group's command."""
    command(app, as_of=True)(tui)


def tui(session: Session, demo: Demo = False) -> None:
    """Browse days, games and models in this terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("The terminal UI needs a terminal for input and output: run it without a pipe or redirection.")
    from nbabot import logs
    from nbabot.cli.desk import OperatorDesk
    from tui.app import NbabotApp

    with _on_demo(session) if demo else session as opened:
        app = NbabotApp(opened.engine, desk=OperatorDesk(opened))
        # from here on the terminal is the app's: events go to the log file only
        logs.configure(opened.settings.home, opened.settings.log.level, terminal_level="critical")
        app.run()


def _on_demo(session: Session) -> Session:
    from nbabot.demo import demo_day, demo_home

    home = demo_home() if session.home is None else session.settings.home
    if home is None:
        raise NoDataError("There is no demo to open yet: run nbabot demo first.")
    return replace(session, home=str(home), as_of=session.as_of or demo_day(home).isoformat())
