"""A text drawn from records, which is the same as another when its records are: what has not changed is not painted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult


@dataclass(frozen=True)
class Drawn:
    """What `draw` makes of `records`, drawn when it is shown."""

    draw: Callable[..., RenderableType]
    records: tuple[Any, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The text."""
        yield self.draw(*self.records)
