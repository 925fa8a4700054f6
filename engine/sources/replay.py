"""Reading kept payloads again with today's parsers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from engine.core.calendar import parse_season
from engine.core.errors import FeedShapeError
from engine.sources.feed import Delivery, Parsed, PlayerListing, ScheduledGame
from engine.sources.files import logs
from engine.sources.files.batch import Kind
from engine.sources.files.sieve import Sieve
from engine.sources.http import json_object
from engine.sources.nba import boxes, plays, schedule, tables
from engine.sources.nba.shape import Payload
from engine.sources.raw import RawPayload

Replayed = Delivery | Parsed[ScheduledGame] | Parsed[PlayerListing]


def replay(payload: RawPayload, content: bytes) -> Replayed | None:
    """What today's parser makes of a kept payload; None for a kind that is not replayed (odds, documents).

    Raises the FeedError that the payload would raise if it came today.
    """
    read = _READERS.get(payload.kind)
    if read is None:
        return None
    try:
        return read(payload, json_object(payload.host, content))
    except ValueError as error:
        raise FeedShapeError(payload.host, f"{payload.path} does not say what was asked for: delete it.") from error


def _schedule(kept: RawPayload, payload: Payload) -> Replayed:
    return schedule.read_schedule(kept.host, payload, parse_season(kept.key))


def _scoreboard(kept: RawPayload, payload: Payload) -> Replayed:
    return schedule.read_scoreboard(kept.host, payload)[1]


def _team_log(kept: RawPayload, payload: Payload) -> Replayed:
    frame = tables.read_log(kept.host, payload, Kind.TEAM_LOG)
    return Delivery(kept.host, (logs.team_log(Sieve(frame)),))


def _player_log(kept: RawPayload, payload: Payload) -> Replayed:
    frame = tables.read_log(kept.host, payload, Kind.PLAYER_LOG)
    return Delivery(kept.host, (logs.player_log(Sieve(frame)),))


def _box(kept: RawPayload, payload: Payload) -> Replayed:
    game_id, _, day = kept.key.partition("_")
    if day:
        rows = boxes.read_box(kept.host, payload, game_id, date.fromisoformat(day))
    else:
        rows = boxes.read_live_box(kept.host, payload, game_id)
    return boxes.delivered(kept.host, [rows], [game_id])


def _plays(kept: RawPayload, payload: Payload) -> Replayed:
    return Delivery(kept.host, (plays.read_plays(kept.host, payload, kept.key),))


def _players(kept: RawPayload, payload: Payload) -> Replayed:
    return tables.read_players(kept.host, payload)


_READERS: dict[str, Callable[[RawPayload, Payload], Replayed]] = {
    "schedule": _schedule,
    "scoreboard": _scoreboard,
    "team_log": _team_log,
    "player_log": _player_log,
    "box": _box,
    "plays": _plays,
    "players": _players,
}
