"""A field for a name, which leaves all keys that no name has to the screen."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Key
from textual.message import Message
from textual.widgets import Input

_IN_NAMES = " '-."


class SearchInput(Input):
    """Letters and what else stands in names are typed; digits and signs stay keys of the screen and the app.

    Up and down ask for another candidate (`Moved`), Enter submits.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Open"),
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
    ]

    class Moved(Message):
        """The person wants the candidate before (-1) or after (1) the chosen one."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether a key is typed into the field."""
        return character is not None and (character.isalpha() or character in _IN_NAMES)

    def _on_key(self, event: Key) -> None:  # type: ignore[override]
        """Let every other key pass on to the bindings."""
        if event.is_printable and not self.check_consume_key(event.key, event.character):
            event.prevent_default()

    def action_move(self, step: int) -> None:
        """Ask for another candidate."""
        self.post_message(self.Moved(step))
