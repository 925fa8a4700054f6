"""The starter state: each team's and player's numbers as of a day, so that a fresh machine can answer.

Two files: one that every forecast needs, and one that only forecasts of players need, read when they are asked for.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from engine.core.errors import BundleError
from engine.core.player_records import PlayerAverages

STARTER = "starter_state.json.gz"
PLAYERS_STARTER = "starter_players.json.gz"


@dataclass(frozen=True, slots=True)
class Starter:
    """Content of the file: feature contract, the league's state as LeagueState packs it, and its players."""

    contract: str
    state: dict[str, object]
    players: tuple[PlayerAverages, ...]


@dataclass(frozen=True, slots=True)
class PlayersStarter:
    """Content of the players' file: contract of their numbers, newest result in them, PlayerLeague's payload."""

    contract: str
    data_through: date
    players: dict[str, object]


def write_starter(path: Path, starter: Starter) -> None:
    """Write the file; the same content gives the same bytes."""
    players = [{**asdict(one), "last_day": one.last_day.isoformat()} for one in starter.players]
    content = {"contract": starter.contract, "state": starter.state, "players": players}
    _write(path, content)


def read_starter(path: Path) -> Starter:
    """Read the file. Raises BundleError when it is damaged."""
    content = _read(path)
    try:
        players = tuple(
            PlayerAverages(**{**one, "last_day": date.fromisoformat(one["last_day"])}) for one in content["players"]
        )
        return Starter(str(content["contract"]), dict(content["state"]), players)
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path) from error


def write_players_starter(path: Path, starter: PlayersStarter) -> None:
    """Write the players' file; the same content gives the same bytes."""
    _write(path, {**asdict(starter), "data_through": starter.data_through.isoformat()})


def read_players_starter(path: Path) -> PlayersStarter:
    """Read the players' file. Raises BundleError when it is damaged."""
    content = _read(path)
    try:
        through = date.fromisoformat(content["data_through"])
        return PlayersStarter(str(content["contract"]), through, dict(content["players"]))
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path) from error


def _write(path: Path, content: Mapping[str, object]) -> None:
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def _read(path: Path) -> Any:
    try:
        return json.loads(gzip.decompress(path.read_bytes()))
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> BundleError:
    return BundleError(f"{path} is damaged: reinstall nbabot, or import your own data.")
