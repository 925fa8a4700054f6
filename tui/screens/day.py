"""Asking for a date."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from engine.core.calendar import parse_day
from engine.core.errors import NbabotError
from tui.widgets.keys import KeyBar


class DayInput(Input):
    """The field. Enter is its own key, so that it takes effect after all that was typed before it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "Go")]


class DayScreen(ModalScreen[date | None]):
    """Takes a date or a word such as "yesterday"; answers None when the person thinks better of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Cancel"),
    ]

    def __init__(self, today: date, shown: date) -> None:
        super().__init__()
        self._today = today
        self._shown = shown

    def compose(self) -> ComposeResult:
        """Question, field, and room for what is wrong with the answer."""
        with Vertical(classes="dialog"):
            yield Label("Which day?", classes="title")
            yield DayInput(self._shown.isoformat(), placeholder="2025-01-15, today, yesterday", id="typed")
            yield Label("A date such as 2025-01-15, or today, tomorrow, yesterday.", id="hint", markup=False)
        yield KeyBar()

    @on(Input.Submitted)
    def _leave(self) -> None:
        """Leave with the day, or say why it is none."""
        try:
            day = parse_day(self.query_one("#typed", Input).value, self._today)
        except NbabotError as error:
            hint = self.query_one("#hint", Label)
            hint.update(str(error))
            hint.add_class("-wrong")
        else:
            self.dismiss(day)
