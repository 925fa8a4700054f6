"""One game: the forecast, why, and what surrounds it."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.widgets import Digits, Static

from engine.core import words
from engine.core.records import Slate, SlateGame
from engine.engine import Engine
from tui.messages import GameRead
from tui.screens.base import EngineScreen
from tui.widgets import sections
from tui.widgets import text as texts
from tui.widgets.title import TitleBar

LAST_GAMES = 6
MEETINGS = 5
ROTATION = 8
SIDES = ("away", "home")
SURROUNDINGS = ("#away-games", "#home-games", "#meetings", "#away-people", "#home-people")
WIDE = 120
"""Cells from which reasons and past stand side by side."""


class GameScreen(EngineScreen):
    """A game of a slate; left and right go to its neighbours. Leaves with the id of the game last shown."""

    NAME = "slate"
    ABOUT = (
        "One game: who should win and by how much, what speaks for either side in points, who is "
        "in doubt, the teams' last games and "
        "meetings and whom they count on (minutes and points per game, later games weighing more), all from before the "
        "day of the game, and which model says so."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace", "back", "Back", key_display="esc"),
        Binding("left,h", "move_game(-1)", "Previous", key_display="←"),
        Binding("right,l", "move_game(1)", "Next", key_display="→"),
        Binding("down,j", "scroll(1)", "Scroll", key_display="↓"),
        Binding("up,k", "scroll(-1)", "Scroll back", show=False),
        Binding("pagedown,space", "scroll_page(1)", "Next page", show=False),
        Binding("pageup", "scroll_page(-1)", "Page before", show=False),
    ]

    def __init__(self, engine: Engine, slate: Slate, game_id: str) -> None:
        super().__init__(engine)
        self.slate = slate
        self.game_id = game_id

    def contents(self) -> ComposeResult:
        """One page that scrolls: head, forecast in large figures, then the sections."""
        self._fit()
        with VerticalScroll(id="page", can_focus=False):
            yield Static(id="headline")
            with Horizontal(id="forecast"):
                yield Digits(id="chance")
                yield Static("%", id="percent", markup=False)
                yield Static(id="verdict")
                yield Static(id="score-label")
                yield Digits(id="score")
            yield Static(id="balance")
            with Container(id="body"):
                with Vertical(id="reasons"):
                    yield Static("Why, in points of margin", classes="title", markup=False)
                    yield Static(id="drivers")
                    yield Static(id="availability")
                    yield Static(id="notes")
                with Vertical(id="past"):
                    with Horizontal(id="form"):
                        yield Static(id="away-games")
                        yield Static(id="home-games")
                    yield Static(id="meetings")
                    with Horizontal(id="people"):
                        yield Static(id="away-people")
                        yield Static(id="home-people")
            yield Static(id="origin")

    def on_mount(self) -> None:
        """The forecast is at hand; its surroundings are asked for."""
        self.query_one(TitleBar).show(self.slate.as_of, simulated=self.slate.simulated)
        self._show_forecast()

    def on_resize(self) -> None:
        """Fit the sections to the new width."""
        self._fit()

    def _fit(self) -> None:
        self.set_class(self.app.size.width >= WIDE, "-wide")

    @property
    def entry(self) -> SlateGame:
        """The game on the screen."""
        return next(entry for entry in self.slate.games if entry.game.game_id == self.game_id)

    def reload(self) -> None:
        """Ask again for the game and what surrounds it."""
        super().reload()
        self._ask_game()

    def _ask_game(self, *, anew: bool = False) -> None:
        entry, day = self.entry, self.slate.league_day
        self.ask("game", self.game_id, lambda: self._read(entry, day), anew=anew)

    def _read(self, entry: SlateGame, day: date) -> GameRead:
        """Runs in a worker thread."""
        teams = (entry.game.away_id, entry.game.home_id)
        return GameRead(
            entry.game.game_id,
            self.engine.slate(day),
            tuple(self.engine.recent_games(team, LAST_GAMES, before=day) for team in teams),
            tuple(self.engine.rotation(team, before=day)[:ROTATION] for team in teams),
            self.engine.head_to_head(*teams, MEETINGS, before=day),
        )

    @on(GameRead)
    def _show(self, message: GameRead) -> None:
        if message.game_id != self.game_id:
            return
        self.answered("game")
        if any(entry.game.game_id == self.game_id for entry in message.slate.games):
            self.slate = message.slate
        self._show_forecast()
        teams = (self.entry.game.away_id, self.entry.game.home_id)
        for side, team, games, people in zip(SIDES, teams, message.last_games, message.rotations, strict=True):
            self.write(f"#{side}-games", sections.last_games(team, games))
            self.write(f"#{side}-people", sections.Rotation(team, people))
        self.write("#meetings", sections.meetings(message.meetings))

    def _show_forecast(self) -> None:
        entry = self.entry
        forecast = entry.forecast
        self.write("#headline", sections.headline(entry))
        self.write("#chance", words.percent(forecast.pick_prob).strip("%"))
        self.write("#verdict", sections.verdict(forecast))
        self.write("#score-label", sections.score_label(forecast))
        self.write("#score", texts.expected_score(forecast))
        self.write("#balance", sections.Balance(forecast))
        self.write("#drivers", sections.Drivers(forecast))
        self.write("#availability", sections.Availability(forecast))
        self.write("#notes", sections.Notes(tuple(dict.fromkeys(forecast.notes + self.slate.notes))))
        self.write("#origin", sections.origin(entry))

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
        for part in SURROUNDINGS:
            self.write(part, "")
        self._show_forecast()
        self.query_one("#page").scroll_home(animate=False)
        self._ask_game(anew=True)
