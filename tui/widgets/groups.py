"""Groups of sections: one at a time behind a row of names where the screen is narrow, side by side where it is wide."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Static


class Group(Vertical):
    """Sections that belong together, by their key and name; the current one is marked."""

    def __init__(self, key: str, name: str) -> None:
        super().__init__(id=key)
        self.title = name


class GroupName(Static):
    """The name of a group; a click goes there."""

    class Clicked(Message):
        """Somebody wants to see the group."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, key: str, name: str) -> None:
        super().__init__(markup=False)
        self.key = key
        self.title = name

    def show(self, *, current: bool, known: bool) -> None:
        """Put the current group's name in brackets; what there is nothing known of has none."""
        self.display = known
        self.set_class(current, "-current")
        self.update(f"[{self.title}]" if current else f" {self.title} ")

    def on_click(self) -> None:
        """Go there."""
        self.post_message(self.Clicked(self.key))


class GroupNames(Horizontal):
    """The names of all groups."""

    def __init__(self, names: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._names = names

    def compose(self) -> ComposeResult:
        """One after the other."""
        for key, name in self._names:
            yield GroupName(key, name)

    def show(self, current: str, known: Sequence[str]) -> None:
        """Say which group is current and of which there is something to see."""
        for name in self.query(GroupName):
            name.show(current=name.key == current, known=name.key in known)
