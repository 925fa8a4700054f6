"""Asking for a short text, and asking whether something is meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label

from engine.core.errors import NbabotError
from tui.widgets.keys import KeyBar


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, what answers there are, what stands in the field at first, and who says what is wrong with it.

    `check` raises an NbabotError whose sentence is shown in the place of the hint.
    """

    text: str
    hint: str
    value: str
    check: Callable[[str], object]


class AskScreen(ModalScreen[str | None]):
    """Takes a text that passes its check, trimmed; answers None when the person thinks better of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "answer", "OK"),
        Binding("escape", "dismiss", "Cancel"),
    ]

    def __init__(self, question: Question) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        """Question, field, hint."""
        with Vertical(classes="dialog"):
            yield Label(self._question.text, classes="title", markup=False)
            yield Input(self._question.value, id="typed")
            yield Label(self._question.hint, id="hint", markup=False)
        yield KeyBar()

    @on(Input.Submitted)
    def action_answer(self) -> None:
        """Leave with the text, or say what is wrong with it."""
        typed = self.query_one("#typed", Input).value.strip()
        try:
            self._question.check(typed)
        except NbabotError as error:
            hint = self.query_one("#hint", Label)
            hint.update(str(error))
            hint.add_class("-wrong")
        else:
            self.dismiss(typed)


class ConfirmScreen(ModalScreen[bool]):
    """Asks whether something is to be done: `text` says what, `details` what it will do, `yes` names the act."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y", "confirm", "Yes"),
        Binding("escape,n", "cancel", "Cancel", key_display="esc"),
    ]

    def __init__(self, text: str, details: str, yes: str) -> None:
        super().__init__()
        self._said = (text, details, yes)

    def compose(self) -> ComposeResult:
        """Question, what it means, the two answers."""
        text, details, yes = self._said
        with Vertical(classes="dialog"):
            yield Label(text, classes="title", markup=False)
            yield Label(details, markup=False)
            with Horizontal(id="answers"):
                yield Button(yes, variant="primary", id="yes")
                yield Button("Cancel", id="no")
        yield KeyBar()

    @on(Button.Pressed, "#yes")
    def action_confirm(self) -> None:
        """Yes."""
        self.dismiss(True)

    @on(Button.Pressed, "#no")
    def action_cancel(self) -> None:
        """No."""
        self.dismiss(False)
