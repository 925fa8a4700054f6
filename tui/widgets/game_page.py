"""The parts of the page of a game: what stands where."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import Digits, Static

from tui.widgets.headings import Headings
from tui.widgets.what_if import WhatIfTable

GROUPS = {"why": "Why", "what-if": "What if", "market": "Odds, models", "teams": "Teams", "course": "Course"}
"""Key and heading of the groups of sections, in the order of Tab."""
_LEAST_PLAYERS = 6
"""Lines that the list of players has in any case."""


WIDE, HUGE, TALL = 120, 190, 36
"""Cells from which groups stand in two and in three columns, and lines from which there is air between the lines."""


def fit(screen: Screen[Any]) -> None:
    """Tell the stylesheet how much room there is."""
    width, height = screen.app.size
    screen.set_class(width >= WIDE, "-wide")
    screen.set_class(width >= HUGE, "-huge")
    screen.set_class(height >= TALL, "-tall")


class Group(Vertical):
    """Sections that belong together. Where the screen is narrow only the current group is seen."""


class ForecastHead(Container):
    """The forecast in large figures, what is supposed, the names of the groups: always in sight."""

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield Static(id="headline")
        with Horizontal(id="figures"):
            yield Digits(id="chance")
            yield Static("%", id="percent", markup=False)
            yield Static(id="verdict")
            yield Static(id="score-label")
            yield Digits(id="score")
        yield Static(id="balance")
        yield Static(id="supposed")
        yield Headings(GROUPS)


class GamePage(VerticalScroll):
    """The groups in two columns, reasons at the left and people at the right; the stylesheet moves them."""

    def compose(self) -> ComposeResult:
        """Group by group."""
        with Container(id="columns"):
            with Container(id="reasons"):
                with Group(id="course"):
                    yield Static(id="course-title", classes="title", markup=False)
                    for part in ("doubt", "line-score", "chances", "standing", "alike", "lead"):
                        yield Static(id=part, classes="section")
                with Group(id="why"):
                    yield from _section("Why, in points of margin", "drivers")
                    yield from _section("How far it may be off", "ranges")
                    yield from _section("In doubt", "doubtful")
                    yield Static(id="notes")
                with Group(id="market"):
                    yield from _section("Against the odds", "odds")
                    yield from _section("Every model", "models")
            with Container(id="people"):
                with Group(id="what-if"):
                    yield Static("What if a player is out, or back?", classes="title", markup=False)
                    yield Static(id="no-players", markup=False)
                    yield WhatIfTable("players")
                with Group(id="teams"):
                    yield from _section("How they stand, and rank of 30", "standings")
                    yield from _section("The four factors, and rank of 30", "factors")
                    with Horizontal(id="form"):
                        yield Static(id="away-games")
                        yield Static(id="home-games")
                    yield Static(id="meetings")
        yield Static(id="origin")

    def on_resize(self) -> None:
        """Give the list of players the page below its title, or half of it where other groups stand below."""
        lines, screen = self.size.height, self.screen
        room = lines // 2 if screen.has_class("-wide") and not screen.has_class("-huge") else lines - 2
        self.query_one(WhatIfTable).styles.max_height = max(_LEAST_PLAYERS, room)


def _section(title: str, key: str) -> ComposeResult:
    yield Static(title, classes="title", markup=False)
    yield Static(id=key, classes="section")
