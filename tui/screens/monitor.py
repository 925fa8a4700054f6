"""Is the model still at home in today's league, do its picks keep their promise, and what needs attention?"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.console import Group
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.events import DescendantFocus
from textual.widgets import DataTable, Static

from engine.core.alerts import Alert
from engine.core.errors import BundleError, NoDataError, NoModelError
from engine.core.monitor_reports import MonitorReport, Performance
from engine.core.reports import Status
from tui.messages import AlertMoved, AlertsRead, LiveRecordRead, MonitorRead, QuestionFailed, StatusRead
from tui.operator import operator
from tui.screens.base import EngineScreen
from tui.screens.facts import FactsScreen
from tui.widgets import monitor_rows as rows
from tui.widgets.alert_table import AlertTable, alert_columns, alert_facts, alert_row
from tui.widgets.headings import Headings
from tui.widgets.live_record import LiveFigures
from tui.widgets.monitor_charts import Measures, Progress, Reliability, RollingBrier, span
from tui.widgets.table import Table

WIDE = 120  # cells from which all sections stand side by side
SECTIONS = ("inputs", "picks", "alerts")
_FOCUS = {"inputs": "#features", "picks": "#picks", "alerts": "#alert-list"}
_CHART_ROWS = (7, 10)  # in a narrow terminal, and in a wide one
_NO_ALERTS = "Nothing needs attention. h shows what did in the last 30 days."
_NO_HISTORY = "Nothing needed attention in the last 30 days."


class MonitorScreen(EngineScreen):
    """Inputs, picks, alerts: one at a time in a narrow terminal, all at once in a wide one."""

    NAME = "monitor"
    ABOUT = (
        "Inputs: how far what the model is fed has moved from what it learned from, the furthest first; a score of 1 "
        "is unusual even on its own, drifting means two windows in a row. Picks: whether published percentages come "
        "true, as the Brier score of each window beside the band that holds 95% of windows of honest percentages, and "
        "how forecasts of games under way fared. Alerts: what the checks have found; acknowledge what you have seen, "
        "resolve what is over."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", "Section before", key_display="←", show=False),
        Binding("right", "move(1)", "Section", key_display="→", tooltip="Next section"),
        Binding("v", "next_version", "Version", tooltip="Picks of the next version"),
        Binding("h", "history", "History", tooltip="Alerts of the last 30 days, or the open ones"),
        Binding("r", "measure", "Measure", tooltip="Measure again now"),
    ]

    section = "inputs"
    past = False
    """Whether resolved alerts are shown too."""
    shown_version = 0
    """Place of the version whose picks are shown, among those that have any."""
    report: MonitorReport | None = None
    alerts: tuple[Alert, ...] = ()
    _known: object = None
    """What the answer on the screen rests on: while it stands, nothing is measured again."""

    def contents(self) -> ComposeResult:
        """Verdict, headings, sections."""
        yield Static("Measuring the last games and picks ...", id="monitor-verdict", markup=False)
        yield Headings(SECTIONS)
        with Container(id="sections"):
            with Vertical(id="inputs"):
                yield Static(id="no-features")
                yield Table("features")
            with VerticalScroll(id="picks"):
                yield Static(id="whose")
                with Container(id="charts"):
                    yield Static(id="rolling")
                    yield Static(id="reliability")
                yield Static(id="measures")
                yield Static(id="live-record")
            with Vertical(id="alerts"):
                yield Static("Alerts", classes="title", markup=False)
                yield Static("Reading the alerts ...", id="no-alerts", markup=False)
                yield AlertTable("alert-list")

    def on_mount(self) -> None:
        """Until the first answer there are no tables."""
        self.query_one("#features").display = self.query_one("#alert-list").display = False
        self._fit()
        self._show_section(self.section)

    def on_resize(self) -> None:
        """Fit sections and columns to the new width."""
        self._fit()
        self._show_features()
        self._show_picks()
        self._show_alerts()

    def _fit(self) -> None:
        self.set_class(self.app.size.width >= WIDE, "-wide")

    def _width(self) -> int:
        """Cells that a table has."""
        return self.app.size.width // 2 - 1 if self.has_class("-wide") else self.app.size.width

    def reload(self) -> None:
        """Ask for the status and the alerts; what changed there decides whether anything is measured again."""
        super().reload()
        self._ask_alerts()
        self.ask("status", None, lambda: StatusRead(self.engine.status()))

    @on(StatusRead)
    def _watch(self, message: StatusRead) -> None:
        self.answered("status")
        if self._known != (known := _grounds(message.status)):
            self._known = known
            self._measure()

    def _measure(self) -> None:
        self.ask("monitor", self._known, self._measured)
        self.ask("live record", None, lambda: LiveRecordRead(self.engine.live_record()))

    @on(LiveRecordRead)
    def _show_live_record(self, message: LiveRecordRead) -> None:
        self.answered("live record")
        self.write("#live-record", LiveFigures(message.record))

    def _measured(self) -> MonitorRead:
        """Runs in a worker thread."""
        try:
            return MonitorRead(self.engine.monitor())
        except (BundleError, NoDataError, NoModelError) as error:
            return MonitorRead(None, str(error))

    @on(MonitorRead)
    def _show_report(self, message: MonitorRead) -> None:
        self.answered("monitor")
        self.report = found = message.report
        if found is None:
            self.write("#monitor-verdict", message.problem)
        else:
            self.write("#monitor-verdict", rows.report_verdict(found))
        self._show_features()
        self._show_picks()

    @on(QuestionFailed)
    def _show_failure(self, message: QuestionFailed) -> None:
        if message.topic == "monitor":
            self._known = None
            if self.report is None:
                self.write("#monitor-verdict", message.sentence)

    def _show_features(self) -> None:
        found, table = self.report, self.query_one("#features", Table)
        features = sorted(found.features, key=lambda one: -one.score) if found else []
        table.display = bool(features)
        if found is not None and not features:
            self.write("#no-features", Progress(found.n, found.needed, "games since its training"))
        self.query_one("#no-features").display = found is not None and not features
        if features:
            columns = rows.drift_columns(self._width())
            table.show(columns, {one.feature: rows.drift_row(one, columns) for one in features})
        self._show_headings()
        self._focus_section()

    def _performance(self) -> Performance | None:
        """The picks that are shown; None where no version has any that are graded."""
        found = self.report.performance if self.report else ()
        return found[self.shown_version % len(found)] if found else None

    def _show_picks(self) -> None:
        report, found = self.report, self._performance()
        self.query_one("#charts").display = self.query_one("#measures").display = found is not None
        if report is None or found is None:
            self.write("#whose", Progress(0, report.needed, "graded picks") if report else "")
            return
        whose = Text(span(found, report.model))
        few = found.n < report.needed
        self.write("#whose", Group(whose, Progress(found.n, report.needed, "graded picks")) if few else whose)
        height = _CHART_ROWS[self.has_class("-wide")]
        self.write("#rolling", RollingBrier(found.rolling, report.needed, height))
        self.write("#reliability", Reliability(found.reliability, height))
        self.write("#measures", Measures(found))

    def _ask_alerts(self, *, anew: bool = False) -> None:
        past, alerts = self.past, self.engine.alerts
        self.ask("alerts", past, lambda: AlertsRead(past, alerts.history() if past else alerts.open()), anew=anew)

    @on(AlertsRead)
    def _take_alerts(self, message: AlertsRead) -> None:
        self.answered("alerts")
        if message.past == self.past:
            self.alerts = message.alerts
            self.write("#no-alerts", _NO_HISTORY if self.past else _NO_ALERTS)
            self._show_alerts()

    def _show_alerts(self) -> None:
        table = self.query_one("#alert-list", AlertTable)
        table.display, self.query_one("#no-alerts").display = bool(self.alerts), not self.alerts
        columns = alert_columns(self._width(), self.alerts)
        table.show(columns, {str(one.number): alert_row(one, columns) for one in self.alerts})
        self._show_headings()
        self._focus_section()

    def _show_headings(self) -> None:
        drifting = len(self.report.drifting) if self.report else 0
        inputs = f"Inputs: {drifting} drifting" if drifting else "Inputs"
        alerts = f"{'Alerts of 30 days' if self.past else 'Alerts'}{f': {len(self.alerts)}' if self.alerts else ''}"
        self.query_one(Headings).show(self.section, {"inputs": inputs, "picks": "Picks", "alerts": alerts})

    def _show_section(self, wanted: str) -> None:
        self.section = wanted
        for section in SECTIONS:
            self.query_one(f"#{section}").set_class(section == self.section, "-current")
        self._show_headings()
        self._focus_section()

    def _focus_section(self) -> None:
        wanted = self.query_one(_FOCUS[self.section])
        if self.focused is not wanted:
            self.set_focus(wanted if wanted.display else None)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """A section that was clicked is the current one."""
        section = next((one for one, target in _FOCUS.items() if event.widget is self.query_one(target)), self.section)
        if section != self.section:
            self._show_section(section)

    @on(Headings.Chosen)
    def _go_to(self, message: Headings.Chosen) -> None:
        self._show_section(message.section)

    def action_move(self, step: int) -> None:
        """Go to the next section; after the last comes the first."""
        self._show_section(SECTIONS[(SECTIONS.index(self.section) + step) % len(SECTIONS)])

    def action_next_version(self) -> None:
        """Show the picks of the next version that has any."""
        versions = len(self.report.performance) if self.report else 0
        self._show_section("picks")
        if versions < 2:
            self.notify("No other version has graded picks.", markup=False)
            return
        self.shown_version = (self.shown_version + 1) % versions
        self._show_picks()

    def action_measure(self) -> None:
        """Measure again, whether anything changed or not."""
        self.notify("Measuring the last games and picks anew.", markup=False)
        self._measure()

    def action_history(self) -> None:
        """Show resolved alerts too, or the open ones only."""
        self.past = not self.past
        self._show_section("alerts")
        self._ask_alerts(anew=True)

    @on(DataTable.RowSelected, "#features")
    def _open_feature(self, event: DataTable.RowSelected) -> None:
        found = self.report
        for one in found.features if found else ():
            if found and one.feature == event.row_key.value:
                self.app.push_screen(FactsScreen(one.feature, rows.drift_facts(one, found.needed)))

    @on(DataTable.RowSelected, "#alert-list")
    def _open_alert(self) -> None:
        if (one := self._chosen()) is not None:
            self.app.push_screen(FactsScreen(f"Alert {one.number}", alert_facts(one)))

    def _chosen(self) -> Alert | None:
        chosen = self.query_one("#alert-list", AlertTable).chosen
        return next((one for one in self.alerts if str(one.number) == chosen), None)

    def action_acknowledge(self) -> None:
        """Note that the person at the keyboard has seen the chosen alert."""
        self._move_alert(self.engine.alerts.acknowledge)

    def action_resolve(self) -> None:
        """Note that the chosen alert is over."""
        self._move_alert(self.engine.alerts.resolve)

    def _move_alert(self, move: Callable[[int, str], Alert]) -> None:
        if (one := self._chosen()) is not None:
            self.ask("alert", one.number, lambda: AlertMoved(move(one.number, operator())))

    @on(AlertMoved)
    def _told_moved(self, message: AlertMoved) -> None:
        self.answered("alert")
        one = message.alert
        who = one.resolved_by or one.acknowledged_by
        self.notify(f"Alert {one.number} is {one.state.value} by {who}.", markup=False)
        self._ask_alerts(anew=True)


def _grounds(status: Status) -> tuple[object, ...]:
    """What a measurement rests on: the version in production, what is stored, what is published."""
    return (status.champion, status.data_through, status.games, status.published_picks)
