"""The headings of a screen's sections in one line: the current one in brackets, each can be clicked."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import Click
from textual.message import Message
from textual.widgets import Static


class Heading(Static):
    """One heading."""

    def __init__(self, section: str) -> None:
        super().__init__("", markup=False)
        self.section = section

    def on_click(self, event: Click) -> None:
        """Go to the section."""
        event.stop()
        self.post_message(Headings.Chosen(self.section))

    def say(self, text: str, *, current: bool) -> None:
        """Show the text, in brackets where one is."""
        said = f"[{text}]" if current else f" {text} "
        if self.content != said:
            self.update(said)
        self.set_class(current, "-current")


class Headings(Horizontal):
    """The line of headings."""

    class Chosen(Message):
        """A heading was clicked."""

        def __init__(self, section: str) -> None:
            super().__init__()
            self.section = section

    def __init__(self, sections: Iterable[str]) -> None:
        super().__init__()
        self._sections = tuple(sections)

    def compose(self) -> ComposeResult:
        """From left to right."""
        yield from (Heading(section) for section in self._sections)

    def show(self, current: str, said: dict[str, str]) -> None:
        """Say what each section is called now, and which one is the current; one that has no name is left out."""
        for heading in self.query(Heading):
            heading.display = heading.section in said
            if heading.display:
                heading.say(said[heading.section], current=heading.section == current)
