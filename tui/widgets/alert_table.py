"""Alerts as rows of a table, and all that is known of one."""

from __future__ import annotations

from typing import ClassVar

from rich.table import Table as Grid
from rich.text import Text
from textual.binding import Binding, BindingType

from engine.core import words
from engine.core.alerts import Alert, AlertState, Severity
from engine.core.calendar import league_day
from tui.widgets.table import PADDING, Column, Table, room

_NUMBER, _STATE, _RAISED = Column("No.", 4, right=True), Column("State", 12), Column("Since", 20)
_SEVERITY = Column("Severity", 8)
_COLOURS = {Severity.INFO: "", Severity.WARNING: "yellow", Severity.CRITICAL: "bold red"}


class AlertTable(Table):
    """Alerts, with the keys that say who has seen to them; the screen does what they say."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "screen.acknowledge", "Acknowledge"),
        Binding("x", "screen.resolve", "Resolve", tooltip="Resolve: it is over"),
    ]


def alert_columns(width: int, alerts: tuple[Alert, ...]) -> tuple[Column, ...]:
    """Columns for a table as wide as `width`: what is wrong takes what the others leave."""
    columns = [_NUMBER, _SEVERITY, _STATE]
    if width > 100 and alerts:
        columns.append(_RAISED)
    return (*columns, Column("What", max(10, room(width, columns) - PADDING)))


def alert_row(one: Alert, columns: tuple[Column, ...]) -> tuple[str | Text, ...]:
    """One alert in the cells of `alert_columns`; its text is cut between words."""
    cells: dict[str, str | Text] = {
        _NUMBER.label: str(one.number),
        _SEVERITY.label: Text(one.severity, style=_COLOURS[one.severity] if one.resolved is None else "dim"),
        _STATE.label: one.state.value,
        _RAISED.label: f"{words.short_day(league_day(one.raised))} {words.clock(one.raised)}",
        columns[-1].label: shortened(one.text, columns[-1].width),
    }
    return tuple(cells[column.label] for column in columns)


def alert_facts(one: Alert) -> Grid:
    """All that is known of one alert."""
    grid = Grid.grid(padding=(0, 2, 0, 0))
    grid.add_row("What", Text(one.text))
    grid.add_row("Severity", Text(one.severity, style=_COLOURS[one.severity]))
    grid.add_row("Found by", Text(f"{one.source} ({one.subject})"))
    grid.add_row("Raised", words.moment(one.raised))
    grid.add_row("Last seen", words.moment(one.seen))
    if one.acknowledged is not None:
        grid.add_row("Acknowledged", Text(f"{words.moment(one.acknowledged)} by {one.acknowledged_by}"))
    if one.resolved is not None:
        grid.add_row("Resolved", Text(f"{words.moment(one.resolved)} by {one.resolved_by}"))
    if one.state is AlertState.OPEN:
        grid.add_row("Next", "a acknowledges it, x resolves it")
    return grid


def shortened(text: str, width: int) -> str:
    """As many whole words as there is room for, then dots; the whole text where it fits."""
    if len(text) <= width:
        return text
    kept = text[: max(0, width - 3)].rsplit(" ", 1)[0].rstrip(" ,;:")
    return f"{kept} .."
