"""The games of a day, and the way to other days and into a game."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import ClassVar

from cachetools import LRUCache
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import DataTable, Input, Static
from textual.worker import get_current_worker

from engine.core import live_words, words
from engine.core.errors import NoDataError
from engine.core.records import SlateGame
from engine.engine import Engine
from tui.messages import DaysRead, QuestionFailed, SlateRead, SlatesReadAhead
from tui.screens.base import EngineScreen
from tui.screens.day import DayScreen
from tui.screens.game import GameScreen
from tui.widgets import text as texts
from tui.widgets.filter import FilterBar
from tui.widgets.live_rows import ScoreWatch, any_may_be_on, is_on, views_of
from tui.widgets.slate_rows import TeamFilter, slate_columns, slate_row, slate_summary
from tui.widgets.table import Table
from tui.widgets.title import TitleBar

NOTHING_STORED = "No games stored: press 6 and there s to fetch them, or run `nbabot demo`."
AHEAD = (1, -1, 2, -2)
"""Days around the one on the screen that are read before anybody asks for them, nearest first."""
DAYS_KEPT = 60


class SlateScreen(EngineScreen):
    """One league day. Without a wish it is today, and stays today when the day turns.

    The days around it are read ahead: turning to one shows at once what is known, and asks again.
    """

    NAME = "slate"
    ABOUT = (
        "The games of one league day, away team first, with tip-offs by this machine's clock. The bar is the chance of "
        "the picked team; Edge is whom the forecast gives more than the betting line does. While a game is on, its row "
        "has score and clock, and the chance is that of whoever wins from here; a score that has just changed stands "
        "out, ? marks one that may be old. A day that is over shows each result and whether the pick was a hit. * "
        "marks a published forecast; only those count in the record, the others are what the present model says as of "
        "that morning."
    )
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "last_day", "Last", tooltip="Last stored day"),
        Binding("left,h", "move_day(-1)", "Earlier", key_display="←"),
        Binding("right,l", "move_day(1)", "Later", key_display="→"),
        Binding("t", "today", "Today", show=False),
        Binding("g", "ask_day", "Day", tooltip="Go to a day"),
        Binding("slash", "filter", "Team", key_display="/", tooltip="Only a team's games"),
        Binding("escape", "show_all", "All games", show=False),
    ]

    wished: date | None = None
    """The day the person wants to see; None is today."""
    seen: SlateRead | None = None
    """The answer on the screen."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._known: LRUCache[date, SlateRead] = LRUCache(DAYS_KEPT)
        self._filter = TeamFilter()
        self._scores = ScoreWatch()
        self._page: GameScreen | None = None

    def contents(self) -> ComposeResult:
        """Day, summary, filter, games or a word about their absence."""
        yield Static(id="day", markup=False)
        yield Static(id="summary", markup=False)
        yield FilterBar("part of a team's name")
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

    def follow(self) -> None:
        """Ask for the wished day alone."""
        self._ask_slate()

    def _ask_slate(self, *, anew: bool = False) -> None:
        wished = self.wished
        self.ask("slate", wished, lambda: self._read(wished), anew=anew)

    def _read(self, wished: date | None) -> SlateRead:
        """Runs in a worker thread. Without a wish the day is today, or last night's while one of its games is on."""
        today = self.engine.today()
        stored = self.engine.game_days()
        if stored is None:
            return SlateRead(wished, today, wished or today, None, None, NOTHING_STORED)
        board = self.engine.live_board() if wished is None else None
        day = wished or (board.league_day if board else today)
        try:
            slate = self.engine.slate(day)
        except NoDataError as error:
            return SlateRead(wished, today, day, stored, None, str(error))
        if not any_may_be_on(slate):
            return SlateRead(wished, today, day, stored, slate)
        return SlateRead(wished, today, day, stored, slate, live=board or self.engine.live_board(day))

    @on(SlateRead)
    def _take(self, message: SlateRead) -> None:
        self._known[message.day] = message
        if message.asked != self.wished:
            return
        self.answered("slate")
        self._show(message)
        unknown = [day for step in AHEAD if (day := message.day + timedelta(days=step)) not in self._known]
        if unknown and message.stored:
            self.ask("ahead", message.day, lambda: self._read_ahead(unknown), anew=True)

    def _read_ahead(self, days: list[date]) -> SlatesReadAhead:
        """Runs in a worker thread; gives up when another day is asked for."""
        worker = get_current_worker()
        return SlatesReadAhead(tuple(self._read(day) for day in days if not worker.is_cancelled))

    @on(SlatesReadAhead)
    def _keep(self, message: SlatesReadAhead) -> None:
        self.answered("ahead")
        self._known.update({slate.day: slate for slate in message.slates})

    def _show(self, answer: SlateRead) -> None:
        self.seen = answer
        self._show_day(answer.day)
        slate = answer.slate
        if slate:
            self.query_one(TitleBar).show(slate.as_of, simulated=slate.simulated)
        summary = "\n".join(self._summary(answer)).strip()
        self.query_one("#summary").display = bool(summary)
        self.write("#summary", summary)
        self._show_games()

    def _summary(self, answer: SlateRead) -> tuple[str, ...]:
        """The day in a line, then what a reader of it must know."""
        if answer.slate is None:
            return ()
        under_way = sum(map(is_on, views_of(answer.live).values()))
        notes = live_words.notes(answer.live) if answer.live else ()
        return slate_summary(answer.slate, under_way), *answer.slate.notes, *notes

    @on(QuestionFailed)
    def _show_failure(self, message: QuestionFailed) -> None:
        if message.topic == "slate" and message.asked == self.wished and not self._is_current():
            self.seen = None
            self._show_emptiness(message.sentence)

    def on_resize(self) -> None:
        """Fit the columns to the new width."""
        if self._games():
            self._show_games()

    def _show_day(self, day: date) -> None:
        today = self.seen.today if self.seen else None
        word = {0: "today", -1: "yesterday", 1: "tomorrow"}.get((day - today).days) if today else None
        tips = [entry.game.tip_utc for entry in self._games() if entry.game.tip_utc and self._shows(day)]
        times = f"times in {texts.zone(tips[0])}" if tips else None
        self.write("#day", " · ".join(part for part in (words.day(day), word, times) if part))

    def _shows(self, day: date) -> bool:
        return self.seen is not None and self.seen.day == day

    def _games(self) -> tuple[SlateGame, ...]:
        """The day's games that the filter lets through."""
        return self._filter.games(self.seen.slate) if self.seen and self.seen.slate else ()

    def _show_games(self) -> None:
        """The games, or why there are none."""
        shown, seen = self._games(), self.seen
        every = seen.slate.games if seen and seen.slate else ()
        self.query_one(FilterBar).tell(f"{len(shown)} of {texts.plural(len(every), 'game')}")
        if seen is None or seen.slate is None or not every:
            self._show_emptiness((seen and seen.problem) or "No games on this day.")
            return
        if not shown:
            self._show_emptiness(f"No team called '{self._filter.typed}' plays on this day: esc shows all games.")
            return
        table = self.query_one("#games", Table)
        self.query_one("#empty").display = False
        if not table.display:
            table.display = True
            self._focus_table()
        columns = slate_columns(self.app.size.width, seen.slate)
        table.remove_class("-stale")
        views, now = views_of(seen.live), seen.slate.as_of
        fresh = self._scores.look(views)
        rows = {
            (key := entry.game.game_id): slate_row(entry, columns, now, views.get(key), fresh=key in fresh)
            for entry in shown
        }
        table.show(columns, rows)

    def _focus_table(self) -> None:
        if not isinstance(self.focused, Input):
            self.query_one("#games").focus()

    def _show_emptiness(self, sentence: str) -> None:
        lines = [sentence]
        if self.seen is not None and self.seen.stored is not None:
            first, last = (words.day(day) for day in self.seen.stored)
            lines.append(f"Games are stored from {first} to {last}.")
            lines.append("e goes to the last of these days, ← and → turn the days, g shows a calendar.")
        self.write("#empty", "\n\n".join(lines))
        self.query_one("#empty").display = True
        self.query_one("#games").display = False

    def _is_current(self) -> bool:
        """Whether what is shown answers the present wish."""
        return self.seen is not None and self.seen.asked == self.wished

    def _wish(self, day: date | None) -> None:
        self.wished = day
        meant = day or (self.seen.today if self.seen else None)
        known = self._known.get(meant) if meant else None
        if known is not None:
            self._show(replace(known, asked=day))
        elif not self._is_current():
            self.query_one("#games").add_class("-stale")
            if meant is not None:
                self._show_day(meant)
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
            self.ask("days", None, lambda: DaysRead(self.engine.games_per_day()))

    @on(DaysRead)
    def _mark_days(self, message: DaysRead) -> None:
        self.answered("days")
        if isinstance(self.app.screen, DayScreen):
            self.app.screen.mark(message.games)

    def _go_to(self, day: date | None) -> None:
        if day is not None:
            self._wish(day)

    def action_filter(self) -> None:
        """Ask for a team."""
        self.query_one(FilterBar).open()

    def action_show_all(self) -> None:
        """Drop the filter."""
        self.query_one(FilterBar).close()

    @on(FilterBar.Changed)
    def _narrow(self, message: FilterBar.Changed) -> None:
        self._filter = TeamFilter(message.typed)
        self._show_games()

    @on(FilterBar.Left)
    def _leave_filter(self) -> None:
        self.query_one("#games").focus()

    @on(DataTable.RowSelected, "#games")
    def _open(self, event: DataTable.RowSelected) -> None:
        if self.seen is None or self.seen.slate is None or not self._is_current() or event.row_key.value is None:
            return
        game = self.seen.slate, event.row_key.value, self.seen.live
        if self._page is None:
            self._page = GameScreen(self.engine, *game)
            self.app.install_screen(self._page, "game")
        else:
            self._page.turn_to(*game)
        self.app.push_screen(self._page, self._return_to)

    def _return_to(self, game_id: str | None) -> None:
        if game_id is not None:
            self.query_one("#games", Table).choose(game_id)
