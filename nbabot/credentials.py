"""Reading what must never be shown: a secret stands in a variable or in a file of its own, and in no message."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.core.errors import StateError

_ONE_WORD = re.compile(r"[!-~]{1,200}")


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret's `name` ("Discord token"), the `kind` of file and the variables that hold it, the first first.

    `advice` says where it goes, as in "set DISCORD_TOKEN, or name a file ...". `error` is what is raised.
    """

    name: str
    kind: str
    variables: tuple[str, ...]
    advice: str
    error: Callable[[str], StateError]

    def read(self, file: Path | None) -> str | None:
        """The secret from its variables, else from `file`; None where neither is there. Raises `error`."""
        for name in self.variables:
            if found := os.environ.get(name, "").strip():
                return self._checked(found, f"the variable {name}")
        if file is None:
            return None
        try:
            with file.open(encoding="utf-8") as opened:
                found = opened.read(1000).strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not text"
            raise self.error(f"The {self.kind} file {file} cannot be read ({reason}): {self.advice}.") from error
        if not found:
            raise self.error(f"The {self.kind} file {file} is empty: paste the {self.name} into it.")
        return self._checked(found, f"the file {file}")

    def _checked(self, found: str, where: str) -> str:
        if not _ONE_WORD.fullmatch(found):
            raise self.error(f"What {where} holds is not a {self.name}: copy it again, as one line of its own.")
        return found
