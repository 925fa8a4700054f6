"""Which model versions exist, which one is in production, and how they get there."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar

import structlog

from engine.core.calendar import machine_clock
from engine.core.errors import BundleError, BusyError, NbabotError, NoModelError
from engine.core.model_reports import Decision
from engine.core.reports import AuditEntry, ModelStatus, ModelVersion
from engine.core.signals import Recalled, tell
from engine.models.bundles import Bundle, read_bundle, write_bundle
from engine.models.entries import learned_through, move_of, numbers, order, view
from engine.models.estimators import GameModel
from engine.models.tasks import TASKS, Model, model_in, task_of
from engine.store import models as table
from engine.store.database import Database
from engine.store.models import CHALLENGER, CHAMPION, PREVIOUS, VersionRow

SHIPPED_CHAMPIONS = {
    "game": "game-margin",
    "halftime": "halftime-linear",
    "live": "live-curves",
    "player": "player-xgboost",
}
"""Of each task the shipped model that answers where no other has the role."""
RETRY_SECONDS = 2.0
"""How long a champion that cannot be loaded is left alone before it is tried again."""
_BY_ITSELF = Decision("nbabot", "the version that comes with the program")

M = TypeVar("M", bound=Model)
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A fitted model that waits to be registered; `manifest` holds data window, metrics and reference figures.

    `extra` are files that go into its bundle beside the model's own.
    """

    name: str
    task: str
    family: str
    simulated: bool
    model: Model
    manifest: Mapping[str, object]
    extra: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ServedModel(Generic[M]):
    """A model in memory, and the league day of the newest game that it was fitted on (None = not recorded)."""

    model: M
    learned_through: date | None


