"""The games of a day, and the way to other days and into a game."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import DataTable, Static

from engine.core import words
from engine.core.errors import NoDataError
from tui.messages import QuestionFailed, SlateRead
from tui.screens.base import EngineScreen
from tui.screens.day import DayScreen
from tui.screens.game import GameScreen
from tui.widgets.slate_rows import slate_columns, slate_row, slate_summary
from tui.widgets.table import Table
from tui.widgets.title import TitleBar

NOTHING_STORED = "No games stored: run `nbabot sync` or `nbabot demo`."


class SlateScreen(EngineScreen):
    """One league day. Without a wish it is today, and stays today when the day turns."""

    NAME = "slate"
    ABOUT = (
        "The games of one league day, away team first. The bar is the chance of the picked team; a day that is over "
        "shows each result and whether the pick was a hit. * marks a published forecast; only those count in the "
        "record, the others are what the present model says as of that morning."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "last_day", "Last", tooltip="Last stored day"),
        Binding("left,h", "move_day(-1)", "Earlier", key_display="←"),
        Binding("right,l", "move_day(1)", "Later", key_display="→"),
        Binding("t", "today", "Today"),
        Binding("g", "ask_day", "Day", tooltip="Go to a day"),
    ]

    wished: date | None = None
    """The day the person wants to see; None is today."""
    seen: SlateRead | None = None
    """The answer on the screen."""

    def contents(self) -> ComposeResult:
        """Day, summary, games or a word about their absence."""
        yield Static(id="day", markup=False)
        yield Static(id="summary", markup=False)
        yield Table("games")
        yield Static("Reading the games ...", id="empty", markup=False)

    def on_mount(self) -> None:
        """Until the first answer there is no table."""
        self.query_one("#games").display = False
        self.query_one("#summary").display = False

    def reload(self) -> None:
        """Ask for the wished day again."""
        super().reload()
        self._ask_slate()

    def _ask_slate(self, *, anew: bool = False) -> None:
        wished = self.wished
        self.ask("slate", wished, lambda: self._read(wished), anew=anew)

    def _read(self, wished: date | None) -> SlateRead:
        """Runs in a worker thread."""
        today = self.engine.today()
        day = wished or today
        stored = self.engine.game_days()
        if stored is None:
            return SlateRead(wished, today, day, None, None, NOTHING_STORED)
        try:
            return SlateRead(wished, today, day, stored, self.engine.slate(day))
        except NoDataError as error:
            return SlateRead(wished, today, day, stored, None, str(error))

    @on(SlateRead)
    def _show(self, message: SlateRead) -> None:
        if message.asked != self.wished:
            return
        self.answered("slate")
        self.seen = message
        self._show_day(message.day)
        slate = message.slate
        if slate:
            self.query_one(TitleBar).show(slate.as_of, simulated=slate.simulated)
        notes = slate.notes if slate else ()
        summary = "\n".join((slate_summary(slate), *notes)).strip() if slate else ""
        self.query_one("#summary").display = bool(summary)
        self.write("#summary", summary)
        if slate and slate.games:
            self._show_games()
        else:
            self._show_emptiness(message.problem or "No games on this day.")

    @on(QuestionFailed)
    def _show_failure(self, message: QuestionFailed) -> None:
        if message.topic == "slate" and message.asked == self.wished and not self._is_current():
            self.seen = None
            self._show_emptiness(message.sentence)

    def on_resize(self) -> None:
        """Fit the columns to the new width."""
        if self._has_games():
            self._show_games()

    def _show_day(self, day: date) -> None:
        today = self.seen.today if self.seen else None
        word = {0: "today", -1: "yesterday", 1: "tomorrow"}.get((day - today).days) if today else None
        self.write("#day", words.day(day) + (f" · {word}" if word else ""))

    def _show_games(self) -> None:
        if self.seen is None or self.seen.slate is None:
            return
        table = self.query_one("#games", Table)
        self.query_one("#empty").display = False
        if not table.display:
            table.display = True
            table.focus()
        columns = slate_columns(self.app.size.width)
        table.remove_class("-stale")
        table.show(columns, {entry.game.game_id: slate_row(entry, columns) for entry in self.seen.slate.games})

    def _show_emptiness(self, sentence: str) -> None:
        lines = [sentence]
        if self.seen is not None and self.seen.stored is not None:
            first, last = (words.day(day) for day in self.seen.stored)
            lines.append(f"Games are stored from {first} to {last}.")
            lines.append("e goes to the last of these days, ← and → turn the days, g asks for one.")
        self.write("#empty", "\n\n".join(lines))
        self.query_one("#empty").display = True
        self.query_one("#games").display = False

    def _has_games(self) -> bool:
        return self.seen is not None and self.seen.slate is not None and bool(self.seen.slate.games)

    def _is_current(self) -> bool:
        """Whether what is shown answers the present wish."""
        return self.seen is not None and self.seen.asked == self.wished

    def _wish(self, day: date | None) -> None:
        self.wished = day
        if not self._is_current():
            self.query_one("#games").add_class("-stale")
            if self.seen is not None:
                self._show_day(day or self.seen.today)
        self._ask_slate(anew=True)

    def action_move_day(self, step: int) -> None:
        """Go to the day before or after the one wished for."""
        day = self.wished or (self.seen.day if self.seen else None)
        if day is not None:
            self._wish(day + timedelta(days=step))

    def action_today(self) -> None:
        """Go to today and follow it."""
        self._wish(None)

    def action_last_day(self) -> None:
        """Go to the last day with a stored game."""
        if self.seen is not None and self.seen.stored is not None:
            self._wish(self.seen.stored[1])

    def action_ask_day(self) -> None:
        """Ask which day to go to."""
        if self.seen is not None:
            self.app.push_screen(DayScreen(self.seen.today, self.wished or self.seen.day), self._go_to)

    def _go_to(self, day: date | None) -> None:
        if day is not None:
            self._wish(day)

    @on(DataTable.RowSelected, "#games")
    def _open(self, event: DataTable.RowSelected) -> None:
        if self.seen is None or self.seen.slate is None or not self._is_current() or event.row_key.value is None:
            return
        self.app.push_screen(GameScreen(self.engine, self.seen.slate, event.row_key.value), self._return_to)

    def _return_to(self, game_id: str | None) -> None:
        if game_id is not None:
            self.query_one("#games", Table).choose(game_id)
