"""Model versions as rows of a table, fitted to the width at hand, and the audit trail in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table as Grid
from rich.text import Text

from engine.core import words
from engine.core.reports import AuditEntry, ModelStatus, ModelVersion
from tui.widgets.table import PADDING, Column, room

METRICS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "game": {
        "log_loss": ("Log loss", ".4f"),
        "accuracy": ("Accuracy", ".1%"),
        "brier": ("Brier", ".4f"),
        "ece": ("ECE", ".4f"),
        "margin_mae": ("Margin MAE", ".2f"),
        "total_mae": ("Total MAE", ".2f"),
        "calibration_slope": ("Slope", ".2f"),
        "n": ("Games", ",.0f"),
    },
    "player": {
        "pts_mae": ("Points MAE", ".3f"),
        "pts_r2": ("Points R2", ".3f"),
        "reb_mae": ("Reb MAE", ".3f"),
        "ast_mae": ("Ast MAE", ".3f"),
        "pts_coverage_80": ("In 80% range", ".1%"),
        "n": ("Lines", ",.0f"),
    },
}
"""Name and format of the figures that have one, by task and by their key in the manifest, most telling first."""
_MARK = Column("", 1)
_LEAGUE, _TRAINED = Column("League", 9), Column("Data through", 12)
_ROWS, _MADE = Column("Rows", 7, right=True), Column("Made", 12)


def metric(version: ModelVersion, key: str) -> str:
    """One figure of a version; a dash when it was not measured."""
    value, known = version.metrics.get(key), METRICS.get(version.task, {})
    return "-" if value is None else format(value, known[key][1] if key in known else ".4g")


def model_columns(width: int, versions: tuple[ModelVersion, ...]) -> tuple[Column, ...]:
    """Columns for a table as wide as `width`: who and how good always, the rest as far as there is room.

    Whether a version learned from the simulated league has a column where one did.
    """
    label = Column("Version", max((len(version.label) for version in versions), default=0))
    status = Column("Status", max([9, *(len(version.status) for version in versions)]))
    columns = [_MARK, status, label]
    if any(version.simulated for version in versions):
        columns.append(_LEAGUE)
    figures = [Column(title, max(len(title), 6), right=True) for title, _ in _figures(versions).values()]
    for column in (*figures[:2], _TRAINED, *figures[2:], _ROWS, _MADE):
        if room(width, columns) < column.width + PADDING:
            break
        columns.append(column)
    return tuple(columns)


def _figures(versions: tuple[ModelVersion, ...]) -> Mapping[str, tuple[str, str]]:
    """The figures that versions of their task have."""
    return METRICS.get(versions[0].task, {}) if versions else {}


def model_row(version: ModelVersion, columns: tuple[Column, ...], *, marked: bool) -> tuple[str | Text, ...]:
    """One version in the cells of `model_columns`."""
    colour = "bold green" if version.status is ModelStatus.CHAMPION else ""
    cells: dict[str, str | Text] = {
        _MARK.label: "◆" if marked else "",
        "Status": Text(version.status, style=colour),
        "Version": version.label,
        _LEAGUE.label: "SIMULATED" if version.simulated else "",
        _TRAINED.label: version.trained_through,
        _ROWS.label: f"{version.rows:,}",
        _MADE.label: words.short_day(version.created.date()),
        **{title: metric(version, key) for key, (title, _) in _figures((version,)).items()},
    }
    return tuple(cells[column.label] for column in columns)


@dataclass(frozen=True, slots=True)
class AuditTrail:
    """Who gave which version what role, when and why, newest first; long reasons wrap beside the moment."""

    entries: tuple[AuditEntry, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A row per movement."""
        if not self.entries:
            yield Text("No version has been promoted yet.")
            return
        grid = Grid.grid(padding=(0, 2, 0, 0))
        grid.add_column(no_wrap=True, style="dim")
        grid.add_column()
        for entry in self.entries:
            moved = (f"{entry.from_label or 'none'} → {entry.to_label}", "bold")
            role = "" if entry.role == ModelStatus.CHAMPION else f" {entry.role}"
            despite = f" (in spite of: {entry.despite})" if entry.despite else ""
            grid.add_row(words.moment(entry.moment), Text.assemble(moved, f"{role}  {entry.who}: {entry.why}{despite}"))
        yield grid
