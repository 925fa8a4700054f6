"""The task runner: order, failures that stop only what needs them, retries, skips, and a report of each task."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import stamina

from engine.core.errors import NoDataError
from engine.pipeline import Retry, Skip, Task, TaskReport, TaskState, run

AGAIN = Retry(lambda error: isinstance(error, NoDataError), attempts=3, first_wait=0.0)


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


def states(reports: tuple[TaskReport, ...]) -> dict[str, TaskState]:
    return {report.task: report.state for report in reports}


def failing(times: int, error: Exception) -> Callable[[], None]:
    left = [error] * times

    def work() -> None:
        if left:
            raise left.pop()

    return work


def nothing() -> None:
    """Work that is always done."""


def ignore(report: TaskReport) -> None:
    """Nobody is told."""


def test_tasks_run_after_what_they_wait_for_and_otherwise_as_listed():
    done: list[str] = []
    tasks = [
        Task("c", lambda: done.append("c"), after=("a",), needs=("b",)),
        Task("b", lambda: done.append("b")),
        Task("a", lambda: done.append("a"), after=("absent",)),
    ]
    reports = run(tasks, AGAIN, ignore)
    assert done == ["b", "a", "c"] == [report.task for report in reports]


def test_a_failure_stops_what_needs_it_directly_or_not_and_nothing_else():
    tasks = [
        Task("broken", failing(9, NoDataError("There is nothing: come back later."))),
        Task("child", nothing, needs=("broken",)),
        Task("grandchild", nothing, needs=("child",)),
        Task("later", nothing, after=("broken",)),
    ]
    reports = run(tasks, AGAIN, ignore)
    assert states(reports) == {
        "broken": TaskState.FAILED,
        "child": TaskState.SKIPPED,
        "grandchild": TaskState.SKIPPED,
        "later": TaskState.DONE,
    }
    assert reports[0].detail == "There is nothing: come back later."
    assert reports[1].detail == "broken did not succeed"


def test_an_error_worth_it_is_tried_again_and_any_other_is_not():
    passing, other = failing(2, NoDataError("not yet")), failing(1, ValueError("a mistake of ours"))
    first, second = run([Task("passing", passing), Task("other", other)], AGAIN, ignore)
    assert (first.state, first.attempts) == (TaskState.DONE, 3)
    assert (second.state, second.attempts) == (TaskState.FAILED, 1)
    assert "ValueError" in second.detail


def test_a_task_with_nothing_to_do_is_skipped_with_its_reason_and_stops_nobody():
    def idle() -> None:
        raise Skip("all is up to date")

    first, second = run([Task("idle", idle), Task("next", nothing, needs=("idle",))], AGAIN, ignore)
    assert (first.state, first.detail) == (TaskState.SKIPPED, "all is up to date")
    assert second.state is TaskState.DONE


def test_each_report_is_told_before_the_next_task_begins():
    told: list[str] = []
    seen: list[list[str]] = []
    tasks = [Task(name, lambda: seen.append(list(told))) for name in ("a", "b")]
    run(tasks, AGAIN, lambda report: told.append(report.task))
    assert seen == [[], ["a"]]
    assert told == ["a", "b"]


def test_a_circle_is_refused():
    with pytest.raises(ValueError, match="wait for each other"):
        run([Task("a", nothing, after=("b",)), Task("b", nothing, needs=("a",))], AGAIN, ignore)
