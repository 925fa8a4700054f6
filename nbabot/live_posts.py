"""Games under way in the channels that want them: which message is due, and what it says. The store knows what stands
where, so that a program that is started anew goes on where the one before left off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, cached_property

from engine.core import live_words
from engine.core.calendar import machine_clock
from engine.core.errors import NoDataError
from engine.core.guilds import Topic
from engine.core.live_games import Follow, LiveBoard, LiveCard, LiveStatus, LiveView
from engine.core.live_swings import fresh
from engine.core.posts import Post, PostState
from engine.engine import Engine
from nbabot import live_messages
from nbabot.channels import CONSOLE
from nbabot.destinations import Destinations
from nbabot.live_messages import over
from nbabot.messages import LIVE_BOARD, Message

EDIT_EVERY = timedelta(seconds=30)
"""How often a message is edited at most, unless the game is over or took a jump."""
PRINT_EVERY = timedelta(minutes=30)
"""The same on a terminal, where what changed is printed again."""
JUMP = 0.15
"""By how much a chance must have moved for an edit at once: a three at the end of a close game does."""
SETTLED = timedelta(minutes=15)
"""How long a card that shows the end is kept right: results are corrected, and a game that was put off may go on."""
LONGEST_EVENING = timedelta(hours=6)
"""An upset is told within so many hours of the tip-off: a result that is fetched later is no news."""
JUST_NOW = timedelta(minutes=5)
"""A turn is told so long after the game has last changed."""


@dataclass(frozen=True, slots=True)
class _Standing:
    """A place's message as far as it has come: None before it was first handed in."""

    channel: str
    post: Post | None

    @property
    def gone(self) -> bool:
        """Whether the message was deleted, refused, or came too late."""
        return self.post is not None and self.post.state in (PostState.FAILED, PostState.EXPIRED)

    def settled(self, pace: float) -> bool:
        """Whether the message has stood as it is for so long that nothing more will come."""
        post = self.post
        if post is None or post.sent_at is None or post.state is not PostState.SENT:
            return self.gone
        return (machine_clock() - post.sent_at) * pace >= SETTLED

    def due(self, last: bool, jumped: bool, pace: float) -> bool:
        """Whether it may be changed now: for the `last` time, because something jumped, or because it is time again."""
        if last or self.post is None or self.post.sent_at is None:
            return True
        on_terminal = self.channel == CONSOLE
        every = PRINT_EVERY if on_terminal else EDIT_EVERY
        return (jumped and not on_terminal) or (machine_clock() - self.post.sent_at) * pace >= every


