"""How forecasts of games under way have fared, as a renderable: by the time that was left, and at half-time."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table as Grid
from rich.text import Text

from engine.core import words
from engine.core.live_games import LiveBand, LiveRecord
from tui.widgets import text as texts

_HEADS = ("minutes left", "forecasts", "log loss", "Brier", "miss", "in 80%", "in 95%")


@dataclass(frozen=True, slots=True)
class LiveFigures:
    """A row for each span of the time left; nothing where no forecast is graded."""

    record: LiveRecord

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Whose forecasts, of how many games, how they fared; then the margins at half-time."""
        found = self.record
        if not found.bands or found.first_day is None or found.last_day is None:
            return
        yield Text("Games under way", style="bold")
        days = f"{words.short_day(found.first_day)} to {words.short_day(found.last_day)}"
        yield Text(f"{found.model}: {texts.plural(found.games, 'game')}, {days}")
        grid = Grid.grid(padding=(0, 2, 0, 0))
        grid.add_column(no_wrap=True)
        for _ in _HEADS[1:]:
            grid.add_column(justify="right", no_wrap=True)
        grid.add_row(*(Text(head, style="dim") for head in _HEADS))
        for one in reversed(found.bands):
            grid.add_row(*_band(one))
        if (half := found.halftime) is not None:
            shares = (f"{share:.0%}" for share in (half.share_80, half.share_95))
            grid.add_row("half-time margin", f"{half.n:,}", "", "", f"{half.margin_mae:.1f}", *shares)
        yield grid
        yield Text("miss: of the final margin, points, on average", style="dim")


def _band(one: LiveBand) -> tuple[str, ...]:
    low, high = one.left
    left = f"{high // 60} to {low // 60}" if low else f"{high // 60} to 0, overtime"
    losses = (f"{one.log_loss:.3f}", f"{one.brier:.3f}", f"{one.margin_mae:.1f}")
    return left, f"{one.n:,}", *losses, f"{one.share_80:.0%}", f"{one.share_95:.0%}"
