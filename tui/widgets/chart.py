"""Charts of block and braille characters: a sparkline for a cell, and a chart of layers on axes, as renderables.

They say the same without colour: a band is shaded, a reference dotted, a line drawn in braille, points and columns have
their own shapes. They are drawn here because the libraries at hand do not do that: textual-plotext wants a plotext
below 6 and tells series apart by colour alone; textual-plot fails where NO_COLOR is set and loads numpy, which a screen
without it does not pay for.

    Chart((Band(days, lows, highs), Dotted(days, expected), Line(days, found)), height=8, y_text="{:.3f}".format)
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

BLOCKS = "▁▂▃▄▅▆▇█"
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Bits of a braille character: row of the dot, then column."""
_BRAILLE = 0x2800
Span = tuple[float, float]
"""Lowest and highest value."""


def sparkline(values: Sequence[float], width: int, span: Span | None = None) -> str:
    """The last `width` values as blocks, low to high over `span` (default: their own); padded on the left."""
    shown = values[-width:] if width > 0 else []
    if not shown:
        return " " * width
    low, high = span or (min(shown), max(shown))
    size = (high - low) or 1.0
    places = (round((value - low) / size * (len(BLOCKS) - 1)) for value in shown)
    return "".join(BLOCKS[min(max(place, 0), len(BLOCKS) - 1)] for place in places).rjust(width)


@dataclass(slots=True)
class Frame:
    """Cells to draw into, `width` x `height`, and the values that its edges stand for."""

    width: int
    height: int
    x: Span
    y: Span
    _cells: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)

    def across(self, x: float, steps: int = 1) -> int:
        """Column of a value, 0 at the left, counted in `steps` to the cell."""
        return _place(x, self.x, self.width * steps)

    def down(self, y: float, steps: int = 1) -> int:
        """Row of a value, 0 at the top, counted in `steps` to the cell."""
        last = self.height * steps
        return last - 1 - _place(y, self.y, last)

    def holds(self, y: float) -> bool:
        """Whether a value lies between the lower and the upper edge."""
        return self.y[0] <= y <= self.y[1]

    def put(self, column: int, row: int, mark: str, style: str) -> None:
        """Write a character; braille joins the braille that stands there, anything else replaces."""
        if not (0 <= column < self.width and 0 <= row < self.height):
            return
        there = self._cells.get((column, row), (" ", ""))[0]
        if _is_braille(mark) and _is_braille(there):
            mark = chr(ord(mark) | ord(there))
        self._cells[column, row] = (mark, style)

    def line(self, row: int) -> Iterator[tuple[str, str]]:
        """Characters and styles of a row."""
        return (self._cells.get((column, row), (" ", "")) for column in range(self.width))


class Layer(Protocol):
    """Something drawn on a frame; a later layer covers an earlier one."""

    def extent(self) -> tuple[Sequence[float], Sequence[float]]:
        """Values that the axes have to span: across, then up."""

    def draw(self, frame: Frame) -> None:
        """Put characters into the frame."""


