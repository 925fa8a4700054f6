"""The question before a promotion."""

from __future__ import annotations

from typing import ClassVar

from rich.table import Table as Grid
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, Static

from engine.core.reports import ModelVersion
from tui.widgets.keys import KeyBar
from tui.widgets.model_rows import METRICS, metric

_SHOWN = ("log_loss", "accuracy", "brier")
DEFAULT_REASON = "promoted in the terminal UI"


class PromoteScreen(ModalScreen[str | None]):
    """Shows from -> to and asks for a reason; answers the reason, or None when the person thinks better of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "promote", "Promote"),
        Binding("escape", "cancel", "Cancel"),
    ]

    def __init__(self, champion: ModelVersion | None, version: ModelVersion) -> None:
        super().__init__()
        self._champion = champion
        self._version = version

    def compose(self) -> ComposeResult:
        """What will change, why, and the two answers."""
        with Vertical(classes="dialog"):
            league = " (SIMULATED league)" if self._version.simulated else ""
            yield Label(f"Promote this version?{league}", classes="title")
            yield Static(self._change(), id="change")
            yield Label("Why? (for the audit trail; Enter promotes, esc cancels)", id="hint")
            yield Input(DEFAULT_REASON, id="why", max_length=200)
            with Horizontal(id="answers"):
                yield Button("Promote", variant="primary", id="promote")
                yield Button("Cancel", id="cancel")
        yield KeyBar()

    def _change(self) -> Grid:
        grid = Grid.grid(padding=(0, 2, 0, 0))
        grid.add_row("", "", *(METRICS[key][0] for key in _SHOWN), style="dim")
        for word, version in (("from", self._champion), ("to", self._version)):
            figures = (metric(version, key) for key in _SHOWN) if version else ()
            grid.add_row(word, version.label if version else "none", *figures)
        return grid

    @on(Button.Pressed, "#promote")
    @on(Input.Submitted)
    def action_promote(self) -> None:
        """Leave with the reason; without one, ask for it."""
        why = " ".join(self.query_one("#why", Input).value.split())
        if why:
            self.dismiss(why)
        else:
            hint = self.query_one("#hint", Label)
            hint.update("Say why in a few words:")
            hint.add_class("-wrong")
            self.query_one("#why").focus()

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Leave everything as it is."""
        self.dismiss(None)
