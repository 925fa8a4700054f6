"""A backup as a file: a zip archive that begins with a manifest of all that is in it.

Nothing of an archive is believed: only plain files that its manifest lists, at the size and with the SHA-256 that it
states, are unpacked, and never beyond LARGEST bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.core.backups import Backup
from engine.core.errors import BackupError
from engine.core.progress import Progress, silent

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "nbabot.db"
LARGEST = 64 * 2**30
"""Bytes that an archive may unpack to: a century of seasons."""
_MOST_FILES, _LONGEST_MANIFEST = 50_000, 32 * 2**20
_CHUNK = 1 << 20
_NAMES = re.compile(r"nbabot\.db|models/[a-z0-9][a-z0-9-]{0,63}/[0-9.]{5,20}/[a-z0-9][a-z0-9_-]{0,63}\.[a-z0-9]{2,8}")
"""The database, and the files of model versions: `models/NAME/VERSION/FILE`."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One file in an archive."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds; see `engine.core.backups.Backup`."""

    moment: datetime
    program: str
    schema: int
    counts: Mapping[str, int]
    files: Mapping[str, Stored]

    def backup(self, path: Path) -> Backup:
        """The same for those who only want to know."""
        folders = sorted({tuple(name.split("/")[1:3]) for name in self.files if name != DATABASE})
        return Backup(
            path=str(path),
            moment=self.moment,
            program=self.program,
            schema=self.schema,
            counts=self.counts,
            models=tuple("@".join(folder) for folder in folders),
            size=path.stat().st_size,
            unpacked=sum(stored.size for stored in self.files.values()),
        )


def described(path: Path) -> Stored:
    """Size and hash of a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Stored(file.tell(), digest)


def holds(name: str) -> bool:
    """Whether a file of this name belongs in an archive."""
    return _NAMES.fullmatch(name) is not None and ".." not in name


def pack(target: Path, manifest: Manifest, sources: Mapping[str, Path], progress: Progress = silent) -> None:
    """Write a new archive that only this user may read. Raises OSError, and BackupError for a file that has changed."""
    total = sum(stored.size for stored in manifest.files.values())
    done = 0
    target.touch(mode=0o600, exist_ok=False)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, json.dumps(_plain(manifest), indent=1))
        for name, source in sources.items():
            digest = hashlib.sha256()
            with source.open("rb") as file, archive.open(name, "w", force_zip64=True) as entry:
                while chunk := file.read(_CHUNK):
                    entry.write(chunk)
                    digest.update(chunk)
                    done += len(chunk)
                    progress("pack", done, total)
            if digest.hexdigest() != manifest.files[name].sha256:
                raise BackupError(f"{source} changed while it was saved: run nbabot backup again.")


def read_manifest(path: Path) -> Manifest:
    """What an archive says that it holds. Raises BackupError."""
    with _opened(path) as archive:
        return _manifest(archive, path)


def unpack(path: Path, folder: Path, progress: Progress = silent) -> Manifest:
    """Write the files of an archive into an empty folder, each one checked. Raises BackupError; OSError of writing."""
    with _opened(path) as archive:
        manifest = _manifest(archive, path)
        entries = {entry.filename: entry for entry in archive.infolist()}
        if len(entries) != len(archive.infolist()) or entries.keys() != {MANIFEST, *manifest.files}:
            raise BackupError(f"{path} does not hold what its manifest lists: use another backup.")
        total = sum(stored.size for stored in manifest.files.values())
        done = 0
        for name, stored in manifest.files.items():
            _unpack_one(archive, entries[name], stored, folder / name)
            done += stored.size
            progress("unpack", done, total)
        return manifest


def _unpack_one(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, stored: Stored, target: Path) -> None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if entry.file_size != stored.size or kind not in (0, stat.S_IFREG):
        raise BackupError(f"{archive.filename} holds '{entry.filename}' in another form than listed: do not use it.")
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, left = hashlib.sha256(), stored.size
    with archive.open(entry) as source, target.open("xb") as file:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                break
            digest.update(chunk)
            file.write(chunk)
    if left or digest.hexdigest() != stored.sha256:
        raise BackupError(
            f"{archive.filename} was altered: '{entry.filename}' is not what was saved; use another backup."
        )


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """An archive to read from; what is wrong with it as a zip file is told in one sentence."""
    try:
        try:
            archive = zipfile.ZipFile(path)
        except FileNotFoundError:
            raise BackupError(f"There is no file {path}: name one that nbabot backup wrote.") from None
        except OSError as error:
            raise BackupError(f"{path} cannot be read ({error.strerror}): name a file that you may read.") from error
        with archive:
            yield archive
    # zipfile raises each of these for a damaged or foreign archive, while members are read too
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        reason = str(error).rstrip(".").lower() or "it ends too soon"
        raise BackupError(f"{path} is torn or no backup ({reason}): use another one.") from error


def _manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    foreign = BackupError(f"{path} is not a backup of nbabot: name a file that nbabot backup wrote.")
    try:
        entry = archive.getinfo(MANIFEST)
        if entry.file_size > _LONGEST_MANIFEST:
            raise foreign
        values = json.loads(archive.read(entry))
        if values["format"] != FORMAT:
            raise BackupError(f"{path} was made by another nbabot (backup format {values['format']}): upgrade nbabot.")
        manifest = _from_plain(values)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise foreign from None
    _refuse_strange_files(manifest, path)
    return manifest


def _refuse_strange_files(manifest: Manifest, path: Path) -> None:
    """No name leads out of the folder, no size is beyond reason."""
    strange = next((name for name in manifest.files if not holds(name)), None)
    if strange is not None:
        raise BackupError(f"{path} holds a file that no backup holds ('{strange}'): do not use it.")
    sizes = [stored.size for stored in manifest.files.values()]
    if DATABASE not in manifest.files or len(sizes) > _MOST_FILES or min(sizes) < 0 or sum(sizes) > LARGEST:
        raise BackupError(f"{path} states sizes that no backup has: do not use it.")


def _plain(manifest: Manifest) -> dict[str, Any]:
    files = {name: {"size": stored.size, "sha256": stored.sha256} for name, stored in manifest.files.items()}
    return {
        "format": FORMAT,
        "moment": manifest.moment.isoformat(),
        "program": manifest.program,
        "schema": manifest.schema,
        "counts": dict(manifest.counts),
        "files": files,
    }


def _from_plain(values: Mapping[str, Any]) -> Manifest:
    """The manifest in JSON. Raises KeyError, TypeError, ValueError or AttributeError for any other JSON."""
    files = {str(name): Stored(int(one["size"]), str(one["sha256"])) for name, one in values["files"].items()}
    return Manifest(
        moment=datetime.fromisoformat(values["moment"]),
        program=str(values["program"]),
        schema=int(values["schema"]),
        counts={str(name): int(count) for name, count in values["counts"].items()},
        files=files,
    )
