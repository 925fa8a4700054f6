"""Short texts and bars for table cells, beside the wording in `engine.core.words`: pure functions, no widget."""

from __future__ import annotations

from engine.core.records import Game, GameForecast, GameStatus, Outcome, SlateGame


def plural(count: int, noun: str) -> str:
    """`1 game`, `2 games`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def points(amount: float) -> str:
    """`1.0 point`, `8.6 points`."""
    return f"{amount:.1f} point{'' if f'{amount:.1f}' == '1.0' else 's'}"


def expected_score(forecast: GameForecast) -> str:
    """Expected points, away side first as in the matchup: `109-118`."""
    return f"{forecast.away_score:.0f}-{forecast.home_score:.0f}"


def result(game: Game) -> str:
    """Points of a final game, away side first: `104-120 2OT`; empty while it is not known."""
    if game.home_points is None or game.away_points is None:
        return ""
    overtime = {0: "", 1: " OT"}.get(game.overtimes, f" {game.overtimes}OT")
    return f"{game.away_points}-{game.home_points}{overtime}"


def standing(entry: SlateGame) -> str:
    """Where a game stands: scheduled or its tip-off in local time, hit or miss, or why there is no result."""
    verdict = {Outcome.HIT: "✓ hit", Outcome.MISS: "✗ miss", Outcome.VOID: "void"}.get(entry.outcome)
    if entry.final:
        return verdict or "final"
    if entry.game.status in (GameStatus.POSTPONED, GameStatus.CANCELLED):
        return str(entry.game.status)
    if verdict:
        return verdict
    return f"{entry.game.tip_utc.astimezone():%H:%M}" if entry.game.tip_utc else "scheduled"


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
