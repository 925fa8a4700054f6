"""Answers and posts as Discord embeds: pure functions from the engine's records. Nothing is computed here."""

from nbabot.embeds.games import prediction
from nbabot.embeds.parts import (
    ALMOST_BLACK,
    BAD,
    BRAND,
    FIELD_LIMIT,
    GOOD,
    QUIET,
    RECORD,
    banner,
    clip,
    packed,
    stamp,
    unpacked,
)
from nbabot.embeds.posts import alert, recap
from nbabot.embeds.slates import slate

__all__ = [
    "ALMOST_BLACK",
    "BAD",
    "BRAND",
    "FIELD_LIMIT",
    "GOOD",
    "QUIET",
    "RECORD",
    "alert",
    "banner",
    "clip",
    "packed",
    "prediction",
    "recap",
    "slate",
    "stamp",
    "unpacked",
]
