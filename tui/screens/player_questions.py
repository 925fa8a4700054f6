"""What may be asked about a player: a line of a stat, another opponent; and how an answer is checked."""

from __future__ import annotations

from engine.core.errors import UsageError
from engine.core.player_records import MOST_LINE, Stat
from engine.core.teams import resolve_team
from tui.messages import PlayerAsked
from tui.screens.ask import Question


def line_question(asked: PlayerAsked, stat: Stat) -> Question:
    """Which line of a stat?"""
    hint = "A number such as 27.5; nothing takes the line away."
    present = "" if asked.line is None or asked.stat is not stat else f"{asked.line:g}"
    return Question(f"{asked.hit.name}: which line of {stat.words}?", hint, present, line_of)


def opponent_question(asked: PlayerAsked) -> Question:
    """Against whom?"""
    hint = "A team in any words; nothing means his team's next game."
    return Question(f"{asked.hit.name} against whom?", hint, asked.against, _team_of)


def line_of(typed: str) -> float | None:
    """The line meant, None for nothing typed. Raises UsageError."""
    try:
        line = float(typed.replace(",", ".")) if typed else None
    except ValueError:
        raise UsageError(f"{typed!r} is no number: write the line as 27.5.") from None
    if line is not None and not 0 <= line <= MOST_LINE:
        raise UsageError(f"A line is a number from 0 to {MOST_LINE:g}, such as 27.5.")
    return line


def _team_of(typed: str) -> object:
    """The team meant, None for nothing typed. Raises UnknownTeamError and AmbiguousTeamError."""
    return resolve_team(typed) if typed else None
