"""What is stored and how old it is; bringing it up to date; checking the installation."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import DataTable, Static

from engine.core.calendar import machine_clock
from engine.core.progress import Progress
from engine.engine import Engine
from tui.desk import WITHOUT, desk_of
from tui.long_work import LongWork
from tui.messages import Answer, QuestionFailed
from tui.screens.base import EngineScreen
from tui.screens.facts import FactsScreen
from tui.widgets import data_rows, job_rows
from tui.widgets.drawn import Drawn
from tui.widgets.panes import Page, Pane, Panes
from tui.widgets.table import Table
from tui.work_messages import CheckedUp, DataRead, Synchronised, WorkMoved, WorkStopped

CORRECTIONS = 50
ROOMY = (120, 36)
"""Cells and rows from which all panes are shown together."""
SYNC, CHECK_UP = "sync", "check-up"
_SHOWN = {SYNC: "#sync", CHECK_UP: "#verdict"}
_BESIDE = {SYNC: "#sync-notes", CHECK_UP: "#checks"}
"""Where long work says how far it came and what came of it, and where it says more."""
NEVER_FETCHED = "Nothing was ever fetched from the league's feeds: press s to synchronise."
NO_CORRECTIONS = "No stored fact has changed since it was stored."
NO_SYNC = "s brings results, schedule, players, odds and injuries up to date. You may leave this screen meanwhile."
NO_CHECK_UP = "d checks machine, database, model, data, feeds and Discord, and says what to do."


class DataScreen(EngineScreen):
    """What is stored above; feeds, corrections, synchronisation and check-up below."""

    NAME = "data"
    AUTO_FOCUS = ""
    ABOUT = (
        "What is stored, from when to when, and how old it is. Feeds: how each part of the synchronisation last went, "
        "and hosts that are left alone after failures. Corrections: stored facts that turned out different later. s "
        "fetches what is new, as the schedule does each morning; it goes on when you leave the screen, and x stops it "
        "without losing what was finished. d checks the whole installation. Enter shows a row in full."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "sync", "Synchronise"),
        Binding("x", "stop", "Stop", tooltip="Stop the synchronisation"),
        Binding("d", "check_up", "Check-up"),
        Binding("left", "turn(-1)", "Pane before", key_display="←", show=False),
        Binding("right", "turn(1)", "Next pane", key_display="→"),
    ]

    seen: DataRead | None = None
    """The answer on the screen."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._work = {topic: LongWork(self, topic) for topic in (SYNC, CHECK_UP)}
        self._began = 0.0
        self._stages: dict[str, dict[str, tuple[int, int]]] = {SYNC: {}, CHECK_UP: {}}

    def contents(self) -> ComposeResult:
        """Stored, then the panes."""
        yield Static("Reading what is stored ...", id="stored")
        yield Panes(
            Pane("Feeds", Table("feeds"), Static(NEVER_FETCHED, id="no-feeds", markup=False), Static(id="hosts"),
                 id="feeds-pane"),
            Pane("Corrections", Table("corrections"), Static(NO_CORRECTIONS, id="no-corrections", markup=False),
                 id="corrections-pane"),
            Pane("Sync", Page(Static(NO_SYNC, id="sync"), Static(id="sync-notes")), id="sync-pane"),
            Pane("Check-up", Page(Static(NO_CHECK_UP, id="verdict"), Static(id="checks")), id="check-up-pane"),
            id="parts",
        )  # fmt: skip

    def on_mount(self) -> None:
        """Fit to the terminal, and let the time of a synchronisation pass."""
        self.set_interval(1.0, self._tick)
        for part in ("#feeds", "#corrections"):
            self.query_one(part).display = False
        self._fit()

    # questions

    def reload(self) -> None:
        """Ask again for what is stored."""
        super().reload()
        self._ask_data()

    def _ask_data(self, *, anew: bool = False) -> None:
        self.ask("data", None, self._read, anew=anew)

    def _read(self) -> DataRead:
        """Runs in a worker thread."""
        engine = self.engine
        corrections = engine.corrections(CORRECTIONS)
        return DataRead(engine.status(), engine.game_days(), engine.feeds.tasks(), engine.feeds.hosts(), corrections)

    # answers

    @on(DataRead)
    def _show(self, message: DataRead) -> None:
        self.answered("data")
        first, self.seen = self.seen is None, message
        self._show_data()
        if first and self.focused is None:
            self.query_one(Panes).current.take_focus()

    @on(WorkMoved)
    def _show_progress(self, message: WorkMoved) -> None:
        stages = self._stages[message.topic]
        stages[message.stage] = (message.done, message.total)
        self.write(_SHOWN[message.topic], data_rows.progress(dict(stages)))

    @on(Synchronised)
    def _show_report(self, message: Synchronised) -> None:
        self.answered(SYNC)
        self.write("#sync", data_rows.synchronised(message.report))
        self.write("#sync-notes", data_rows.synchronised_notes(message.report))
        if message.report.failed:
            bad = ", ".join(task.task for task in message.report.failed)
            self.notify(f"Not all could be fetched ({bad}): Data says why.", severity="warning", markup=False)
        else:
            self.notify("All that is new is stored.", title="Synchronised", markup=False)
        self._end_sync()

    @on(WorkStopped)
    def _show_stop(self, message: WorkStopped) -> None:
        self.answered(SYNC)
        self.write("#sync-notes", "Stopped: what was finished stays. s goes on from there.")
        self._end_sync()

    @on(CheckedUp)
    def _show_check_up(self, message: CheckedUp) -> None:
        self.answered(CHECK_UP)
        self.write("#verdict", data_rows.verdict(message.checks))
        self.write("#checks", data_rows.check_up(message.checks))

    @on(QuestionFailed)
    def _show_failure(self, message: QuestionFailed) -> None:
        if message.topic == "data" and self.seen is None:
            self.write("#stored", message.sentence)
        if message.topic in (SYNC, CHECK_UP):
            self.answered(message.topic)
            self._stages[message.topic].clear()
            self.write(_SHOWN[message.topic], message.sentence)
            self.write(_BESIDE[message.topic], "")
            self._end_sync()

    def _end_sync(self) -> None:
        self.query_one("#sync-pane", Pane).rename("Sync")
        self.refresh_bindings()
        self._ask_data(anew=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Stopping is offered while there is something to stop."""
        return self._work[SYNC].running if action == "stop" else super().check_action(action, parameters)

    # what is shown

    def on_resize(self) -> None:
        """Fit to the new size."""
        self._fit()
        self._show_data()

    def _fit(self) -> None:
        size = self.app.size
        self.query_one(Panes).fit(roomy=size.width >= ROOMY[0] and size.height >= ROOMY[1])

    def _show_data(self) -> None:
        seen = self.seen
        if seen is None:
            return
        self.write("#stored", Drawn(data_rows.stored, (seen.status, seen.days)))
        self.write("#hosts", data_rows.hosts(seen.hosts))
        all_panes = self.query_one(Panes).has_class("-all")
        width = self.app.size.width // 2 - 1 if all_panes else self.app.size.width
        columns, now = data_rows.task_columns(width), machine_clock()
        feeds = self.query_one("#feeds", Table)
        feeds.show(columns, {one.newest.task: data_rows.task_row(one, now, columns) for one in reversed(seen.tasks)})
        feeds.styles.height = len(seen.tasks) + 1
        columns = data_rows.correction_columns(width)
        rows = {str(at): data_rows.correction_row(one, columns) for at, one in enumerate(seen.corrections)}
        self.query_one("#corrections", Table).show(columns, rows)
        for name, full in (("feeds", seen.tasks), ("corrections", seen.corrections)):
            self.query_one(f"#{name}").display = bool(full)
            self.query_one(f"#no-{name}").display = not full

    # acts

    def action_turn(self, step: int) -> None:
        """Go to another pane."""
        self.query_one(Panes).turn(step)

    def action_sync(self) -> None:
        """Begin a synchronisation, or go and watch the one under way."""
        self.query_one(Panes).show(self.query_one("#sync-pane", Pane))
        if self._work[SYNC].start(self._synchronise):
            self._stages[SYNC].clear()
            self.write("#sync", "Asking the feeds; where another nbabot is at it, this one waits for its turn ...")
            self._began = time.monotonic()
            self._tick()
            self.query_one("#sync-pane", Pane).rename("Sync: running")
            self.refresh_bindings()

    def _tick(self) -> None:
        """Say for how long a synchronisation has been under way."""
        if self._work[SYNC].running and not self._work[SYNC].stopping:
            passed = job_rows.took(timedelta(seconds=int(time.monotonic() - self._began)))
            self.write("#sync-notes", f"{passed} so far. x stops it; you may leave this screen meanwhile.")

    def _synchronise(self, progress: Progress) -> Answer:
        """Runs in a thread of its own."""
        report = self.engine.sync(progress=progress)
        self.engine.refresh_players(progress)
        return Synchronised(report)

    def action_stop(self) -> None:
        """Stop the synchronisation under way."""
        self._work[SYNC].stop()
        self.write("#sync-notes", "Stopping: the part in hand is finished or dropped ...")

    def action_check_up(self) -> None:
        """Check the installation."""
        self.query_one(Panes).show(self.query_one("#check-up-pane", Pane))
        desk = desk_of(self.app)
        if desk is None:
            self.write("#verdict", WITHOUT)
        elif self._work[CHECK_UP].start(lambda progress: CheckedUp(desk.check_up(progress))):
            self._stages[CHECK_UP].clear()
            self.write("#verdict", "Looking at everything; feeds that do not answer take a while ...")
            self.write("#checks", "")

    @on(DataTable.RowSelected)
    def _open(self, event: DataTable.RowSelected) -> None:
        if self.seen is None or event.row_key.value is None:
            return
        key = event.row_key.value
        if event.data_table.id == "corrections":
            one = self.seen.corrections[int(key)]
            self.app.push_screen(FactsScreen("Correction", data_rows.correction_details(one)))
        else:
            task = next(one for one in self.seen.tasks if one.newest.task == key)
            self.app.push_screen(FactsScreen(f"Feed {key}", data_rows.task_details(task)))
