"""The league's calendar: league days (America/New_York), seasons, and the game types hidden in game ids."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from engine.core.errors import DateOutOfRangeError, UsageError

LEAGUE_ZONE = ZoneInfo("America/New_York")
FIRST_SEASON = 1946
LAST_DAY = date(2100, 1, 1)


class SeasonType(StrEnum):
    """Kind of game, read from the first three digits of its id."""

    PRE_SEASON = "pre-season"
    REGULAR = "regular"
    ALL_STAR = "all-star"
    PLAYOFFS = "playoffs"
    PLAY_IN = "play-in"
    CUP_FINAL = "cup-final"


_TYPE_OF_PREFIX = {
    "001": SeasonType.PRE_SEASON,
    "002": SeasonType.REGULAR,
    "003": SeasonType.ALL_STAR,
    "004": SeasonType.PLAYOFFS,
    "005": SeasonType.PLAY_IN,
    "006": SeasonType.CUP_FINAL,
}
COUNTED_TYPES = frozenset({SeasonType.REGULAR, SeasonType.PLAYOFFS, SeasonType.PLAY_IN, SeasonType.CUP_FINAL})
"""The types that are forecast and learned from; others are counted at import and left out."""


def season_type_of(game_id: str) -> SeasonType | None:
    """Type of the game with this 10-character id, or None when the prefix is not on the allow-list."""
    return _TYPE_OF_PREFIX.get(game_id[:3])


def season_of(day: date) -> int:
    """Starting year of the season that a day belongs to: July opens the next one.

    The 2019-20 season ran into October 2020; where a game is stored, its own season field decides, not this.
    """
    return day.year if day.month >= 7 else day.year - 1


def season_label(season: int) -> str:
    """`2024` -> `"2024-25"`."""
    return f"{season}-{(season + 1) % 100:02d}"


def parse_season(text: str) -> int:
    """`"2024-25"` or `"2024"` -> `2024`. Raises UsageError for anything else."""
    match = re.fullmatch(r"\s*(\d{4})(?:-(\d{2}))?\s*", text)
    if match:
        season = int(match[1])
        if FIRST_SEASON <= season < LAST_DAY.year and (match[2] is None or int(match[2]) == (season + 1) % 100):
            return season
    raise UsageError(f"'{text}' is not a season: write it as 2024-25.")


def parse_seasons(text: str) -> tuple[int, ...]:
    """`"2017-18..2022-23"`, `"2023-24"` or `"2021-22,2023-24"` -> starting years in order."""
    seasons: set[int] = set()
    for part in text.split(","):
        first, dots, last = part.partition("..")
        low = parse_season(first)
        high = parse_season(last) if dots else low
        if high < low:
            raise UsageError(f"'{part.strip()}' runs backwards: write the earlier season first.")
        seasons.update(range(low, high + 1))
    return tuple(sorted(seasons))


def league_day(moment: datetime) -> date:
    """The league day (America/New_York) of an aware moment."""
    return moment.astimezone(LEAGUE_ZONE).date()


def machine_clock() -> datetime:
    """The present moment in UTC by the machine's clock."""
    return datetime.now(UTC)


def noon_of(day: date) -> datetime:
    """Noon in the league's zone as UTC: the moment at which a replayed day is looked at."""
    return datetime.combine(day, time(12), LEAGUE_ZONE).astimezone(UTC)


def parse_day(text: str, today: date) -> date:
    """`"2025-01-15"`, `"today"`, `"tomorrow"`, `"yesterday"` -> a day. Raises DateOutOfRangeError."""
    word = text.strip().lower()
    offset = {"today": 0, "tomorrow": 1, "yesterday": -1}.get(word)
    if offset is not None:
        return date.fromordinal(today.toordinal() + offset)
    try:
        day = date.fromisoformat(word)
    except ValueError:
        raise DateOutOfRangeError(f"'{text}' is not a date: write it as 2025-01-15.") from None
    if not date(FIRST_SEASON, 7, 1) <= day < LAST_DAY:
        raise DateOutOfRangeError(f"{day} lies outside the league's history: choose a day between 1946 and 2099.")
    return day
