"""All that is known of one model version."""

from __future__ import annotations

from typing import ClassVar

from rich.table import Table as Grid
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Label, Static

from engine.core import words
from engine.core.reports import ModelVersion
from tui.widgets.keys import KeyBar
from tui.widgets.model_rows import METRICS, metric


class VersionScreen(ModalScreen[None]):
    """Facts and figures of a version, to be read and closed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,backspace", "close", "Close", key_display="esc")]

    def __init__(self, version: ModelVersion) -> None:
        super().__init__()
        self._version = version

    def compose(self) -> ComposeResult:
        """Label, facts, figures."""
        with VerticalScroll(classes="dialog"):
            yield Label(self._version.label, classes="title", markup=False)
            yield Static(self._facts())
        yield KeyBar()

    def _facts(self) -> Grid:
        version = self._version
        grid = Grid.grid(padding=(0, 2, 0, 0))
        grid.add_row("Status", str(version.status))
        grid.add_row("Task, family", f"{version.task}, {version.family}")
        grid.add_row("Made", words.moment(version.created))
        grid.add_row("Data through", version.trained_through)
        grid.add_row("Learned from", f"{version.rows:,} rows{' (SIMULATED)' if version.simulated else ''}")
        others = [key for key in version.metrics if key not in METRICS]
        for key in [key for key in METRICS if key in version.metrics] + others:
            grid.add_row(METRICS[key][0] if key in METRICS else key, metric(version, key))
        return grid

    def action_close(self) -> None:
        """Back to the list."""
        self.dismiss(None)
