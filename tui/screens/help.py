"""The keys of the screen beneath, read from its bindings so that they cannot be out of date."""

from __future__ import annotations

from typing import Any, ClassVar

from rich.table import Table as Grid
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen, Screen
from textual.widgets import Label, Static

from tui.widgets.keys import KeyBar, described

_SPELLED = {
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "escape": "esc",
    "question_mark": "?",
    "slash": "/",
    "pageup": "page up",
    "pagedown": "page down",
}


class HelpScreen(ModalScreen[None]):
    """What the screen is for, and every key that does something there."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,enter,q", "close", "Close", key_display="esc"),
        Binding("down,j", "scroll(1)", "Scroll", key_display="↓"),
        Binding("up,k", "scroll(-1)", "Scroll back", show=False),
    ]

    def __init__(self, about: str, keys: dict[str, list[str]]) -> None:
        super().__init__()
        self._about = about
        self._keys = keys

    def compose(self) -> ComposeResult:
        """Purpose, then the keys."""
        with VerticalScroll(classes="dialog", id="help", can_focus=False):
            yield Label("Help", classes="title")
            yield Static(self._about, markup=False)
            yield Label("Keys", classes="title")
            grid = Grid.grid(padding=(0, 3, 0, 0))
            for description, keys in self._keys.items():
                grid.add_row(" ".join(keys), description)
            yield Static(grid)
        yield KeyBar()

    def action_scroll(self, lines: int) -> None:
        """Scroll the page."""
        self.query_one("#help").scroll_relative(y=lines, animate=False, immediate=True)

    def action_close(self) -> None:
        """Back to the screen beneath."""
        self.dismiss(None)


def keys_of(screen: Screen[Any]) -> dict[str, list[str]]:
    """Keys that work on a screen by what they do: the screen's own, the focused table's, those that work anywhere.

    The tooltip of a screen's own key, where it has one, says more than the word that the key bar has room for.
    """
    found: dict[str, list[str]] = {}
    for one in described(screen):
        binding = one.binding
        meaning = (one.node is screen and binding.tooltip) or binding.description
        found.setdefault(meaning, []).append(_SPELLED.get(binding.key, binding.key))
    return found
