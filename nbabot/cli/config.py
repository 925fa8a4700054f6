"""Settings: `config show`, `check`, `path`."""

from __future__ import annotations

import typer

from engine.core.errors import ConfigError, DiscordAccessError
from nbabot.cli.output import show, show_json, show_table
from nbabot.cli.session import Session, command, group


def add_to(app: typer.Typer) -> None:
    """Register this group's commands."""
    config = group(app, "config", "Show and check the settings.")
    command(config, "show", as_json=True)(show_settings)
    command(config, "check")(check)
    command(config, "path", as_json=True)(path)


def show_settings(session: Session) -> None:
    """Every setting in force and where it comes from.

    The Discord token is not a setting; the last line says only whether there is one.
    """
    from nbabot import settings

    where = settings.origin if session.as_json else settings.place
    values = settings.shown(session.settings)
    origins = {
        key: "command line" if key == "home" and session.home is not None else where(key, session.config)
        for key in values
    }
    if session.as_json:
        show_json({key: {"value": values[key], "from": origins[key]} for key in values})
        return
    rows = [(key, "–" if value is None else settings.as_toml(value), origins[key]) for key, value in values.items()]
    show_table(("setting", "value", "from"), rows)
    show(f"\n{_token_state(session)}")


def check(session: Session) -> None:
    """Check the settings file and the NBABOT_* variables.

    Every mistake is named with its line and the way out; the exit code is then 1.
    """
    from nbabot import settings

    wrong = settings.mistakes(session.config)
    if len(wrong) > 1:
        show("\n".join(wrong))
        raise ConfigError(f"There are {len(wrong)} mistakes in the settings: mend them one by one.")
    _ = session.settings
    show(f"The settings are sound. {_token_state(session)}")


def path(session: Session) -> None:
    """Where the settings file and the home folder are."""
    from nbabot import settings

    found = settings.config_path(session.config)
    if session.as_json:
        show_json({"config": None if found is None else str(found.absolute()), "home": str(session.settings.home)})
        return
    show(f"config  {found.absolute() if found else 'none: built-in defaults'}")
    show(f"home    {session.settings.home}")


def _token_state(session: Session) -> str:
    try:
        session.settings.discord.token()
    except DiscordAccessError as error:
        return str(error)
    return "There is a Discord token."
