"""The chance of a home win over a game under way as a picture: above the middle the home side is likelier to win."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from engine.core import live_words, words
from engine.core.live_games import LiveCard, LiveStatus
from engine.core.teams import BY_ID
from engine.core.timelines import QUARTERS, period_after, period_name, period_start
from nbabot import chart_style as style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HEIGHT = 2.3
_KEPT = 32
_NO_ROOM = 0.74
"""Beyond this share of the game the newest chance finds no room on the right of its dot."""
_ROOM = 0.1
"""How near the chance of the edge of the picture its number stands below or above the dot."""


@dataclass(frozen=True, slots=True)
class Course:
    """What the picture shows: seconds played and the chance of a home win, from tip-off on; how it stands; the winner.

    `winner_id` is None until the game is over.
    """

    home_id: int
    away_id: int
    points: tuple[tuple[int, float], ...]
    stands: str
    winner_id: int | None = None


def course_of(card: LiveCard) -> Course:
    """The course of a game; equal ones for cards that differ in nothing to be seen."""
    state = card.view.state
    points = tuple((one.played, round(one.home_win_prob, 3)) for one in card.points)
    score = f"{words.code(state.away_id)} {state.moment.away}-{state.moment.home} {words.code(state.home_id)}"
    winner = None
    if state.status is LiveStatus.FINAL:
        winner = state.home_id if state.moment.margin > 0 else state.away_id
    return Course(state.home_id, state.away_id, points, f"{score} · {live_words.clock(state)}", winner)


@lru_cache(maxsize=_KEPT)
def course_png(course: Course) -> bytes:
    """The curve over the whole game, overtimes and all; at least one point. Kept once drawn."""
    made = style.figure(_HEIGHT)
    axes = made.add_axes((0.125, 0.115, 0.85, 0.74), facecolor=style.GROUND)
    _curve(axes, course)
    _frame(axes, course)
    _newest(axes, course)
    made.text(0.02, 0.91, "Chance to win", color=style.INK, fontsize=style.LETTERS, fontweight="bold")
    made.text(0.975, 0.91, course.stands, color=style.INK, fontsize=style.LETTERS, ha="right")
    return style.png(made)


def course_words(card: LiveCard) -> str:
    """What the picture shows, for those who do not see it."""
    home = words.nickname(card.view.state.home_id)
    ends = [0, *(at for at, one in enumerate(card.points) if _closes(card, at)), len(card.points) - 1]
    said = [
        f"{live_words.clock_after(one.played)} {words.percent(one.home_win_prob)}"
        for one in (card.points[at] for at in dict.fromkeys(ends))
    ]
    return f"The {home}' chance to win: {', '.join(said)}."


def _closes(card: LiveCard, at: int) -> bool:
    """Whether a point is the last one of a period that is over."""
    here, later = card.points[at], card.points[at + 1 :]
    return bool(later) and period_after(here.played) < period_after(later[0].played)


def _curve(axes: Axes, course: Course) -> None:
    """The line, and the ground between it and the middle in the colour of whoever is likelier to win."""
    at, chances = [one for one, _ in course.points], [chance for _, chance in course.points]
    for team_id, side in ((course.home_id, True), (course.away_id, False)):
        where = [(chance >= 0.5) == side for chance in chances]
        colour = style.on_ground(BY_ID[team_id].colour)
        axes.fill_between(at, chances, 0.5, where=where, interpolate=True, color=colour, alpha=0.75, linewidth=0)
    axes.plot(at, chances, color=style.INK, linewidth=1.3, solid_joinstyle="round")


def _frame(axes: Axes, course: Course) -> None:
    """The middle, the periods with their names below, and the sides' names where their chance is whole."""
    periods = max(QUARTERS, period_after(course.points[-1][0]))
    end = period_start(periods + 1)
    axes.axhline(0.5, color=style.INK, linewidth=0.8, alpha=0.6)
    for period in range(1, periods + 2):
        axes.axvline(period_start(period), color=style.FAINT, linewidth=0.7, alpha=0.35)
    middles = [(period_start(period) + period_start(period + 1)) / 2 for period in range(1, periods + 1)]
    axes.set_xticks(middles, [period_name(period) for period in range(1, periods + 1)])
    home, away = words.code(course.home_id), words.code(course.away_id)
    axes.set_yticks([0.03, 0.5, 0.97], [away, "50%", home])
    axes.tick_params(colors=style.FAINT, labelsize=style.SMALL, length=0)
    for label, team_id in ((axes.get_yticklabels()[0], course.away_id), (axes.get_yticklabels()[2], course.home_id)):
        label.set(color=style.on_ground(BY_ID[team_id].colour), fontweight="bold")
    axes.set(xlim=(0, end), ylim=(0, 1))
    axes.spines[:].set_visible(False)


def _newest(axes: Axes, course: Course) -> None:
    """A dot where the game stands, and beside it the chance of whoever is likelier to win, or who won."""
    from matplotlib.patheffects import withStroke

    played, chance = course.points[-1]
    team_id, share = (course.home_id, chance) if chance >= 0.5 else (course.away_id, 1 - chance)
    axes.plot([played], [chance], marker="o", markersize=6, color=style.HIGHLIGHT, mec=style.GROUND, clip_on=False)
    left = played > _NO_ROOM * axes.get_xlim()[1]
    up = -1 if chance > 1 - _ROOM else 1 if chance < _ROOM else 0
    said = axes.annotate(
        f"{words.code(course.winner_id)} won" if course.winner_id else f"{words.code(team_id)} {words.percent(share)}",
        (played, chance),
        (-7 if left else 7, 11 * up),
        textcoords="offset points",
        ha="right" if left else "left",
        va="center",
    )
    edge = [withStroke(linewidth=2.6, foreground=style.GROUND)]
    said.set(color=style.HIGHLIGHT, fontsize=style.LETTERS, fontweight="bold", path_effects=edge)
