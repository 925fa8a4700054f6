"""Plain words for what surrounds a forecast: who is in doubt, how far it may be off, what the market says."""

from __future__ import annotations

from collections.abc import Sequence

from engine.core.odds import edge_against, fair_home_probability
from engine.core.outlooks import PlayerOutlook
from engine.core.records import GameForecast, Range
from engine.core.updates import PickUpdate
from engine.core.words import code, percent


def outlook(one: PlayerOutlook) -> str:
    """`"Jayson Tatum out"`, or with how likely he plays where that is open: `"Jayson Tatum questionable (52%)"`."""
    return f"{one.name} {one.status}" + (f" ({percent(one.chance)} to play)" if 0 < one.chance < 1 else "")


def outlook_row(one: PlayerOutlook) -> tuple[str, ...]:
    """Team, name, status, chance of playing (a player may well be certain), minutes if he plays, and what it costs."""
    return code(one.team_id), one.name, one.status, f"{one.chance:.0%}", f"{one.minutes:.0f}", f"{one.points:+.1f}"


def absences(forecast: GameForecast, team_id: int) -> str:
    """Who of a team is missing, dearest first, and who probably is: `"Tatum out, Porzingis and Hauser probably out"`.

    Empty when nobody is.
    """
    absent = [one for one in forecast.availability if one.team_id == team_id and one.chance < 0.5]
    absent.sort(key=lambda one: one.points)
    sure = [last_name(one.name) for one in absent if one.chance == 0]
    likely = [last_name(one.name) for one in absent if one.chance > 0]
    said = ((sure, "out"), (likely, "probably out"))
    return ", ".join(f"{joined(names)} {how}" for names, how in said if names)


def last_name(full: str) -> str:
    """`"Jayson Tatum"` -> `"Tatum"`, `"Jabari Smith Jr."` -> `"Smith Jr."`."""
    return full.split(" ", 1)[-1]


def margin_range(forecast: GameForecast) -> str:
    """`"BOS by 2 to 12 in half of such games"`; empty without an interval."""
    if forecast.margin_50 is None:
        return ""
    return f"{_range(forecast, forecast.margin_50)} in half of such games"


def spread(forecast: GameForecast) -> tuple[str, ...]:
    """How far off margin and total may be, in half of such games and in 8 of 10; empty without intervals."""
    margins = ((forecast.margin_50, "in half of such games"), (forecast.margin_80, "in 8 of 10"))
    totals = ((forecast.total_50, "in half"), (forecast.total_80, "in 8 of 10"))
    said = [f"{_range(forecast, one)} {share}" for one, share in margins if one is not None]
    points = [f"{round(one[0])} to {round(one[1])} {share}" for one, share in totals if one is not None]
    return (*said, *((f"Points of both teams: {', '.join(points)}",) if points else ()))


def _range(forecast: GameForecast, interval: Range) -> str:
    """An interval of the margin seen from whoever is ahead: `"BOS by 2 to 12"`, `"LAL by 3 to BOS by 9"`."""
    low, high = (round(bound) for bound in interval)
    home, away = code(forecast.home_id), code(forecast.away_id)
    if low >= 0:
        return f"{home} by {low} to {high}"
    if high <= 0:
        return f"{away} by {-high} to {-low}"
    return f"{away} by {-low} to {home} by {high}"


def line(forecast: GameForecast) -> str:
    """What the market says: `"BOS by 4.5, total 224.5, BOS 62% without the books' margin"`; empty without a line."""
    said = forecast.line
    if said is None:
        return ""
    parts = []
    if said.spread is not None:
        favourite = code(forecast.home_id if said.spread < 0 else forecast.away_id)
        parts.append(f"{favourite} by {abs(said.spread):g}" if said.spread else "even")
    if said.total is not None:
        parts.append(f"total {said.total:g}")
    fair = fair_home_probability(said)
    if fair is not None:
        picked = fair if forecast.pick_id == forecast.home_id else 1 - fair
        parts.append(f"{code(forecast.pick_id)} {percent(picked)} without the books' margin")
    return ", ".join(parts)


def edge(forecast: GameForecast) -> str:
    """How far the forecast is from the line: `"+3.1 points of chance and +1.2 points of margin for BOS"`, or empty."""
    if forecast.line is None:
        return ""
    edge = edge_against(forecast.line, forecast)
    sides = (
        (100 * edge.home_win_prob if edge.home_win_prob is not None else None, "points of chance"),
        (edge.margin, "points of margin"),
    )
    said = [
        f"+{abs(value):.1f} {unit} for {code(forecast.home_id if value >= 0 else forecast.away_id)}"
        for value, unit in sides
        if value is not None
    ]
    return ", ".join(said)


def joined(names: Sequence[str], word: str = "and") -> str:
    """`"A, B and C"`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"


def moved(update: PickUpdate, bold: str = "") -> str:
    """A pick that the news has moved, seen from the side it was on: `"LAL at BOS: BOS 64% → 55% (Tatum out)"`."""
    at_home = update.before >= 0.5
    team = code(update.home_id if at_home else update.away_id)
    old, new = (p if at_home else 1 - p for p in (update.before, update.home_win_prob))
    game = f"{code(update.away_id)} at {code(update.home_id)}"
    return f"{game}: {bold}{team} {percent(old)} → {percent(new)}{bold} ({', '.join(update.reasons)})"
