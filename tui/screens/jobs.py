"""The scheduled work: what is due when, how it went, what waits to be posted, and the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import DataTable, Static

from engine.core.errors import SourceError
from engine.core.reports import ScheduledJob
from engine.engine import Engine
from tui.desk import WITHOUT, Desk, desk_of
from tui.log_tail import LEVELS, LogTail
from tui.long_work import LongWork
from tui.messages import QuestionFailed
from tui.screens.ask import ConfirmScreen
from tui.screens.base import EngineScreen
from tui.screens.facts import FactsScreen
from tui.widgets import job_rows
from tui.widgets.log_view import LogView
from tui.widgets.panes import Pane, Panes
from tui.widgets.table import Column, Table
from tui.work_messages import JobRan, LogRead, ScheduleRead

RUNS = 100
POSTS = 50
ROOMY = (120, 36)
"""Cells and rows from which runs, posts and log are shown together."""
LOG_SECONDS = 1.0
NO_RUNS = "No job has run yet: `nbabot run` keeps the schedule, r runs the chosen job now."
NO_POSTS = "Nothing was posted yet: with a channel set, `nbabot run` posts each day's picks and results."


class JobsScreen(EngineScreen):
    """The jobs of the schedule above; runs, posts and log below."""

    NAME = "jobs"
    ABOUT = (
        "The jobs that `nbabot run` does every day, with their state for the present occurrence: done, failed, "
        "running, due (it is next), waiting for its time, or missed. r runs the chosen job now, as the schedule would; "
        "what is done already is not done twice. Below: the latest runs, the posts in the outbox with their errors, "
        "and the log as it grows. Enter shows a row in full."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "run", "Run now"),
        Binding("left", "turn(-1)", "Pane before", key_display="←", show=False),
        Binding("right", "turn(1)", "Runs, posts, log", key_display="→"),
        Binding("v", "level", "Log level", tooltip="The least level that the log shows"),
    ]

    seen: ScheduleRead | None = None
    """The answer on the screen."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._work = LongWork(self, "job run")
        self._tail: LogTail | None = None

    @property
    def desk(self) -> Desk | None:
        """What knows the schedule."""
        return desk_of(self.app)

    def contents(self) -> ComposeResult:
        """Schedule, then runs, posts and log."""
        yield Table("jobs")
        yield Static("Reading the schedule ...", id="empty", markup=False)
        yield Panes(
            Pane("Runs", Table("runs"), Static(NO_RUNS, id="no-runs", markup=False), id="runs-pane"),
            Pane("Posts", Table("posts"), Static(NO_POSTS, id="no-posts", markup=False), id="posts-pane"),
            Pane("Log", LogView("log"), Static(id="no-log", markup=False), id="log-pane"),
            id="work",
        )

    def on_mount(self) -> None:
        """Fit to the terminal, and follow the log."""
        for part in ("#jobs", "#runs", "#posts"):
            self.query_one(part).display = False
        self._fit()
        self._name_level()
        self.set_interval(LOG_SECONDS, self._read_log)

    # questions

    def reload(self) -> None:
        """Ask again for jobs, runs and posts, and look into the log."""
        super().reload()
        self._ask_schedule()
        self._read_log()

    def _ask_schedule(self, *, anew: bool = False) -> None:
        self.ask("schedule", None, self._read, anew=anew)

    def _read(self) -> ScheduleRead:
        """Runs in a worker thread."""
        jobs = None if self.desk is None else self.desk.jobs()
        return ScheduleRead(jobs, self.engine.runs.recent(RUNS), self.engine.outbox.recent(POSTS))

    def _read_log(self) -> None:
        if self.desk is None or not self.is_current:
            return
        if self._tail is None:
            self._tail = LogTail(self.desk.log)
        tail = self._tail
        self.ask("log", None, lambda: _added(tail))

    # answers

    @on(ScheduleRead)
    def _show(self, message: ScheduleRead) -> None:
        self.answered("schedule")
        self.seen = message
        self._show_tables()

    @on(LogRead)
    def _show_log(self, message: LogRead) -> None:
        self.answered("log")
        view = self.query_one(LogView)
        view.add(message.lines)
        if message.lines or not self.query_one("#no-log").display:
            self.query_one("#no-log").display = False
        elif self.desk is not None:
            self.write("#no-log", f"Nothing is logged yet in {self.desk.log}.")

    @on(JobRan)
    def _tell_result(self, message: JobRan) -> None:
        self.answered("job run")
        self.notify(message.result, title=f"Job {message.name}", timeout=10, markup=False)
        self._ask_schedule(anew=True)

    @on(QuestionFailed)
    def _show_failure(self, message: QuestionFailed) -> None:
        if message.topic == "schedule" and self.seen is None:
            self.write("#empty", message.sentence)
        if message.topic == "job run":
            self.answered("job run")
            self._ask_schedule(anew=True)

    # what is shown

    def on_resize(self) -> None:
        """Fit to the new size."""
        self._fit()
        self._show_tables()

    def _fit(self) -> None:
        size = self.app.size
        self.query_one(Panes).fit(roomy=size.width >= ROOMY[0] and size.height >= ROOMY[1])

    def _show_tables(self) -> None:
        if self.seen is None:
            return
        width = self.app.size.width
        jobs, table = self.seen.jobs, self.query_one("#jobs", Table)
        appears = bool(jobs) and not table.display
        table.display = bool(jobs)
        self.query_one("#empty").display = not jobs
        self.write("#empty", WITHOUT if jobs is None else "No job is scheduled.")
        columns = job_rows.job_columns(width)
        table.styles.height = len(jobs or ()) + 1
        table.show(columns, {job.name: job_rows.job_row(job, columns) for job in jobs or ()})
        if appears:
            table.focus()
        inside = width // 2 - 1 if self.query_one(Panes).has_class("-all") else width
        columns = job_rows.run_columns(inside)
        runs = {f"{run.job} {run.due}": job_rows.run_row(run, columns) for run in self.seen.runs}
        self._fill("runs", columns, runs)
        columns = job_rows.post_columns(inside)
        self._fill("posts", columns, {str(post.id): job_rows.post_row(post, columns) for post in self.seen.posts})

    def _fill(self, name: str, columns: tuple[Column, ...], rows: Mapping[str, tuple[str | Text, ...]]) -> None:
        table = self.query_one(f"#{name}", Table)
        table.display = bool(rows)
        self.query_one(f"#no-{name}").display = not rows
        table.show(columns, rows)

    def _name_level(self) -> None:
        level = self.query_one(LogView).level
        pane = self.query_one("#log-pane", Pane)
        pane.rename(f"Log: {level}" + ("" if level == LEVELS[-1] else " and worse"))

    # acts

    def action_turn(self, step: int) -> None:
        """Go to another pane."""
        self.query_one(Panes).turn(step)

    def action_level(self) -> None:
        """Show another least level of the log."""
        view = self.query_one(LogView)
        view.choose(LEVELS[(LEVELS.index(view.level) + 1) % len(LEVELS)])
        self._name_level()
        self.query_one(Panes).show(self.query_one("#log-pane", Pane))

    def _chosen(self) -> ScheduledJob | None:
        name = self.query_one("#jobs", Table).chosen
        jobs = (self.seen.jobs if self.seen else None) or ()
        return next((job for job in jobs if job.name == name), None)

    def action_run(self) -> None:
        """Ask whether the chosen job is to be run now."""
        job = self._chosen()
        if job is None:
            self.notify(WITHOUT if self.desk is None else "Choose a job first.", markup=False)
        elif self._work.running:
            self.notify("Another job is running: wait for it to end.", severity="warning", markup=False)
        else:
            about = f"It will {job.about}. What is done for its present occurrence is not done again."
            question = ConfirmScreen(f"Run the {job.name} job now?", about, "Run")
            self.app.push_screen(question, lambda yes: self._run(job.name) if yes else None)

    def _run(self, name: str) -> None:
        desk = self.desk
        if desk is not None and self._work.start(lambda progress: JobRan(name, desk.run(name))):
            self.notify(f"The {name} job is running; its result will be told here.", markup=False)
            self._ask_schedule(anew=True)

    @on(DataTable.RowSelected)
    def _open(self, event: DataTable.RowSelected) -> None:
        if self.seen is None:
            return
        key = event.row_key.value
        if event.data_table.id == "jobs" and (job := self._chosen()):
            self.app.push_screen(FactsScreen(f"Job {job.name}", job_rows.job_details(job, self.seen.runs)))
        for run in self.seen.runs:
            if event.data_table.id == "runs" and f"{run.job} {run.due}" == key:
                self.app.push_screen(FactsScreen(f"Run of {run.job}", job_rows.run_details(run)))
        for post in self.seen.posts:
            if event.data_table.id == "posts" and str(post.id) == key:
                self.app.push_screen(
                    FactsScreen(f"Post: {post.kind} of {post.league_day}", job_rows.post_details(post))
                )


def _added(tail: LogTail) -> LogRead:
    """Runs in a worker thread. Raises SourceError."""
    try:
        return LogRead(tail.new())
    except OSError as error:
        raise SourceError(
            f"{tail.path} cannot be read ({error.strerror or error}): check its access rights."
        ) from error
