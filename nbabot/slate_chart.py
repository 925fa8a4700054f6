"""The chances of a day's games as a picture: a row for each game, coloured on the side of the likelier winner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from engine.core import words
from engine.core.records import Outcome, Picked, SlateGame
from engine.core.teams import BY_ID
from nbabot import chart_style as style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_ROWS = 10
_ROW, _MARGIN = 0.33, 0.42
"""Inches of a row, and of the title above the rows."""
_THICK = 0.72
_KEPT = 32
_REST = "#3a3c47"
"""What is left of a bar: the other side's chance."""
_MARKS = {Outcome.HIT: ("✓", style.GOOD), Outcome.MISS: ("✗", style.BAD)}
_SAID = {Outcome.HIT: " (right)", Outcome.MISS: " (wrong)"}


@dataclass(frozen=True, slots=True)
class Row(Picked):
    """What the picture shows of a game; `outcome` is that of the forecast, once it is known."""

    home_id: int
    away_id: int
    neutral: bool
    home_win_prob: float
    outcome: Outcome


def rows_of(games: Iterable[SlateGame]) -> tuple[Row, ...]:
    """The rows of games, in their order; equal ones for forecasts that differ in nothing to be seen."""
    return tuple(
        Row(one.home_id, one.away_id, one.neutral, round(one.home_win_prob, 3), item.outcome)
        for item, one in ((item, item.forecast) for item in games)
    )


@lru_cache(maxsize=_KEPT)
def slate_png(rows: tuple[Row, ...]) -> bytes:
    """One bar for each of one to MOST_ROWS games, top to bottom; the away side is on the left. Kept once drawn."""
    height = _MARGIN + _ROW * len(rows)
    made = style.figure(height)
    axes = made.add_axes((0.14, 0.02, 0.72, 1 - _MARGIN / height - 0.02), facecolor=style.GROUND)
    for place, row in enumerate(rows):
        _draw(axes, len(rows) - 1 - place, row)
    axes.axvline(0.5, color=style.INK, linewidth=0.8, alpha=0.6)
    axes.set(xlim=(0, 1), ylim=(-0.6, len(rows) - 0.4))
    axes.axis("off")
    top = 1 - 0.55 * _MARGIN / height
    made.text(0.02, top, "Chances to win", color=style.INK, fontsize=style.LETTERS, fontweight="bold", va="center")
    made.text(0.98, top, "away | home", color=style.FAINT, fontsize=style.SMALL, ha="right", va="center")
    return style.png(made)


def slate_words(rows: Iterable[Row]) -> str:
    """What the picture shows, for those who do not see it."""
    said = [
        f"{words.code(one.away_id)} {words.between(one.neutral)} {words.code(one.home_id)}: "
        f"{words.nickname(one.pick_id)} {words.percent(one.pick_prob)}{_SAID.get(one.outcome, '')}"
        for one in rows
    ]
    return f"Chances to win. {'; '.join(said)}."


def _draw(axes: Axes, place: int, row: Row) -> None:
    """The bar of a game: its coloured part is the likelier winner's share, beginning at that team's side."""
    left = 1 - row.pick_prob if row.pick_id == row.home_id else 0.0
    axes.barh(place, 1, height=_THICK, color=_REST)
    colour = style.on_ground(BY_ID[row.pick_id].colour)
    axes.barh(place, row.pick_prob, left=left, height=_THICK, color=colour)
    for team_id, at, side in ((row.away_id, -0.02, "right"), (row.home_id, 1.02, "left")):
        name = axes.text(at, place, words.code(team_id), ha=side, va="center", fontsize=style.LETTERS)
        picked = team_id == row.pick_id
        name.set(color=style.INK if picked else style.FAINT, fontweight="bold" if picked else "normal")
    _inside(axes, place, row)


def _inside(axes: Axes, place: int, row: Row) -> None:
    """The pick's chance at the picked side of the bar, and at the other a mark once the game is over."""
    from matplotlib.patheffects import withStroke

    sides = [(0.02, "left"), (0.98, "right")]
    (at, side), (far, far_side) = sides[:: -1 if row.pick_id == row.home_id else 1]
    said = axes.text(at, place, words.percent(row.pick_prob), ha=side, va="center", fontsize=style.LETTERS)
    said.set(color=style.INK, path_effects=[withStroke(linewidth=2.2, foreground=style.GROUND)])
    if row.outcome in _MARKS:
        mark, colour = _MARKS[row.outcome]
        axes.text(far, place, mark, ha=far_side, va="center", color=colour, fontsize=style.LETTERS, fontweight="bold")
