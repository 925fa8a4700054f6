"""Answers about games under way: from a question to what is sent, in any thread. Commands and buttons ask here."""

from __future__ import annotations

from collections.abc import Iterable

from engine.core import live_words
from engine.core.live_choice import game_meant, name_of, only_one_on
from engine.core.live_games import LiveBoard, LiveStatus, LiveView
from engine.core.named_games import NamedGame
from engine.engine import Engine
from nbabot.buttons import Why
from nbabot.embeds.live import live_board, live_game
from nbabot.live_buttons import BOARD, ChooseLive, Follow, RefreshLive
from nbabot.live_chart import course_of, course_png, course_words
from nbabot.replies import Picture, Reply

CHART = "course.png"


class LiveAnswers:
    """Every answer is the engine's, unchanged."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def asked(self, text: str | None, asker: int) -> Reply:
        """A game by what it is called; without a name the one that is on, or all of the evening where it is not one."""
        if text is not None:
            return self._game(self.meant(text), asker)
        board = self._engine.live_board()
        alone = only_one_on(board)
        return self._board(board, asker) if alone is None else self._game(alone, asker)

    def refreshed(self, text: str, asker: int) -> Reply:
        """What a message showed, as it is now: BOARD, or a game by its name."""
        return self._board(self._engine.live_board(), asker) if text == BOARD else self.asked(text, asker)

    def meant(self, text: str) -> LiveView:
        """The game that a text names. Raises UsageError where it names none of that day."""
        return game_meant(text, self._engine.today(), self._engine.live_board)

    def tonight(self) -> tuple[LiveView, ...]:
        """The games of the evening."""
        return self._engine.live_board().games

    def games(self) -> list[tuple[str, NamedGame]]:
        """The games of the evening with how they stand, for choosing one."""
        return named(self.tonight())

    def games_to_follow(self) -> list[tuple[str, NamedGame]]:
        """Those of them that are not over."""
        return named(one for one in self.tonight() if one.state.status in (LiveStatus.LIVE, LiveStatus.UPCOMING))

    def _board(self, board: LiveBoard, asker: int) -> Reply:
        menu = [ChooseLive(named(board.games))] if board.games else []
        return Reply(live_board(board), buttons=[*menu, RefreshLive(asker, BOARD)])

    def _game(self, view: LiveView, asker: int) -> Reply:
        card = self._engine.live(view.state.game_id)
        game = str(name_of(card.view.state))
        over = card.view.state.status in (LiveStatus.FINAL, LiveStatus.PUT_OFF)
        again = [] if over else [RefreshLive(asker, game), Follow(game)]
        buttons = [*again, Why(game)]
        if len(card.points) < 2:
            return Reply(live_game(card), buttons=buttons)
        picture = Picture(CHART, course_png(course_of(card)), course_words(card))
        return Reply(live_game(card), picture, buttons)


def named(games: Iterable[LiveView]) -> list[tuple[str, NamedGame]]:
    """Games with what they are called and how they stand."""
    return [(f"{live_words.teams(one.state)}, {live_words.clock(one.state)}", name_of(one.state)) for one in games]
