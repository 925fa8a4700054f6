"""The one way in which a screen talks to the engine: ask in a thread, be told by a message."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from rich.console import RenderableType
from textual import on
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Digits, Static
from textual.worker import get_current_worker

from engine.core.errors import NbabotError
from engine.engine import Engine
from tui.messages import AlertsSeen, Answer, QuestionFailed, StatusRead
from tui.widgets.keys import KeyBar
from tui.widgets.title import TitleBar

log = structlog.get_logger(__name__)


class EngineScreen(Screen[str]):
    """A screen on an engine: title bar above, keys below, contents by `contents`, questions by `ask`.

    Every call of the engine runs in a worker thread and comes back as a message, so no key press ever waits and
    widgets are touched only in handlers. Subclasses ask their questions in `reload`, which the app repeats every few
    seconds, and drop answers to questions that no longer matter. A screen that is left says what it showed last.
    """

    NAME = ""
    """Mode that the title bar marks as current."""
    ABOUT = ""
    """What the screen is for, in the words of the help screen."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine = engine
        self._told: dict[str, str] = {}
        self._written: dict[str, RenderableType] = {}

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
        self.ask("status", None, lambda: StatusRead(self.engine.status(), self.engine.alerts.open()))

    def on_screen_resume(self) -> None:
        """Whatever changed while another screen was in front is asked for at once."""
        self.reload()

    def ask(self, topic: str, asked: object, question: Callable[[], Answer], *, anew: bool = False) -> None:
        """Answer `question` in a thread and post what it returns, or QuestionFailed(topic, asked).

        While a question on the topic is open, another one is left out, or with `anew` takes its place.
        """
        if not anew and self.is_asking(topic):
            return
        self.run_worker(
            lambda: self._answer(topic, asked, question),
            group=topic,
            thread=True,
            exclusive=True,
            exit_on_error=False,
        )

    def is_asking(self, topic: str) -> bool:
        """Whether a question on the topic is open."""
        return any(
            worker.node is self and worker.group == topic and not worker.is_finished for worker in self.app.workers
        )

    def _answer(self, topic: str, asked: object, question: Callable[[], Answer]) -> None:
        worker = get_current_worker()
        answer: Answer
        try:
            answer = question()
        except NbabotError as error:
            answer = QuestionFailed(topic, asked, str(error))
        except Exception as error:
            log.exception("question_failed", topic=topic)
            kind = type(error).__name__
            answer = QuestionFailed(topic, asked, f"Something unexpected went wrong ({kind}: {error}); see the log.")
        if not worker.is_cancelled:
            self.post_message(answer)

    @on(StatusRead)
    def _show_status(self, message: StatusRead) -> None:
        self.answered("status")
        self.query_one(TitleBar).show(message.status.as_of, simulated=message.status.simulated)
        self.app.post_message(AlertsSeen(message.alerts))

    @on(QuestionFailed)
    def _tell(self, message: QuestionFailed) -> None:
        if message.sentence not in self._told.values():
            self.notify(message.sentence, severity="error", timeout=8, markup=False)
        self._told[message.topic] = message.sentence

    def write(self, selector: str, content: RenderableType) -> None:
        """Update a text if it says something else than before, so that nothing is painted in vain."""
        if self._written.get(selector) == content:
            return
        self._written[selector] = content
        widget = self.query_one(selector)
        if isinstance(widget, Digits):
            widget.update(str(content))
        elif isinstance(widget, Static):
            widget.update(content)

    def answered(self, topic: str) -> None:
        """Take note of a good answer: should the topic fail again, it is told again."""
        self._told.pop(topic, None)
