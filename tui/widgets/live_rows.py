"""Games under way on a day's list: which may be on, what their rows say, which scores have just changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from rich.text import Text

from engine.core import live_words, words
from engine.core.calendar import league_day
from engine.core.live_games import LiveBoard, LiveStatus, LiveView
from engine.core.records import GameStatus, Slate, SlateGame
from engine.core.timelines import QUARTERS
from tui.widgets import text as texts

LONGEST_GAME = timedelta(hours=8)
"""A game without a result is looked for among those under way for so long after its tip-off, suspensions included."""
FRESH_SECONDS = 5.0
"""How long a score that has changed stays marked."""
DOUBTFUL = "?"
"""Mark of a score that may be old."""
_LEAST_BAR = 4
"""Cells of a chance's bar below which its figure stands alone."""


def may_be_on(entry: SlateGame, now: datetime) -> bool:
    """Whether a game may be under way at a moment, or over without the store knowing its result."""
    game = entry.game
    if entry.final or game.status in (GameStatus.POSTPONED, GameStatus.CANCELLED):
        return False
    if game.tip_utc is None:
        return game.league_day == league_day(now)
    return game.tip_utc <= now < game.tip_utc + LONGEST_GAME


def any_may_be_on(slate: Slate) -> bool:
    """Whether one of a day's games may be under way."""
    return any(may_be_on(entry, slate.as_of) for entry in slate.games)


def views_of(board: LiveBoard | None) -> dict[str, LiveView]:
    """The games of a board by id."""
    return {view.state.game_id: view for view in board.games} if board else {}


def is_on(view: LiveView | None) -> bool:
    """Whether a game is under way."""
    return view is not None and view.state.status is LiveStatus.LIVE


def as_seen(entry: SlateGame, view: LiveView | None) -> SlateGame:
    """A game of a slate with what the feed shows of it, where the store does not know it yet: its result, or none."""
    if view is None or entry.final:
        return entry
    if view.state.status is LiveStatus.PUT_OFF:
        return replace(entry, game=replace(entry.game, status=GameStatus.POSTPONED))
    if view.state.status is not LiveStatus.FINAL:
        return entry
    moment = view.state.moment
    extra = max(moment.period - QUARTERS, 0)
    return replace(entry, game=replace(entry.game, home_points=moment.home, away_points=moment.away, overtimes=extra))


def live_score(view: LiveView, *, fresh: bool) -> Text:
    """Points so far, away side first, standing out where they have just changed: `98-102`, `98-102 ?` if doubtful."""
    moment = view.state.moment
    score = Text(f"{moment.away}-{moment.home}", style="bold")
    if fresh:
        score.stylize("reverse")
    return score.append(f" {DOUBTFUL}", style="bold yellow") if view.notes else score


def live_clock(view: LiveView) -> Text:
    """`Q3 4:12`, `Half-time`, `End Q1`."""
    return Text(live_words.clock(view.state).replace("End of", "End"), style="bold")


def live_chance(view: LiveView, width: int) -> Text:
    """Who wins from here, and how likely, as figure and bar in `width` cells: `BOS 84% ━━━━╸·`."""
    likelier = live_words.favourite(view)
    if likelier is None:
        return Text("")
    team_id, share = likelier
    figure = f"{words.code(team_id)} {words.percent(share)}"
    rest = width - len(figure) - 1
    if rest < _LEAST_BAR:
        return Text(figure, style="bold cyan")
    return Text.assemble((figure, "bold"), " ", (texts.bar(share, rest), "bold cyan"))


@dataclass
class ScoreWatch:
    """Which scores changed while one looked: those that did in the last seconds are fresh."""

    clock: Callable[[], float] = time.monotonic
    _scores: dict[str, tuple[int, int]] = field(default_factory=dict)
    _changed: dict[str, float] = field(default_factory=dict)

    def look(self, views: Mapping[str, LiveView]) -> frozenset[str]:
        """Take note of the scores, and say in which games they are fresh."""
        now = self.clock()
        for game_id, view in views.items():
            score = (view.state.moment.home, view.state.moment.away)
            if self._scores.setdefault(game_id, score) != score:
                self._scores[game_id], self._changed[game_id] = score, now
        return frozenset(one for one, when in self._changed.items() if now - when < FRESH_SECONDS)
