"""Two versions beside each other."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Label, Static

from engine.core.reports import ModelVersion
from engine.engine import Engine
from tui.messages import QuestionFailed, VersionsCompared
from tui.screens.asking import AskingModal
from tui.widgets.comparison import Compared
from tui.widgets.keys import KeyBar
from tui.widgets.waiting import Waiting


class CompareScreen(AskingModal[None]):
    """Compares two versions on the games of which both have forecasts, which may take some seconds."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,backspace", "close", "Close", key_display="esc"),
        Binding("down,j", "scroll(1)", "Scroll", key_display="↓"),
        Binding("up,k", "scroll(-1)", "Scroll back", show=False),
    ]

    def __init__(self, engine: Engine, first: ModelVersion, second: ModelVersion) -> None:
        super().__init__(engine)
        self._first = first
        self._second = second

    def compose(self) -> ComposeResult:
        """Title, what is going on, what was found."""
        with VerticalScroll(classes="dialog -wide", id="comparison", can_focus=False):
            yield Label(f"{self._first.label} and {self._second.label}", classes="title", markup=False)
            yield Waiting("Comparing them on the same games", id="waiting")
            yield Static(id="found")
        yield KeyBar()

    def on_mount(self) -> None:
        """Ask at once."""
        first, second = ((one.name, one.version) for one in (self._first, self._second))
        self.ask("compare", None, lambda: VersionsCompared(self.engine.compare_models(first, second)))

    @on(VersionsCompared)
    def _show(self, message: VersionsCompared) -> None:
        self.query_one(Waiting).done()
        self.write("#found", Compared(message.comparison))

    @on(QuestionFailed)
    def _show_failure(self, message: QuestionFailed) -> None:
        self.query_one(Waiting).done()
        self.write("#found", message.sentence)

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one("#comparison").scroll_relative(y=lines, animate=False, immediate=True)

    def action_close(self) -> None:
        """Back to the list."""
        self.dismiss(None)
