"""Which model versions exist, which one is in production, and how they get there."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from engine.core.calendar import machine_clock
from engine.core.errors import BundleError, NoModelError
from engine.core.reports import AuditEntry, ModelStatus, ModelVersion
from engine.features.contract import GAME_FEATURES, contract_hash
from engine.models.bundles import Bundle, read_bundle, write_bundle
from engine.models.estimators import GameModel
from engine.store import models as table
from engine.store.database import Database
from engine.store.models import VersionRow

SHIPPED_CHAMPION = "game-ensemble"


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A fitted model that waits to be registered; `manifest` holds data window, metrics and reference figures."""

    name: str
    task: str
    family: str
    simulated: bool
    model: GameModel
    manifest: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ServedModel:
    """A model in memory, and the league day of the newest game that it was fitted on (None = not recorded)."""

    model: GameModel
    learned_through: date | None


class Registry:
    """Model versions in two places: `shipped` (read-only, comes with the program) and `home` (made here)."""

    def __init__(self, database: Database, shipped: Path, home: Path) -> None:
        self._database = database
        self._places = {"shipped": shipped, "home": home}
        self._loaded: dict[str, ServedModel] = {}
        self._lock = threading.Lock()

    def install_shipped(self) -> None:
        """Register the shipped bundles and give them the role that nobody has."""
        for folder in sorted(path.parent for path in self._places["shipped"].glob("*/*/manifest.json")):
            if not self._is_registered(folder):
                self._register(read_bundle(folder), "shipped")
        self._give_shipped_the_role("game")

    def versions(self, task: str) -> tuple[ModelVersion, ...]:
        """Every version of a task, newest first."""
        return tuple(_view(row) for row in table.versions(self._database, task))

    def manifest(self, name: str, version: str) -> dict[str, object]:
        """The manifest of a registered version. Raises NoModelError."""
        return self._row(name, version).manifest

    def champion(self, task: str) -> ModelVersion:
        """The version in production. Raises NoModelError when no version has the role."""
        for row in table.versions(self._database, task):
            if "champion" in row.aliases:
                return _view(row)
        raise NoModelError(
            f"No {task} model is in production: run `nbabot train {task}`, then `nbabot models promote`."
        )

    def load(self, label: str) -> ServedModel:
        """The model of a name@version, verified at its first use and kept. Raises BundleError, NoModelError."""
        with self._lock:
            served = self._loaded.get(label)
            if served is None:
                row = self._row(*label.split("@", 1))
                served = ServedModel(self._verified(row), learned_through(row.manifest))
                self._loaded[label] = served
            return served

    def add(self, new: NewVersion) -> ModelVersion:
        """Save a fitted model as the next version of its name and register it as a candidate."""
        version = self._next_version(new.name, new.task)
        folder = self._places["home"] / new.name / version
        manifest = {
            "name": new.name,
            "version": version,
            "task": new.task,
            "family": new.family,
            "created": machine_clock().isoformat(),
            "contract": contract_hash(GAME_FEATURES),
            "simulated": new.simulated,
            **new.manifest,
        }
        write_bundle(folder, manifest, new.model.to_files())
        return self._register(read_bundle(folder), "home")

    def promote(self, name: str, version: str, who: str, why: str) -> ModelVersion:
        """Make a verified version the champion of its task. Raises NoModelError, BundleError; nothing moves then."""
        row = self._row(name, version)
        self._verified(row)
        table.move_champion(self._database, row.task, (name, version), who, why, machine_clock())
        return _view(self._row(name, version))

    def audit(self, limit: int) -> tuple[AuditEntry, ...]:
        """Moves of aliases, newest first."""
        return table.audit(self._database, limit)

    def _verified(self, row: VersionRow) -> GameModel:
        folder = self._folder(row)
        bundle = read_bundle(folder)
        if bundle.manifest != row.manifest:
            raise BundleError(
                f"{folder} is not the bundle that was registered as {row.name}@{row.version}: put the original back, "
                "or train a new version with `nbabot train game`."
            )
        return _model(bundle)

    def _row(self, name: str, version: str) -> VersionRow:
        for row in table.versions(self._database):
            if (row.name, row.version) == (name, version):
                return row
        raise NoModelError(f"There is no model {name}@{version}: `nbabot models list` shows those that exist.")

    def _is_registered(self, folder: Path) -> bool:
        known = {(row.name, row.version) for row in table.versions(self._database)}
        return (folder.parent.name, folder.name) in known

    def _register(self, bundle: Bundle, place: str) -> ModelVersion:
        row = VersionRow(
            name=bundle.text_field("name"),
            version=bundle.text_field("version"),
            task=bundle.text_field("task"),
            family=bundle.text_field("family"),
            created=bundle.created,
            place=place,
            path=str(bundle.folder.relative_to(self._places[place])),
            manifest=bundle.manifest,
        )
        table.add_version(self._database, row)
        return _view(row)

    def _give_shipped_the_role(self, task: str) -> None:
        """Make the shipped model champion where nothing is, or where a shipped one is that an upgrade took away."""
        rows = table.versions(self._database, task)
        champion = next((row for row in rows if "champion" in row.aliases), None)
        if champion is not None and (champion.place != "shipped" or self._folder(champion).is_dir()):
            return
        shipped = [row for row in rows if row.name == SHIPPED_CHAMPION and row.place == "shipped"]
        best = max((row for row in shipped if self._folder(row).is_dir()), key=_order, default=None)
        if best is not None:
            why = "the version that comes with the program"
            table.move_champion(self._database, task, (best.name, best.version), "nbabot", why, machine_clock())

    def _folder(self, row: VersionRow) -> Path:
        return self._places[row.place] / row.path

    def _next_version(self, name: str, task: str) -> str:
        taken = [_numbers(row.version) for row in table.versions(self._database, task) if row.name == name]
        taken += [_numbers(path.name) for path in (self._places["home"] / name).glob("[0-9]*.[0-9]*.[0-9]*")]
        major, minor, _ = max(taken, default=(0, 9, 0))
        return f"{major}.{minor + 1}.0" if taken else "1.0.0"


def learned_through(manifest: Mapping[str, object]) -> date | None:
    """League day of the newest game that a version was fitted on; None where its manifest does not say."""
    data = manifest.get("data")
    try:
        return date.fromisoformat(data["last_day"]) if isinstance(data, dict) else None
    except (KeyError, TypeError, ValueError):
        return None


def _order(row: VersionRow) -> tuple[int, int, int]:
    return _numbers(row.version)


def _numbers(version: str) -> tuple[int, int, int]:
    try:
        major, minor, patch = (int(part) for part in version.split("."))
    except ValueError:
        return (0, 0, 0)
    return (major, minor, patch)


def _model(bundle: Bundle) -> GameModel:
    if bundle.text_field("contract") != contract_hash(GAME_FEATURES):
        raise BundleError(f"{bundle.folder} was made for other features than this nbabot computes: train it again.")
    return GameModel.from_files(bundle.files)


def _view(row: VersionRow) -> ModelVersion:
    metrics, data = row.manifest.get("metrics"), row.manifest.get("data")
    window = data if isinstance(data, dict) else {}
    if "champion" in row.aliases:
        status = ModelStatus.CHAMPION
    elif "previous" in row.aliases:
        status = ModelStatus.PREVIOUS
    else:
        status = ModelStatus.CANDIDATE
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