@dataclass(frozen=True, slots=True)
class Line:
    """Straight lines from point to point, `xs` rising, in braille."""

    xs: Sequence[float]
    ys: Sequence[float]
    style: str = "bold cyan"

    def extent(self) -> tuple[Sequence[float], Sequence[float]]:
        """All points."""
        return self.xs, self.ys

    def draw(self, frame: Frame) -> None:
        """Dot by dot across; a steep piece fills the dots between its ends."""
        if not self.xs:
            return
        before: int | None = None
        for place in range(frame.across(self.xs[0], 2), frame.across(self.xs[-1], 2) + 1):
            here = frame.down(_between(self.xs, self.ys, _value(place, frame.x, frame.width * 2)), 4)
            start = here if before is None or abs(before - here) < 2 else before + (1 if here > before else -1)
            for dot in range(min(start, here), max(start, here) + 1):
                bit = _DOTS[dot % 4][place % 2]
                frame.put(place // 2, dot // 4, chr(_BRAILLE | bit), self.style)
            before = here


@dataclass(frozen=True, slots=True)
class Dotted:
    """A dotted line from point to point: what should be, beside what is."""

    xs: Sequence[float]
    ys: Sequence[float]
    style: str = "dim"

    def extent(self) -> tuple[Sequence[float], Sequence[float]]:
        """All points."""
        return self.xs, self.ys

    def draw(self, frame: Frame) -> None:
        """A dot in each column from the first point to the last."""
        for column in _columns(frame, self.xs):
            y = _between(self.xs, self.ys, _value(column, frame.x, frame.width))
            if frame.holds(y):
                frame.put(column, frame.down(y), "·", self.style)


@dataclass(frozen=True, slots=True)
class Band:
    """The room between two lines, shaded."""

    xs: Sequence[float]
    lows: Sequence[float]
    highs: Sequence[float]
    style: str = "dim"

    def extent(self) -> tuple[Sequence[float], Sequence[float]]:
        """Both lines."""
        return self.xs, (*self.lows, *self.highs)

    def draw(self, frame: Frame) -> None:
        """Every cell that the band reaches into."""
        for column in _columns(frame, self.xs):
            x = _value(column, frame.x, frame.width)
            top, bottom = (frame.down(_between(self.xs, side, x)) for side in (self.highs, self.lows))
            for row in range(top, bottom + 1):
                frame.put(column, row, "░", self.style)


@dataclass(frozen=True, slots=True)
class Points:
    """A mark at each point."""

    xs: Sequence[float]
    ys: Sequence[float]
    mark: str = "●"
    style: str = "bold cyan"

    def extent(self) -> tuple[Sequence[float], Sequence[float]]:
        """All points."""
        return self.xs, self.ys

    def draw(self, frame: Frame) -> None:
        """Points beyond the edges are left out."""
        for x, y in zip(self.xs, self.ys, strict=True):
            if frame.holds(y):
                frame.put(frame.across(x), frame.down(y), self.mark, self.style)


@dataclass(frozen=True, slots=True)
class Columns:
    """A column for each value, from the lower edge up, the oldest at the left; they share the width evenly."""

    ys: Sequence[float]
    style: str = "cyan"

    def extent(self) -> tuple[Sequence[float], Sequence[float]]:
        """Column n stands between n and n + 1; columns grow from 0."""
        return (0, len(self.ys)), (0, *self.ys)

    def draw(self, frame: Frame) -> None:
        """To an eighth of a cell; all equally wide, with a gap of one cell at least where there is room."""
        low, high = frame.y
        wide = max(1, frame.width // max(1, len(self.ys)) - 1)
        for place, value in enumerate(self.ys):
            start = place * frame.width // len(self.ys)
            whole, part = divmod(round((value - low) / (high - low) * frame.height * 8), 8)
            for column in range(start, start + wide):
                for row in range(whole):
                    frame.put(column, frame.height - 1 - row, BLOCKS[-1], self.style)
                if part > 0:
                    frame.put(column, frame.height - 1 - whole, BLOCKS[part - 1], self.style)


@dataclass(frozen=True, slots=True)
class Chart:
    """Layers on axes, as wide as there is room; `height` counts the rows between the axes.

    `x` and `y` default to what the layers span. `x_marks` are written below the axis, each centred at its value as far
    as there is room; `y_text` says the values at top, middle and bottom.
    """

    layers: Sequence[Layer]
    height: int = 8
    x: Span | None = None
    y: Span | None = None
    x_marks: Sequence[tuple[float, str]] = ()
    y_text: Callable[[float], str] = "{:g}".format

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Rows with the axis at the left, the axis below, its marks."""
        x, y = (given or _span(values) for given, values in zip((self.x, self.y), self._extents(), strict=True))
        values = (y[1], (y[0] + y[1]) / 2, y[0]) if self.height > 4 else (y[1], y[0])
        gutter = max(len(self.y_text(value)) for value in values)
        frame = Frame(max(1, options.max_width - gutter - 2), self.height, x, y)
        texts = {frame.down(value): self.y_text(value) for value in values}
        for layer in self.layers:
            layer.draw(frame)
        for row in range(self.height):
            axis = "┤" if row in texts else "│"
            yield Segment(f"{texts.get(row, ''):>{gutter}} {axis}", Style(dim=True))
            yield from (Segment(mark, Style.parse(style)) for mark, style in frame.line(row))
            yield Segment.line()
        yield Text(" " * gutter + " └" + "─" * frame.width, style="dim")
        if self.x_marks:
            yield Text(" " * (gutter + 2) + self._marks(frame), style="dim")

    def _extents(self) -> tuple[list[float], list[float]]:
        """All that the layers span across, and up."""
        found = [layer.extent() for layer in self.layers]
        return [x for xs, _ in found for x in xs], [y for _, ys in found for y in ys]

    def _marks(self, frame: Frame) -> str:
        """The line below the axis; a mark that would touch the one before it is left out."""
        line = ""
        for x, text in self.x_marks:
            start = min(max(0, frame.across(x) - len(text) // 2), frame.width - len(text))
            if start >= len(line) + bool(line):
                line = line.ljust(start) + text
        return line


def _is_braille(mark: str) -> bool:
    return _BRAILLE <= ord(mark) < _BRAILLE + 0x100


def _span(values: Sequence[float]) -> Span:
    """Lowest and highest, never the same."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _place(value: float, span: Span, steps: int) -> int:
    """Which of `steps` equal parts of a span a value falls into; beyond the ends the outermost."""
    low, high = span
    return min(max(int((value - low) / (high - low) * steps), 0), steps - 1)


def _value(place: int, span: Span, steps: int) -> float:
    """The middle of one of `steps` equal parts of a span."""
    return span[0] + (place + 0.5) * (span[1] - span[0]) / steps


def _columns(frame: Frame, xs: Sequence[float]) -> range:
    return range(frame.across(xs[0]), frame.across(xs[-1]) + 1) if xs else range(0)


def _between(xs: Sequence[float], ys: Sequence[float], x: float) -> float:
    """The value at x on straight lines from point to point; beyond the ends that of the end."""
    after = bisect_right(xs, x)
    if after in (0, len(xs)):
        return ys[0] if after == 0 else ys[-1]
    left, right = xs[after - 1], xs[after]
    share = (x - left) / (right - left)
    return ys[after - 1] + share * (ys[after] - ys[after - 1])
