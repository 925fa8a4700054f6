"""Entries of the registry: what their manifests say, as the faces see it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from engine.core.calendar import machine_clock
from engine.core.model_reports import Decision
from engine.core.reports import ModelStatus, ModelVersion
from engine.store.models import Move, VersionRow

_STATUSES = (ModelStatus.CHAMPION, ModelStatus.CHALLENGER, ModelStatus.PREVIOUS, ModelStatus.ARCHIVED)
"""Of a version with several roles the first of these is its status."""


def view(row: VersionRow) -> ModelVersion:
    """An entry as the faces see it."""
    metrics, data = row.manifest.get("metrics"), row.manifest.get("data")
    window = data if isinstance(data, dict) else {}
    status = next((status for status in _STATUSES if status in row.aliases), ModelStatus.CANDIDATE)
    return ModelVersion(
        name=row.name,
        version=row.version,
        task=row.task,
        family=row.family,
        status=status,
        created=row.created,
        trained_through=str(window.get("last_season", "")),
        rows=int(window.get("rows", 0)),
        simulated=bool(row.manifest.get("simulated")),
        metrics={key: float(value) for key, value in metrics.items()} if isinstance(metrics, dict) else {},
    )


def learned_through(manifest: Mapping[str, object]) -> date | None:
    """League day of the newest game that a version was fitted on; None where its manifest does not say."""
    data = manifest.get("data")
    try:
        return date.fromisoformat(data["last_day"]) if isinstance(data, dict) else None
    except (KeyError, TypeError, ValueError):
        return None


def order(row: VersionRow) -> tuple[int, int, int]:
    """The numbers of an entry's version."""
    return numbers(row.version)


def numbers(version: str) -> tuple[int, int, int]:
    """Major, minor and patch of a version; zeros for what is none."""
    try:
        major, minor, patch = (int(part) for part in version.split("."))
    except ValueError:
        return (0, 0, 0)
    return (major, minor, patch)


def move_of(row: VersionRow, decision: Decision) -> Move:
    """The decision about a version as the store writes it down, made now."""
    return Move(row.task, row.name, row.version, decision.who, decision.why, machine_clock(), decision.despite)
