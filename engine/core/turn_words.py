"""The turns of games under way in plain words."""

from __future__ import annotations

from engine.core import live_words, words
from engine.core.live_games import LiveView
from engine.core.live_swings import GameTurn, TurnKind


def title(turn: GameTurn, view: LiveView) -> str:
    """`"Big swing: Lakers from 31% to 62%"`, `"Upset in the air: Lakers 67%"`, `"Upset: Lakers won"`."""
    name = words.nickname(turn.team_id)
    if turn.kind is TurnKind.SWING:
        return f"Big swing: {live_words.rise(view.state, turn.swing)}"
    if turn.kind is TurnKind.UPSET:
        return f"Upset: {name} won"
    return f"Upset in the air: {name} {words.percent(_share(turn, view, turn.swing.end.home_win_prob))}"


def line(turn: GameTurn, view: LiveView) -> str:
    """How it stands, and how it came there: `"Lakers 102, Celtics 98, Q4 3:31. Before tip-off the Lakers had 24%."`."""
    stands = f"{live_words.score_line(view)}, {live_words.clock(view.state)}"
    if turn.kind is TurnKind.SWING:
        return f"{stands}. The swing began at {live_words.clock_after(turn.swing.start.played)}."
    if view.pregame is None:
        return f"{stands}."
    before = words.percent(_share(turn, view, view.pregame.home_win_prob))
    return f"{stands}. Before tip-off the {words.nickname(turn.team_id)} had {before}."


def _share(turn: GameTurn, view: LiveView, home_win_prob: float) -> float:
    return home_win_prob if turn.team_id == view.state.home_id else 1 - home_win_prob
