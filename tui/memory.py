"""What the terminal UI remembers from one run to the next: where one was, and the theme."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Remembered:
    """The place (a mode of the app) and the theme by name; empty where nothing is remembered."""

    place: str = ""
    theme: str = ""


class Memory:
    """A small JSON file; without a path nothing is remembered. A file that cannot be read or written is ignored."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.content = Remembered()

    def read(self) -> Remembered:
        """What the last run left; the usual where there is nothing, or no sense in it."""
        try:
            found = json.loads(self._path.read_bytes()) if self._path else {}
        except (OSError, ValueError):
            found = {}
        known = {one.name for one in fields(Remembered)}
        texts = found.items() if isinstance(found, dict) else ()
        self.content = Remembered(**{key: value for key, value in texts if key in known and isinstance(value, str)})
        return self.content

    def write(self, content: Remembered) -> None:
        """Keep it, whole or not at all."""
        if self._path is None or content == self.content:
            return
        self.content = content
        draft = self._path.with_suffix(".new")
        try:
            draft.write_text(json.dumps(asdict(content)))
            os.replace(draft, self._path)
        except OSError as error:
            log.warning("place_not_remembered", reason=str(error))
