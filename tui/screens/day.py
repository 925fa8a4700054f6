"""Asking for a day: on a calendar, or typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Label

from engine.core import words
from engine.core.calendar import parse_day
from engine.core.errors import NbabotError
from tui.widgets import text as texts
from tui.widgets.keys import KeyBar
from tui.widgets.month import Month

HINT = "↑↓←→ days, page up and down months, or type a date such as 2025-01-15, today, yesterday."


class DayScreen(ModalScreen[date | None]):
    """Takes a day; answers None when the person thinks better of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Cancel"),
    ]

    def __init__(self, today: date, shown: date) -> None:
        super().__init__()
        self._today = today
        self._shown = shown

    def compose(self) -> ComposeResult:
        """Question, calendar, the day in words, and room for what is wrong with the answer."""
        with Vertical(classes="dialog"):
            yield Label("Which day?", classes="title")
            yield Month(self._shown, {})
            yield Label(id="meant", markup=False)
            yield Label(HINT, id="hint", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Say which day it is."""
        self._say()

    def mark(self, counts: Mapping[date, int]) -> None:
        """Mark the days that have games."""
        month = self.query_one(Month)
        month.counts = counts
        month.refresh()
        self._say()

    @on(Month.Moved)
    def _say(self) -> None:
        """The day in words, or what has been typed."""
        month = self.query_one(Month)
        games = month.counts.get(month.day, 0)
        told = f"{words.day(month.day)}{' · today' if month.day == self._today else ''}"
        told += f" · {texts.plural(games, 'game')}" if games else ""
        self.query_one("#meant", Label).update(f"Date: {month.typed}▏" if month.typed else told)
        self._hint(HINT, wrong=False)

    @on(Month.Chosen)
    def _leave(self) -> None:
        """Leave with the day, or say why it is none."""
        month = self.query_one(Month)
        try:
            day = parse_day(month.typed or month.day.isoformat(), self._today)
        except NbabotError as error:
            self._hint(str(error), wrong=True)
        else:
            self.dismiss(day)

    def _hint(self, text: str, *, wrong: bool) -> None:
        hint = self.query_one("#hint", Label)
        hint.update(text)
        hint.set_class(wrong, "-wrong")
