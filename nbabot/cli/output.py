"""Where commands write: data to stdout, progress to stderr and only on a terminal."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from engine.core.progress import Progress, silent

if TYPE_CHECKING:
    from rich.console import Console

WIDTH = 80
_NO_LIMIT = 1000


def show_json(value: object) -> None:
    """Print a value as JSON that any parser takes: UTF-8, no NaN."""
    print(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))


def show(text: str = "") -> None:
    """Print a paragraph, wrapped at the terminal's width but not beyond 80 columns; indented lines stay indented."""
    for line in text.split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        print("\n".join(textwrap.wrap(line, width(), subsequent_indent=indent, break_on_hyphens=False)))


def show_pairs(pairs: Sequence[tuple[str, str]]) -> None:
    """Print labels and values in two columns, values wrapped under each other."""
    column = max((len(label) for label, _ in pairs), default=0) + 2
    for label, value in pairs:
        print(
            textwrap.fill(
                value,
                width(),
                initial_indent=f"{label:<{column}}",
                subsequent_indent=" " * column,
                break_on_hyphens=False,
            )
        )


def show_table(headings: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> None:
    """Print a table; the columns numbered in `right` are aligned to the right. Long cells fold onto further lines."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for number, heading in enumerate(headings):
        justify: Literal["left", "right"] = "right" if number in right else "left"
        table.add_column(heading, justify=justify, overflow="fold")
    for row in rows:
        table.add_row(*(_plain(cell) for cell in row))
    shown = console(stderr=False, piped_width=None)
    with shown.capture() as capture:
        shown.print(table)
    print("\n".join(line.rstrip() for line in capture.get().splitlines()))


def width() -> int:
    """Columns to write in: the terminal's, at most 80 for text to stay easy to read."""
    return max(40, min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns))


def console(*, stderr: bool, piped_width: int | None = WIDTH) -> Console:
    """A rich console that colours terminals only; in a pipe it is `piped_width` wide, None = as wide as it takes."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, highlight=False, width=None if stream.isatty() else piped_width or _NO_LIMIT)


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A progress function that draws a bar on stderr; silent where stderr is not a terminal."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=console(stderr=True), transient=True) as bars:
        tasks: dict[str, object] = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(_plain(stage), total=total)
            bars.update(tasks[stage], completed=done, total=total)  # type: ignore[arg-type]

        yield report


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)
