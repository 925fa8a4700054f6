"""A game under way, or how one went, as renderables: where it stands, what is said from here, the chance over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table as Grid
from rich.text import Text

from engine.core import live_words, words
from engine.core.live_games import Alike, LiveCard, LivePoint, LiveStatus, Outcomes
from engine.core.timelines import QUARTERS, Score, Timeline, period_after, period_name, period_start
from tui.widgets.chart import Chart, Dotted, Frame, Line, Points

LEAST_POINTS = 3
"""Points of a curve that tell more than where a game began and where it stands."""


def course_of(card: LiveCard) -> Timeline:
    """The course of the score, as far as the curve of the chance tells it."""
    scores = []
    for point in card.points:
        period = period_after(point.played)
        scores.append(Score(period, period_start(period + 1) - point.played, point.home, point.away))
    return Timeline(card.view.state.game_id, tuple(scores))


@dataclass(frozen=True, slots=True)
class Lines:
    """What is said of a game, a row each with its name."""

    rows: tuple[tuple[str, str], ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Long texts wrap beside their names."""
        grid = Grid.grid(padding=(0, 2, 0, 0))
        grid.add_column(no_wrap=True, style="dim")
        for name, said in self.rows:
            grid.add_row(Text(name), Text(said))
        yield grid


def standing(card: LiveCard) -> Lines:
    """What is said of a game from here beside the chance of a win, and what was said before it."""
    view = card.view
    rows = (
        ("Margin", live_words.margin_line(view)),
        ("Half-time", live_words.halftime_line(view)),
        ("Before", live_words.before_line(view)),
        ("Swing", live_words.swing_line(card)),
    )
    return Lines(tuple(row for row in rows if row[1]))


@dataclass(frozen=True, slots=True)
class MostLike:
    """Past games that went like this one, and what became of them."""

    outcomes: Outcomes | None
    games: tuple[Alike, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """How all that are alike ended, then a row for each of the likest."""
        yield Text("Most like it so far", style="bold")
        if self.outcomes is not None:
            yield Text(f"{live_words.outcomes_line(self.outcomes)}.")
        grid = Grid.grid(padding=(0, 1, 0, 0))
        for one in self.games:
            grid.add_row("•", Text(live_words.alike_line(one)))
        yield grid


@dataclass(frozen=True, slots=True)
class _Bounds:
    """A thin upright line where each quarter ends."""

    at: Sequence[float]

    def extent(self) -> tuple[Sequence[float], Sequence[float]]:
        return (), ()

    def draw(self, frame: Frame) -> None:
        for x in self.at:
            for row in range(frame.height):
                frame.put(frame.across(x), row, "┊", "dim")


@dataclass(frozen=True, slots=True)
class ChanceChart:
    """The home side's chance over the game: at the top it wins, below the dotted line the away side is likelier."""

    title: str
    home_id: int
    away_id: int
    points: tuple[LivePoint, ...]
    height: int

    @classmethod
    def of(cls, card: LiveCard, height: int) -> ChanceChart:
        """The chart of a game, with where it stands in its title while it is on."""
        view, state = card.view, card.view.state
        title = f"Chance of a {words.nickname(state.home_id)} win"
        if state.status is LiveStatus.LIVE:
            before = f"{words.percent(view.pregame.home_win_prob)} before, " if view.pregame else ""
            title += f": {before}{words.percent(card.points[-1].home_win_prob)} now"
        return cls(title, state.home_id, state.away_id, card.points, height)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Title, then the chart up to the end of regulation, or of the overtime under way."""
        yield Text(self.title, style="bold")
        xs, ys = [float(point.played) for point in self.points], [point.home_win_prob for point in self.points]
        periods = range(1, max(QUARTERS, period_after(self.points[-1].played)) + 1)
        starts = [float(period_start(number)) for number in (*periods, periods[-1] + 1)]
        yield Chart(
            (
                _Bounds(starts[1:-1]),
                Dotted((0.0, starts[-1]), (0.5, 0.5)),
                Line(xs, ys),
                Points(xs[-1:], ys[-1:]),
            ),
            height=self.height,
            x=(0.0, starts[-1]),
            y=(0.0, 1.0),
            x_marks=[((a + b) / 2, period_name(n)) for n, (a, b) in zip(periods, pairwise(starts), strict=True)],
            y_text=self._side,
        )

    def _side(self, chance: float) -> str:
        """What stands at the axis: `BOS`, `50%`, `LAL`."""
        return "50%" if chance == 0.5 else words.code(self.home_id if chance > 0.5 else self.away_id)
