"""Every fault that an installation can have becomes an alert; a sound one has none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from engine.core.alerts import Alert, Severity
from engine.core.errors import BundleError, NoDataError, NoModelError, UsageError
from engine.core.monitor_reports import FeatureDrift, Measure, MonitorReport, Performance, Trend, Verdict
from engine.core.sync_reports import SyncTask
from engine.engine import Engine
from engine.monitoring import checks
from engine.monitoring.alerts import KEPT, Alerts
from engine.store import sync
from engine.store.database import Database

NOW = datetime(2025, 1, 15, 17, tzinfo=UTC)
MODEL = "game-test@1.0.0"
WELL = MonitorReport(Verdict.STABLE, MODEL, 200, 200, (), (), "All is well.", "Nothing to do.")
MOVED = FeatureDrift("pace", 0.5, 0.4, 0.6, 1e-6, 1.0, unusual=True, drifting=True)
LOSS = Measure("log_loss", 0.8, 0.62, 0.58, 0.66, 0.62, alarming=True)
PICKS = Performance(MODEL, 200, date(2025, 1, 1), date(2025, 1, 14), (), Trend.STABLE, 0.0, 0.1, ())


class Desk:
    """The alerts of an empty installation, with a clock and a monitor that do as they are told."""

    def __init__(self, home: Path) -> None:
        self.now, self.report = NOW, WELL
        self.database = Database(home / "nbabot.db")
        self.alerts = Alerts(self.database, home, lambda: self.now, self._monitor)

    def _monitor(self) -> MonitorReport:
        if isinstance(self.report, Exception):
            raise self.report
        return self.report

    def found(self) -> list[tuple[str, str, Severity]]:
        return [(one.source, one.subject, one.severity) for one in self.alerts.check()]

    def synced(self, state: str, started: datetime) -> None:
        task = SyncTask("injuries", state, "", 1, 0, 0, 0, 0.1, started, detail="The host does not answer.")
        sync.put_report(self.database, started, task)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.database.close()


def test_a_sound_installation_has_no_alert(desk: Desk) -> None:
    assert desk.found() == []


def test_drift_is_a_warning_that_says_what_to_do(desk: Desk) -> None:
    desk.report = replace(WELL, features=(MOVED,), summary="The games differ in pace.", recommendation="Train anew.")
    assert desk.found() == [("drift", MODEL, Severity.WARNING)]
    assert desk.alerts.open()[0].text == "The games differ in pace. Train anew."


def test_one_unusual_window_is_no_alert(desk: Desk) -> None:
    desk.report = replace(WELL, features=(replace(MOVED, drifting=False),))
    assert desk.found() == []


def test_picks_that_are_off_are_critical_and_a_falling_trend_is_worth_a_note(desk: Desk) -> None:
    desk.report = replace(WELL, performance=(replace(PICKS, trend=Trend.DEGRADING),))
    assert desk.found() == [("performance", MODEL, Severity.INFO)]
    desk.report = replace(WELL, performance=(replace(PICKS, measures=(LOSS,)),))
    assert desk.found() == [("performance", MODEL, Severity.CRITICAL)]
    assert [one.number for one in desk.alerts.history()] == [1], "it got worse; it is the same alert"


def test_the_picks_of_a_version_out_of_production_raise_nothing(desk: Desk) -> None:
    desk.report = replace(WELL, performance=(replace(PICKS, model="game-old@1.0.0", measures=(LOSS,)),))
    assert desk.found() == []


@pytest.mark.parametrize(
    ("error", "severity"),
    [(NoModelError("No model."), Severity.CRITICAL), (BundleError("No reference."), Severity.WARNING)],
)
def test_a_model_that_cannot_be_watched_is_an_alert(desk: Desk, error: Exception, severity: Severity) -> None:
    desk.report = error
    assert desk.found() == [("model", "game", severity)]


def test_an_empty_store_is_no_fault_of_the_model(desk: Desk) -> None:
    desk.report = NoDataError("Nothing is stored.")
    assert desk.found() == []


def test_a_failed_feed_is_an_alert_until_it_answers_again(desk: Desk) -> None:
    desk.synced("failed", NOW - timedelta(hours=2))
    assert desk.found() == [("feed", "injuries", Severity.WARNING)]
    assert "The host does not answer." in desk.alerts.open()[0].text
    desk.synced("done", NOW - timedelta(hours=1))
    assert desk.found() == []


@pytest.mark.parametrize(("free", "severity"), [(2**34, None), (2**29, Severity.WARNING), (2**20, Severity.CRITICAL)])
def test_a_disk_that_runs_full_is_an_alert(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, free: int, severity: Severity | None
) -> None:
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda path: SimpleNamespace(free=free))
    assert [one.severity for one in desk.alerts.check()] == ([severity] if severity else [])


def test_results_that_stay_away_are_an_alert_and_worse_after_days(engine_at: Callable[[date], Engine]) -> None:
    found: list[Alert | None] = []
    for day in (date(2025, 1, 16), date(2025, 1, 18), date(2025, 1, 25)):
        engine = engine_at(day)
        database = Database(engine.home / "nbabot.db")
        with database.write() as connection:
            connection.execute("DELETE FROM meta WHERE key LIKE '%simulated%'")
            connection.execute("UPDATE games SET status = 'scheduled' WHERE league_day >= '2025-01-15'")
        found.append(next((one for one in engine.alerts.check() if one.source == "data"), None))
        database.close()
    assert [one.severity if one else None for one in found] == [None, Severity.WARNING, Severity.CRITICAL]


def test_an_alert_that_does_not_exist_or_is_over_is_one_sentence(desk: Desk) -> None:
    with pytest.raises(UsageError, match="There is no alert 7"):
        desk.alerts.acknowledge(7, "ann")
    desk.synced("failed", NOW)
    desk.found()
    assert desk.alerts.resolve(1, "ann").resolved_by == "ann"
    with pytest.raises(UsageError, match="resolved already"):
        desk.alerts.resolve(1, "bob")


def test_history_is_kept_for_thirty_days(desk: Desk) -> None:
    desk.synced("failed", NOW)
    desk.found()
    desk.synced("done", NOW + timedelta(hours=1))
    desk.found()
    desk.now = NOW + KEPT
    desk.found()
    assert len(desk.alerts.history()) == 1
    desk.now += timedelta(minutes=1)
    desk.found()
    assert desk.alerts.history() == ()


def test_findings_of_others_are_kept_and_resolved_by_their_source(desk: Desk) -> None:
    job = checks.Finding("job", "picks", Severity.WARNING, "Not done.")
    assert [one.subject for one in desk.alerts.check((job,), ("job",))] == ["picks"]
    assert desk.found() != []
    assert desk.alerts.check((), ("job",)) == ()
    desk.now += 2 * job.cooldown
    assert [one.number for one in desk.alerts.check((job,), ("job",))] == [2]
