"""Where commands write: data to stdout, progress to stderr and only on a terminal.

No text that a person or a file put in reaches a terminal as anything but visible characters.
"""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from typing import TYPE_CHECKING

from engine.core.progress import Progress, silent

if TYPE_CHECKING:
    from rich.console import Console

WIDTH = 80
_GAP, _NARROW = "   ", "  "


def visible(text: str) -> str:
    """The text with a question mark for whatever a terminal might obey: escape sequences, bells, line ends."""
    return "".join(character if character.isprintable() else "?" for character in text)


def show_json(value: object) -> None:
    """Print a value as JSON that any parser takes: UTF-8, no NaN."""
    print(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))


def show(text: str = "") -> None:
    """Print a paragraph, wrapped at the terminal's width but not beyond 80 columns; indented lines stay indented."""
    for line in text.split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        print("\n".join(_wrapped(visible(line), width(), subsequent_indent=indent)))


def show_pairs(pairs: Sequence[tuple[str, str]]) -> None:
    """Print labels and values in two columns, values wrapped under each other."""
    column = max((len(label) for label, _ in pairs), default=0) + 2
    for label, value in pairs:
        first, rest = f"{visible(label):<{column}}", " " * column
        print(
            "\n".join(_wrapped(visible(value), width(), initial_indent=first, subsequent_indent=rest)) or first.rstrip()
        )


def show_table(headings: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> None:
    """Print a table; the columns numbered in `right` are aligned to the right.

    Where the terminal is too narrow, cells take several lines; no word is ever cut, though lines may grow too long.
    """
    cells = [[visible(cell) for cell in row] for row in (headings, *rows)]
    widths, gap = _widths(cells)
    for number, row in enumerate(cells):
        folded = [_wrapped(cell, space) for cell, space in zip(row, widths, strict=True)]
        for line in zip_longest(*folded, fillvalue=""):
            places = enumerate(zip(line, widths, strict=True))
            said = [f"{part:>{space}}" if place in right else f"{part:<{space}}" for place, (part, space) in places]
            print(gap.join(said).rstrip())
        if number == 0:
            rule = "─" if "utf" in (sys.stdout.encoding or "").lower() else "-"
            print(rule * (sum(widths) + len(gap) * (len(widths) - 1)))


def _widths(cells: Sequence[Sequence[str]]) -> tuple[list[int], str]:
    """How wide each column may be, and the gap between two: the widest gives way until the line fits the terminal.

    Where even the longest words of the columns do not fit side by side, the gap is narrower.
    """
    columns = list(zip(*cells, strict=True))
    widths = [max(map(len, column)) for column in columns]
    least = [max((len(word) for cell in column for word in cell.split()), default=0) for column in columns]
    gap = _GAP if sum(least) + len(_GAP) * (len(widths) - 1) <= _terminal_width() else _NARROW
    room = _terminal_width() - len(gap) * (len(widths) - 1)
    while sum(widths) > room and (loose := [at for at, space in enumerate(widths) if space > least[at]]):
        widths[max(loose, key=lambda at: widths[at])] -= 1
    return widths, gap


def _wrapped(text: str, columns: int, initial_indent: str = "", subsequent_indent: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        max(1, columns),
        initial_indent=initial_indent,
        subsequent_indent=subsequent_indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def width() -> int:
    """Columns to write text in: the terminal's, at most 80 for it to stay easy to read."""
    return max(40, min(WIDTH, _terminal_width()))


def _terminal_width() -> int:
    """The terminal's columns; in a pipe COLUMNS, else 80."""
    return shutil.get_terminal_size((WIDTH, 24)).columns


def console(*, stderr: bool) -> Console:
    """A rich console that colours terminals only; in a pipe it is 80 columns wide."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, highlight=False, width=None if stream.isatty() else WIDTH)


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A progress function that draws a bar on stderr; silent where stderr is not a terminal."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=console(stderr=True), transient=True) as bars:
        tasks: dict[str, object] = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)  # type: ignore[arg-type]

        yield report
