"""One game: the forecast, why, what surrounds it, and what would be if others played."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import DataTable

from engine.core.live_games import LiveBoard, LiveCard, LiveView
from engine.core.records import Slate, SlateGame
from engine.core.timelines import Timeline
from engine.engine import Engine
from tui.messages import GameRead, LiveRead, SuppositionAnswered, WorthRead
from tui.screens import game_parts as parts
from tui.screens.base import EngineScreen
from tui.screens.game_questions import GameQuestions
from tui.widgets.game_page import GROUPS, ForecastHead, GamePage, Group, fit
from tui.widgets.headings import Headings
from tui.widgets.live_rows import as_seen, is_on, may_be_on, views_of
from tui.widgets.title import TitleBar
from tui.widgets.what_if import Candidate, Supposition, WhatIfTable, candidates, change

FIRST_GROUP = next(iter(GROUPS))
_EDGES = 6  # cells that the page leaves free beside its contents


class GameScreen(EngineScreen):
    """A game of a slate; left and right go to its neighbours. Leaves with the id of the game last shown."""

    NAME = "slate"
    ABOUT = (
        "One game: who should win, by how much and how far that may be off; what speaks for either side in points; who "
        "is in doubt and what that costs; the odds and the other models; how both teams stand. All from before the day "
        "of the game. What if: take players out or bring them back, and see what that changes; the last column says it "
        "for each in points of his own team's margin. While a game is on, the large figures are its score and who wins "
        "from here; Live has the course of score and chance, and past games that went like it."
    )
    AUTO_FOCUS = ""
    _group = FIRST_GROUP
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

    def __init__(self, engine: Engine, slate: Slate, game_id: str, live: LiveBoard | None = None) -> None:
        super().__init__(engine)
        self._aim(slate, game_id, views_of(live))

    def _aim(self, slate: Slate, game_id: str, views: Mapping[str, LiveView]) -> None:
        """Know of a game what the slate knows, and how it stands where it may be under way."""
        self.slate, self.game_id, self._views = slate, game_id, views
        self._live: LiveCard | None = None
        self._timeline: Timeline | None = None
        self._players: dict[str, Candidate] = {}
        self._worth: dict[str, float] = {}
        self._worth_asked: object = None
        self._supposed = Supposition()
        self._if_so: SuppositionAnswered | None = None

    def turn_to(self, slate: Slate, game_id: str, live: LiveBoard | None = None) -> None:
        """Show another game in the place of the one that the page was left with.

        Making the parts of a page takes far longer than writing into them.
        """
        self._group = FIRST_GROUP
        self.set_focus(None)
        self._aim(slate, game_id, views_of(live))
        self._begin()

    def contents(self) -> ComposeResult:
        """The forecast, which stays in sight, and below it the groups of sections."""
        yield ForecastHead(id="forecast")
        yield GamePage(id="page", can_focus=False)

    def on_mount(self) -> None:
        """Show the game that the slate has opened."""
        self._begin()

    def _begin(self) -> None:
        """Show what is at hand, how a game goes that is on unless another group was chosen, and ask for the rest."""
        fit(self)
        self.query_one(TitleBar).show(self.slate.as_of, simulated=self.slate.simulated)
        self.refresh_bindings()
        if self._group == FIRST_GROUP and is_on(self._view):
            self._group = "course"
        self.write_all(dict.fromkeys(parts.SURROUNDINGS, ""))
        self._show_course()
        self._show_players()
        self._show_forecast()
        self.query_one("#page").scroll_home(animate=False)
        self._ask_game(anew=True)
        self.follow()

    def on_resize(self) -> None:
        """Fit the sections to the new size."""
        fit(self)
        self._show_players()

    @property
    def entry(self) -> SlateGame:
        """The game on the screen."""
        found = next(entry for entry in self.slate.games if entry.game.game_id == self.game_id)
        return as_seen(found, self._view)

    @property
    def _view(self) -> LiveView | None:
        """How the game stands, as read last."""
        return self._live.view if self._live else self._views.get(self.game_id)

    @property
    def _questions(self) -> GameQuestions:
        return GameQuestions(self.engine, self.entry.game)

    def reload(self) -> None:
        """Ask again for the game, what surrounds it, and what is supposed."""
        super().reload()
        self._ask_game()
        self.follow()
        if self._supposed:
            self._ask_what_if()

    def _ask_game(self, *, anew: bool = False) -> None:
        self.ask("game", self.game_id, self._questions.surroundings, anew=anew)

    def follow(self) -> None:
        """Ask how a game that has begun stands; of one that is over once."""
        if (self.entry.final and self._live is None) or may_be_on(self.entry, self.slate.as_of):
            self.ask("live", self.game_id, self._questions.course, anew=self._live is None)

    def _ask_what_if(self) -> None:
        questions, what_if = self._questions, self._supposed.question
        self.ask("what if", self.game_id, lambda: questions.supposing(what_if), anew=True)

    @on(GameRead)
    def _show(self, message: GameRead) -> None:
        if message.game_id != self.game_id:
            return
        self.answered("game")
        self._timeline = message.timeline
        if any(entry.game.game_id == self.game_id for entry in message.slate.games):
            self.slate = message.slate
        self._show_forecast()
        self.write_all(parts.surrounding_parts(message, self.entry))
        self._show_course()
        self._take_players(message)

    @on(LiveRead)
    def _show_live(self, message: LiveRead) -> None:
        if message.game_id == self.game_id:
            self.answered("live")
            self._live = message.card
            self._show_forecast()
            self._show_course()

    def _show_course(self) -> None:
        """How the game goes, or went."""
        shown = parts.course_parts(self.entry, self._timeline, self._live, tall=self.has_class("-tall"))
        self.query_one("#course").set_class(bool(shown) or is_on(self._view), "-known")
        for part in parts.COURSE:
            self.query_one(part).display = part in shown
        self.write_all(shown)
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
        self.write("#no-players", "" if players else parts.NO_PLAYERS)
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
        """The forecast as published or as it would be; while the game is on, from here."""
        entry, answer = self.entry, self._if_so
        forecast = answer.forecast if answer else entry.forecast
        self.write_all(parts.forecast_parts(entry, forecast, self.slate, None if answer else self._view))
        self.write("#supposed", change(entry.forecast, forecast, self._supposed) if answer else "")
        self.set_class(answer is not None, "-supposed")

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
        named = {**GROUPS, "course": "Live" if is_on(self._view) else GROUPS["course"]}
        return {key: heading for key, heading in named.items() if known or key != "course"}

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
        self._aim(self.slate, ids[(ids.index(self.game_id) + step) % len(ids)], self._views)
        self._begin()
