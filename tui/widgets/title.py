"""The line above every screen: where one is, as of when, and whether the league is simulated."""

from __future__ import annotations

from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from engine.core.calendar import league_day
from engine.core.words import day

PLACES: tuple[tuple[str, str, str], ...] = (("1", "slate", "Slate"), ("2", "models", "Models"))
"""Key, mode and name of the places that the title bar offers."""


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
        self._shown = ("", False)

    def compose(self) -> ComposeResult:
        """The parts from left to right."""
        yield Static("nbabot", id="brand", markup=False)
        for key, mode, name in PLACES:
            yield Place(key, mode, name, current=mode == self._current)
        yield Static("", id="moment", markup=False)
        yield Static("SIMULATED", id="badge", markup=False)

    def show(self, as_of: datetime, *, simulated: bool) -> None:
        """Say at which moment the engine lives, and whether its league is simulated."""
        shown = (f"as of {day(league_day(as_of))}", simulated)
        if shown != self._shown:
            self._shown = shown
            self.query_one("#moment", Static).update(shown[0])
            self.query_one("#badge").set_class(simulated, "-shown")
