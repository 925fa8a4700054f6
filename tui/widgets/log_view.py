"""Events of the log as they come, from a level on."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.widgets import RichLog

from tui.log_tail import LEVELS, LogLine
from tui.widgets.job_rows import log_text

KEPT = 2000
"""Events held for another choice of the level."""


class LogView(RichLog, inherit_bindings=False):
    """The newest events at the end, which is followed unless one has scrolled back; left and right are the screen's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_up", "Scroll back", show=False),
        Binding("down,j", "scroll_down", "Scroll", show=False),
        Binding("pageup", "page_up", "Page before", show=False),
        Binding("pagedown,space", "page_down", "Next page", show=False),
        Binding("home", "scroll_home", "Oldest", show=False),
        Binding("end", "scroll_end", "Newest", show=False),
    ]

    def __init__(self, id: str) -> None:  # noqa: A002 - the name that Textual uses
        super().__init__(id=id, wrap=True, markup=False, min_width=1, max_lines=KEPT)
        self._events: deque[LogLine] = deque(maxlen=KEPT)
        self._wide = 0
        self.level = "info"

    def add(self, lines: Iterable[LogLine]) -> None:
        """Show more events."""
        new = list(lines)
        self._events += new
        self._show(new)

    def choose(self, level: str) -> None:
        """Show events of a level and worse only."""
        self.level = level
        self._show_anew()

    def on_resize(self, event: Resize) -> None:
        """Wrap anew at another width."""
        super().on_resize(event)
        if self.size.width != self._wide:
            self._wide = self.size.width
            self._show_anew()

    def _show_anew(self) -> None:
        self.clear()
        self._show(self._events)

    def _show(self, lines: Iterable[LogLine]) -> None:
        follow = self.is_vertical_scroll_end
        least = LEVELS.index(self.level)
        for line in lines:
            if line.rank >= least:
                self.write(log_text(line), width=self.scrollable_content_region.width, scroll_end=follow)
