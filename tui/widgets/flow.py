"""How a game went: points by quarter, and the lead over time as a chart."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table as Grid
from rich.text import Text

from engine.core import words
from engine.core.records import Game
from engine.core.timelines import Timeline, period_name, period_start
from tui.widgets.chart import Chart, Dotted, Line

_LEAST_SPAN = 10
"""Points that the chart reaches up and down at least."""


@dataclass(frozen=True, slots=True)
class LineScore:
    """Each side's points by quarter and overtime, and together."""

    game: Game
    timeline: Timeline

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The away side first, as everywhere."""
        periods = self.timeline.periods
        grid = Grid.grid(padding=(0, 2, 0, 0))
        grid.add_column()
        for _ in range(len(periods) + 1):
            grid.add_column(justify="right")
        names = [period_name(number) for number in range(1, len(periods) + 1)]
        grid.add_row("", *(Text(name, style="dim") for name in (*names, "Total")))
        for side, team in ((1, self.game.away_id), (0, self.game.home_id)):
            points = [period[side] for period in periods]
            grid.add_row(words.code(team), *map(str, points), Text(str(sum(points)), style="bold"))
        yield grid
        yield from self._doubt(sum(home for home, _ in periods), sum(away for _, away in periods))

    def _doubt(self, home: int, away: int) -> RenderResult:
        if self.game.home_points is not None and (home, away) != (self.game.home_points, self.game.away_points):
            said = f"{self.game.away_points}-{self.game.home_points}"
            yield Text(f"The recorded course of the game does not end at its result, {said}.", style="dim")


@dataclass(frozen=True, slots=True)
class LeadChart:
    """The home side's lead over the game: above the dotted line the home side is ahead, below it the away side."""

    game: Game
    timeline: Timeline
    height: int

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A step at every change of the score."""
        xs, ys = [0.0], [0.0]
        for score in self.timeline.scores:
            xs += [float(score.played)] * 2
            ys += [ys[-1], float(score.margin)]
        last = len(self.timeline.periods)
        end = float(period_start(last + 1))
        reach = max(_LEAST_SPAN, *(abs(y) for y in ys))
        marks = [(float(period_start(n) + period_start(n + 1)) / 2, period_name(n)) for n in range(1, last + 1)]
        yield Chart(
            (Dotted((0.0, end), (0.0, 0.0)), Line(xs, ys)),
            height=self.height,
            x=(0.0, end),
            y=(-reach, reach),
            x_marks=marks,
            y_text=self._lead,
        )

    def _lead(self, margin: float) -> str:
        if round(margin) == 0:
            return "tied"
        return f"{words.code(self.game.home_id if margin > 0 else self.game.away_id)} +{abs(margin):.0f}"
