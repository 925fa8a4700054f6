"""How the chances that were published came true, as a picture."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from engine.core import record_words, words
from engine.core.reports import TrackRecord
from nbabot import chart_style as style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HEIGHT = 3.4
_TICKS = (0, 0.25, 0.5, 0.75, 1)
_LEAST_DOT, _DOT = 20.0, 6.0
"""Area of a dot in square points: the least, and what each game adds."""
_BIGGEST = 220.0
_KEPT = 8


@lru_cache(maxsize=_KEPT)
def calibration_png(record: TrackRecord) -> bytes:
    """Of games to which a like chance was given, how often the home side won; there must be at least one such game.

    A dot for each tenth of chance, the larger the more games, with their number; grey bars hold what luck explains.
    Kept once drawn.
    """
    made = style.figure(_HEIGHT)
    axes = made.add_axes((0.185, 0.135, 0.765, 0.715), facecolor=style.GROUND)
    axes.plot([0, 1], [0, 1], color=style.FAINT, linestyle=(0, (4, 3)), linewidth=1)
    for one in record.calibration:
        luck = record_words.by_luck(one)
        axes.plot([one.mean_forecast] * 2, luck, color=style.FAINT, linewidth=5, alpha=0.35, solid_capstyle="butt")
        area = min(_BIGGEST, _LEAST_DOT + _DOT * one.n)
        axes.scatter([one.mean_forecast], [one.observed], s=area, color=style.HIGHLIGHT, zorder=3, clip_on=False)
        _number(axes, one.mean_forecast, one.observed, one.n)
    _frame(axes)
    games = record.hits + record.misses
    title = f"Did the chances come true? ({games:,} game{'s' if games > 1 else ''})"
    made.text(0.02, 0.925, title, color=style.INK, fontsize=style.LETTERS, fontweight="bold", va="center")
    return style.png(made)


def calibration_words(record: TrackRecord) -> str:
    """What the picture shows, for those who do not see it."""
    rows = [
        f"given about {words.percent(one.mean_forecast)}, won {round(one.n * one.observed)} of {one.n}"
        for one in record.calibration
    ]
    return f"How often home sides won by the chance they were given: {'; '.join(rows)}."


def _number(axes: Axes, x: float, y: float, games: int) -> None:
    from matplotlib.patheffects import withStroke

    edge = [withStroke(linewidth=2.2, foreground=style.GROUND)]
    below = y > 0.85
    said = axes.annotate(str(games), (x, y), (0, -14 if below else 9), textcoords="offset points", ha="center")
    said.set(color=style.INK, fontsize=style.SMALL, path_effects=edge, zorder=4)


def _frame(axes: Axes) -> None:
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.04, 1.04), xticks=_TICKS, yticks=_TICKS)
    for axis, name in ((axes.xaxis, "chance given to the home side"), (axes.yaxis, "how often it won")):
        axis.set_major_formatter(lambda share, _: f"{share:.0%}")
        axis.set_label_text(name, color=style.INK, fontsize=style.SMALL)
    axes.tick_params(colors=style.FAINT, labelsize=style.SMALL, length=0)
    axes.grid(visible=True, color=style.FAINT, alpha=0.15, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[:].set_visible(False)
