"""Two versions on the same games, as a renderable: their scores, and how far apart they are with what chance allows."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table as Grid
from rich.text import Text

from engine.core import model_words
from engine.core.backtests import Difference
from engine.core.model_reports import Comparison, VersionScore

_HEADS = ("", "Log loss", "Brier", "Accuracy", "ms", "kB")


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison in words, figures and an interval beside zero."""

    found: Comparison

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Verdict, on which games, both sides, both differences."""
        found = self.found
        yield Text(model_words.better(found), style="bold")
        yield Text(model_words.basis(found))
        yield Text()
        grid = Grid.grid(padding=(0, 2, 0, 0))
        grid.add_column()
        for _ in _HEADS[1:]:
            grid.add_column(justify="right", no_wrap=True)
        grid.add_row(*_HEADS, style="dim")
        for side in (found.first, found.second):
            grid.add_row(*_side(side))
        yield grid
        for name, apart in (("Log loss", found.log_loss), ("Brier score", found.brier)):
            if apart is not None:
                yield Text(f"\n{name}, first less second: {model_words.difference(apart)}")
                yield _interval(apart, min(56, options.max_width), found)


def _side(side: VersionScore) -> tuple[str, ...]:
    figures = ("–" if value is None else f"{value:.4f}" for value in (side.log_loss, side.brier))
    accuracy = "–" if side.accuracy is None else f"{side.accuracy:.1%}"
    return (side.label, *figures, accuracy, f"{side.milliseconds:.2f}", f"{side.size / 1000:,.0f}")


def _interval(apart: Difference, width: int, found: Comparison) -> Text:
    """The interval of a difference beside zero, which stands in the middle; to the left the first is better."""
    half = max(4, (width - 3) // 2)
    reach = max(abs(apart.low), abs(apart.high)) or 1.0
    low, mean, high = (half + round(value / reach * half) for value in (apart.low, apart.mean, apart.high))
    cells = [" "] * (2 * half + 1)
    cells[half] = "│"
    cells[low : high + 1] = ["─"] * (high + 1 - low)
    cells[low], cells[high] = "├", "┤"
    if low < half < high:
        cells[half] = "┼"
    cells[mean] = "●"
    scale = f"{'← ' + found.first.label:<{half}}│{found.second.label + ' →':>{half}}"
    return Text.assemble(("".join(cells), "bold cyan"), "\n", (scale, "dim"))
