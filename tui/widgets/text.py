"""Short texts and bars for table cells, beside the wording in `engine.core.words`: pure functions, no widget."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.core.calendar import league_day
from engine.core.records import Game, GameForecast, GameStatus, Outcome, SlateGame

LONGEST_GAME = timedelta(hours=4)
"""A game without a result is taken to be on for so long after its tip-off."""


def plural(count: int, noun: str) -> str:
    """`1 game`, `2 games`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def points(amount: float) -> str:
    """`1.0 point`, `8.6 points`."""
    return f"{amount:.1f} point{'' if f'{amount:.1f}' == '1.0' else 's'}"


def signed(amount: float) -> str:
    """`+1.6`, `-0.4`; what rounds to nothing has no sign."""
    text = f"{amount:+.1f}"
    return text[1:] if text[1:] == "0.0" else text


def expected_score(forecast: GameForecast) -> str:
    """Expected points, away side first as in the matchup: `109-118`."""
    return f"{forecast.away_score:.0f}-{forecast.home_score:.0f}"


def result(game: Game) -> str:
    """Points of a final game, away side first: `104-120 2OT`; empty while it is not known."""
    if game.home_points is None or game.away_points is None:
        return ""
    overtime = {0: "", 1: " OT"}.get(game.overtimes, f" {game.overtimes}OT")
    return f"{game.away_points}-{game.home_points}{overtime}"


def standing(entry: SlateGame, now: datetime) -> str:
    """Where a game stands at a moment: scheduled, in play, hit or miss, or why there is no result."""
    verdict = {Outcome.HIT: "✓ hit", Outcome.MISS: "✗ miss", Outcome.VOID: "void"}.get(entry.outcome)
    game = entry.game
    if entry.final:
        return verdict or "final"
    if game.status in (GameStatus.POSTPONED, GameStatus.CANCELLED):
        return str(game.status)
    if verdict:
        return verdict
    if game.tip_utc is not None and game.tip_utc <= now < game.tip_utc + LONGEST_GAME:
        return "in play"
    begun = game.tip_utc <= now if game.tip_utc else game.league_day < league_day(now)
    return "no result" if begun else "scheduled"


def tip_off(game: Game) -> str:
    """When a game begins by the machine's clock: `01:30`, or `Thu 01:30` on another day than the league's."""
    if game.tip_utc is None:
        return ""
    local = game.tip_utc.astimezone()
    return f"{local:%H:%M}" if local.date() == game.league_day else f"{local:%a %H:%M}"


def zone(moment: datetime) -> str:
    """The machine's time zone at a moment: `CET`."""
    return f"{moment.astimezone():%Z}"


def bar(share: float, width: int) -> str:
    """`share` of `width` cells as a heavy line, to half a cell; the rest is dotted, so it reads without colour."""
    whole, half = divmod(min(max(round(share * width * 2), 0), width * 2), 2)
    return ("━" * whole + "╸" * half).ljust(width, "·")


def signed_bar(value: float, scale: float, half: int) -> tuple[str, str]:
    """Left and right half (`half` cells each) of a bar around zero: negative grows left, positive grows right.

    Lengths are rounded to half a cell; what is not zero has at least that.
    """
    length = min(2 * half, max(round(abs(value) / scale * half * 2), 1)) if value and scale else 0
    whole, rest = divmod(length, 2)
    if value < 0:
        return ("╺" * rest + "━" * whole).rjust(half), " " * half
    return " " * half, ("━" * whole + "╸" * rest).ljust(half)
