"""A player's form as a picture: what he did in his last games, and where his next one is expected to end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from engine.core import player_words, words
from engine.core.player_records import FORM_GAMES, PlayerForecast, PlayerGame, Stat
from nbabot import chart_style as style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HEIGHT = 2.5
_BAR, _UNDER = "#5b8def", "#6b7280"
_HEADROOM = 1.15
"""Room above the highest bar for the number on it."""
_NEXT_PLACE = FORM_GAMES + 0.35
_BOTH_DATES = 8
"""Number of games from which the dates of the first and of the last one do not touch."""


def form_png(forecast: PlayerForecast, stat: Stat, recent: Sequence[PlayerGame]) -> bytes:
    """One bar for each of one to FORM_GAMES games, the oldest first, then the forecast with its intervals."""
    figure = style.figure(_HEIGHT)
    axes = figure.add_axes((0.085, 0.115, 0.9, 0.755), facecolor=style.GROUND)
    line = forecast.line.line if forecast.line else None
    _bars(axes, [game.value(stat) for game in recent], line)
    _forecast(axes, forecast, stat)
    _frame(axes, forecast, stat, recent)
    figure.text(0.02, 0.915, _title(stat, recent), color=style.INK, fontsize=style.LETTERS, fontweight="bold")
    if line is not None:
        figure.text(0.98, 0.915, f"- - line {line:g}", color=style.INK, fontsize=style.LETTERS, ha="right")
    return style.png(figure)


def form_words(forecast: PlayerForecast, stat: Stat, recent: Sequence[PlayerGame]) -> str:
    """What the picture shows, for those who do not see it."""
    values = ", ".join(str(game.value(stat)) for game in recent)
    games = "last game" if len(recent) == 1 else f"last {len(recent)} games, oldest first"
    said = f"about {player_words.amount(forecast.stat(stat).mean)}, {player_words.often(forecast.stat(stat))}"
    return f"{forecast.name}'s {stat.words} in his {games}: {values}. Expected next: {said}."


def _title(stat: Stat, recent: Sequence[PlayerGame]) -> str:
    what = stat.words.capitalize() if stat.parts == (stat,) else " + ".join(part.upper() for part in stat.parts)
    return f"{what}, last game" if len(recent) == 1 else f"{what}, last {len(recent)} games"


def _bars(axes: Axes, values: Sequence[int], line: float | None) -> None:
    """The games, right before the place of the next one; green where they were over the line."""
    from matplotlib.patheffects import withStroke

    colours = [_BAR if line is None else style.GOOD if value > line else _UNDER for value in values]
    places = range(FORM_GAMES - len(values), FORM_GAMES)
    axes.bar(places, values, width=0.74, color=colours)
    if line is not None:
        axes.axhline(line, color=style.INK, linewidth=1.1, linestyle=(0, (4, 3)))
    edge = [withStroke(linewidth=2.5, foreground=style.GROUND)]
    for place, value in zip(places, values, strict=True):
        number = axes.annotate(str(value), (place, value), (0, 1.5), textcoords="offset points", ha="center")
        number.set(color=style.INK, fontsize=style.SMALL, path_effects=edge)


def _forecast(axes: Axes, forecast: PlayerForecast, stat: Stat) -> None:
    """The expected value as a dot; a thin line holds 8 games of 10 and a thick one half of them."""
    one, place, colour = forecast.stat(stat), [_NEXT_PLACE], style.HIGHLIGHT
    for interval, width in ((one.interval_80, 2.0), (one.interval_50, 7.0)):
        axes.plot(place * 2, player_words.whole(interval), color=colour, linewidth=width, solid_capstyle="butt")
    axes.plot(place, [one.mean], marker="o", markersize=6.5, color=style.GROUND, mec=colour, mew=2, clip_on=False)


def _frame(axes: Axes, forecast: PlayerForecast, stat: Stat, recent: Sequence[PlayerGame]) -> None:
    expected = player_words.whole(forecast.stat(stat).interval_80)[1]
    line = forecast.line.line if forecast.line else 0.0
    highest = max(expected, line, 1, *(game.value(stat) for game in recent))
    axes.set(xlim=(-0.6, FORM_GAMES + 0.95), ylim=(0, highest * _HEADROOM))
    _name_places(axes, [game.league_day for game in recent])
    axes.locator_params(axis="y", nbins=4, integer=True)
    axes.grid(visible=True, axis="y", color=style.FAINT, alpha=0.18, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[:].set_visible(False)


def _name_places(axes: Axes, days: Sequence[date]) -> None:
    """The first and the last day under their bars, and where the next game is."""
    first = words.short_day(days[0]) if len(days) >= _BOTH_DATES else ""
    axes.set_xticks(
        [FORM_GAMES - len(days) - 0.4, FORM_GAMES - 0.6, _NEXT_PLACE], [first, words.short_day(days[-1]), "next"]
    )
    axes.tick_params(colors=style.FAINT, labelsize=style.SMALL, length=0)
    left, right, middle = axes.get_xticklabels()
    left.set_horizontalalignment("left")
    right.set_horizontalalignment("right")
    middle.set_color(style.HIGHLIGHT)
