"""The line above every screen: where one is, as of when, and whether the league is simulated."""

from __future__ import annotations

from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from engine.core.calendar import league_day
from engine.core.words import day, short_day

PLACES: tuple[tuple[str, str, str], ...] = (
    ("1", "slate", "Slate"),
    ("2", "players", "Players"),
    ("3", "models", "Models"),
    ("4", "monitor", "Monitor"),
    ("5", "jobs", "Jobs"),
    ("6", "data", "Data"),
)
"""Key, mode and name of the places that the title bar offers."""
NARROW = 104
"""Cells below which the bar has room for the places, a short date and the badge, and for nothing else."""


class Place(Static):
    """A place that can be clicked; its key does the same."""

    def __init__(self, key: str, mode: str, name: str, *, current: bool) -> None:
        text = f"[{key} {name}]" if current else f" {key} {name} "
        super().__init__(text, markup=False, classes="-current" if current else "")
        self.mode = mode

    def on_click(self) -> None:
        """Go there."""
        self.app.switch_mode(self.mode)


class TitleBar(Horizontal):
    """Product, places with the current one in brackets, moment, SIMULATED badge."""

    def __init__(self, current: str) -> None:
        super().__init__()
        self._current = current
        self._as_of: datetime | None = None

    def compose(self) -> ComposeResult:
        """The parts from left to right."""
        yield Static("nbabot", id="brand", markup=False)
        for key, mode, name in PLACES:
            yield Place(key, mode, name, current=mode == self._current)
        yield Static("", id="moment", markup=False)
        yield Static("SIMULATED", id="badge", markup=False)

    def show(self, as_of: datetime, *, simulated: bool) -> None:
        """Say at which moment the engine lives, and whether its league is simulated."""
        self._as_of = as_of
        self.query_one("#badge").set_class(simulated, "-shown")
        self._fit()

    def on_resize(self) -> None:
        """Leave out what there is no room for."""
        self._fit()

    def _fit(self) -> None:
        narrow = self.app.size.width < NARROW
        self.set_class(narrow, "-narrow")
        if self._as_of is not None:
            today = league_day(self._as_of)
            text = short_day(today) if narrow else f"as of {day(today)}"
            moment = self.query_one("#moment", Static)
            if moment.content != text:
                moment.update(text)
