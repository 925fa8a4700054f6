"""The archive of raw payloads: what each feed sent, as it came, compressed, for as long as it may be of use.

    <folder>/<host>/<kind>/<UTC moment>~<key>.json.gz

`kind` names the parser that reads the payload and `key` what was asked for, so that a kept payload can be read again.
"""

from __future__ import annotations

import gzip
import os
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.core.errors import SourceError

_STAMP = "%Y%m%dT%H%M%S%fZ"
_NAME = re.compile(r"(?P<stamp>\d{8}T\d{12}Z)~(?P<key>[\w.-]*?)\.(?P<suffix>[a-z]+)\.gz")
_LONGEST_KEY = 100


@dataclass(frozen=True, slots=True)
class RawPayload:
    """One kept payload: who sent it, for which parser, what was asked for, and when it came (UTC)."""

    path: Path
    host: str
    kind: str
    key: str
    fetched: datetime


class RawArchive:
    """Payloads below one folder. Every error is a SourceError."""

    def __init__(self, folder: Path, keep_days: int = 14) -> None:
        self._folder = folder
        self._keep = timedelta(days=keep_days)

    def keep(self, host: str, kind: str, key: str, body: bytes, fetched: datetime, suffix: str = "json") -> Path:
        """Write a payload whole or not at all; returns its path."""
        safe = re.sub(r"[^A-Za-z0-9._-]+", "-", key)[:_LONGEST_KEY]
        path = self._folder / host / kind / f"{fetched.astimezone(UTC):{_STAMP}}~{safe}.{suffix}.gz"
        partial = path.with_suffix(f".{os.getpid()}.part")
        with _translated(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                partial.write_bytes(gzip.compress(body, 6))
                partial.replace(path)
            finally:
                partial.unlink(missing_ok=True)
        return path

    def payloads(self, host: str | None = None, kind: str | None = None) -> tuple[RawPayload, ...]:
        """What is kept, oldest first; only of one host or kind where named."""
        with _translated(self._folder):
            found = [self._payload(path) for path in self._folder.glob(f"{host or '*'}/{kind or '*'}/*.gz")]
        return tuple(sorted((one for one in found if one), key=lambda one: (one.fetched, one.path)))

    def read(self, payload: RawPayload) -> bytes:
        """The payload as it came."""
        with _translated(payload.path):
            return gzip.decompress(payload.path.read_bytes())

    def prune(self, now: datetime) -> int:
        """Delete what is older than the archive keeps, and leftovers of cut-off writes; returns how many payloads."""
        old = [one for one in self.payloads() if one.fetched < now - self._keep]
        with _translated(self._folder):
            for payload in old:
                payload.path.unlink(missing_ok=True)
            for leftover in self._folder.glob("*/*/*.part"):
                with suppress(FileNotFoundError):
                    if leftover.stat().st_mtime < (now - timedelta(days=1)).timestamp():
                        leftover.unlink()
        return len(old)

    def _payload(self, path: Path) -> RawPayload | None:
        match = _NAME.fullmatch(path.name)
        if match is None:
            return None
        fetched = datetime.strptime(match["stamp"], _STAMP).replace(tzinfo=UTC)
        return RawPayload(path, path.parent.parent.name, path.parent.name, match["key"], fetched)


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise SourceError(f"{path} is damaged: delete it.") from error
    except OSError as error:
        reason = error.strerror or error
        raise SourceError(f"{path} cannot be used ({reason}): make room, or check its access rights.") from error
