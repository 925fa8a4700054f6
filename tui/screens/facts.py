"""Something to be read and closed."""

from __future__ import annotations

from typing import ClassVar

from rich.console import RenderableType
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Label, Static

from tui.widgets.keys import KeyBar


class FactsScreen(ModalScreen[None]):
    """A title and what belongs to it; scrolls where there is more than fits."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,backspace", "close", "Close", key_display="esc"),
        Binding("down,j", "scroll(1)", "Scroll", key_display="↓"),
        Binding("up,k", "scroll(-1)", "Scroll back", show=False),
        Binding("pagedown,space", "scroll(12)", "Next page", show=False),
        Binding("pageup", "scroll(-12)", "Page before", show=False),
    ]

    def __init__(self, title: str, content: RenderableType) -> None:
        super().__init__()
        self._title = title
        self._content = content

    def compose(self) -> ComposeResult:
        """Title, content, keys."""
        with VerticalScroll(classes="dialog", id="facts", can_focus=False):
            yield Label(self._title, classes="title", markup=False)
            yield Static(self._content)
        yield KeyBar()

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one("#facts").scroll_relative(y=lines, animate=False, immediate=True)

    def action_close(self) -> None:
        """Back to the screen beneath."""
        self.dismiss(None)
