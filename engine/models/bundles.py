"""A model as files: a folder with `manifest.json` and the files it lists with their SHA-256.

A bundle holds data only, never code (no pickle), and is checked whole before anything in it is used.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine.core.errors import BundleError

FORMAT = 1
MANIFEST = "manifest.json"
_NEEDED = ("name", "version", "task", "family", "created", "contract", "files")


@dataclass(frozen=True, slots=True)
class Bundle:
    """A verified bundle: its manifest, and the content of each file by name."""

    folder: Path
    manifest: dict[str, object]
    files: dict[str, bytes]

    def text_field(self, key: str) -> str:
        """A manifest entry that is text. Raises BundleError when it is anything else."""
        value = self.manifest.get(key)
        if not isinstance(value, str):
            raise BundleError(f"{self.folder} has no usable '{key}' in its manifest: {_ADVICE}")
        return value

    @property
    def created(self) -> datetime:
        """When the version was made."""
        try:
            return datetime.fromisoformat(self.text_field("created"))
        except ValueError:
            raise BundleError(f"{self.folder} has no usable date in its manifest: {_ADVICE}") from None


_ADVICE = "reinstall nbabot if it was shipped, else train a new version (`nbabot train --help`)."


def write_bundle(folder: Path, manifest: Mapping[str, object], files: Mapping[str, bytes]) -> None:
    """Write a bundle so that the folder is there whole or not at all. Raises BundleError if it exists already."""
    if folder.exists():
        raise BundleError(f"{folder} exists already: versions never change, so choose a new version number.")
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    whole = {"format": FORMAT, **manifest, "files": hashes}
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder.parent))
        try:
            for name, content in {**files, MANIFEST: (json.dumps(whole, indent=1) + "\n").encode()}.items():
                (draft / name).write_bytes(content)
            draft.chmod(0o755)
            os.rename(draft, folder)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
    except OSError as error:
        raise BundleError(
            f"{folder} cannot be written ({error.strerror}): free space or mend access, then retry."
        ) from error


def read_bundle(folder: Path) -> Bundle:
    """Read and verify a bundle. Raises BundleError that says what is wrong: missing, altered, foreign or too new."""
    manifest = _manifest(folder)
    found: dict[str, bytes] = {}
    listed = manifest["files"]
    if not isinstance(listed, dict) or not listed:
        raise BundleError(f"{folder} lists no files: {_ADVICE}")
    for name, digest in listed.items():
        if Path(name).name != name or "\0" in name:
            raise BundleError(f"{folder} names a file outside itself ('{name}'): do not use this bundle.")
        found[name] = _bytes(folder / name)
        if hashlib.sha256(found[name]).hexdigest() != digest:
            raise BundleError(f"{folder / name} is not the file that was saved (its SHA-256 differs): {_ADVICE}")
    return Bundle(folder, manifest, found)


def _manifest(folder: Path) -> dict[str, object]:
    try:
        manifest = json.loads(_bytes(folder / MANIFEST))
    except (ValueError, RecursionError):
        raise BundleError(f"{folder / MANIFEST} is not JSON: {_ADVICE}") from None
    if not isinstance(manifest, dict) or any(key not in manifest for key in _NEEDED):
        raise BundleError(f"{folder} is not an nbabot model bundle: {_ADVICE}")
    if manifest.get("format") != FORMAT:
        raise BundleError(
            f"{folder} has bundle format {manifest.get('format')!r}, this nbabot reads {FORMAT}: upgrade nbabot."
        )
    return manifest


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise BundleError(f"{path} is missing: {_ADVICE}") from None
    except OSError as error:
        raise BundleError(f"{path} cannot be read ({error.strerror}): mend its access rights.") from error
