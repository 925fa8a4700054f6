"""Model versions, the aliases that give them roles, and the audit of every move."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from engine.core.errors import NoModelError
from engine.core.reports import AuditEntry
from engine.store.database import Database


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
    rows = database.rows(
        """SELECT v.*, (SELECT group_concat(alias) FROM model_aliases a
                        WHERE a.task = v.task AND a.name = v.name AND a.version = v.version) AS aliases
           FROM model_versions v WHERE v.task = coalesce(?, v.task) ORDER BY v.created DESC, v.name, v.version""",
        (task,),
    )
    return tuple(
        VersionRow(
            name=row["name"],
            version=row["version"],
            task=row["task"],
            family=row["family"],
            created=datetime.fromisoformat(row["created"]),
            place=row["path"].partition(":")[0],
            path=row["path"].partition(":")[2],
            manifest=json.loads(row["manifest"]),
            aliases=tuple((row["aliases"] or "").split(",")) if row["aliases"] else (),
        )
        for row in rows
    )


def move_champion(database: Database, task: str, to: tuple[str, str], who: str, why: str, moment: datetime) -> None:
    """Make a version champion; the old champion becomes `previous`. One transaction, with its audit row."""
    with database.write() as connection:
        known = connection.execute(
            "SELECT 1 FROM model_versions WHERE task = ? AND name = ? AND version = ?", (task, *to)
        ).fetchone()
        if known is None:
            raise NoModelError(f"There is no {task} model {to[0]}@{to[1]}: `nbabot models list` shows them.")
        old = connection.execute(
            "SELECT name, version FROM model_aliases WHERE task = ? AND alias = 'champion'", (task,)
        ).fetchone()
        if old is not None and tuple(old) == to:
            return
        put = "INSERT OR REPLACE INTO model_aliases (task, alias, name, version) VALUES (?, ?, ?, ?)"
        if old is not None:
            connection.execute(put, (task, "previous", *old))
        connection.execute(put, (task, "champion", *to))
        from_label = f"{old['name']}@{old['version']}" if old else None
        connection.execute(
            "INSERT INTO model_audit (moment, task, who, why, from_label, to_label) VALUES (?, ?, ?, ?, ?, ?)",
            (moment.isoformat(), task, who, why, from_label, "@".join(to)),
        )


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
        )
        for row in rows
    )
