"""Something in full, to be read and closed."""

from __future__ import annotations

from typing import ClassVar

from rich.console import RenderableType
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Label, Static

from tui.widgets.keys import KeyBar
from tui.widgets.panes import Page


class DetailsScreen(ModalScreen[None]):
    """A title and a text that scrolls."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,backspace", "close", "Close", key_display="esc")]

    def __init__(self, title: str, text: RenderableType) -> None:
        super().__init__()
        self._shown = (title, text)

    def compose(self) -> ComposeResult:
        """Title, text."""
        title, text = self._shown
        with Page(classes="dialog"):
            yield Label(title, classes="title", markup=False)
            yield Static(text)
        yield KeyBar()

    def action_close(self) -> None:
        """Back to the list."""
        self.dismiss(None)
