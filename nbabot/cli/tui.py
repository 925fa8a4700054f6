"""The terminal UI: `tui`. The one place where the command line reaches into the other face, and only when asked."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import Annotated

import typer

from engine.core.errors import UsageError
from nbabot.cli.output import console, progress_bar, show
from nbabot.cli.session import Session, command

Demo = Annotated[
    bool, typer.Option("--demo", help="Open the demo on the day it showed; made first where there is none.")
]
Serve = Annotated[bool, typer.Option("--serve", help="Show it in this machine's browser instead of the terminal.")]
Port = Annotated[int, typer.Option("--port", metavar="PORT", min=1, max=65535, help="Port for --serve.")]
Host = Annotated[
    str,
    typer.Option(
        "--host", metavar="ADDRESS", help="Address for --serve. Beyond 127.0.0.1, whoever reaches it operates nbabot."
    ),
]
MEMORY = "tui.json"
"""File in the home folder that keeps place and theme from one run to the next."""


def add_to(app: typer.Typer) -> None:
    """Register this group's command."""
    command(app, as_of=True)(tui)


def tui(
    session: Session, demo: Demo = False, serve: Serve = False, port: Port = 8000, host: Host = "127.0.0.1"
) -> None:
    """Browse and operate nbabot in this terminal.

    Games, players, models, monitoring, jobs and data have a place each. --serve does so in a browser.
    ? explains the screen in front.
    """
    if not (serve or _is_served() or (sys.stdin.isatty() and sys.stdout.isatty())):
        raise UsageError(
            "The terminal UI needs a terminal for input and output: run it without a pipe or redirection, or --serve."
        )
    with _on_demo(session) if demo else session as opened:
        if serve:
            _serve(opened, host, port)
        else:
            _run(opened)


def _run(session: Session) -> None:
    from nbabot import logs
    from nbabot.cli.desk import OperatorDesk
    from tui.app import NbabotApp

    home = session.settings.home
    app = NbabotApp(session.engine, memory=home / MEMORY, desk=OperatorDesk(session), follow=session.as_of is None)
    # from here on the terminal is the app's: events go to the log file only
    logs.configure(home, session.settings.log.policy(), terminal_level="critical")
    app.run()


def _is_served() -> bool:
    """Whether a browser takes the place of the terminal."""
    return "TEXTUAL_DRIVER" in os.environ


def _serve(session: Session, host: str, port: int) -> None:
    from nbabot.browser import BrowserServer

    options = {"--home": str(session.settings.home), "--config": session.config, "--as-of": session.as_of}
    words = [word for option, value in options.items() if value is not None for word in (option, str(value))]
    BrowserServer([sys.executable, "-m", "nbabot", "tui", *words], host, port).open()


def _on_demo(session: Session) -> Session:
    from engine.engine import DATABASE
    from nbabot.demo import DemoOptions, demo_day, demo_home, run_demo

    home = demo_home() if session.home is None else session.settings.home
    if home is None or not (home / DATABASE).is_file():
        show("There is no demo yet: making one takes about a minute.")
        home = run_demo(DemoOptions(home), console(stderr=False), progress_bar)
    return replace(session, home=str(home), as_of=session.as_of or demo_day(home).isoformat())