class Registry:
    """Model versions in two places: `shipped` (read-only, comes with the program) and `home` (made here)."""

    def __init__(self, database: Database, shipped: Path, home: Path) -> None:
        self._database = database
        self.places = {"shipped": shipped, "home": home}
        self._loaded: dict[str, ServedModel[Model]] = {}
        self._answering: dict[str, str] = {}
        self._broken: dict[str, tuple[float, NbabotError]] = {}
        self._lock = threading.RLock()

    def install_shipped(self) -> None:
        """Register the shipped bundles, those that are whole, and give them the role that nobody has."""
        known = table.labels(self._database)
        for folder in sorted(path.parent for path in self.places["shipped"].glob("*/*/manifest.json")):
            if (folder.parent.name, folder.name) not in known:
                try:
                    self.register(read_bundle(folder), "shipped")
                except BundleError as error:
                    log.error("shipped_model_unusable", reason=str(error))
        for task, name in SHIPPED_CHAMPIONS.items():
            self._give_shipped_the_role(task, name)

    def rows(self, task: str | None = None) -> tuple[VersionRow, ...]:
        """Every version of a task, else of all, with all that is recorded of it, newest first."""
        return table.versions(self._database, task)

    def versions(self, task: str | None = None) -> tuple[ModelVersion, ...]:
        """Every version of a task, else of all, newest first."""
        return tuple(view(row) for row in table.in_short(self._database, task))

    def version(self, name: str, version: str) -> ModelVersion:
        """One version. Raises NoModelError."""
        return view(self.row(name, version))

    def manifest(self, name: str, version: str) -> dict[str, object]:
        """The manifest of a registered version. Raises NoModelError."""
        return self.row(name, version).manifest

    def champion(self, task: str) -> ModelVersion:
        """The version in production. Raises NoModelError when no version has the role."""
        for row in table.in_role(self._database, task, CHAMPION):
            return view(row)
        raise NoModelError(
            f"No {task} model is in production: run `nbabot train {task}`, then `nbabot models promote`."
        )

    def champions(self) -> tuple[VersionRow, ...]:
        """The versions in production, at most one of each task."""
        return tuple(row for task in TASKS for row in table.in_role(self._database, task, CHAMPION))

    def previous(self, task: str) -> ModelVersion:
        """The version that was champion before. Raises NoModelError when there is none to go back to."""
        for row in table.in_role(self._database, task, PREVIOUS):
            return view(row)
        raise NoModelError(f"No {task} model was in production before this one: there is nothing to go back to.")

    def challengers(self, task: str) -> tuple[ModelVersion, ...]:
        """The versions that forecast in the champion's shadow, newest first."""
        return tuple(view(row) for row in table.in_role(self._database, task, CHALLENGER))

    def usable_challengers(self, task: str) -> tuple[str, ...]:
        """Those of them that can be loaded, as name@version; what is wrong with another is logged."""
        found = []
        for challenger in self.challengers(task):
            with contextlib.suppress(BundleError, NoModelError):
                self._load_unless_broken(challenger.label)
                found.append(challenger.label)
        return tuple(found)

    def newest_usable(self, task: str, besides: str, *, simulated: bool) -> tuple[str, ...]:
        """The newest version of each model that can be loaded, as name@version, in the order of their names.

        Left out are the model of the version `besides`, archived versions, and those fitted on another kind of league.
        """
        found: dict[str, str] = {besides.split("@", 1)[0]: besides}
        for version in self.versions(task):
            if version.name in found or version.status is ModelStatus.ARCHIVED or version.simulated != simulated:
                continue
            with contextlib.suppress(BundleError, NoModelError):
                self._load_unless_broken(version.label)
                found[version.name] = version.label
        return tuple(label for _, label in sorted(found.items()) if label != besides)

    def load(self, label: str) -> ServedModel[GameModel]:
        """The game model of a name@version, verified at its first use and kept. Raises BundleError, NoModelError."""
        return self.load_as(label, GameModel)

    def load_as(self, label: str, kind: type[M]) -> ServedModel[M]:
        """The model of a name@version that is of a kind. Raises BundleError, NoModelError."""
        served = self._served(label)
        if not isinstance(served.model, kind):
            raise BundleError(f"{label} is no model for this question: `nbabot models show` says what it is for.")
        return ServedModel(served.model, served.learned_through)

    def serving(self, task: str, label: str) -> str:
        """The version that answers for the champion `label`: itself, else the last one that could be loaded.

        Raises what loading raised where none has answered in this process.
        """
        with self._lock:
            if self._answering.get(task) == label:
                return label
            try:
                self._load_unless_broken(label)
            except (BundleError, NoModelError):
                if task not in self._answering:
                    raise
                return self._answering[task]
            self._answering[task] = label
            return label

    def refresh(self) -> tuple[str, ...]:
        """Load champions and challengers before they are asked, and let go of versions without a role.

        Returns the versions that answer, task by task. Raises BundleError where one cannot be loaded and none has
        answered in its place.
        """
        found, wanted = [], set[str]()
        for task in TASKS:
            for champion in table.in_role(self._database, task, CHAMPION):
                found.append(self.serving(task, view(champion).label))
            wanted |= {*self.usable_challengers(task)}
        with self._lock:
            wanted |= set(self._answering.values())
            self._loaded = {label: served for label, served in self._loaded.items() if label in wanted}
        return tuple(found)

    def add(self, new: NewVersion) -> ModelVersion:
        """Save a fitted model as the next version of its name and register it as a candidate."""
        version = self._next_version(new.name, new.task)
        folder = self.places["home"] / new.name / version
        manifest = {
            "name": new.name,
            "version": version,
            "task": new.task,
            "family": new.family,
            "created": machine_clock().isoformat(),
            "contract": task_of(new.task).contract(),
            "simulated": new.simulated,
            **new.manifest,
        }
        write_bundle(folder, manifest, {**new.model.to_files(), **new.extra})
        return self.register(read_bundle(folder), "home")

    def register(self, bundle: Bundle, place: str) -> ModelVersion:
        """Enter a bundle that lies in one of the places; one that is entered already stays as it is."""
        row = VersionRow(
            name=bundle.text_field("name"),
            version=bundle.text_field("version"),
            task=bundle.text_field("task"),
            family=bundle.text_field("family"),
            created=bundle.created,
            place=place,
            path=str(bundle.folder.relative_to(self.places[place])),
            manifest=bundle.manifest,
        )
        table.add_version(self._database, row)
        return self.version(row.name, row.version)

    def audit(self, limit: int) -> tuple[AuditEntry, ...]:
        """Moves of roles, newest first."""
        return table.audit(self._database, limit)

    def verified(self, row: VersionRow) -> tuple[Bundle, Model]:
        """The bundle of a version and the model in it, all checked. Raises BundleError that says what is wrong."""
        folder = self.folder(row)
        bundle = read_bundle(folder)
        if bundle.manifest != row.manifest:
            raise BundleError(
                f"{folder} is not the bundle that was registered as {row.name}@{row.version}: put the original back, "
                "or train a new version with `nbabot train game`."
            )
        return bundle, model_in(bundle)

    def row(self, name: str, version: str) -> VersionRow:
        """All that is recorded of a version. Raises NoModelError."""
        found = table.version(self._database, name, version)
        if found is None:
            raise NoModelError(f"There is no model {name}@{version}: `nbabot models list` shows those that exist.")
        return found

    def folder(self, row: VersionRow) -> Path:
        """Where the files of a version lie."""
        return self.places[row.place] / row.path

    def _served(self, label: str) -> ServedModel[Model]:
        with self._lock:
            served = self._loaded.get(label)
            tell(Recalled("model", served is not None))
            if served is None:
                row = self.row(*label.split("@", 1))
                served = ServedModel(self.verified(row)[1], learned_through(row.manifest))
                self._loaded[label] = served
            return served

    def _load_unless_broken(self, label: str) -> None:
        """Load a version; one that failed a moment ago fails again unread. The first failure is logged."""
        with self._lock:
            failed = self._broken.get(label)
            if failed and time.monotonic() - failed[0] < RETRY_SECONDS:
                raise failed[1]
            try:
                self._served(label)
            except (BundleError, NoModelError) as error:
                if failed is None:
                    log.error("model_unusable", model=label, reason=str(error))
                self._broken[label] = time.monotonic(), error
                raise
            self._broken.pop(label, None)

    def _give_shipped_the_role(self, task: str, name: str) -> None:
        """Make the shipped model champion where nothing is, or where a shipped one is that an upgrade took away."""
        champion = next(iter(table.in_role(self._database, task, CHAMPION)), None)
        if champion is not None and (champion.place != "shipped" or self.folder(champion).is_dir()):
            return
        shipped = [row for row in self.rows(task) if row.name == name and row.place == "shipped"]
        best = max((row for row in shipped if self.folder(row).is_dir()), key=order, default=None)
        if best is not None:
            with contextlib.suppress(BusyError):
                replacing = None if champion is None else f"{champion.name}@{champion.version}"
                table.promote(self._database, move_of(best, _BY_ITSELF), replacing)

    def _next_version(self, name: str, task: str) -> str:
        taken = [numbers(row.version) for row in table.in_short(self._database, task) if row.name == name]
        taken += [numbers(path.name) for path in (self.places["home"] / name).glob("[0-9]*.[0-9]*.[0-9]*")]
        major, minor, _ = max(taken, default=(0, 9, 0))
        return f"{major}.{minor + 1}.0" if taken else "1.0.0"
