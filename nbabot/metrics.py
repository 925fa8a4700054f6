"""Figures for Prometheus: what is counted while the program runs, and what the store says when it is asked."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from engine.core.errors import NbabotError
from engine.core.monitor_reports import MonitorReport
from engine.core.signals import Called, Forecasted, Recalled, Signal, Waited, heard_by
from engine.core.usage import Use
from engine.engine import Engine
from nbabot import figures
from nbabot.running import home_mark

MONITORED_SECONDS = 600.0
"""How old the figures of drift and performance may be: they take a second to work out, and change once a day."""
BUSY_SECONDS = 0.05
"""A write transaction that waits longer than this for the database counts as one that found it busy."""
_ANSWER = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_FORECAST = (0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5)

log = structlog.get_logger(__name__)


class Metrics:
    """The metrics of one engine and the program around it. `text` is what Prometheus reads."""

    def __init__(self, engine: Engine) -> None:
        self._registry = CollectorRegistry()
        self._forecasts = self._counter("forecasts", "Forecasts asked for.", "task", "model", "outcome")
        self._forecast_seconds = self._histogram("forecast_seconds", "Time to make a forecast.", _FORECAST, "task")
        self._recalled = self._counter("cache", "What was looked for in memory, and found or not.", "cache", "result")
        self._calls = self._counter("feed_calls", "Calls to the hosts of the feeds.", "host", "outcome")
        self._failures = self._counter("feed_failures", "Calls to the hosts of the feeds that failed.", "host")
        self._call_seconds = self._histogram("feed_call_seconds", "Time that calls took.", _ANSWER, "host")
        self._busy = self._counter("sqlite_busy", "Write transactions that found the database busy.")
        self._waited = self._counter("sqlite_wait_seconds", "Time spent waiting for the database.")
        self._commands = self._counter("commands", "Questions to the bot.", "command", "outcome")
        self._command_seconds = self._histogram("command_seconds", "Time to the end of an answer.", _ANSWER, "command")
        self.gateway_latency = Gauge(
            "nbabot_gateway_latency_seconds", "Of the connection to Discord; not a number while there is none.",
            registry=self._registry,
        )  # fmt: skip
        self.gateway_latency.set(float("nan"))
        build = Info("nbabot_build", "What runs.", registry=self._registry)
        build.info({"version": version("nbabot"), "python": platform.python_version(), "home": home_mark(engine.home)})
        self._registry.register(_Standing(engine))

    def text(self, names: Sequence[str] = ()) -> bytes:
        """All metrics in Prometheus's text format, which reads the store; or those counted here under some names."""
        return generate_latest(self._registry.restricted_registry(names) if names else self._registry)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Count what the engine tells while the block runs."""
        with heard_by(self._hear):
            yield

    def count(self, use: Use) -> None:
        """Count a question to the bot."""
        self._commands.labels(use.command, use.ending.value).inc()
        self._command_seconds.labels(use.command).observe(use.milliseconds / 1000)

    def _hear(self, signal: Signal) -> None:
        match signal:
            case Forecasted(task, model, outcome, seconds):
                self._forecasts.labels(task, model, outcome).inc()
                self._forecast_seconds.labels(task).observe(seconds)
            case Called(host, outcome, seconds):
                self._calls.labels(host, outcome).inc()
                self._call_seconds.labels(host).observe(seconds)
                if outcome != "ok":
                    self._failures.labels(host).inc()
            case Recalled(what, found):
                self._recalled.labels(what, "hit" if found else "miss").inc()
            case Waited(seconds):
                self._waited.inc(seconds)
                if seconds > BUSY_SECONDS:
                    self._busy.inc()

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"nbabot_{name}", what, labels, registry=self._registry)

    def _histogram(self, name: str, what: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"nbabot_{name}", what, labels, buckets=buckets, registry=self._registry)


class _Standing(Collector):
    """What the store says, as gauges: read anew each time, drift and performance once in MONITORED_SECONDS."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._monitored: tuple[float, MonitorReport | None] | None = None

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing: registering reads no store."""
        return ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Every gauge; one that cannot be read is left out and logged."""
        parts: tuple[Callable[[], Iterable[GaugeMetricFamily]], ...] = (
            lambda: figures.of_data(self._engine),
            lambda: figures.of_jobs(self._engine),
            lambda: figures.of_posts(self._engine),
            lambda: figures.of_feeds(self._engine),
            lambda: figures.of_live(self._engine),
            lambda: figures.of_alerts(self._engine),
            lambda: figures.of_models(self._report()),
        )
        for part in parts:
            try:
                yield from tuple(part())
            except NbabotError as error:
                log.warning("metrics_missing", reason=str(error))

    def _report(self) -> MonitorReport | None:
        if self._monitored is None or time.monotonic() - self._monitored[0] > MONITORED_SECONDS:
            self._monitored = time.monotonic(), self._read_report()
        return self._monitored[1]

    def _read_report(self) -> MonitorReport | None:
        try:
            return self._engine.monitor()
        except NbabotError:
            return None  # a version without a reference, or none: what is wrong with it is told by alerts
