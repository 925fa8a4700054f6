"""The line below every screen: the keys that do something now, as one widget, so that a new screen paints at once."""

from __future__ import annotations

from typing import Any

from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

GAP = 2
"""Cells between two keys."""


class KeyBar(Widget):
    """Keys of the screen, the palette's at the right; what does not fit is left out whole. Keys can be clicked."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Binding, ...] = ()

    def on_mount(self) -> None:
        """Follow the screen's bindings."""
        self.screen.bindings_updated_signal.subscribe(self, self._take_over)

    def _take_over(self, screen: Screen[Any]) -> None:
        active = [one.binding for one in self.screen.active_bindings.values()]
        shown = tuple({one.action: one for one in reversed(active) if one.show or self._is_palette(one)}.values())[::-1]
        if screen is self.screen and shown != self._shown:
            self._shown = shown
            self.refresh()

    def _is_palette(self, binding: Binding) -> bool:
        return binding.key == self.app.COMMAND_PALETTE_BINDING

    def render(self) -> Content:
        """Keys from the left as far as there is room, the palette at the right end."""
        items = [(self.app.get_key_display(one), one) for one in self._shown if one.description]
        right = [item for item in items if self._is_palette(item[1])]
        room = self.size.width - sum(_width(*item) for item in right)
        parts: list[Content] = []
        for item in items:
            if item not in right and _width(*item) <= room:
                parts.append(_part(*item))
                room -= _width(*item)
        return Content("").join([*parts, Content(" " * max(room, 0)), *(_part(*item) for item in right)])


def _width(key: str, binding: Binding) -> int:
    return len(key) + 1 + len(binding.description) + GAP


def _part(key: str, binding: Binding) -> Content:
    template = f"[@click=app.simulate_key('{binding.key}')] [b $footer-key-foreground]$key[/] $description [/]"
    return Content.from_markup(template, key=key, description=binding.description)
