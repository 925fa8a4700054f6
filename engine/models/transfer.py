"""Model versions from one machine to another: a bundle as one zip file, checked whole before it is taken in."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

from engine.core.errors import BundleError, NoModelError
from engine.core.reports import ModelVersion
from engine.models.bundles import MANIFEST, Bundle, read_bundle
from engine.models.registry import Registry
from engine.models.tasks import model_in

LARGEST = 100_000_000
"""Bytes that the files of a bundle may have together."""
_MOST_FILES = 50
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_VERSION = re.compile(r"(0|[1-9][0-9]{0,5})(\.(0|[1-9][0-9]{0,5})){2}")
_CHUNK = 1 << 16


def export_version(registry: Registry, name: str, version: str, target: Path) -> Path:
    """Write a verified version to `target`, or into it where it is a folder; returns the file.

    Raises NoModelError, and BundleError for damaged files or a target that exists or cannot be written.
    """
    row = registry.row(name, version)
    bundle, _ = registry.verified(row)
    path = target / f"{name}-{version}.zip" if target.is_dir() else target
    try:
        with zipfile.ZipFile(path, "x", zipfile.ZIP_DEFLATED) as archive:
            archive.write(bundle.folder / MANIFEST, MANIFEST)
            for file, content in bundle.files.items():
                archive.writestr(file, content)
    except FileExistsError:
        raise BundleError(f"{path} exists already: name another file.") from None
    except OSError as error:
        raise BundleError(f"{path} cannot be written ({error.strerror}): name another place.") from error
    return path


def import_version(registry: Registry, path: Path) -> ModelVersion:
    """Take in an exported version as a candidate; one that is here already stays as it is.

    Nothing is taken in before hashes, features and model are checked. Raises BundleError that says what is wrong.
    """
    home = registry.places["home"]
    try:
        home.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=home))
    except OSError as error:
        raise BundleError(f"{home} cannot be written ({error.strerror}): free space or mend access.") from error
    try:
        _unpack(path, draft)
        bundle = read_bundle(draft)
        model_in(bundle)
        return _taken_in(registry, bundle)
    except OSError as error:
        raise BundleError(f"{path} cannot be unpacked ({error.strerror}): free space or mend access.") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _taken_in(registry: Registry, bundle: Bundle) -> ModelVersion:
    name, version = bundle.text_field("name"), bundle.text_field("version")
    if not _NAME.fullmatch(name) or not _VERSION.fullmatch(version):
        raise BundleError(f"'{name}@{version}' is not the name and number of a version: do not use this bundle.")
    try:
        known = registry.row(name, version)
    except NoModelError:
        known = None
    if known is not None and known.manifest != bundle.manifest:
        raise BundleError(f"Another {name}@{version} is registered here: versions never change, so this one stays out.")
    if known is not None:
        registry.verified(known)
        return registry.version(name, version)
    folder = registry.places["home"] / name / version
    if folder.exists():
        raise BundleError(f"{folder} is in the way and not registered: look at `nbabot models verify`, then remove it.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    bundle.folder.chmod(0o755)
    os.rename(bundle.folder, folder)
    return registry.register(read_bundle(folder), "home")


def _unpack(path: Path, folder: Path) -> None:
    """Write an archive's files into a folder: plain names only, no more than LARGEST bytes, whatever it claims."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > _MOST_FILES or MANIFEST not in archive.namelist():
                raise BundleError(f"{path} is not an exported nbabot model: export one with `nbabot models export`.")
            left = LARGEST
            for entry in entries:
                left = _copy(archive, entry, folder, left)
    except FileNotFoundError:
        raise BundleError(f"There is no file {path}: name one that `nbabot models export` wrote.") from None
    # zipfile raises each of these for a damaged or foreign archive
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise BundleError(f"{path} is no sound zip file ({error}): export the model again.") from error


def _copy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path, left: int) -> int:
    """Unpack one file; returns how many bytes the others may still have."""
    name = entry.filename
    if PurePosixPath(name).name != name or "\\" in name or name in ("", ".", "..") or (folder / name).exists():
        raise BundleError(f"The archive names a file outside itself or twice ('{name}'): do not use it.")
    with archive.open(entry) as source, (folder / name).open("xb") as target:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise BundleError(f"The archive holds more than {LARGEST // 10**6} MB: that is no nbabot model.")
            target.write(chunk)
    return left
