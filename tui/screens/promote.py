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

from engine.core.model_reports import Gate
from tui.widgets.keys import KeyBar
from tui.widgets.model_rows import METRICS, metric

_SHOWN = ("log_loss", "accuracy", "brier")
DEFAULT_REASON = "promoted in the terminal UI"


class PromoteScreen(ModalScreen[str | None]):
    """Shows from -> to and what speaks against it, and asks for a reason.

    Answers the reason, or None when the person thinks better of it. Against the gate a reason of one's own is needed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "promote", "Promote"),
        Binding("escape", "cancel", "Cancel"),
    ]

    def __init__(self, gate: Gate) -> None:
        super().__init__()
        self._gate = gate

    def compose(self) -> ComposeResult:
        """What will change, what speaks against it, why, and the two answers."""
        with Vertical(classes="dialog"):
            league = " (SIMULATED league)" if self._gate.version.simulated else ""
            yield Label(f"Promote this version?{league}", classes="title")
            yield Static(self._change(), id="change")
            for objection in self._gate.objections:
                yield Label(objection, classes="-wrong", markup=False)
            yield Label("Why? (for the audit trail; Enter promotes, esc cancels)", id="hint")
            yield Input(DEFAULT_REASON if self._gate.holds else "", id="why", max_length=200)
            with Horizontal(id="answers"):
                yield Button("Promote" if self._gate.holds else "Promote all the same", variant="primary", id="promote")
                yield Button("Cancel", id="cancel")
        yield KeyBar()

    def _change(self) -> Grid:
        grid = Grid.grid(padding=(0, 2, 0, 0))
        grid.add_row("", "", *(METRICS[key][0] for key in _SHOWN), style="dim")
        for word, version in (("from", self._gate.champion), ("to", self._gate.version)):
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
