"""A line to type into that narrows what stands below it."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static


class FilterInput(Input):
    """The field. Enter and down go to what was found, escape drops the filter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,down", "leave", "To the games", key_display="⏎"),
        Binding("escape", "drop", "All games", key_display="esc"),
    ]

    def action_leave(self) -> None:
        """Keep what is typed."""
        self.post_message(FilterBar.Left())

    def action_drop(self) -> None:
        """Keep nothing."""
        self.query_ancestor(FilterBar).close()


class FilterBar(Horizontal):
    """Hidden until it is opened; then a field, and how much was found. Narrows with every key."""

    class Changed(Message):
        """Something else is typed now."""

        def __init__(self, typed: str) -> None:
            super().__init__()
            self.typed = typed

    class Left(Message):
        """The person is done typing."""

    def __init__(self, placeholder: str) -> None:
        super().__init__()
        self._placeholder = placeholder

    def compose(self) -> ComposeResult:
        """A slash, the field, what was found."""
        yield Static("/", id="slash", markup=False)
        yield FilterInput(placeholder=self._placeholder, compact=True, id="typed")
        yield Static(id="found", markup=False)

    def open(self) -> None:
        """Let the person type."""
        self.add_class("-open")
        self.query_one(Input).focus()

    def close(self) -> None:
        """Empty the field and hide it."""
        self.query_one(Input).value = ""
        self.remove_class("-open")
        self.post_message(self.Left())

    def tell(self, found: str) -> None:
        """Say how much was found."""
        self.query_one("#found", Static).update(f"{found} · esc shows all")

    @on(Input.Changed)
    def _narrow(self, message: Input.Changed) -> None:
        message.stop()
        self.post_message(self.Changed(message.value))
