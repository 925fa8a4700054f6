"""Parts of a screen: all of them where there is room, else one at a time behind a line of their names."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from tui.widgets.headings import Headings


class Page(VerticalScroll, inherit_bindings=False):
    """A text that scrolls by up and down; left and right are the screen's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_up", "Scroll back", show=False),
        Binding("down,j", "scroll_down", "Scroll", show=False),
        Binding("pageup", "page_up", "Page before", show=False),
        Binding("pagedown,space", "page_down", "Next page", show=False),
        Binding("home", "scroll_home", "Top", show=False),
        Binding("end", "scroll_end", "End", show=False),
    ]


class Pane(Vertical):
    """One part with its name; `parts` are what it holds, the first of which takes the focus."""

    def __init__(self, name: str, *parts: Widget, id: str) -> None:  # noqa: A002 - the name that Textual uses
        super().__init__(Static(name, classes="title", markup=False), *parts, id=id)
        self.title = name

    def rename(self, name: str) -> None:
        """Say more than before in the title and on the line of names."""
        self.title = name
        self.query_one(".title", Static).update(name)
        next(one for one in self.ancestors if isinstance(one, Panes)).name_panes()

    def take_focus(self) -> None:
        """Focus what can be worked with."""
        inside = next((one for one in self.query("*") if one.focusable), None)
        if inside is not None:
            inside.focus()


class Panes(Container):
    """Several panes. With the class -all they are all shown, laid out by the stylesheet; else the current one."""

    def __init__(self, *panes: Pane, id: str) -> None:  # noqa: A002 - the name that Textual uses
        super().__init__(id=id)
        self._panes = panes
        self.current = panes[0]

    def compose(self) -> ComposeResult:
        """The line of names, the panes."""
        yield Headings(str(pane.id) for pane in self._panes)
        yield from self._panes

    def on_mount(self) -> None:
        """Begin with the first pane."""
        self.fit(roomy=False)

    def fit(self, *, roomy: bool) -> None:
        """Show all panes, or only the current one."""
        self.set_class(roomy, "-all")
        self.query_one(Headings).display = not roomy
        self.name_panes()
        for pane in self._panes:
            pane.display = roomy or pane is self.current
            pane.query_one(".title").display = roomy

    def name_panes(self) -> None:
        """Write the line of names."""
        self.query_one(Headings).show(str(self.current.id), {str(pane.id): pane.title for pane in self._panes})

    @on(Headings.Chosen)
    def _show_chosen(self, event: Headings.Chosen) -> None:
        event.stop()
        self.show(self.query_one(f"#{event.section}", Pane))

    def show(self, pane: Pane) -> None:
        """Bring a pane to the front and go into it."""
        self.current = pane
        self.fit(roomy=self.has_class("-all"))
        pane.take_focus()

    def turn(self, step: int) -> None:
        """Go to the next pane, or back by -1; after the last comes the first."""
        at = self._panes.index(self.current) + step
        self.show(self._panes[at % len(self._panes)])
