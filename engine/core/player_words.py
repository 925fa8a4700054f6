"""Plain words for a forecast of a player, the same for every face of the program. Texts carry no markup."""

from __future__ import annotations

from engine.core import words
from engine.core.player_records import LineForecast, PlayerForecast, Range, Stat, StatForecast, StatRecord
from engine.core.reports import ModelVersion
from engine.core.teams import BY_ID

_FEW = 5
"""Averages below this are said with a decimal: "about 1.3 steals"."""
ENOUGH_GRADED = 100
"""Graded forecasts of a stat from which their record counts, not the test of the model."""
_SURE = 0.9
"""Chance of playing from which nobody doubts it unless the injury report does."""


def amount(mean: float) -> str:
    """`27.31` -> `"27"`, `1.34` -> `"1.3"`."""
    return str(round(mean)) if mean >= _FEW else f"{mean:.1f}"


def headline(forecast: PlayerForecast, stat: Stat) -> str:
    """The answer in a few words: `"Jayson Tatum: about 27 points"`, `"Jayson Tatum is out: else about 27 points"`."""
    about = f"about {amount(forecast.stat(stat).mean)} {stat.words}"
    return f"{forecast.name}: {about}" if forecast.chance > 0 else f"{forecast.name} is out: else {about}"


def whole(interval: Range) -> tuple[int, int]:
    """An interval in counts."""
    return round(interval[0]), round(interval[1])


def span(interval: Range) -> str:
    """`"between 17 and 37"`, `"at most 3"`, `"just 0"`."""
    low, high = whole(interval)
    if low == high:
        return f"just {low}"
    return f"between {low} and {high}" if low else f"at most {high}"


def often(one: StatForecast) -> str:
    """How far it may be off: `"8 times in 10 between 17 and 37, half the time between 22 and 32"`.

    Small counts hardly differ in that: `"8 times in 10 at most 2"` is enough.
    """
    mostly = f"8 times in 10 {span(one.interval_80)}"
    return mostly if one.mean < _FEW else f"{mostly}, half the time {span(one.interval_50)}"


def over(line: LineForecast) -> str:
    """`"Over 27.5: 46% · under: 54%"`, with the chance of exactly the line where there is one."""
    if not line.push:
        return f"Over {line.line:g}: {words.percent(line.over)} · under: {words.other_percent(line.over)}"
    shares = ((f"Over {line.line:g}", line.over), ("exactly", line.push), ("under", line.under))
    return " · ".join(f"{what}: {words.percent(share)}" for what, share in shares)


def matchup(forecast: PlayerForecast) -> str:
    """`"Lakers at Celtics"`, or with "vs" at a neutral site."""
    away, home = (forecast.opponent_id, forecast.team_id) if forecast.home else (forecast.team_id, forecast.opponent_id)
    return f"{words.nickname(away)} {words.between(forecast.neutral)} {words.nickname(home)}"


def setting(forecast: PlayerForecast) -> str:
    """`"Next game: Lakers at Celtics, Wed 15 Jan 2025"`, or that it is a what-if game."""
    kind = "On the schedule" if forecast.game_id else "A what-if game, not on the schedule"
    return f"{kind}: {matchup(forecast)}, {words.day(forecast.league_day)}"


def role(forecast: PlayerForecast) -> str:
    """For whom he plays and how long he is expected to: `"Boston Celtics · about 36 minutes"`."""
    return f"{BY_ID[forecast.team_id].name} · about {round(forecast.minutes)} minutes"


def playing(forecast: PlayerForecast) -> str:
    """How likely he plays where that is in doubt: `"Questionable: 52% to play"`; else empty."""
    if forecast.chance >= _SURE and not forecast.status:
        return ""
    known = forecast.status[:1].upper() + forecast.status[1:]
    if forecast.chance <= 0:
        return known or "Out"
    return f"{known or 'In doubt'}: {words.percent(forecast.chance)} to play"


def others(forecast: PlayerForecast, stat: Stat) -> str:
    """The other numbers that are forecast, in a line: `"8 rebounds · 4.6 assists · 1.1 steals"`."""
    rest = [one for one in forecast.stats if one.stat is not stat]
    return " · ".join(f"{amount(one.mean)} {one.stat.words}" for one in rest)


def caveats(forecast: PlayerForecast) -> tuple[str, ...]:
    """The forecast's notes without those that words.SIMULATED and `setting` have said already."""
    return tuple(note for note in forecast.notes if not note.startswith(words.SAID_ELSEWHERE))


def known_through(forecast: PlayerForecast) -> str:
    """`"results through Tue 14 Jan 2025, 540 games of his"`."""
    results = words.through(forecast.data_through)
    return f"{results}, {forecast.games} games of his"


def record(stat: Stat, version: ModelVersion, published: StatRecord | None = None) -> str:
    """How good published forecasts of a stat have been; while few are graded, how good the model was in its test on
    games that it had not learned from."""
    if published and published.graded >= ENOUGH_GRADED and published.mae is not None and published.share_80 is not None:
        return (
            f"{published.graded:,} published forecasts of {stat.words} are graded: off by {published.mae:.1f} on "
            f"average; {round(100 * published.share_80)} of 100 ended where it said 8 in 10 would; "
            f"in {published.voids:,} more the player did not play"
        )
    missed, inside, games = (version.metrics.get(key) for key in (f"{stat}_mae", f"{stat}_coverage_80", "n"))
    if missed is None or inside is None or games is None:
        return f"This model has not been tested on {stat.words} yet"
    return (
        f"Tested on {round(games):,} past games of players: off by {missed:.1f} {stat.words} on average; "
        f"{round(100 * inside)} of 100 ended where it said 8 in 10 would"
    )
