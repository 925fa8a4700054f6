"""The stats of a player's forecast, of which one is chosen."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from tui.widgets.table import Table


class StatTable(Table, inherit_bindings=False):
    """Up and down choose a stat; all other keys are the screen's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "cursor_up", "Up", show=False),
        Binding("down,j", "cursor_down", "Down", show=False),
    ]
