"""Model versions, the aliases that give them roles, and the audit of every move."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from engine.core.errors import BusyError, NoModelError, UsageError
from engine.core.reports import AuditEntry
from engine.store.database import Database

CHAMPION, PREVIOUS, CHALLENGER, ARCHIVED = "champion", "previous", "challenger", "archived"
"""The roles. Of a task one version is champion and one previous; any number are challengers or archived."""
_VERSIONS = """
SELECT v.*, (SELECT group_concat(alias) FROM model_aliases a
             WHERE a.task = v.task AND a.name = v.name AND a.version = v.version) AS aliases
FROM model_versions v"""
_IN_SHORT = _VERSIONS.replace(
    "v.*",
    """v.name, v.version, v.task, v.family, v.created, v.path, json_object(
           'data', json_extract(v.manifest, '$.data'), 'metrics', json_extract(v.manifest, '$.metrics'),
           'simulated', json_extract(v.manifest, '$.simulated')) AS manifest""",
)
_NEWEST = "ORDER BY v.created DESC, v.name, v.version"


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One registered version; `path` is relative to the folder that `place` names (shipped or home)."""

    name: str
    version: str
    task: str
    family: str
    created: datetime
    place: str
    path: str
    manifest: dict[str, object]
    aliases: tuple[str, ...] = ()


def add_version(database: Database, row: VersionRow) -> None:
    """Register a version; one that is there already is left as it is, since versions never change."""
    with database.write() as connection:
        connection.execute(
            """INSERT OR IGNORE INTO model_versions (name, version, task, family, created, path, manifest)
               VALUES (?, ?, ?, ?, ?, ?, ?)""",
            (
                row.name,
                row.version,
                row.task,
                row.family,
                row.created.isoformat(),
                f"{row.place}:{row.path}",
                json.dumps(row.manifest),
            ),
        )


def versions(database: Database, task: str | None = None) -> tuple[VersionRow, ...]:
    """Every version of a task, else of all tasks, newest first."""
    return tuple(
        _row(row) for row in database.rows(f"{_VERSIONS} WHERE v.task = coalesce(?, v.task) {_NEWEST}", (task,))
    )


def in_short(database: Database, task: str | None = None) -> tuple[VersionRow, ...]:
    """The same, of the manifests only data window, metrics and league: most of a manifest is for monitoring."""
    return tuple(
        _row(row) for row in database.rows(f"{_IN_SHORT} WHERE v.task = coalesce(?, v.task) {_NEWEST}", (task,))
    )


def labels(database: Database) -> set[tuple[str, str]]:
    """Name and version of everything registered; cheap, for the manifests are not read."""
    return {(row["name"], row["version"]) for row in database.rows("SELECT name, version FROM model_versions")}


def version(database: Database, name: str, number: str) -> VersionRow | None:
    """One version, or None."""
    found = database.row(f"{_VERSIONS} WHERE v.name = ? AND v.version = ?", (name, number))
    return None if found is None else _row(found)


def in_role(database: Database, task: str, alias: str) -> tuple[VersionRow, ...]:
    """The versions of a task that have a role, newest first."""
    rows = database.rows(
        f"{_VERSIONS} JOIN model_aliases r USING (task, name, version) WHERE v.task = ? AND r.alias = ? {_NEWEST}",
        (task, alias),
    )
    return tuple(_row(row) for row in rows)


@dataclass(frozen=True, slots=True)
class Move:
    """One movement of a role: which version gets it, who wants it and why, in spite of which objections."""

    task: str
    name: str
    version: str
    who: str
    why: str
    moment: datetime
    despite: str = ""

    @property
    def label(self) -> str:
        """`name@version`."""
        return f"{self.name}@{self.version}"


def promote(database: Database, move: Move, replacing: str | None) -> None:
    """Make a version champion; the old champion becomes `previous`. One transaction, with its audit row.

    `replacing` is the champion (name@version) that the decision was made about. Raises BusyError when another one has
    come into its place meanwhile, NoModelError for an unknown version; nothing moves then.
    """
    with database.write() as connection:
        _known(connection, move)
        old = _holder(connection, move.task, CHAMPION)
        if old != replacing:
            raise BusyError(
                f"{old or 'No version'} is in production by now, not {replacing or 'none'}: somebody else promoted "
                "meanwhile; look at `nbabot models list`, then decide again."
            )
        if old != move.label:
            _crown(connection, move, old)


