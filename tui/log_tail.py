"""The end of the log file, read as it grows: one JSON object a line, rotated when it is large."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

LEVELS = ("debug", "info", "warning", "error")
"""The mildest first; critical counts as error."""
_FIRST_BYTES, _MOST_BYTES = 64 * 1024, 256 * 1024
"""How much is read of a file at first, and at once."""
_KNOWN = {"timestamp", "level", "event", "logger", "exception"}


@dataclass(frozen=True, slots=True)
class LogLine:
    """One event: when (None where it does not say), how bad (one of LEVELS), and what, with everything it carries."""

    moment: datetime | None
    level: str
    text: str

    @property
    def rank(self) -> int:
        """0 for the mildest."""
        return LEVELS.index(self.level)


class LogTail:
    """Reads what was added to a log file since the last look, beginning near its end. Not to be shared by threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = 0
        self._place = -1

    def new(self) -> tuple[LogLine, ...]:
        """The events since the last look; none while there is no file. Raises OSError for one that cannot be read."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return ()
        first = self._place < 0
        if first:
            self._place = max(0, found.st_size - _FIRST_BYTES)
        elif found.st_ino != self._file or found.st_size < self._place:
            self._place = 0
        self._file = found.st_ino
        with self.path.open("rb") as file:
            file.seek(self._place)
            taken = file.read(_MOST_BYTES)
        whole = taken[: taken.rfind(b"\n") + 1] or (taken if len(taken) == _MOST_BYTES else b"")
        lines = whole.splitlines()[1 if first and self._place else 0 :]
        self._place += len(whole)
        return tuple(_parsed(lines))


def _parsed(lines: list[bytes]) -> Iterator[LogLine]:
    for line in lines:
        text = line.decode("utf-8", "replace")
        try:
            event = json.loads(text)
        except ValueError:
            event = None
        yield _event(event) if isinstance(event, dict) else LogLine(None, "info", text)


def _event(event: dict[str, object]) -> LogLine:
    level = str(event.get("level", "info")).lower()
    others = " ".join(f"{key}={value}" for key, value in event.items() if key not in _KNOWN)
    trace = f"\n{event['exception']}" if event.get("exception") else ""
    try:
        moment = datetime.fromisoformat(str(event.get("timestamp")))
    except ValueError:
        moment = None
    return LogLine(moment, level if level in LEVELS else "error", f"{event.get('event', '')} {others}".strip() + trace)
