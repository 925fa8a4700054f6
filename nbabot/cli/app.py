"""The tree of commands, and the options that stand before a command's name."""

from __future__ import annotations

from typing import Annotated

import typer

from nbabot.cli import (
    alerts,
    ask,
    backup,
    config,
    data,
    demo,
    doctor,
    feeds,
    jobs,
    live,
    models,
    monitor,
    player,
    retrain,
    service,
    sync,
    teams,
    train,
    tui,
    usage,
)
from nbabot.cli.session import Config, Home, print_help_if_bare

app = typer.Typer(
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def nbabot(
    context: typer.Context,
    home_dir: Home = None,
    config_file: Config = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.", is_eager=True)] = False,
) -> None:
    """NBA forecasts, honestly measured: ask, publish, keep score.

    New here? Run: nbabot demo
    """
    if version:
        from importlib.metadata import version as version_of

        print(f"nbabot {version_of('nbabot')}")
    else:
        print_help_if_bare(context)


for group in (
    demo,
    ask,
    live,
    teams,
    player,
    feeds,
    data,
    sync,
    train,
    retrain,
    models,
    monitor,
    alerts,
    service,
    tui,
    jobs,
    usage,
    config,
    backup,
    doctor,
):
    group.add_to(app)