def roll_back(database: Database, move: Move) -> None:
    """Make the version that was champion before champion again: they change places. Raises as `promote` does."""
    with database.write() as connection:
        if _holder(connection, move.task, PREVIOUS) != move.label:
            raise BusyError(f"{move.label} is not the previous version any more: look at `nbabot models list`.")
        _crown(connection, move, _holder(connection, move.task, CHAMPION))


def challenge(database: Database, move: Move) -> None:
    """Let a version forecast in the shadow. Raises UsageError for the champion."""
    with database.write() as connection:
        _not_champion(connection, move, "it needs no shadow")
        _drop(connection, move, (ARCHIVED, CHALLENGER))
        _put(connection, move, CHALLENGER)
        _write_down(connection, move, CHALLENGER, None)


def retire(database: Database, move: Move) -> None:
    """Archive a version: it has no other role any more. Raises UsageError for the champion."""
    with database.write() as connection:
        _not_champion(connection, move, "promote another one or roll back first")
        _drop(connection, move, (ARCHIVED, CHALLENGER, PREVIOUS))
        _put(connection, move, ARCHIVED)
        _write_down(connection, move, ARCHIVED, None)


def audit(database: Database, limit: int) -> tuple[AuditEntry, ...]:
    """Moves of aliases, newest first."""
    rows = database.rows("SELECT * FROM model_audit ORDER BY id DESC LIMIT ?", (limit,))
    return tuple(
        AuditEntry(
            moment=datetime.fromisoformat(row["moment"]),
            task=row["task"],
            who=row["who"],
            why=row["why"],
            from_label=row["from_label"],
            to_label=row["to_label"],
            role=row["alias"],
            despite=row["despite"],
        )
        for row in rows
    )


def _crown(connection: sqlite3.Connection, move: Move, old: str | None) -> None:
    """Make the version champion and the old one previous."""
    _drop(connection, move, (ARCHIVED, CHALLENGER, PREVIOUS))
    if old is not None:
        connection.execute("DELETE FROM model_aliases WHERE task = ? AND alias = ?", (move.task, PREVIOUS))
        connection.execute(
            "UPDATE model_aliases SET alias = ? WHERE task = ? AND alias = ?", (PREVIOUS, move.task, CHAMPION)
        )
    _put(connection, move, CHAMPION)
    _write_down(connection, move, CHAMPION, old)


def _known(connection: sqlite3.Connection, move: Move) -> None:
    found = connection.execute(
        "SELECT 1 FROM model_versions WHERE task = ? AND name = ? AND version = ?",
        (move.task, move.name, move.version),
    )
    if found.fetchone() is None:
        raise NoModelError(f"There is no {move.task} model {move.label}: `nbabot models list` shows them.")


def _not_champion(connection: sqlite3.Connection, move: Move, advice: str) -> None:
    _known(connection, move)
    if _holder(connection, move.task, CHAMPION) == move.label:
        raise UsageError(f"{move.label} is in production: {advice}.")


def _holder(connection: sqlite3.Connection, task: str, alias: str) -> str | None:
    row = connection.execute(
        "SELECT name || '@' || version FROM model_aliases WHERE task = ? AND alias = ?", (task, alias)
    ).fetchone()
    return None if row is None else str(row[0])


def _drop(connection: sqlite3.Connection, move: Move, aliases: tuple[str, ...]) -> None:
    connection.executemany(
        "DELETE FROM model_aliases WHERE task = ? AND name = ? AND version = ? AND alias = ?",
        [(move.task, move.name, move.version, alias) for alias in aliases],
    )


def _put(connection: sqlite3.Connection, move: Move, alias: str) -> None:
    connection.execute(
        "INSERT INTO model_aliases (task, alias, name, version) VALUES (?, ?, ?, ?)",
        (move.task, alias, move.name, move.version),
    )


def _write_down(connection: sqlite3.Connection, move: Move, alias: str, old: str | None) -> None:
    connection.execute(
        """INSERT INTO model_audit (moment, task, who, why, from_label, to_label, alias, despite)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        (move.moment.isoformat(), move.task, move.who, move.why, old, move.label, alias, move.despite),
    )


def _row(row: sqlite3.Row) -> VersionRow:
    place, _, path = row["path"].partition(":")
    return VersionRow(
        name=row["name"],
        version=row["version"],
        task=row["task"],
        family=row["family"],
        created=datetime.fromisoformat(row["created"]),
        place=place,
        path=path,
        manifest=json.loads(row["manifest"]),
        aliases=tuple((row["aliases"] or "").split(",")) if row["aliases"] else (),
    )
