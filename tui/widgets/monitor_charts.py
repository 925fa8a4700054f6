"""How the picks do, as renderables: the rolling Brier score in its band, the reliability diagram, the measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table as Grid
from rich.text import Text

from engine.core import words
from engine.core.monitor_reports import Measure, Performance, RollingScore, Trend
from engine.core.reports import CalibrationBin
from tui.widgets import text as texts
from tui.widgets.chart import Band, Chart, Dotted, Line, Points

MANY = 20
"""Picks from which a point of the reliability diagram is filled."""
_NAMES: Mapping[str, str] = {
    "log_loss": "Log loss",
    "brier": "Brier score",
    "accuracy": "Accuracy",
    "ece": "Calibration error",
    "margin_mae": "Margin, mean miss",
    "total_mae": "Total, mean miss",
    "margin_bias": "Margin, outcome less forecast",
    "total_bias": "Total, outcome less forecast",
    "margin_80_coverage": "Margins in the 80% interval",
    "total_80_coverage": "Totals in the 80% interval",
}
_TRENDS = {
    Trend.UNKNOWN: "too few picks to tell a trend",
    Trend.IMPROVING: "improving",
    Trend.STABLE: "stable",
    Trend.DEGRADING: "getting worse",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of what is needed is there, as a bar: the state in which nothing can be said yet."""

    have: int
    need: int
    noun: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A sentence and a bar."""
        yield Text("Not enough data", style="bold")
        yield Text(f"{self.have} of the {self.need} {self.noun} that a judgement takes.")
        yield Text(texts.bar(self.have / self.need, min(40, options.max_width)), style="cyan")


@dataclass(frozen=True, slots=True)
class RollingBrier:
    """The Brier score of window after window, in the band that holds 95% of windows of honest percentages."""

    scores: Sequence[RollingScore]
    needed: int
    height: int

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Title, verdict, chart, what its marks mean."""
        yield Text(f"Brier score, last {self.needed} picks", style="bold")
        if not self.scores:
            yield Text("not enough picks are graded", style="dim")
            return
        yield _standing(self.scores[-1])
        places = range(len(self.scores))
        yield Chart(
            (
                Band(places, [one.low for one in self.scores], [one.high for one in self.scores]),
                Dotted(places, [one.expected for one in self.scores]),
                Line(places, [one.value for one in self.scores]),
            ),
            height=self.height,
            x=(0, max(1, len(self.scores) - 1)),
            x_marks=[(place, words.short_day(self.scores[place].day)) for place in (0, len(self.scores) - 1)],
            y_text="{:.3f}".format,
        )
        yield Text("░ 95% of such windows  · expected", style="dim")


def _standing(last: RollingScore) -> Text:
    """Where the newest window lies."""
    text = Text(f"{last.value:.3f}, ")
    if last.value > last.high:
        return text.append("above its band: worse than chance", style="bold red")
    if last.value < last.low:
        return text.append("below its band: better than promised", style="green")
    return text.append("inside its band")


@dataclass(frozen=True, slots=True)
class Reliability:
    """How often the home side won to whom a chance was given."""

    bins: Sequence[CalibrationBin]
    height: int

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Title, how to read it, chart, what its marks mean."""
        yield Text("Said, and came true", style="bold")
        if not self.bins:
            yield Text("no pick is graded yet", style="dim")
            return
        yield Text("home wins of those given a chance")
        many = [one for one in self.bins if one.n >= MANY]
        few = [one for one in self.bins if one.n < MANY]
        yield Chart(
            (
                Dotted((0, 1), (0, 1)),
                *(
                    Points([one.mean_forecast for one in group], [one.observed for one in group], mark)
                    for group, mark in ((few, "○"), (many, "●"))
                ),
            ),
            height=self.height,
            x=(0, 1),
            y=(0, 1),
            x_marks=((0, "0%"), (0.5, "said 50%"), (1, "100%")),
            y_text="{:.0%}".format,
        )
        yield Text(f"● {MANY} picks or more ○ fewer", style="dim")


@dataclass(frozen=True, slots=True)
class Measures:
    """Every figure of a window of picks beside what it should be."""

    found: Performance

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A row per figure; what alarms says so."""
        grid = Grid.grid(padding=(0, 2, 0, 0))
        grid.add_column()
        for _ in range(3):
            grid.add_column(justify="right", no_wrap=True)
        grid.add_row(*(Text(head, style="dim") for head in ("", "picks", "95% of windows", "backtest")))
        for one in self.found.measures:
            grid.add_row(*_row(one))
        yield grid


def _row(one: Measure) -> tuple[Text, ...]:
    digits = 1 if one.name.endswith(("_mae", "_bias")) else 3
    band = "–" if one.low is None or one.high is None else f"{one.low:.{digits}f} to {one.high:.{digits}f}"
    baseline = "–" if one.baseline is None else f"{one.baseline:.{digits}f}"
    style = "bold red" if one.alarming else ""
    value = f"{'! ' if one.alarming else ''}{one.value:.{digits}f}"
    return Text(_NAMES.get(one.name, one.name)), Text(value, style=style), Text(band), Text(baseline)


def span(found: Performance, champion: str) -> str:
    """How many picks, of which days, and where they are going; whose, where they are not the champion's."""
    whose = "" if found.model == champion else f"{found.model}: "
    days = f"{words.short_day(found.first_day)} to {words.short_day(found.last_day)}"
    return f"{whose}{texts.plural(found.n, 'graded pick')}, {days}; {_TRENDS[found.trend]}"
