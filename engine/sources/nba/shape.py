"""Taking values out of a payload by name; what is not there is a FeedShapeError that names it."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

from engine.core.errors import FeedShapeError

Payload = dict[str, Any]


def part(host: str, payload: object, *keys: str) -> Any:
    """The value below nested keys. Raises FeedShapeError when one of them is missing."""
    value = payload
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            raise wrong_shape(host, f"without '{'.'.join(keys)}'")
        value = value[key]
    return value


def items(host: str, payload: object, *keys: str) -> list[Any]:
    """The list below nested keys; null counts as missing."""
    value = part(host, payload, *keys)
    if not isinstance(value, list):
        raise wrong_shape(host, f"in which '{'.'.join(keys)}' is no list")
    return value


def objects(host: str, payload: object, *keys: str) -> list[Payload]:
    """The list of objects below nested keys."""
    value = items(host, payload, *keys)
    if not all(isinstance(one, dict) for one in value):
        raise wrong_shape(host, f"in which '{'.'.join(keys)}' holds something else than objects")
    return value


def record(host: str, payload: object, *keys: str) -> Payload:
    """The object below nested keys."""
    value = part(host, payload, *keys)
    if not isinstance(value, dict):
        raise wrong_shape(host, f"in which '{'.'.join(keys)}' is no object")
    return value


def same_game(host: str, game: object, game_id: str) -> None:
    """Raise FeedShapeError when a payload is about another game than the one asked for."""
    stated = text(part(host, game, "gameId"))
    if stated != game_id:
        raise wrong_shape(host, f"of game {stated or 'without an id'} for {game_id}")


def wrong_shape(host: str, how: str) -> FeedShapeError:
    """The error for a payload whose format has changed; `how` completes "sent data"."""
    return FeedShapeError(host, f"{host} sent data {how}: try again later; if it stays so, update nbabot.")


def number(value: object) -> int | None:
    """A whole number, also when it comes as text or as 3.0; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        figure = float(value)
    except (ValueError, OverflowError):
        return None
    return int(figure) if figure.is_integer() else None


def text(value: object) -> str:
    """A text without blanks around it; an empty one for null."""
    return "" if value is None else str(value).strip()


def truth(value: object) -> bool:
    """A flag, also when it comes as the text "true" or "1"."""
    return value is True or text(value).lower() in ("true", "1")


def clock_seconds(value: object) -> float | None:
    """Seconds in `PT11M43.00S` or `43:44`; None when it is neither."""
    words = text(value).removeprefix("PT").removesuffix("S").replace("M", ":")
    minutes, _, seconds = words.partition(":")
    try:
        whole = 60 * float(minutes) + float(seconds or 0)
    except ValueError:
        return None
    return whole if math.isfinite(whole) else None


def moment(value: object) -> datetime | None:
    """A moment in ISO form, taken as UTC when it names no zone; None when it is none."""
    try:
        found = datetime.fromisoformat(text(value))
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
