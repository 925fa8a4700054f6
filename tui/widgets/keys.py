"""The line below every screen: the keys that do something now, as one widget, so that a new screen paints at once."""

from __future__ import annotations

from typing import Any

from textual.binding import ActiveBinding, Binding
from textual.content import Content
from textual.events import Click
from textual.screen import Screen
from textual.widget import Widget

GAP = 2
"""Cells between two keys."""
_EVERYWHERE = {binding.action for binding in Screen.BINDINGS if isinstance(binding, Binding)}
"""What every Textual screen offers, such as moving the focus: left out."""
_ALWAYS = {"help", "command_palette"}
"""What leads to every key that there is no room for."""


def described(screen: Screen[Any]) -> list[ActiveBinding]:
    """What can be done now, in words: the screen's own keys, the focused widget's, those that work anywhere."""
    found = [
        one
        for one in screen.active_bindings.values()
        if one.binding.description and not one.binding.system and one.binding.action not in _EVERYWHERE
    ]
    return sorted(found, key=lambda one: (one.node is screen.app, one.node is not screen))


class KeyBar(Widget):
    """Keys of the screen, help and palette at the right; what does not fit is left out whole. Keys can be clicked."""

    def __init__(self) -> None:
        super().__init__()
        self._offered: tuple[Binding, ...] = ()

    def on_mount(self) -> None:
        """Follow the screen's bindings."""
        self.screen.bindings_updated_signal.subscribe(self, self._take_over)

    def _take_over(self, screen: Screen[Any]) -> None:
        active = [one.binding for one in self.screen.active_bindings.values()]
        offered = {one.action: one for one in reversed(active) if one.description and self._is_offered(one)}
        bindings = tuple(offered.values())[::-1]
        if screen is self.screen and bindings != self._offered:
            self._offered = bindings
            self.refresh()

    def _is_offered(self, binding: Binding) -> bool:
        return binding.show or self._is_palette(binding)

    def _is_palette(self, binding: Binding) -> bool:
        return binding.key == self.app.COMMAND_PALETTE_BINDING

    def _layout(self) -> list[tuple[int, Binding]]:
        """The keys that fit, each with the cell where it begins."""
        last = [binding for binding in self._offered if binding.action in _ALWAYS]
        end = self.size.width - sum(self._width(binding) for binding in last)
        laid, cell = [], 0
        for binding in self._offered:
            if binding not in last and cell + self._width(binding) <= end:
                laid.append((cell, binding))
                cell += self._width(binding)
        for binding in last:
            laid.append((end, binding))
            end += self._width(binding)
        return laid

    def _width(self, binding: Binding) -> int:
        return len(self.app.get_key_display(binding)) + 1 + len(binding.description) + GAP

    def render(self) -> Content:
        """Keys from the left as far as there is room, help and palette at the right end."""
        line = Content("")
        for cell, binding in self._layout():
            line += Content(" " * (cell - len(line)))
            key, words = self.app.get_key_display(binding), binding.description
            line += Content.from_markup(" [b $footer-key-foreground]$key[/] $words ", key=key, words=words)
        return line

    def on_click(self, event: Click) -> None:
        """A click on a key presses it."""
        for cell, binding in self._layout():
            if cell <= event.x < cell + self._width(binding):
                self.app.simulate_key(binding.key)
