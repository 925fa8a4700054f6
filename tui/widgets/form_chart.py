"""A player's last games as columns with their numbers, before the range in which the next one is expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from engine.core import words
from engine.core.player_records import PlayerForecast, PlayerGame, Range, Stat
from tui.widgets.chart import Band, Chart, Columns, Dotted, Frame

NEXT_PLACES = 2
"""Places of a game that the next one takes: a gap, and its range."""
_GUTTER = 5
"""Cells beside the columns: the numbers at the axis, and the axis."""


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The value above each column, where a column is wide enough for it."""

    values: Sequence[int]
    places: int

    def extent(self) -> tuple[Sequence[float], Sequence[float]]:
        return (), ()

    def draw(self, frame: Frame) -> None:
        wide = frame.width // self.places
        for place, value in enumerate(self.values):
            text = str(value)
            top = frame.height - 1 - -(-round(value / frame.y[1] * frame.height * 8) // 8)
            start = place * wide + max(0, (wide - 1 - len(text)) // 2)
            for at, mark in enumerate(text if len(text) < wide else ""):
                frame.put(start + at, max(0, top), mark, "bold")


@dataclass(frozen=True, slots=True)
class _Next:
    """Where the next game is expected to end: thin for 8 games of 10, thick for half of them, a dot at the mean."""

    mostly: Range
    half: Range
    mean: float
    places: int

    def extent(self) -> tuple[Sequence[float], Sequence[float]]:
        return (), self.mostly

    def draw(self, frame: Frame) -> None:
        wide = frame.width // self.places
        column = (self.places - 1) * wide + max(0, wide // 2 - 1)
        for interval, mark in ((self.mostly, "│"), (self.half, "┃")):
            for row in range(frame.down(interval[1]), frame.down(interval[0]) + 1):
                frame.put(column, row, mark, "bold yellow")
        frame.put(column, frame.down(self.mean), "●", "bold yellow")


@dataclass(frozen=True, slots=True)
class FormChart:
    """One column for each of the last games, the oldest first; the band shows the forecast's 80% range all along.

    A dotted line, which columns above it cover, is the line that was asked about.
    """

    forecast: PlayerForecast
    stat: Stat
    games: Sequence[PlayerGame]
    height: int

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Title, then the chart, as wide as its columns are equally wide."""
        yield Text(self._title(), style="bold")
        places = len(self.games) + NEXT_PLACES
        width = max(1, (options.max_width - _GUTTER) // places) * places
        yield from self._chart(places).__rich_console__(console, options.update_width(width + _GUTTER))

    def _title(self) -> str:
        shown = len(self.games)
        last = "the last game" if shown == 1 else f"the last {shown} games"
        what = f"{self.stat.words.capitalize()} in {last} · shaded: the 80% range of the next"
        return what if shown else "No game of his is stored."

    def _chart(self, places: int) -> Chart:
        one, values = self.forecast.stat(self.stat), [game.value(self.stat) for game in self.games]
        line = self.forecast.line
        dotted = line.line if line is not None and line.stat is self.stat else None
        most = max(1.0, one.interval_80[1], *values, dotted or 0.0)
        top = most * self.height / (self.height - 1)  # a row above the highest column for its number
        low, high = one.interval_80
        layers = (
            Band((0, places), (low, low), (high, high)),
            *(() if dotted is None else (Dotted((0, places), (dotted, dotted), "bold yellow"),)),
            Columns((*values, *(0 for _ in range(NEXT_PLACES)))),
            _Numbers(values, places),
            _Next(one.interval_80, one.interval_50, one.mean, places),
        )
        return Chart(layers, self.height, (0, places), (0, top), self._marks(places), "{:3.0f}".format)

    def _marks(self, places: int) -> tuple[tuple[float, str], ...]:
        days = [words.short_day(game.league_day) for game in self.games]
        ends = ((0.0, days[0]), (len(days) - 2.0, days[-1])) if len(days) > 1 else ()
        return (*ends, (places - 0.5, "next"))
