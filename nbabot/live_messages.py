"""What is posted of games under way. The same games give the same text: where nothing is new, nothing is edited."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.core import words
from engine.core.calendar import noon_of
from engine.core.live_games import Follow, LiveBoard, LiveCard, LiveStatus, LiveView
from engine.core.live_swings import GameTurn
from nbabot import embeds
from nbabot.embeds import live
from nbabot.messages import FLEETING, LIVE_BOARD, Message, marker

CARD, TURN = FLEETING
"""Kinds of posts, as far as they do not name a game."""
TURN_OF_USE = timedelta(minutes=5)
"""How long word of a turn is of use: later the game has moved on."""


def card(found: LiveCard, follow: Follow, ended: bool = False) -> Message:
    """The card of a game for a channel that follows it; of use until the morning after, when every result is known."""
    kind, day = card_kind(follow), follow.league_day
    embed = live.followed(found, marker(kind, day), ended)
    return Message(kind, day, embeds.packed([embed]), noon_of(day + timedelta(days=1)))


def card_kind(follow: Follow) -> str:
    """The kind of the card of a follow: a game that is followed anew gets a card of its own."""
    return f"{CARD} {follow.game_id} {follow.created:%H:%M:%S}"


def board(found: LiveBoard) -> Message:
    """All games of an evening."""
    day = found.league_day
    embed = live.live_board(found, marker(LIVE_BOARD, day))
    return Message(LIVE_BOARD, day, embeds.packed([embed]), noon_of(day + timedelta(days=1)))


def turn(found: LiveCard, taken: GameTurn, now: datetime) -> Message:
    """Word of a turn that a game has just taken, one of a kind by game, kind of turn and team."""
    state = found.view.state
    kind = f"{TURN} {state.game_id} {taken.kind.value} {words.code(taken.team_id)}"
    embed = live.turn(found, taken, marker(kind, state.league_day))
    return Message(kind, state.league_day, embeds.packed([embed]), now + TURN_OF_USE)


def over(view: LiveView) -> bool:
    """Whether nothing more is to be said of a game."""
    return view.state.status in (LiveStatus.FINAL, LiveStatus.PUT_OFF)
