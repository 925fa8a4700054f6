"""What the page of a game asks the engine; all of it runs in worker threads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.worker import get_current_worker

from engine.core import words
from engine.core.errors import NoDataError, UsageError
from engine.core.outlooks import WhatIf
from engine.core.records import Game, GameForecast
from engine.core.team_cards import TeamCard
from engine.engine import Engine
from tui.messages import GameRead, LiveRead, SuppositionAnswered, WorthRead
from tui.widgets.what_if import OUT, Candidate

LAST_GAMES = 6
MEETINGS = 5


@dataclass(frozen=True, slots=True)
class GameQuestions:
    """Questions about one game, asked as of its day or, before it, as of now."""

    engine: Engine
    game: Game

    @property
    def teams(self) -> tuple[int, int]:
        """Ids of the away and the home side."""
        return self.game.away_id, self.game.home_id

    def surroundings(self) -> GameRead:
        """All that the page shows, but for what is supposed."""
        game, day = self.game, self.game.league_day
        teams = self.teams
        away, home = (words.code(team) for team in teams)
        board = self.engine.odds(day)
        return GameRead(
            game.game_id,
            self.engine.slate(day),
            self._cards((away, home)),
            tuple(self.engine.recent_games(team, LAST_GAMES, before=day) for team in teams),
            tuple(self.engine.rotation(team, before=day) for team in teams),
            self.engine.head_to_head(*teams, MEETINGS, before=day),
            next((one for one in board.games if one.game.game_id == game.game_id), None),
            self.engine.timeline(game.game_id),
            self.engine.side_by_side(home, away, day),
        )

    def course(self) -> LiveRead:
        """How the game stands and came there, or how it went."""
        return LiveRead(self.game.game_id, self.engine.live(self.game.game_id))

    def _cards(self, names: Iterable[str]) -> tuple[TeamCard, ...]:
        try:
            return tuple(self.engine.team(name, before=self.game.league_day) for name in names)
        except NoDataError:  # forecasts come from the numbers that are shipped, results are still to be fetched
            return ()

    def supposing(self, what_if: WhatIf) -> SuppositionAnswered:
        """The game with players out or back."""
        return SuppositionAnswered(self.game.game_id, what_if, self._forecast(what_if))

    def worth(self, players: Iterable[Candidate]) -> WorthRead:
        """What the first choice for each player changes in his own team's margin; the rest is left when not wanted."""
        worker = get_current_worker()
        usual = self._forecast(WhatIf()).margin
        found: dict[str, float] = {}
        for one in players:
            if worker.is_cancelled:
                break
            what_if = WhatIf(out=(one.name,)) if one.choices[0] == OUT else WhatIf(back=(one.name,))
            try:
                change = self._forecast(what_if).margin - usual
            except UsageError:  # a name that the engine cannot tell from another one's
                continue
            found[one.name] = change if one.team_id == self.game.home_id else -change
        return WorthRead(self.game.game_id, found)

    def _forecast(self, what_if: WhatIf) -> GameForecast:
        home, away = words.code(self.game.home_id), words.code(self.game.away_id)
        return self.engine.predict(home, away, self.game.league_day, out=what_if.out, back=what_if.back)
