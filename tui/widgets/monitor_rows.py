"""The inputs under watch as rows of a table, and what is behind one of them."""

from __future__ import annotations

from rich.console import Group
from rich.table import Table as Grid
from rich.text import Text

from engine.core.monitor_reports import FeatureDrift, MonitorReport, Verdict
from tui.widgets.chart import Chart, Columns, Dotted, sparkline
from tui.widgets.table import PADDING, Column, room

_NAME, _HISTORY, _SCORE = Column("Input", 24), Column("Last windows", 12), Column("Score", 5, right=True)
_VERDICT = Column("Verdict", 26)
_DISTANCES = (Column("KS", 5, right=True), Column("PSI", 5, right=True), Column("Wasserstein", 11, right=True))

_COLOURS = {
    Verdict.NOT_ENOUGH_DATA: "yellow",
    Verdict.STABLE: "green",
    Verdict.DRIFTING: "yellow",
    Verdict.DEGRADED: "red",
}


def report_verdict(found: MonitorReport) -> Text:
    """What monitoring says of the champion, and what to do."""
    text = Text(found.verdict.value.capitalize(), style=f"bold {_COLOURS[found.verdict]}")
    text.append(f" · {found.model}\n", style="bold default")
    return text.append(f"{found.summary} {found.recommendation}", style="not bold default")


def drift_columns(width: int) -> tuple[Column, ...]:
    """Columns for a table as wide as `width`: the distances only where there is room."""
    columns = [_NAME, _HISTORY, _SCORE, _VERDICT]
    for place, column in enumerate(_DISTANCES):
        if room(width, columns) >= column.width + PADDING:
            columns.insert(3 + place, column)
    return tuple(columns)


def drift_row(one: FeatureDrift, columns: tuple[Column, ...]) -> tuple[str | Text, ...]:
    """One input in the cells of `drift_columns`."""
    cells: dict[str, str | Text] = {
        _NAME.label: one.feature,
        _HISTORY.label: Text(sparkline(one.history, _HISTORY.width, (0.0, 1.0)), style="cyan"),
        _SCORE.label: f"{one.score:.2f}",
        _VERDICT.label: verdict(one),
        **{
            column.label: f"{value:.2f}"
            for column, value in zip(_DISTANCES, (one.ks, one.psi, one.wasserstein), strict=True)
        },
    }
    return tuple(cells[column.label] for column in columns)


def verdict(one: FeatureDrift) -> Text:
    """Whether an input is as it was when the model learned, in words."""
    if one.drifting:
        return Text("drifting: two windows", style="bold red")
    if one.unusual:
        return Text("unusual, this window only", style="yellow")
    return Text("a little off" if one.score >= 0.5 else "as usual")


def drift_facts(one: FeatureDrift, n: int) -> Group:
    """What is known of one input: how far it lies from what the model learned from, and how that has moved."""
    grid = Grid.grid(padding=(0, 2, 0, 0))
    grid.add_row("Verdict", verdict(one))
    grid.add_row("Score", f"{one.score:.2f} (1 is unusual even on its own)")
    grid.add_row("Chance", f"{one.chance:.1%} of windows without drift are so far off")
    grid.add_row("Largest gap", f"{one.ks:.2f} between shares below a value (KS)")
    grid.add_row("Shift of mass", f"{one.psi:.2f} (PSI)")
    grid.add_row("Distance", f"{one.wasserstein:.2f} standard deviations (Wasserstein)")
    chart = Chart(
        (Columns(one.history), Dotted((0, len(one.history)), (1, 1), "bold")),
        height=5,
        y=(0, 1),
        x_marks=((0, "earlier"), (len(one.history), "now")),
        y_text="{:.1f}".format,
    )
    return Group(grid, Text(f"\nScore of windows of {n} games, 25 games apart", style="bold"), chart)
