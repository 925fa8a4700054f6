"""Real seasons as the measurements want them: imported by way of a temporary home, then read back."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from engine.core.records import ClosingLine, PlayedGame
from engine.engine import DATABASE, Engine
from engine.store import games
from engine.store.database import Database

TEAMS, PLAYERS, LINES = "team_game_logs", "player_game_logs", "closing_odds"
"""Folders of the real seasons."""


class RealSeasons(NamedTuple):
    """Played games, oldest first, and closing lines by game id."""

    played: list[PlayedGame]
    lines: dict[str, ClosingLine]


def read(paths: Sequence[Path], after: date | None = None, before: date | None = None) -> RealSeasons:
    """What the files and folders hold; games of the days between two, both excluded, or all."""
    with tempfile.TemporaryDirectory() as home:
        engine = Engine(Path(home))
        engine.import_paths(paths)
        engine.close()
        database = Database(Path(home) / DATABASE)
        found = RealSeasons(list(games.played_games(database, before, after)), games.closing_lines(database))
        database.close()
    return found
