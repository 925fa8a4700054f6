"""Writes docs/commands.md from the commands themselves: `python -m nbabot.cli.reference > docs/commands.md`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import typer

_SHARED = ("home_dir", "config_file")
_INTRO = """# Commands

<!-- Written by `python -m nbabot.cli.reference > docs/commands.md`; a test compares them. -->

What every command has in common:

- `--home DIR` is the folder with the database, the models made here and the logs (else `NBABOT_HOME`, else `home` in
  the settings, else the platform's folder for user data). `--config FILE` is the settings file (else `NBABOT_CONFIG`,
  else `config.toml` in the working folder, else built-in defaults). Both may stand before or after the command.
- `--json` prints JSON on stdout; its keys are in [json.md](json.md). Progress bars and logs go to stderr.
- `--as-of DATE` looks from noon (New York) of a past day and knows no more of the league than was known then. Models,
  jobs and settings are always those of now.
- Exit codes: 0 done, 1 not possible now (no data, no model, no access ...), 2 wrong usage, 130 interrupted. A failure
  is one sentence on stderr. Details of unexpected ones are in `logs/nbabot.log` under the home folder;
  `NBABOT_DEBUG=1` shows them on stderr too.
"""


def reference() -> str:
    """The whole page."""
    from nbabot.cli.app import app

    root = typer.main.get_command(app)
    return "\n".join([_INTRO, *(line for path, found in commands(root, "nbabot") for line in _section(path, found))])


def commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every command that does something, with its full name, in the order of --help."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command
        return
    for name, found in inner.items():
        yield from commands(found, f"{path} {name}")


def _section(path: str, command: Any) -> list[str]:
    own = [one for one in command.params if one.name not in _SHARED and one.name != "help"]
    arguments = [one for one in own if one.param_type_name == "argument"]
    options = [one for one in own if one.param_type_name == "option"]
    needed = [_option(one) for one in options if one.required]
    free = ["[OPTIONS]"] if len(options) > len(needed) else []
    usage = " ".join([path, *(_argument(one) for one in arguments), *needed, *free])
    rows = [(_argument(one), one.help) for one in arguments] + [(_option(one), one.help) for one in options]
    table = ["| | |", "| --- | --- |", *(f"| `{name}` | {about or ''} |" for name, about in rows), ""] if rows else []
    return [f"## {path}", "", inspect.cleandoc(command.help or ""), "", f"    {usage}", "", *table]


def _argument(parameter: Any) -> str:
    name = parameter.metavar if parameter.required else f"[{parameter.metavar}]"
    return name if parameter.nargs == 1 else f"{name}..."


def _option(parameter: Any) -> str:
    value = f" {parameter.metavar}" if parameter.metavar else ""
    return f"{parameter.opts[0]}{value}"


if __name__ == "__main__":
    print(reference(), end="")
