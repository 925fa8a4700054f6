"""Games that are being played: `live`."""

from __future__ import annotations

import re
import sys
import time
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from engine.core import live_choice
from engine.core.errors import UsageError
from engine.core.live_games import LiveBoard, LiveStatus, LiveView
from nbabot.cli import live_json, live_text
from nbabot.cli.json_output import Json
from nbabot.cli.live_text import Page
from nbabot.cli.output import console, show_json, visible
from nbabot.cli.session import Session, command

if TYPE_CHECKING:
    from engine.engine import Engine

Game = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="GAME", help="Only this one: one team or both in any words, and a day if not today.", show_default=False
    ),
]
Watch = Annotated[bool, typer.Option("--watch", help="Stay, and show every change until the games are over.")]
Replay = Annotated[
    str | None,
    typer.Option(
        "--replay", metavar="GAME", help="Play a past game again: its id, or teams and day.", show_default=False
    ),
]
Speed = Annotated[
    float | None,
    typer.Option(
        "--speed", metavar="N", help="With --replay: how many seconds go by in one, 60 unless told.", show_default=False
    ),
]
Record = Annotated[
    bool, typer.Option("--record", help="How forecasts of past games under way have fared, by time left.")
]
USUAL_SPEED = 60.0
LONGEST_LOOK_S = 30.0
"""How long --watch leaves the screen alone at most: another process may have asked the feed meanwhile."""
_GAME_ID = re.compile(r"00\d{8}")


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    command(app, as_of=True, as_json=True)(live)


def live(
    session: Session,
    game: Game = None,
    watch: Watch = False,
    record: Record = False,
    replay: Replay = None,
    speed: Speed = None,
) -> None:
    """Who wins from here: the games that are on, or one of them.

    Asks the league's feed once and shows what it says, with a forecast from there; a day behind the teams shows a game
    of the past. With --replay a past game goes through the whole program again, as channels would see it, on a copy
    that is thrown away.
    """
    if speed is not None and replay is None:
        raise UsageError("--speed is for a game that is played again: add --replay GAME.")
    if watch and (record or replay is not None):
        raise UsageError("--watch is for games that are on: leave it out with --record and --replay.")
    if sum((bool(game), record, replay is not None)) > 1:
        raise UsageError("GAME, --record and --replay are questions of their own: ask one of them.")
    if (watch or replay is not None) and session.as_json:
        raise UsageError("--json prints how it stands now: leave out --watch and --replay.")
    if replay is not None:
        from nbabot.cli.live_replay import replay_game

        replay_game(session.engine, game_meant(session.engine, replay), USUAL_SPEED if speed is None else speed)
    elif record:
        found = session.engine.live_record()
        show_json(live_json.record(found)) if session.as_json else live_text.show_live_record(found)
    elif watch:
        _watch(session, _Question.of(session, game))
    else:
        _show(session, game)


def _show(session: Session, game: list[str] | None) -> None:
    """Print how it stands now."""
    _ask_feed(session)
    question = _Question.of(session, game)
    if session.as_json:
        show_json(question.json())
    else:
        question.look().page.show()


@dataclass(frozen=True, slots=True)
class _Look:
    """What is to be shown, and the games in it."""

    page: Page
    views: tuple[LiveView, ...]


@dataclass(frozen=True, slots=True)
class _Question:
    """One game, else the games of a day, else those of this evening."""

    engine: Engine
    game_id: str | None
    day: date | None = None

    @classmethod
    def of(cls, session: Session, game: list[str] | None) -> _Question:
        """The question that is meant. Raises UsageError, and NoDataError where no such game is stored."""
        return cls(session.engine, game_meant(session.engine, " ".join(game)) if game else None)

    def look(self) -> _Look:
        """How it stands now. Raises NoDataError where no schedule that covers the day is stored."""
        if self.game_id is not None:
            card = self.engine.live(self.game_id)
            return _Look(live_text.card_page(card), (card.view,))
        board = _board(self.engine, self.day)
        return _Look(live_text.board_page(board), board.games)

    def json(self) -> Json:
        """The same for a program."""
        if self.game_id is not None:
            return live_json.card(self.engine.live(self.game_id))
        return live_json.board(_board(self.engine, self.day))


def game_meant(engine: Engine, text: str) -> str:
    """The id of a game: given itself, or by one of its teams, or by both and a day.

    Raises UsageError for others, and NoDataError where no schedule that covers the day is stored.
    """
    if _GAME_ID.fullmatch(text):
        return text
    return live_choice.game_meant(text, engine.today(), lambda day: _board(engine, day)).state.game_id


def _board(engine: Engine, day: date | None) -> LiveBoard:
    """The games of a day, else of this evening. Raises NoDataError where no schedule that covers it is stored."""
    board = engine.live_board(day)
    if not board.games:
        engine.slate(board.league_day)  # raises where the day is not covered
    return board


def _ask_feed(session: Session) -> float:
    """Ask the feed where it is time, and return after how many seconds to ask again; the past is not asked about."""
    return LONGEST_LOOK_S if session.as_of else session.engine.poll_live().wait_s


def _watch(session: Session, question: _Question) -> None:
    """Show every change until the games are over, drawn again on a terminal, a line for each in a pipe."""
    if session.as_of or session.engine.simulated:
        raise UsageError(
            "Nothing changes in the past or in a simulated league: nbabot live --replay plays a game again."
        )
    if not (found := question.look()).views:
        found.page.show()
        return
    evening = replace(question, day=found.views[0].state.league_day)  # midnight does not end it
    screen = _Screen() if sys.stdout.isatty() else _Lines()
    with screen:
        while True:
            wait = _ask_feed(session)
            look = evening.look()
            screen.show(look)
            if all(view.state.status in (LiveStatus.FINAL, LiveStatus.PUT_OFF) for view in look.views):
                return
            time.sleep(min(wait, LONGEST_LOOK_S))


class _Lines:
    """Prints a line for each game that has changed."""

    def __init__(self) -> None:
        self._shown: dict[str, str] = {}

    def __enter__(self) -> None: ...

    def __exit__(self, *failure: object) -> None: ...

    def show(self, look: _Look) -> None:
        """Print what is new."""
        for view in look.views:
            line = live_text.change_line(view)
            if self._shown.get(view.state.game_id) != line:
                self._shown[view.state.game_id] = line
                print(visible(line), flush=True)


class _Screen:
    """Draws the page anew in its place."""

    def __init__(self) -> None:
        from rich.live import Live

        self._live = Live(console=console(stderr=False), auto_refresh=False, vertical_overflow="visible")

    def __enter__(self) -> None:
        self._live.start()

    def __exit__(self, *failure: object) -> None:
        self._live.stop()

    def show(self, look: _Look) -> None:
        """Draw it."""
        self._live.update(look.page.drawn(), refresh=True)
