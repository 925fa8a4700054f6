"""The starter state: each team's and player's numbers as of a day, so that a fresh machine can answer."""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from engine.core.errors import BundleError
from engine.core.player_records import PlayerAverages

STARTER = "starter_state.json.gz"


@dataclass(frozen=True, slots=True)
class Starter:
    """Content of the file: feature contract, the league's state as LeagueState packs it, and its players."""

    contract: str
    state: dict[str, object]
    players: tuple[PlayerAverages, ...]


def write_starter(path: Path, starter: Starter) -> None:
    """Write the file; the same content gives the same bytes."""
    players = [{**asdict(one), "last_day": one.last_day.isoformat()} for one in starter.players]
    content = {"contract": starter.contract, "state": starter.state, "players": players}
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def read_starter(path: Path) -> Starter:
    """Read the file. Raises BundleError when it is damaged."""
    try:
        content = json.loads(gzip.decompress(path.read_bytes()))
        players = tuple(
            PlayerAverages(**{**one, "last_day": date.fromisoformat(one["last_day"])}) for one in content["players"]
        )
        return Starter(str(content["contract"]), dict(content["state"]), players)
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise BundleError(f"{path} is damaged: reinstall nbabot, or import your own data.") from error
