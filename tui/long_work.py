"""Work of minutes: in a thread of its own, watched by a screen, and ended with the app at the latest.

A worker of Textual would keep the program from ending until the work is done. What runs here may be killed at any
moment, as Ctrl-C on the command line does: a synchronisation loses the part in hand, a job is run again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import structlog
from textual.message_pump import MessagePump

from engine.core.errors import NbabotError
from engine.core.progress import Progress, Stop
from tui.messages import Answer, QuestionFailed
from tui.work_messages import WorkMoved, WorkStopped

log = structlog.get_logger(__name__)

_PAUSE = 0.1
"""Seconds between two messages about the progress of one stage."""


@dataclass
class LongWork:
    """One piece of work at a time on one topic; `watcher` is told how far it came and what came of it."""

    watcher: MessagePump
    topic: str
    _thread: threading.Thread | None = None
    _stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def running(self) -> bool:
        """Whether it is under way."""
        return self._thread is not None

    @property
    def stopping(self) -> bool:
        """Whether it was told to end."""
        return self._stopped.is_set()

    def start(self, work: Callable[[Progress], Answer]) -> bool:
        """Begin, unless it is under way already; what `work` returns is posted, or QuestionFailed, or WorkStopped."""
        if self.running:
            return False
        self._stopped.clear()
        self._thread = threading.Thread(target=self._run, args=(work,), name=self.topic, daemon=True)
        self._thread.start()
        return True

    def stop(self) -> None:
        """End it at the next sign of progress; what was finished stays."""
        self._stopped.set()

    def _run(self, work: Callable[[Progress], Answer]) -> None:
        answer: Answer
        try:
            answer = work(self._progress())
        except Stop:
            answer = WorkStopped(self.topic)
        except NbabotError as error:
            answer = QuestionFailed(self.topic, None, str(error))
        except Exception as error:
            log.exception("work_failed", topic=self.topic)
            sentence = f"Something unexpected went wrong ({type(error).__name__}: {error}); see the log."
            answer = QuestionFailed(self.topic, None, sentence)
        self._thread = None
        self._tell(answer)

    def _progress(self) -> Progress:
        told: dict[str, float] = {}

        def note(stage: str, done: int, total: int) -> None:
            if self._stopped.is_set():
                raise Stop
            now = time.monotonic()
            if done >= total or now - told.get(stage, 0.0) >= _PAUSE:
                told[stage] = now
                self._tell(WorkMoved(self.topic, stage, done, total))

        return note

    def _tell(self, message: Answer) -> None:
        with suppress(RuntimeError):  # the app has gone meanwhile, and its event loop with it
            self.watcher.post_message(message)
