"""Players: found by name, forecast in every stat, with what they did of late."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.events import DescendantFocus
from textual.widgets import DataTable, Input, Static

from engine.core import player_words
from engine.core.player_records import PlayerHit, Stat
from engine.core.reports import ModelStatus
from tui.messages import PlayerAsked, PlayerRead, PlayerRecordRead, PlayersFound, QuestionFailed
from tui.screens.ask import AskScreen
from tui.screens.base import EngineScreen
from tui.screens.player_questions import line_of, line_question, opponent_question
from tui.widgets import player_rows, sections
from tui.widgets.drawn import Drawn
from tui.widgets.form_chart import FormChart
from tui.widgets.search import SearchInput
from tui.widgets.stat_table import StatTable
from tui.widgets.table import Table

CANDIDATES = 30
GAMES = 20
WIDE = 120
"""Cells from which candidates and player stand side by side."""
_CHART_ROWS = (5, 16)
_ABOVE_CHART = 18
"""Rows of everything else that the page shows at once."""
_FOUND_NOBODY = "Nobody by that name plays this season or did in the last. Misspellings are forgiven, initials are not."
_NOBODY = "No players are known: go to Data and press s to synchronise, or run `nbabot demo`."
_TYPE = "Type a player's name: parts of it, nicknames and misspellings will do."


class PlayersScreen(EngineScreen):
    """A search field with candidates, and the player chosen from them. In narrow terminals one hides the other."""

    NAME = "players"
    ABOUT = (
        "Find a player by any part of his name. His forecast is for his team's next game, if he plays: the mean, and "
        "the ranges that hold 50% and 80% of such games. The columns are his last games, the shaded band is the 80% "
        "range of the next one. A line such as 27.5 is answered with the chances over and "
        "under it; an opponent makes a what-if game. The record below counts every published forecast."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Search", key_display="/"),
        Binding("left", "move_stat(-1)", "Stat before", key_display="←", show=False),
        Binding("right", "move_stat(1)", "Next stat", key_display="→"),
        Binding("l", "ask_line", "Line", tooltip="Chances over and under a line"),
        Binding("o", "ask_opponent", "Opponent", tooltip="Another opponent: a what-if game"),
        Binding("pagedown,space", "scroll_page(1)", "More", key_display="pgdn"),
        Binding("pageup", "scroll_page(-1)", "Page before", show=False),
        Binding("escape", "search", "Back", show=False),
    ]

    searching = True
    """Whether the person looks for somebody, not at somebody."""
    typed = ""
    hits: tuple[PlayerHit, ...] = ()
    asked: PlayerAsked | None = None
    """The player and the question that the person wants answered; None before one was chosen."""
    seen: PlayerRead | None = None
    """The answer on the screen."""
    record: PlayerRecordRead | None = None
    """How published forecasts have done."""

    def contents(self) -> ComposeResult:
        """Search line; candidates and player."""
        yield SearchInput(placeholder=_TYPE, id="search", compact=True)
        with Container(id="desk"):
            yield Table("candidates")
            yield Static("Reading the players ...", id="empty", markup=False)
            with VerticalScroll(id="player", can_focus=False):
                yield Static(id="player-who")
                yield StatTable("player-stats")
                yield Static(id="player-form")
                yield Static(id="player-line")
                yield Static(id="player-games")
                yield Static(id="player-record")
                yield Static(id="player-measure", markup=False)
                yield Static(id="player-notes")

    def on_mount(self) -> None:
        """Begin with the search."""
        self._lay_out()
        self.query_one("#search").focus()

    # questions

    def reload(self) -> None:
        """Ask again for the candidates, the record and the player."""
        super().reload()
        self._ask_players()
        self.ask("player record", None, self._read_record)
        self._ask_player()

    def _ask_players(self, *, anew: bool = False) -> None:
        typed = self.typed
        self.ask("players", typed, lambda: PlayersFound(typed, self.engine.players(typed, CANDIDATES)), anew=anew)

    def _ask_player(self, *, anew: bool = False) -> None:
        asked = self.asked
        if asked is not None:
            self.ask("player", asked, lambda: self._read(asked), anew=anew)

    def _read(self, asked: PlayerAsked) -> PlayerRead:
        """Runs in a worker thread."""
        forecast = self.engine.player(asked.hit.called, asked.against or None, stat=asked.stat, line=asked.line)
        return PlayerRead(asked, forecast, self.engine.player_games(forecast.player_id, GAMES))

    def _read_record(self) -> PlayerRecordRead:
        """Runs in a worker thread."""
        versions = self.engine.models("player")
        champion = next((one for one in versions if one.status is ModelStatus.CHAMPION), None)
        return PlayerRecordRead(self.engine.player_record(), champion)

    # answers

    @on(PlayersFound)
    def _show_players(self, message: PlayersFound) -> None:
        if message.typed != self.typed:
            return
        self.answered("players")
        new = message.hits != self.hits
        self.hits = message.hits
        self._show_candidates()
        if new:
            self.query_one("#candidates", Table).move_cursor(row=0, animate=False)

    @on(PlayerRead)
    def _show_player(self, message: PlayerRead) -> None:
        if message.asked != self.asked:
            return
        self.answered("player")
        self.seen = message
        self._show_forecast()

    @on(PlayerRecordRead)
    def _show_record(self, message: PlayerRecordRead) -> None:
        self.answered("player record")
        self.record = message
        self.write("#player-record", Drawn(player_rows.record_table, (message.record,)))
        self._show_measure()

    @on(QuestionFailed)
    def _show_failure(self, message: QuestionFailed) -> None:
        if message.topic == "players" and not self.hits:
            self._say(message.sentence)
        if message.topic == "player" and message.asked == self.asked:
            self._stay_with_what_is_shown(message.sentence)

    def _stay_with_what_is_shown(self, problem: str) -> None:
        """A question that failed changes nothing on a page; where there is none yet it says why."""
        if self.seen is not None:
            self.asked = self.seen.asked
        else:
            self._say(problem)

    # what is shown

    @property
    def stat(self) -> Stat:
        """The stat that the chart shows."""
        chosen = self.query_one("#player-stats", Table).chosen
        return Stat(chosen) if chosen else Stat.PTS

    def on_resize(self) -> None:
        """Fit to the new size."""
        self._lay_out()
        self._show_candidates()
        self._show_forecast()

    @on(DescendantFocus)
    def _focus_moved(self, event: DescendantFocus) -> None:
        self.searching = event.widget.id in ("search", "candidates")
        self._lay_out()

    def _lay_out(self) -> None:
        """Show what there is room for: in a narrow terminal the player, or while one searches the candidates."""
        wide = self.app.size.width >= WIDE
        candidates, player, stats = (self.query_one(part) for part in ("#candidates", "#player", "#player-stats"))
        self.set_class(wide, "-wide")
        candidates.display = bool(self.hits) and (wide or self.searching)
        player.display = self.seen is not None and (wide or not self.searching)
        self.query_one("#empty").display = not (player.display or (candidates.display and not wide))
        if not self.searching and player.display:
            stats.focus()

    def _say(self, sentence: str) -> None:
        self.write("#empty", sentence)
        self._lay_out()

    def _show_candidates(self) -> None:
        table = self.query_one("#candidates", Table)
        columns = player_rows.hit_columns(min(self.app.size.width, 50))
        table.show(columns, {str(hit.player_id): player_rows.hit_row(hit) for hit in self.hits})
        if self.seen is None and self.asked is None:
            self._say(_TYPE if self.hits else _FOUND_NOBODY if self.typed else _NOBODY)
        self._lay_out()

    def _show_forecast(self) -> None:
        if self.seen is None:
            return
        forecast, table = self.seen.forecast, self.query_one("#player-stats", Table)
        self.write("#player-who", player_rows.who(forecast))
        columns = player_rows.stat_columns(min(76, self.app.size.width))
        table.show(columns, {str(one.stat): player_rows.stat_row(one, columns) for one in forecast.stats})
        self.write("#player-games", Drawn(player_rows.games_table, (self.seen.games,)))
        self.write("#player-notes", sections.Notes(player_words.caveats(forecast)))
        self._lay_out()
        self._show_stat()

    def _show_stat(self) -> None:
        if self.seen is None:
            return
        low, high = _CHART_ROWS
        height = max(low, min(high, self.app.size.height - _ABOVE_CHART))
        self.write("#player-form", FormChart(self.seen.forecast, self.stat, self.seen.games, height))
        self.write("#player-line", player_rows.against_line(self.seen.forecast, self.stat))
        self._show_measure()

    def _show_measure(self) -> None:
        """How good forecasts of the chosen stat have been."""
        if self.record is None or self.record.champion is None:
            return
        published = next((one for one in self.record.record.stats if one.stat is self.stat), None)
        self.write("#player-measure", player_words.record(self.stat, self.record.champion, published) + ".")

    # acts

    @on(Input.Changed, "#search")
    def _typed(self, event: Input.Changed) -> None:
        self.typed, self.searching = event.value.strip(), True
        self._ask_players(anew=True)

    @on(SearchInput.Moved)
    def _move_candidate(self, event: SearchInput.Moved) -> None:
        table = self.query_one("#candidates", Table)
        table.move_cursor(row=table.cursor_row + event.step, animate=False)

    @on(Input.Submitted, "#search")
    @on(DataTable.RowSelected, "#candidates")
    def _open(self) -> None:
        chosen = self.query_one("#candidates", Table).chosen
        hit = next((hit for hit in self.hits if str(hit.player_id) == chosen), None)
        if hit is None:
            return
        self.searching = False
        if self.asked is None or self.asked.hit.player_id != hit.player_id:
            self.seen, self.asked = None, PlayerAsked(hit)
            self._say(f"Forecasting {hit.name} ...")
            self._ask_player(anew=True)
        self._lay_out()

    @on(DataTable.RowHighlighted, "#player-stats")
    def _stat_chosen(self) -> None:
        self._show_stat()

    def action_search(self) -> None:
        """Go to the search field."""
        self.searching = True
        self._lay_out()
        self.query_one("#search").focus()

    def action_move_stat(self, step: int) -> None:
        """Choose the stat before or after."""
        table = self.query_one("#player-stats", Table)
        table.move_cursor(row=(table.cursor_row + step) % max(1, table.row_count), animate=False)

    def action_scroll_page(self, pages: int) -> None:
        """Scroll by what fits on the screen."""
        page = self.query_one("#player")
        page.scroll_relative(y=pages * (page.size.height - 1), animate=False, immediate=True)

    def action_ask_line(self) -> None:
        """Ask for a line of the chosen stat."""
        if self.asked is not None and self.seen is not None:
            stat = self.stat
            question = AskScreen(line_question(self.asked, stat))
            self.app.push_screen(question, lambda typed: self._change(typed, stat=stat, line=line_of(typed or "")))

    def action_ask_opponent(self) -> None:
        """Ask for another opponent than that of the next game."""
        if self.asked is not None:
            question = AskScreen(opponent_question(self.asked))
            self.app.push_screen(question, lambda typed: self._change(typed, against=typed))

    def _change(self, typed: str | None, **changes: object) -> None:
        """Put the question in other words, unless the person thought better of it."""
        if typed is not None and self.asked is not None:
            self.asked = replace(self.asked, **changes)  # type: ignore[arg-type]
            self._ask_player(anew=True)
