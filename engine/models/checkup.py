"""The registry against its files: each version that is entered, and each folder that is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.core.errors import BundleError
from engine.core.model_reports import VersionCheck
from engine.models.bundles import MANIFEST, read_bundle
from engine.models.comparison import walk_in
from engine.models.entries import view
from engine.models.gate import strange_libraries
from engine.models.registry import Registry
from engine.store.models import VersionRow

_DRAFT = ".draft-"


def check_versions(registry: Registry) -> tuple[VersionCheck, ...]:
    """Every entry with what is wrong with its files, then every folder without an entry."""
    rows = registry.rows()
    return (*(_entry(registry, row) for row in rows), *_strays(registry, rows))


def _entry(registry: Registry, row: VersionRow) -> VersionCheck:
    version = view(row)
    return VersionCheck(version.label, version.status, str(registry.folder(row)), _problem(registry, row))


def _problem(registry: Registry, row: VersionRow) -> str:
    folder = registry.folder(row)
    if not folder.is_dir():
        return "Its files are gone: import it again with `nbabot models import`, or retire it."
    try:
        bundle, _ = registry.verified(row)
        walk_in(bundle)
    except BundleError as error:
        return str(error)
    foreign = sorted(path.name for path in folder.iterdir() if path.name not in {MANIFEST, *bundle.files})
    if foreign:
        return f"{', '.join(foreign)} in its folder is none of its files: it is not used; remove it."
    strange = list(strange_libraries(bundle.manifest))
    if strange:
        return f"It was made with {', '.join(strange)}: upgrade nbabot, or train it again here."
    return ""


def _strays(registry: Registry, rows: tuple[VersionRow, ...]) -> Iterator[VersionCheck]:
    known = {registry.folder(row) for row in rows}
    for folder in [folder for place in registry.places.values() for folder in _folders(place)]:
        if folder.name.startswith(_DRAFT):
            yield VersionCheck(folder.name, "draft", str(folder), "An unfinished draft of a run that died: remove it.")
        elif folder not in known:
            yield VersionCheck(f"{folder.parent.name}@{folder.name}", "unknown", str(folder), _stray(folder))


def _stray(folder: Path) -> str:
    try:
        read_bundle(folder)
    except BundleError as error:
        return f"Not in the registry: {error}"
    return "Not in the registry (a training that was cut short?): remove it."


def _folders(place: Path) -> Iterator[Path]:
    """The folders of versions in a place, and drafts at either level."""
    for path in sorted(place.glob("*")):
        if path.name.startswith(_DRAFT):
            yield path
        elif path.is_dir():
            yield from sorted(folder for folder in path.iterdir() if folder.is_dir())
