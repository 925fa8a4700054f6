"""One game: the forecast, why, what surrounds it, and what would be if others played."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import DataTable

from engine.core import words
from engine.core.records import Slate, SlateGame
from engine.engine import Engine
from tui.messages import GameRead, SuppositionAnswered, WorthRead
from tui.screens.base import EngineScreen
from tui.screens.game_questions import GameQuestions
from tui.widgets import sections
from tui.widgets import text as texts
from tui.widgets.flow import LeadChart, LineScore
from tui.widgets.game_page import GROUPS, ForecastHead, GamePage, Group
from tui.widgets.headings import Headings
from tui.widgets.market import Odds, SideBySide
from tui.widgets.team_sections import Factors, Standings
from tui.widgets.title import TitleBar
from tui.widgets.what_if import Candidate, Supposition, WhatIfTable, candidates, change

SURROUNDINGS = ("#odds", "#models", "#standings", "#factors", "#away-games", "#home-games", "#meetings")
NO_PLAYERS = "Nobody is known to play for them: fetch the players' logs with s on 6 Data, or import them."
WIDE, HUGE, TALL = 120, 190, 36
"""Cells from which groups stand in two and in three columns, and lines from which there is air between the lines."""
_EDGES = 6
"""Cells that the page leaves free beside its contents."""


class GameScreen(EngineScreen):
    """A game of a slate; left and right go to its neighbours. Leaves with the id of the game last shown."""

    NAME = "slate"
    ABOUT = (
        "One game: who should win, by how much and how far that may be off; what speaks for either side in points; who "
        "is in doubt and what that costs; the odds and the other models; how both teams stand. All from before the day "
        "of the game. What if: take players out or bring them back, and see what that changes; the last column says it "
        "for each in points of his own team's margin. A game that is over shows how it went."
    )
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace", "back", "Back", key_display="esc"),
        Binding("left,h", "move_game(-1)", "Previous", show=False, tooltip="Previous game"),
        Binding("right,l", "move_game(1)", "Games", key_display="←→", tooltip="Next game"),
        Binding("tab", "section(1)", "Section", key_display="tab", tooltip="Next section"),
        Binding("shift+tab", "section(-1)", "Section before", show=False),
        Binding("r", "reset", "Reset", tooltip="Suppose nothing"),
        Binding("w", "what_if", "What if", tooltip="Suppose that a player is out, or back"),
        Binding("space", "what_if", "What if", show=False, tooltip="Suppose that a player is out, or back"),
        Binding("down,j", "scroll(1)", "Scroll", show=False),
        Binding("up,k", "scroll(-1)", "Scroll back", show=False),
        Binding("pagedown", "scroll_page(1)", "Next page", show=False),
        Binding("pageup", "scroll_page(-1)", "Page before", show=False),
    ]

    def __init__(self, engine: Engine, slate: Slate, game_id: str) -> None:
        super().__init__(engine)
        self.slate = slate
        self.game_id = game_id
        self._group = next(iter(GROUPS))
        self._players: dict[str, Candidate] = {}
        self._worth: dict[str, float] = {}
        self._worth_asked: object = None
        self._supposed = Supposition()
        self._if_so: SuppositionAnswered | None = None

    def contents(self) -> ComposeResult:
        """The forecast, which stays in sight, and below it the groups of sections."""
        yield ForecastHead(id="forecast")
        yield GamePage(id="page", can_focus=False)

    def on_mount(self) -> None:
        """The forecast is at hand; its surroundings are asked for."""
        self.query_one(TitleBar).show(self.slate.as_of, simulated=self.slate.simulated)
        self._fit()
        self._show_forecast()
        self._show_groups()

    def on_resize(self) -> None:
        """Fit the sections to the new size."""
        self._fit()
        self._show_players()

    def _fit(self) -> None:
        width, height = self.app.size
        self.set_class(width >= WIDE, "-wide")
        self.set_class(width >= HUGE, "-huge")
        self.set_class(height >= TALL, "-tall")

    @property
    def entry(self) -> SlateGame:
        """The game on the screen."""
        return next(entry for entry in self.slate.games if entry.game.game_id == self.game_id)

    @property
    def _questions(self) -> GameQuestions:
        return GameQuestions(self.engine, self.entry.game)

    def reload(self) -> None:
        """Ask again for the game, what surrounds it, and what is supposed."""
        super().reload()
        self._ask_game()
        if self._supposed:
            self._ask_what_if()

    def _ask_game(self, *, anew: bool = False) -> None:
        self.ask("game", self.game_id, self._questions.surroundings, anew=anew)

    def _ask_what_if(self) -> None:
        questions, what_if = self._questions, self._supposed.question
        self.ask("what if", self.game_id, lambda: questions.supposing(what_if), anew=True)

    @on(GameRead)
    def _show(self, message: GameRead) -> None:
        if message.game_id != self.game_id:
            return
        self.answered("game")
        if any(entry.game.game_id == self.game_id for entry in message.slate.games):
            self.slate = message.slate
        entry = self.entry
        self._show_forecast()
        for side, team, games in zip(("away", "home"), self._questions.teams, message.last_games, strict=True):
            self.write(f"#{side}-games", sections.last_games(team, games))
        self.write("#meetings", sections.meetings(message.meetings))
        self.write("#standings", Standings(message.teams))
        self.write("#factors", Factors(message.teams))
        self.write("#odds", Odds(entry.forecast, message.odds))
        self.write("#models", SideBySide(message.side_by_side))
        self._show_course(message)
        self._take_players(message)

    def _show_course(self, message: GameRead) -> None:
        known = bool(message.timeline.scores)
        self.query_one("#course").set_class(known, "-known")
        if known:
            self.write("#line-score", LineScore(self.entry.game, message.timeline))
            self.write("#lead", LeadChart(self.entry.game, message.timeline, 11 if self.has_class("-tall") else 7))
        self._show_groups()

    def _take_players(self, message: GameRead) -> None:
        """Show the players; what each is worth is asked again when they, or the model, have changed."""
        self._players = players = candidates(self.entry.forecast, message.rotations)
        asked = (message.side_by_side[0].model, players)
        if asked != self._worth_asked:
            self._worth_asked, questions = asked, self._questions
            self.ask("worth", self.game_id, lambda: questions.worth(players.values()), anew=True)
        self.query_one(WhatIfTable).display = bool(players)
        self.query_one("#no-players").display = not players
        self.write("#no-players", "" if players else NO_PLAYERS)
        self._show_players()

    @on(WorthRead)
    def _take_worth(self, message: WorthRead) -> None:
        if message.game_id == self.game_id:
            self.answered("worth")
            self._worth = dict(message.worth)
            self._show_players()

    def _show_players(self) -> None:
        table = self.query_one(WhatIfTable)
        width = table.container_size.width or self.app.size.width - _EDGES
        table.show_players(self._players.values(), self._supposed, self._worth, width)

    def _show_forecast(self) -> None:
        """The forecast as published, or as it would be."""
        entry, answer = self.entry, self._if_so
        forecast = answer.forecast if answer else entry.forecast
        self.write("#headline", sections.headline(entry, self.slate.as_of))
        self.write("#chance", words.percent(forecast.pick_prob).strip("%"))
        self.write("#verdict", sections.verdict(forecast))
        self.write("#score-label", sections.score_label(forecast))
        self.write("#score", texts.expected_score(forecast))
        self.write("#balance", sections.Balance(forecast))
        self.write("#supposed", change(entry.forecast, forecast, self._supposed) if answer else "")
        self.set_class(answer is not None, "-supposed")
        self.write("#drivers", sections.Drivers(forecast))
        self.write("#ranges", sections.Ranges(forecast))
        self.write("#doubtful", sections.Doubtful(forecast))
        self.write("#notes", sections.Notes(tuple(dict.fromkeys(forecast.notes + self.slate.notes))))
        self.write("#origin", sections.origin(entry))

    def _show_groups(self) -> None:
        """Mark the current group, and let only that be seen where the screen is narrow."""
        known = self._known_groups()
        if self._group not in known:
            self._group = next(iter(known))
        for group in self.query(Group):
            group.set_class(group.id == self._group, "-current")
        self.set_class(self._group == "what-if", "-choosing")
        self.query_one(Headings).show(self._group, known)

    def _known_groups(self) -> dict[str, str]:
        """The groups of which there is something to see, and their headings."""
        known = self.query_one("#course").has_class("-known")
        return {key: heading for key, heading in GROUPS.items() if known or key != "course"}

    @on(Headings.Chosen)
    def _go_to(self, message: Headings.Chosen) -> None:
        self._open_group(message.section)

    def _open_group(self, key: str) -> None:
        self._group = key
        self._show_groups()
        if key == "what-if":
            self.query_one(WhatIfTable).focus()
        else:
            self.set_focus(None)
        if self.has_class("-wide"):
            self.query_one(f"#{key}").scroll_visible(animate=False, top=True)
        else:
            self.query_one("#page").scroll_home(animate=False)

    @on(DataTable.RowSelected, "#players")
    def _suppose(self, event: DataTable.RowSelected) -> None:
        one = self._players.get(event.row_key.value or "")
        if one is not None:
            self._supposed = self._supposed.turned(one)
            self._show_players()
            self._resuppose()

    def _resuppose(self) -> None:
        self.refresh_bindings()
        if self._supposed:
            self._ask_what_if()
        else:
            self._if_so = None
            self._show_forecast()

    @on(SuppositionAnswered)
    def _show_supposed(self, message: SuppositionAnswered) -> None:
        if message.game_id == self.game_id and message.what_if == self._supposed.question:
            self.answered("what if")
            self._if_so = message
            self._show_forecast()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Reset is offered while something is supposed."""
        return bool(self._supposed) if action == "reset" else super().check_action(action, parameters)

    def action_reset(self) -> None:
        """Suppose nothing."""
        self._supposed = Supposition()
        self._show_players()
        self._resuppose()

    def action_what_if(self) -> None:
        """Go to the players."""
        self._open_group("what-if")

    def action_section(self, step: int) -> None:
        """Go to the next group or the one before."""
        keys = list(self._known_groups())
        self._open_group(keys[(keys.index(self._group) + step) % len(keys)])

    def action_back(self) -> None:
        """Return to the slate, on the game last shown."""
        self.dismiss(self.game_id)

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one("#page").scroll_relative(y=lines, animate=False, immediate=True)

    def action_scroll_page(self, pages: int) -> None:
        """Scroll by what fits on the screen."""
        self.action_scroll(pages * (self.query_one("#page").size.height - 1))

    def action_move_game(self, step: int) -> None:
        """Go to the neighbour on the slate; after the last comes the first."""
        ids = [entry.game.game_id for entry in self.slate.games]
        self.game_id = ids[(ids.index(self.game_id) + step) % len(ids)]
        self._players, self._worth, self._worth_asked = {}, {}, None
        self._supposed, self._if_so = Supposition(), None
        self.refresh_bindings()
        for part in SURROUNDINGS:
            self.write(part, "")
        self._show_players()
        self._show_forecast()
        self.query_one("#page").scroll_home(animate=False)
        self._ask_game(anew=True)
