"""What kinds of file are known, by which columns, and the checked rows that come out of one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from engine.core.errors import SourceError
from engine.core.records import BOX_COUNTS

BOX_COLUMNS = tuple(name.upper() for name in BOX_COUNTS)
"""Counts of a box score under their stats.nba.com names; lower-cased they are the names used everywhere else."""


class Kind(StrEnum):
    """Kind of file, in the order in which kinds must be imported: later ones refer to the games of the first."""

    TEAM_LOG = "team log"
    PLAYER_LOG = "player log"
    TIMELINE = "score timeline"
    ODDS = "closing odds"

    @property
    def plural(self) -> str:
        """The kind in the plural, as in "team logs"."""
        return self.value if self is Kind.ODDS else f"{self.value}s"


_LOG = ("GAME_ID", "TEAM_ID", "MIN", *BOX_COLUMNS)
REQUIRED: dict[Kind, tuple[str, ...]] = {
    Kind.TEAM_LOG: (*_LOG, "GAME_DATE", "MATCHUP", "WL"),
    Kind.PLAYER_LOG: (*_LOG, "PLAYER_ID", "PLAYER_NAME", "PLUS_MINUS"),
    Kind.TIMELINE: ("GAME_ID", "PERIOD", "SECONDS_LEFT_IN_PERIOD", "HOME_SCORE", "AWAY_SCORE"),
    Kind.ODDS: ("GAME_ID", "HOME", "AWAY", "HOME_SPREAD", "TOTAL", "ML_HOME", "ML_AWAY"),
}
OPTIONAL = ("SEASON_ID", "SEASON_YEAR", "REB", "PLUS_MINUS", "SIMULATED")
TEXTS = ("GAME_ID", "GAME_DATE", "MATCHUP", "WL", "PLAYER_NAME", "SEASON_ID", "SEASON_YEAR", "HOME", "AWAY")
"""Columns read as text whatever they look like, so that a GAME_ID keeps its leading zeros."""
USED = frozenset(OPTIONAL).union(*REQUIRED.values())


@dataclass(frozen=True, slots=True)
class Batch:
    """The checked rows of one file.

    `tables` maps a table to its columns, all of one length. Row counts add up: `read` = rows in the main table +
    `repeated` (same row again) + `replaced` (same key again, other figures: the later row stands) + all `rejected`.
    """

    kind: Kind
    seasons: tuple[int, ...]
    read: int
    tables: Mapping[str, Mapping[str, list[object]]]
    repeated: int = 0
    replaced: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def rows(self, table: str, names: Sequence[str]) -> list[tuple[object, ...]]:
        """The rows of a table as tuples of the named columns."""
        columns = self.tables[table]
        return list(zip(*(columns[name] for name in names), strict=True))


def recognise(path: Path, names: Collection[str]) -> Kind:
    """The kind of file that has these columns; a SourceError that names the missing ones when there is none."""
    present = {canonical(name) for name in names}
    missing = {kind: [name for name in REQUIRED[kind] if name not in present] for kind in Kind}
    likely = [kind for kind in Kind if (kind is Kind.PLAYER_LOG) == ("PLAYER_ID" in present)]
    best = min(likely, key=lambda kind: len(missing[kind]) / len(REQUIRED[kind]))
    if missing[best]:
        more = f" and {len(missing[best]) - 8} more" if len(missing[best]) > 8 else ""
        raise SourceError(
            f"{path} is in no known format (it is nearest to {best.plural} but lacks {', '.join(missing[best][:8])}"
            f"{more}): import team logs, player logs, score timelines or closing odds in stats.nba.com columns."
        )
    return best


def counted(number: int, noun: str) -> str:
    """A number with its noun, as in "1 game" and "2 games"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def canonical(name: str) -> str:
    """A column's name without stray blanks and in upper case: some feeds write `Game_ID`."""
    return name.strip().upper()
