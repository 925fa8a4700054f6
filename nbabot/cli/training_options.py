"""Options that training and measuring share, and what they stand for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from engine.core.errors import UsageError

Families = Annotated[
    str | None,
    typer.Option(
        "--families",
        metavar="FAMILY,...",
        help="Only these, separated by commas; all by default.",
        show_default=False,
    ),
]
Through = Annotated[
    str | None, typer.Option("--through", metavar="SEASON", help="Last season to learn from.", show_default=False)
]
Seasons = Annotated[
    str, typer.Option("--seasons", metavar="A..B", help="Seasons to forecast, such as 2017-18..2022-23.")
]
JsonFile = Annotated[
    Path | None,
    typer.Option("--json", metavar="FILE", help="Also write the result there; - prints it.", show_default=False),
]


def listed(families: str | None) -> tuple[str, ...]:
    """The names in a list separated by commas."""
    return tuple(name.strip() for name in (families or "").split(",") if name.strip())


def told_as_json(result: object, target: Path | None) -> bool:
    """Write a backtest's figures where --json asks for them; whether they were printed in the place of the tables."""
    if target is None:
        return False
    text = json.dumps(result, indent=2, allow_nan=False)
    if target == Path("-"):
        print(text)
        return True
    write_file(target, f"{text}\n".encode(), "--json")
    return False


def write_file(path: Path, content: bytes, option: str) -> None:
    """Write a file that was asked for with an option. Raises UsageError where it cannot be written."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}): name another one after {option}.") from error
