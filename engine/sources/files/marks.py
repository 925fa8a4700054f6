"""What the marks of a game say: its id, its season and its day, in any of the forms that files and feeds have."""

from __future__ import annotations

from datetime import date, datetime

from engine.core import calendar


def game_id(text: str) -> str | None:
    """The 10 characters of a game id, with the zeros that a spreadsheet takes away; None when it is none."""
    digits = text.removesuffix(".0")
    if digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 10:
        return digits.zfill(10)
    return None


def season_of_game(text: str) -> int:
    """Starting year of the season in characters 4 and 5 of a game id: `0022400061` -> 2024, `0029600001` -> 1996."""
    year = int(text[3:5])
    return year + (1900 if year >= calendar.FIRST_SEASON % 100 else 2000)


def season_number(text: str) -> int | None:
    """Starting year in a SEASON_ID (`22024`) or SEASON_YEAR (`2024-25`)."""
    digits = text.removesuffix(".0")
    year = digits[1:] if len(digits) == 5 else digits[:4]
    return int(year) if len(year) == 4 and year.isascii() and year.isdigit() else None


def day_of(text: str) -> date | None:
    """A GAME_DATE in any of the feeds' forms: `2024-04-14`, `2024-04-14T00:00:00`, `APR 14, 2024`."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        pass
    try:
        return datetime.strptime(text.title(), "%b %d, %Y").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
