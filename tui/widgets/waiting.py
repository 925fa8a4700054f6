"""A text that says what is being worked on, and for how long."""

from __future__ import annotations

import time

from textual.widgets import Static


class Waiting(Static):
    """Counts the seconds until it is told what was found."""

    def __init__(self, text: str, id: str) -> None:  # noqa: A002 - the name that Textual uses
        super().__init__(f"{text} ...", id=id, markup=False)
        self._text = text

    def on_mount(self) -> None:
        """Start to count."""
        self._began = time.monotonic()
        self._ticking = self.set_interval(1, self._tick)

    def done(self) -> None:
        """Count no further: what was waited for is there."""
        self._ticking.stop()
        self.display = False

    def _tick(self) -> None:
        self.update(f"{self._text} ... {time.monotonic() - self._began:.0f} s")
