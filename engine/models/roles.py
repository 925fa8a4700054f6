"""Who answers: the roles of versions, moved in one transaction each with a row in the audit trail."""

from __future__ import annotations

from engine.core.model_reports import Decision
from engine.core.reports import ModelVersion
from engine.models.entries import move_of
from engine.models.registry import Registry
from engine.store import models as table
from engine.store.database import Database


class Roles:
    """Moves the roles of a registry's versions. Nothing moves when a call raises."""

    def __init__(self, database: Database, registry: Registry) -> None:
        self._database = database
        self._registry = registry

    def promote(self, version: ModelVersion, decision: Decision, replacing: str | None) -> ModelVersion:
        """Make a verified version champion in the place of `replacing`, the one that the decision was made about.

        Raises NoModelError, BundleError, and BusyError when another one is champion by now.
        """
        row = self._registry.row(version.name, version.version)
        self._registry.verified(row)
        table.promote(self._database, move_of(row, decision), replacing)
        return self._registry.version(version.name, version.version)

    def roll_back(self, task: str, decision: Decision) -> ModelVersion:
        """Let champion and previous version change places. Raises NoModelError, BundleError, BusyError."""
        previous = self._registry.previous(task)
        row = self._registry.row(previous.name, previous.version)
        self._registry.verified(row)
        table.roll_back(self._database, move_of(row, decision))
        return self._registry.version(row.name, row.version)

    def challenge(self, name: str, version: str, decision: Decision) -> ModelVersion:
        """Let a verified version forecast in the champion's shadow. Raises NoModelError, BundleError, UsageError."""
        row = self._registry.row(name, version)
        self._registry.verified(row)
        table.challenge(self._database, move_of(row, decision))
        return self._registry.version(name, version)

    def retire(self, name: str, version: str, decision: Decision) -> ModelVersion:
        """Archive a version; its files stay. Raises NoModelError, and UsageError for the champion."""
        table.retire(self._database, move_of(self._registry.row(name, version), decision))
        return self._registry.version(name, version)