class _Game:
    """A game of the evening; its card is composed once for all channels, and only where one is wanted."""

    def __init__(self, engine: Engine, view: LiveView) -> None:
        self._engine = engine
        self.view = view

    @cached_property
    def card(self) -> LiveCard:
        """All about the game."""
        return self._engine.live(self.view.state.game_id)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a message says, as far as it makes a difference; `whole`: that every channel has it so."""

    views: tuple[LiveView, ...]
    channels: tuple[str, ...]
    whole: bool

    def jumped(self, views: Sequence[LiveView]) -> bool:
        """Whether so much has changed since that it is to be told at once."""
        pairs = list(zip(self.views, views, strict=False))
        if any(was.state.status is not now.state.status for was, now in pairs):
            return True
        chances = [(live_words.home_chance(was), live_words.home_chance(now)) for was, now in pairs]
        return any(abs(was - now) >= JUMP for was, now in chances if was is not None and now is not None)

    def same(self, views: Sequence[LiveView], channels: Sequence[str]) -> bool:
        """Whether there is nothing to be told."""
        return self.whole and self.channels == tuple(channels) and _told(self.views) == _told(views)


class LivePosts:
    """Hands in what is due of games under way, for the channels that follow one and for the `places` of all.

    `pace` is how many times faster than the machine's the engine's clock runs.
    """

    def __init__(self, engine: Engine, places: Destinations, pace: float = 1) -> None:
        self._engine = engine
        self._pace = pace
        self._places = places
        self._said: dict[tuple[date, str], _Said] = {}
        self._turned: dict[tuple[date, str], tuple[object, ...]] = {}
        self._ended: date | None = None

    def publish(self) -> bool:
        """Hand in what is due now; whether there is any channel that wants games under way."""
        today = self._engine.today()
        before = today - timedelta(days=1)
        places = tuple(place.key for place in self._places(Topic.LIVE))
        follows = self._engine.follows.since(before)
        for day in (before, today):
            followed = [one for one in follows if one.league_day == day]
            if followed or (places and day != self._ended):
                self._evening(self._engine.live_board(day), places, followed)
        for memory in (self._said, self._turned):
            for key in [key for key in memory if key[0] < before]:
                del memory[key]
        return bool(places or follows)

    def _evening(self, board: LiveBoard, places: tuple[str, ...], follows: Sequence[Follow]) -> None:
        """One league day: turns first, since a follow ends with its game."""
        on_that_day = {view.state.game_id for view in board.games}
        for one in (one for one in follows if one.game_id not in on_that_day):
            self._let_go(one)
        for game in (_Game(self._engine, view) for view in board.games):
            followed = [one for one in follows if one.game_id == game.view.state.game_id]
            channels = tuple(dict.fromkeys([*places, *(one.channel for one in followed)]))
            if channels and _is_news(game.view, self._engine.now()):
                self._tell_turns(game, channels)
            if followed:
                self._show_game(game, followed)
        if places:
            self._show_board(board, places)
        if board.league_day < self._engine.today() and all(over(view) for view in board.games):
            self._ended = board.league_day

    def _tell_turns(self, game: _Game, channels: tuple[str, ...]) -> None:
        """Word of what a game has just done, once for each channel; looked for when the score has changed."""
        state = game.view.state
        key, seen = (state.league_day, state.game_id), (state.status, state.moment.home, state.moment.away, channels)
        if self._turned.get(key) == seen:
            return
        for taken in fresh(game.card):
            message = live_messages.turn(game.card, taken, self._engine.now())
            for channel in channels:
                self._engine.outbox.put(message.draft(channel))
        self._turned[key] = seen

    def _show_game(self, game: _Game, follows: Sequence[Follow]) -> None:
        """The card of a game in every channel that follows it; some time after the last word the follow ends."""
        key, views = (game.view.state.league_day, game.view.state.game_id), (game.view,)
        by_channel = {one.channel: one for one in follows}
        if not self._is_said(key, views, tuple(by_channel)):
            there = [self._standing(key[0], live_messages.card_kind(one), one.channel) for one in follows]
            for gone in (one for one in there if one.gone):
                self._engine.follows.remove(gone.channel, key[1])
            self._hand_in(key, views, there, lambda channel: live_messages.card(game.card, by_channel[channel]))
        if over(game.view):
            for one in follows:
                if self._standing(key[0], live_messages.card_kind(one), one.channel).settled(self._pace):
                    self._engine.follows.remove(one.channel, key[1])

    def _let_go(self, follow: Follow) -> None:
        """End a follow whose game was moved to another day; its card says so."""
        with suppress(NoDataError):
            card = live_messages.card(self._engine.live(follow.game_id), follow, ended=True)
            self._engine.outbox.revise(card.draft(follow.channel))
        self._engine.follows.remove(follow.channel, follow.game_id)

    def _show_board(self, board: LiveBoard, places: tuple[str, ...]) -> None:
        """All games in every place, from the first tip-off on."""
        key = board.league_day, LIVE_BOARD
        begun = any(view.state.status in (LiveStatus.LIVE, LiveStatus.FINAL) for view in board.games)
        if self._is_said(key, board.games, places):
            return
        there = [self._standing(*key, channel) for channel in places]
        if not begun or all(over(view) for view in board.games):
            there = [one for one in there if one.post is not None]
        message = cache(lambda: live_messages.board(board))
        self._hand_in(key, board.games, there, lambda channel: message())

    def _is_said(self, key: tuple[date, str], views: Sequence[LiveView], channels: tuple[str, ...]) -> bool:
        """Whether every channel has been told how it stands."""
        said = self._said.get(key)
        return said is not None and said.same(views, channels)

    def _standing(self, day: date, kind: str, channel: str) -> _Standing:
        return _Standing(channel, self._engine.outbox.find(day, kind, channel))

    def _hand_in(
        self,
        key: tuple[date, str],
        views: tuple[LiveView, ...],
        there: Sequence[_Standing],
        compose: Callable[[str], Message],
    ) -> None:
        """Put or change the message of every channel where it is time; those that are gone stay so."""
        said = self._said.get(key)
        last, jumped = all(over(view) for view in views), said is not None and said.jumped(views)
        due = [one for one in there if one.gone or one.due(last, jumped, self._pace)]
        for one in (one for one in due if not one.gone):
            draft = compose(one.channel).draft(one.channel)
            if one.post is None:
                self._engine.outbox.put(draft)
            else:
                self._engine.outbox.revise(draft)
        if due or said is None:
            channels = tuple(one.channel for one in there)
            self._said[key] = _Said(views, channels, len(due) == len(there))


def _told(views: Sequence[LiveView]) -> list[tuple[object, ...]]:
    """What a reader is told of games."""
    return [(one.state.status, one.state.moment, live_words.chance_line(one), one.notes) for one in views]


def _is_news(view: LiveView, now: datetime) -> bool:
    """Whether a game has done something just now.

    A result that was fetched, not seen, has no moment of its own: it is news where the game began this evening.
    """
    state = view.state
    if now - state.changed_at > JUST_NOW:
        return False
    if state.status is LiveStatus.FINAL:
        return state.tip_utc is not None and now - state.tip_utc < LONGEST_EVENING
    return state.status is LiveStatus.LIVE
