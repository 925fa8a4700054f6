"""The one way in which a screen talks to the engine: ask in a thread, be told by a message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import structlog
from rich.console import RenderableType
from textual import on
from textual.screen import ModalScreen, Screen
from textual.widgets import Digits, Static
from textual.worker import get_current_worker

from engine.core.errors import NbabotError
from engine.engine import Engine
from tui.messages import Answer, QuestionFailed

log = structlog.get_logger(__name__)
Result = TypeVar("Result")


class AskingScreen(Screen[Result]):
    """A screen on an engine. Every call of the engine runs in a worker thread and comes back as a message.

    So no key press ever waits, and widgets are touched only in handlers.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine = engine
        self._told: dict[str, str] = {}
        self._written: dict[str, RenderableType] = {}

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

    @on(QuestionFailed)
    def _tell(self, message: QuestionFailed) -> None:
        if message.sentence not in self._told.values():
            self.notify(message.sentence, severity="error", timeout=8, markup=False)
        self._told[message.topic] = message.sentence

    def answered(self, topic: str) -> None:
        """Take note of a good answer: should the topic fail again, it is told again."""
        self._told.pop(topic, None)

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

    def write_all(self, parts: Mapping[str, RenderableType]) -> None:
        """Update several texts by selector."""
        for selector, content in parts.items():
            self.write(selector, content)


class AskingModal(AskingScreen[Result], ModalScreen[Result]):
    """A question to the person that asks the engine something while it is open."""
