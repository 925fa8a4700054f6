"""A month of days to choose from, by the keys, by typing a date, or by the mouse."""

from __future__ import annotations

from calendar import monthcalendar, monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

_CELL = 5
"""Cells of one day."""
_HEAD = 2
"""Lines above the weeks: the month, the names of the days."""
_GAMES = "•"
_EARLIER, _LATER = "◂", "▸"


class Month(Widget, can_focus=True):
    """The month of the chosen day, which stands in brackets; days with games carry a dot.

    What is typed is kept as `typed`, so that keys in quick succession cannot go astray between two fields.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", "Day before", show=False),
        Binding("right", "move(1)", "Day after", show=False),
        Binding("up", "move(-7)", "Week before", show=False),
        Binding("down", "move(7)", "Week after", show=False),
        Binding("pageup", "turn(-1)", "Month before", show=False),
        Binding("pagedown", "turn(1)", "Month after", show=False),
        Binding("backspace", "rub_out", "Delete", show=False),
        Binding("enter", "choose", "Go"),
    ]

    class Moved(Message):
        """Another day stands in brackets, or something was typed."""

    class Chosen(Message):
        """The day is the one wanted, or what was typed says which."""

    def __init__(self, day: date, counts: Mapping[date, int]) -> None:
        super().__init__()
        self.day = day
        self.counts = counts
        self.typed = ""

    def render(self) -> Text:
        """The month's name between its arrows, the days' names, the weeks."""
        wide = 7 * _CELL
        lines = [Text(f"{_EARLIER} {self.day:%B %Y} {_LATER}".center(wide), style="bold")]
        lines.append(Text("".join(f" {name}".ljust(_CELL) for name in ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"))))
        for week in monthcalendar(self.day.year, self.day.month):
            lines.append(Text.assemble(*(self._cell(number) for number in week)))
        return Text("\n").join(lines)

    def _cell(self, number: int) -> tuple[str, Style]:
        if not number:
            return " " * _CELL, Style()
        day = self.day.replace(day=number)
        games = self.counts.get(day, 0)
        text = f"{number:>2}{_GAMES if games else ' '}"
        return (f"[{text}]", Style(bold=True, reverse=True)) if day == self.day else (f" {text} ", Style(dim=not games))

    def show(self, day: date) -> None:
        """Put the brackets around another day."""
        self.day = day
        self.refresh()
        self.post_message(self.Moved())

    def action_move(self, days: int) -> None:
        """Go so many days on or back."""
        self.typed = ""
        self.show(self.day + timedelta(days=days))

    def action_turn(self, months: int) -> None:
        """Go to the same day of another month, or its last one."""
        self.typed = ""
        year, month = divmod(self.day.year * 12 + self.day.month - 1 + months, 12)
        self.show(date(year, month + 1, min(self.day.day, monthrange(year, month + 1)[1])))

    def action_rub_out(self) -> None:
        """Take back the last character."""
        self.typed = self.typed[:-1]
        self.post_message(self.Moved())

    def action_choose(self) -> None:
        """Say that this is the day."""
        self.post_message(self.Chosen())

    def on_key(self, event: events.Key) -> None:
        """Whatever can be printed is typed."""
        if event.is_printable and event.character:
            event.stop()
            self._type(event.character)

    def on_paste(self, event: events.Paste) -> None:
        """A date can be pasted."""
        event.stop()
        self._type(event.text)

    def _type(self, text: str) -> None:
        self.typed = (self.typed + " ".join(text.split()))[:20]
        self.post_message(self.Moved())

    def on_click(self, event: events.Click) -> None:
        """A day is chosen, an arrow turns the month."""
        column, week = event.x // _CELL, event.y - _HEAD
        if event.y == 0:
            self.action_turn(-1 if event.x < 7 * _CELL // 2 else 1)
            return
        weeks = monthcalendar(self.day.year, self.day.month)
        number = weeks[week][column] if 0 <= week < len(weeks) and column < 7 else 0
        if number:
            self.typed = ""
            self.show(self.day.replace(day=number))
            self.action_choose()
