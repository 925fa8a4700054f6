"""A small task runner: order by dependency, retries with backoff, skip conditions, and a report of every task.

It knows nothing of what the tasks do. A task that fails stops only those that need it; all others still run, so one
pass does as much as can be done, and its reports say what could not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import stamina
import structlog

from engine.core.calendar import machine_clock
from engine.core.errors import NbabotError

log = structlog.get_logger(__name__)


class TaskState(StrEnum):
    """How a task ended."""

    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


class Skip(Exception):  # noqa: N818 - it is no error
    """Raised by the work of a task that finds nothing to do; its message is the reason."""


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work.

    It runs after the tasks in `after` and `needs`, as far as they take part, and only if none of `needs` failed.
    `work` may raise Skip.
    """

    name: str
    work: Callable[[], None]
    after: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Retry:
    """What is worth another attempt, how many there are in all, and how many seconds lie between at first and most."""

    on: Callable[[Exception], bool]
    attempts: int = 2
    first_wait: float = 1.0
    longest_wait: float = 30.0


@dataclass(frozen=True, slots=True)
class TaskReport:
    """What became of a task. `detail` is the reason of a failure or a skip, else empty; `seconds` include waits."""

    task: str
    state: TaskState
    detail: str
    attempts: int
    started: datetime
    seconds: float


Note = Callable[[TaskReport], None]
"""Told of each task as soon as it has ended, so that what is known of it outlives a process that is killed later."""


def run(tasks: Sequence[Task], retry: Retry, note: Note) -> tuple[TaskReport, ...]:
    """Run all tasks, dependencies first and otherwise as listed; reports in the order of the run.

    Errors raised on purpose become the `detail` of a failed task; any other is logged with its trace and fails its
    task too. ValueError when the dependencies go round in a circle.
    """
    reports: list[TaskReport] = []
    stopped: set[str] = set()
    for task in _in_order(tasks):
        started, clock = machine_clock(), time.monotonic()
        missing = [name for name in task.needs if name in stopped]
        if missing:
            state, detail, attempts = TaskState.SKIPPED, f"{' and '.join(missing)} did not succeed", 0
        else:
            state, detail, attempts = _attempted(task, retry)
        if missing or state is TaskState.FAILED:
            stopped.add(task.name)
        reports.append(TaskReport(task.name, state, detail, attempts, started, time.monotonic() - clock))
        note(reports[-1])
    return tuple(reports)


def _in_order(tasks: Sequence[Task]) -> list[Task]:
    waiting = list(tasks)
    ordered: list[Task] = []
    while waiting:
        unfinished = {task.name for task in waiting}
        ready = next((task for task in waiting if unfinished.isdisjoint(task.after + task.needs)), None)
        if ready is None:
            raise ValueError(f"tasks wait for each other: {', '.join(sorted(unfinished))}")
        waiting.remove(ready)
        ordered.append(ready)
    return ordered


def _attempted(task: Task, retry: Retry) -> tuple[TaskState, str, int]:
    number = 0
    waits = {"wait_initial": retry.first_wait, "wait_max": retry.longest_wait}
    try:
        for attempt in stamina.retry_context(on=retry.on, attempts=retry.attempts, timeout=None, **waits):
            with attempt:
                number = attempt.num
                task.work()
    except Skip as reason:
        return TaskState.SKIPPED, str(reason), number
    except NbabotError as error:
        return TaskState.FAILED, str(error), number
    except Exception as error:
        log.exception("task_broke", task=task.name)
        return TaskState.FAILED, f"unexpected {type(error).__name__} (the log has its trace)", number
    return TaskState.DONE, "", number
