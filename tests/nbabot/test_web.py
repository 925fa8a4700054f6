"""Health and metrics as a watcher reads them: over HTTP, from a running service's engine."""

from __future__ import annotations

import asyncio
import re
import socket
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from engine.core.calendar import noon_of
from engine.core.errors import NbabotError
from engine.core.monitor_reports import FeatureDrift, Measure, MonitorReport, Performance, Trend, Verdict
from engine.core.posts import Draft
from engine.core.signals import Called, tell
from engine.core.usage import Ending, Use
from engine.engine import DATABASE, Engine
from nbabot import figures
from nbabot.cli.data import _of_service
from nbabot.metrics import Metrics
from nbabot.running import Recall, Service, service_of
from nbabot.sections import WebSettings
from nbabot.web import Probe, Watchtower, served, watched

DAY = date(2025, 1, 15)
NOON = noon_of(DAY)
DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


@pytest.fixture
def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@pytest.fixture
def metrics(engine: Engine) -> Metrics:
    return Metrics(engine)


@pytest.fixture
async def address(engine: Engine, metrics: Metrics, free_port: int) -> AsyncIterator[str]:
    async with watched(engine, WebSettings(port=free_port), metrics) as found:
        assert found is not None
        yield found


def values(text: bytes | str) -> dict[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels, in the order of their names."""
    told = text if isinstance(text, str) else text.decode()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(told)
        for sample in family.samples
    }


async def read(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.text()


async def test_a_service_with_a_model_and_fresh_data_is_ready(address: str) -> None:
    assert await read(f"{address}/healthz") == (200, '{"status": "alive"}')
    status, told = await read(f"{address}/readyz")
    assert status == 200, told
    assert "games stored" in told


async def test_a_failed_job_and_a_lost_gateway_make_it_not_ready_but_leave_it_alive(
    engine: Engine, metrics: Metrics, free_port: int
) -> None:
    engine.runs.begin("sync", str(DAY), NOON, timedelta(minutes=5))
    engine.runs.fail("sync", str(DAY), NOON, "no network")
    tower = Watchtower(engine, metrics, lambda: Probe("discord", False, "not connected to Discord"))
    async with served(tower, WebSettings(port=free_port)) as address:
        status, told = await read(f"{address}/readyz")
        assert (status, "failing: sync" in told, "not connected" in told) == (503, True, True)
        assert (await read(f"{address}/healthz"))[0] == 200


async def test_results_that_stay_away_are_named_as_the_reason(
    home: Path, engine_at: Callable[[date], Engine], free_port: int
) -> None:
    late = engine_at(date(2025, 12, 20))
    with closing(sqlite3.connect(home / DATABASE)) as database, database:
        database.execute(
            """INSERT INTO games (game_id, season, season_type, league_day, home_id, away_id, status)
               SELECT '0022500001', 2025, season_type, '2025-12-01', home_id, away_id, 'scheduled' FROM games LIMIT 1"""
        )
    database.close()
    async with served(Watchtower(late, Metrics(late)), WebSettings(port=free_port)) as address:
        status, told = await read(f"{address}/readyz")
    assert status == 503
    assert "days old" in told


@pytest.mark.parametrize("path", ["", "/../nbabot.db", "/metrics/x", "/readyz%00", "/healthz/../../etc/passwd"])
async def test_nothing_else_is_served(address: str, path: str) -> None:
    assert (await read(f"{address}{path or '/'}"))[0] == 404


async def test_a_taken_port_is_no_reason_to_stop(engine: Engine, metrics: Metrics, address: str) -> None:
    port = int(address.rsplit(":", 1)[1])
    async with watched(engine, WebSettings(port=port), metrics) as second:
        assert second is None


async def test_with_port_0_nothing_is_served(engine: Engine, metrics: Metrics) -> None:
    async with watched(engine, WebSettings(port=0), metrics) as address:
        assert address is None


async def test_forecasts_are_counted_by_model_and_outcome_and_the_cache_by_hits(engine: Engine, address: str) -> None:
    before = values((await read(f"{address}/metrics"))[1])
    n = len(engine.slate().games)
    assert len(engine.slate().games) == n
    with pytest.raises(NbabotError):
        engine.predict("nobody", "nothing")  # refused before anything is forecast
    after = values((await read(f"{address}/metrics"))[1])
    model = engine.champion().label

    def grown(*key: str) -> float:
        return after.get(key, 0.0) - before.get(key, 0.0)

    for outcome in ("fresh", "cached"):
        assert grown("nbabot_forecasts_total", model, outcome, "game") == n
    assert (grown("nbabot_cache_total", "forecast", "miss"), grown("nbabot_cache_total", "forecast", "hit")) == (n, n)
    assert grown("nbabot_forecasts_total", "", "failed", "game") == 0


async def test_what_was_done_asked_and_called_is_told(engine: Engine, metrics: Metrics, address: str) -> None:
    engine.runs.begin("picks", str(DAY), NOON, timedelta(minutes=5))
    engine.runs.finish("picks", str(DAY), NOON + timedelta(seconds=3), "done")
    engine.outbox.put(Draft(DAY, "picks", "console", "{}", NOON + timedelta(hours=9)))
    metrics.count(Use(datetime(2025, 1, 15, tzinfo=UTC), 5, None, "predict", 120.0, Ending.ANSWERED))
    tell(Called("stats.nba.com", "ok", 0.2))
    tell(Called("stats.nba.com", "FeedTimeoutError", 15.0))
    found = values((await read(f"{address}/metrics"))[1])
    assert found["nbabot_job_last_success_timestamp_seconds", "picks"] == (NOON + timedelta(seconds=3)).timestamp()
    assert found["nbabot_job_duration_seconds", "picks"] == 3
    assert found[("nbabot_outbox_waiting",)] == 1
    assert found["nbabot_commands_total", "predict", "answered"] == 1
    assert found["nbabot_command_seconds_sum", "predict"] == 0.12
    assert found["nbabot_feed_calls_total", "stats.nba.com", "ok"] == 1
    assert found["nbabot_feed_failures_total", "stats.nba.com"] == 1
    assert found[("nbabot_sqlite_bytes",)] > 1e6
    assert found["nbabot_champion", engine.champion().label] == 1
    assert "5" not in {label for key in found for label in key[1:]}, "an asker's id is nowhere"


def test_after_the_service_nothing_is_counted(engine: Engine, metrics: Metrics) -> None:
    with metrics.listening():
        tell(Called("cdn.nba.com", "ok", 0.1))
    tell(Called("cdn.nba.com", "ok", 0.1))
    assert values(metrics.text())["nbabot_feed_calls_total", "cdn.nba.com", "ok"] == 1


def _monitored(model: str) -> MonitorReport:
    measures = tuple(Measure(name, 0.2, 0.2, 0.1, 0.3, 0.2) for name in figures.MEASURES)
    picks = Performance(model, 200, DAY, DAY, measures, Trend.STABLE, 0.0, 0.1, ())
    drift = (FeatureDrift("elo_diff", 0.1, 0.1, 0.1, 0.5, 0.0, False),)
    return MonitorReport(Verdict.STABLE, model, 200, 200, drift, (picks,), "", "")


@pytest.mark.parametrize("page", ["prometheus/alerts.yml", "grafana/dashboards/nbabot.json"])
def test_every_figure_that_is_watched_is_printed(
    page: str, engine: Engine, metrics: Metrics, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "monitor", lambda: _monitored(engine.champion().label))
    printed = {
        name + suffix
        for family in text_string_to_metric_families(metrics.text().decode())
        for name in (family.name, f"{family.name}_total" if family.type == "counter" else family.name)
        for suffix in (("", "_bucket", "_sum", "_count") if family.type == "histogram" else ("", "_info"))
    }
    watched_for = set(re.findall(r"\bnbabot_[a-z_]+", (DEPLOY / page).read_text()))
    assert watched_for
    assert watched_for <= printed


async def test_a_command_beside_the_service_learns_how_it_does(engine: Engine, address: str, free_port: int) -> None:
    engine.slate()
    n = len(engine.slate().games)
    beside = WebSettings(port=free_port)
    found = await asyncio.to_thread(service_of, engine.home, beside)
    assert found is not None
    assert found.caches["forecast"] == Recall(hits=n, misses=n)
    assert {"state", "model"} < set(found.caches)
    assert await asyncio.to_thread(service_of, engine.home / "other", beside) is None
    assert await asyncio.to_thread(service_of, engine.home, WebSettings(port=0)) is None


def test_where_no_service_runs_there_is_nothing_to_learn(engine: Engine, free_port: int) -> None:
    assert service_of(engine.home, WebSettings(port=free_port)) is None


def test_the_status_says_what_the_service_holds_in_memory() -> None:
    service = Service("1.2.3", {"forecast": Recall(hits=900, misses=300), "state": Recall()})
    told = dict(_of_service(service))
    assert told == {
        "service": "nbabot 1.2.3 runs",
        "memory": "held 75% of 1,200 forecasts, 0% of 0 team numbers asked for",
    }
    assert not _of_service(None)
