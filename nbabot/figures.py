"""What the store says as gauges for Prometheus: pure reading, one function per subject."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from math import nan

from prometheus_client.core import GaugeMetricFamily as Gauge

from engine.core.alerts import AlertState, Severity
from engine.core.calendar import noon_of
from engine.core.monitor_reports import MonitorReport
from engine.core.posts import PostState
from engine.engine import DATABASE, Engine


def of_data(engine: Engine) -> Iterator[Gauge]:
    """How much is stored, how large the file is, and how old the newest result."""
    status = engine.status()
    yield Gauge("nbabot_games", "Final games stored.", value=status.games)
    size = sum(path.stat().st_size for path in engine.home.glob(f"{DATABASE}*") if path.is_file())
    yield Gauge("nbabot_sqlite_bytes", "Size of the database with its write-ahead log.", value=size)
    yield _labelled("nbabot_champion", "The version of games in production.", "model", {status.champion or "none": 1.0})
    if status.data_through is not None:
        age = (engine.now() - noon_of(status.data_through)).total_seconds()
        yield Gauge("nbabot_data_age_seconds", "Since noon of the day of the newest result.", value=max(age, 0.0))


def of_jobs(engine: Engine) -> Iterator[Gauge]:
    """When each job last succeeded, how long it took, and how many failed of its latest runs."""
    done = engine.runs.last_done()
    yield _labelled(
        "nbabot_job_last_success_timestamp_seconds",
        "When a job was last done.",
        "job",
        {job: run.finished.timestamp() for job, run in done.items() if run.finished},
    )
    yield _labelled(
        "nbabot_job_duration_seconds",
        "How long the last run took that was done.",
        "job",
        {job: (run.finished - run.started).total_seconds() for job, run in done.items() if run.finished},
    )
    failing = {run.job: 0.0 for run in done.values()}
    failing |= dict.fromkeys(engine.runs.failing(), 1.0)
    yield _labelled("nbabot_job_failing", "Whether the newest run of a job failed.", "job", failing)


def of_posts(engine: Engine) -> Iterator[Gauge]:
    """Posts by state, and how late the last one of each kind was."""
    depth = engine.outbox.depth()
    states = {state.value: float(depth[state]) for state in PostState}
    yield _labelled("nbabot_outbox_posts", "Posts remembered, by state.", "state", states)
    yield Gauge("nbabot_outbox_waiting", "Posts that wait to be sent.", value=depth[PostState.WAITING])
    delays = engine.outbox.delays()
    yield _labelled("nbabot_post_delay_seconds", "From handed in to sent, of the last post of a kind.", "kind", delays)
    edits = {kind: float(n) for kind, n in engine.outbox.edits(engine.today() - timedelta(days=1)).items()}
    yield _labelled("nbabot_post_edits", "Changes of posts of this league day and the last.", "kind", edits)


def of_live(engine: Engine) -> Iterator[Gauge]:
    """How many games are on, and how old the feed's last answer is."""
    now = engine.now()
    health = engine.feeds.live(now)
    yield Gauge("nbabot_live_games", "Games that are on.", value=health.games_on)
    age = max((now - health.polled_at).total_seconds(), 0.0) if health.polled_at else nan
    yield Gauge("nbabot_live_feed_age_seconds", "Since the feed of games under way last answered.", value=age)


def of_feeds(engine: Engine) -> Iterator[Gauge]:
    """When each task of the synchronisation last succeeded, whether it fails now, and how often hosts have failed."""
    tasks, hosts = engine.feeds.tasks(), engine.feeds.hosts()
    good = {one.newest.task: one.last_good.timestamp() for one in tasks if one.last_good}
    yield _labelled("nbabot_feed_last_success_timestamp_seconds", "When a task last succeeded.", "task", good)
    down = {one.newest.task: float(one.newest.failed) for one in tasks}
    yield _labelled("nbabot_feed_failing", "Whether the newest run of a task failed.", "task", down)
    failures = {one.host: float(one.failures) for one in hosts}
    yield _labelled("nbabot_feed_host_failures", "How often in a row a host has failed.", "host", failures)


def of_alerts(engine: Engine) -> Iterator[Gauge]:
    """Alerts that nobody has acknowledged."""
    counts = dict.fromkeys((severity.value for severity in Severity), 0.0)
    for alert in engine.alerts.open():
        counts[alert.severity.value] += alert.state is AlertState.OPEN
    yield _labelled("nbabot_alerts_open", "Alerts that nobody has acknowledged.", "severity", counts)


def of_models(report: MonitorReport | None) -> Iterator[Gauge]:
    """Drift of each input, and how the picks in the window have done beside what they should."""
    if report is None:
        return
    scores = {one.feature: one.score for one in report.features}
    yield _labelled("nbabot_drift_score", "From 0, usual, to 1, unusual on its own.", "feature", scores)
    champion = next((one for one in report.performance if one.model == report.model), None)
    if champion is None:
        return
    yield Gauge("nbabot_rolling_picks", "Graded picks in the window.", value=champion.n)
    for one in champion.measures:
        if one.name not in MEASURES:
            continue
        name, what = MEASURES[one.name]
        yield Gauge(f"nbabot_{name}", what, value=one.value)
        if one.high is not None and one.low is not None:
            yield Gauge(f"nbabot_{name}_low", f"{what} 95% of windows of sound picks lie above.", value=one.low)
            yield Gauge(f"nbabot_{name}_high", f"{what} 95% of windows of sound picks lie below.", value=one.high)
        yield Gauge(f"nbabot_{name}_alarming", f"{what} Worse than chance explains.", value=float(one.alarming))


MEASURES = {
    "log_loss": ("rolling_log_loss", "Log loss of the last picks."),
    "brier": ("rolling_brier", "Brier score of the last picks."),
    "margin_80_coverage": ("coverage_ratio", "Share of margins inside the 80% intervals of the last picks."),
}
"""The measures of the picks that are told: the name of the figure, and what it is."""


def _labelled(name: str, what: str, label: str, values: Mapping[str, float]) -> Gauge:
    family = Gauge(name, what, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
