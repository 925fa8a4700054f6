"""Past games that went like one under way, in words: how they stood, and what became of them. Texts carry no markup."""

from __future__ import annotations

from engine.core import words
from engine.core.live_games import Alike, LiveCard, Outcomes
from engine.core.minutes import MINUTES

HALFTIME = MINUTES // 2


def lines(card: LiveCard) -> tuple[str, ...]:
    """What became of games like this one, then the likest of them, a sentence each; empty where none are known."""
    minute = min(card.view.state.moment.played // 60, MINUTES)
    told = tuple(game(one, minute) for one in card.alike)
    return told if card.alike_outcomes is None else (summary(card.alike_outcomes), *told)


def summary(found: Outcomes) -> str:
    """`"Of the 100 games most like this one, the home side won 71; four in five ended from a loss by 6 to a win by
    19."`"""
    span = f"from {_ended(found.low)} to {_ended(found.high)}" if found.low != found.high else f"in {_ended(found.low)}"
    return f"Of the {found.n} games most like this one, the home side won {found.home_won}; four in five ended {span}."


def likest(one: Alike, minute: int) -> str:
    """`"Most like NYK at BOS, 1 Feb 2019: BOS up 7 then, up 3 at half-time, won by 9"`."""
    return f"Most like {game(one, minute)}"


def game(one: Alike, minute: int) -> str:
    """`"NYK at BOS, 1 Feb 2019: BOS up 7 then, up 3 at half-time, won by 9"`: the home side's game, in order.

    `minute` is the one at whose end the two games were compared.
    """
    then, half = f"{_stood(one.margin)} then", f"{_stood(one.halftime_margin)} at half-time"
    course = (then, half) if minute < HALFTIME else (half,) if minute == HALFTIME else (half, then)
    came = f"{'won' if one.final_margin > 0 else 'lost'} by {abs(one.final_margin)}"
    home = words.code(one.home_id)
    return (
        f"{words.code(one.away_id)} at {home}, {words.short_day(one.league_day)}: {home} {', '.join((*course, came))}"
    )


def _stood(margin: int) -> str:
    return "level" if margin == 0 else f"{'up' if margin > 0 else 'down'} {abs(margin)}"


def _ended(margin: int) -> str:
    return f"a {'win' if margin > 0 else 'loss'} by {abs(margin)}"
