"""What the screens of all places share: title bar above, keys below, the status between two looks."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult

from tui.messages import AlertsSeen, StandingRead
from tui.screens.asking import AskingScreen
from tui.widgets.keys import KeyBar
from tui.widgets.title import TitleBar


class EngineScreen(AskingScreen[str]):
    """A screen on an engine: title bar above, keys below, contents by `contents`, questions by `ask`.

    Subclasses ask their questions in `reload`, which the app repeats every few seconds, and drop answers to questions
    that no longer matter. A screen that is left says what it showed last.
    """

    NAME = ""
    """Mode that the title bar marks as current."""
    ABOUT = ""
    """What the screen is for, in the words of the help screen."""

    def compose(self) -> ComposeResult:
        """Title, contents, keys."""
        yield TitleBar(self.NAME)
        yield from self.contents()
        yield KeyBar()

    def contents(self) -> ComposeResult:
        """What stands between the title bar and the keys."""
        yield from ()

    def reload(self) -> None:
        """Ask again for everything on the screen; questions still open are not asked twice."""
        engine = self.engine
        self.ask("standing", None, lambda: StandingRead(engine.now(), engine.simulated, engine.alerts.open()))

    def follow(self) -> None:
        """Ask again for games under way only: the feed has just shown something new of them."""

    def on_screen_resume(self) -> None:
        """Whatever changed while another screen was in front is asked for at once."""
        self.reload()

    @on(StandingRead)
    def _show_standing(self, message: StandingRead) -> None:
        self.answered("standing")
        self.query_one(TitleBar).show(message.as_of, simulated=message.simulated)
        self.app.post_message(AlertsSeen(message.alerts))
