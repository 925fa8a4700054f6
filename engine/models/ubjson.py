"""Reading UBJSON (draft 12, ubjson.org), the binary JSON in which XGBoost saves models, in plain Python.

Importing XGBoost takes over a second and its own reader ends the process over some damaged files; a forecast must wait
for neither.
"""

from __future__ import annotations

import struct
import sys
from array import array
from typing import Any

from engine.models.numbers import unusable

_FIXED = {b"i": "b", b"U": "B", b"I": "h", b"l": "i", b"L": "q", b"d": "f", b"D": "d"}
"""Number markers and their struct codes."""
_CONSTANTS = {b"Z": None, b"T": True, b"F": False}
_DEEPEST = 64


def read_ubjson(raw: bytes) -> Any:
    """The value that the bytes hold. Raises BundleError when they hold none, or more than one."""
    reader = _Reader(raw)
    try:
        value = reader.value(reader.take(1), 0)
    except (struct.error, UnicodeDecodeError, OverflowError, MemoryError) as error:
        raise unusable("its trees are no UBJSON") from error
    if reader.place != len(raw):
        raise unusable("its trees are followed by something else")
    return value


class _Reader:
    """Walks through the bytes; `place` is where it stands."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self.place = 0

    def take(self, count: int) -> bytes:
        found = self._raw[self.place : self.place + count]
        if count < 0 or len(found) < count:
            raise unusable("its trees end in the middle")
        self.place += count
        return found

    def value(self, marker: bytes, depth: int) -> Any:
        if depth > _DEEPEST:
            raise unusable("its trees are no UBJSON")
        if marker in _FIXED:
            return self._number(_FIXED[marker])
        if marker in _CONSTANTS:
            return _CONSTANTS[marker]
        if marker == b"S":
            return self._text()
        if marker == b"[":
            return self._array(depth)
        if marker == b"{":
            return self._object(depth)
        raise unusable("its trees are no UBJSON")

    def _number(self, code: str) -> int | float:
        found: int | float = struct.unpack(f">{code}", self.take(struct.calcsize(f">{code}")))[0]
        return found

    def _length(self) -> int:
        length = self.value(self.take(1), _DEEPEST)
        if not isinstance(length, int):
            raise unusable("its trees are no UBJSON")
        return length

    def _text(self) -> str:
        return self.take(self._length()).decode()

    def _array(self, depth: int) -> list[Any]:
        marker = self.take(1)
        if marker == b"$":
            return self._numbers(self.take(1))
        if marker == b"#":
            return [self.value(self.take(1), depth + 1) for _ in range(self._length())]
        found = []
        while marker != b"]":
            found.append(self.value(marker, depth + 1))
            marker = self.take(1)
        return found

    def _numbers(self, marker: bytes) -> list[Any]:
        """An array of numbers of one kind, back to back."""
        if marker not in _FIXED or self.take(1) != b"#":
            raise unusable("its trees are no UBJSON")
        found = array(_FIXED[marker])
        found.frombytes(self.take(self._length() * found.itemsize))
        if sys.byteorder == "little":
            found.byteswap()
        return found.tolist()

    def _object(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while (marker := self.take(1)) != b"}":
            self.place -= len(marker)
            key = self._text()
            found[key] = self.value(self.take(1), depth + 1)
        return found
