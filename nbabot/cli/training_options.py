"""Options that training and measuring share, and what they stand for."""

from __future__ import annotations

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


def write_file(path: Path, content: bytes, option: str) -> None:
    """Write a file that was asked for with an option. Raises UsageError where it cannot be written."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}): name another one after {option}.") from error
