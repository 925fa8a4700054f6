"""Health and metrics over HTTP, for whoever watches the service: `/healthz`, `/readyz`, `/metrics`.

Served on loopback unless the settings say otherwise; nothing here changes anything, and nothing names a user.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import discord
import structlog
from aiohttp import web

from engine.core.errors import NbabotError
from engine.engine import Engine
from nbabot.metrics import Metrics
from nbabot.sections import WebSettings

PROMETHEUS = "text/plain; version=0.0.4"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Probe:
    """One condition of readiness: `found` in words."""

    name: str
    ready: bool
    found: str


Gateway = Callable[[], Probe]
"""How the connection to Discord stands; absent where there is none to have."""


class Watchtower:
    """What is told over HTTP of one engine and the service around it."""

    def __init__(self, engine: Engine, metrics: Metrics, gateway: Gateway | None = None) -> None:
        self._engine = engine
        self._metrics = metrics
        self._gateway = gateway

    def app(self) -> web.Application:
        """The application with its three pages."""
        app = web.Application()
        app.router.add_get("/healthz", self._health)
        app.router.add_get("/readyz", self._ready)
        app.router.add_get("/metrics", self._read_metrics)
        return app

    async def _health(self, request: web.Request) -> web.Response:
        """Alive: the event loop answers."""
        return web.json_response({"status": "alive"})

    async def _ready(self, request: web.Request) -> web.Response:
        probes = [*await asyncio.to_thread(self._probes), *([self._gateway()] if self._gateway else [])]
        ready = all(probe.ready for probe in probes)
        checks = {probe.name: {"ready": probe.ready, "found": probe.found} for probe in probes}
        body = {"status": "ready" if ready else "not ready", "checks": checks}
        return web.json_response(body, status=200 if ready else 503)

    async def _read_metrics(self, request: web.Request) -> web.Response:
        text = await asyncio.to_thread(self._metrics.text, request.query.getall("name[]", []))
        return web.Response(body=text, headers={"Content-Type": PROMETHEUS})

    def _probes(self) -> list[Probe]:
        """The conditions that the store tells of."""
        found = [_probe("database", lambda: f"{self._engine.status().games:,} games stored")]
        found.append(_probe("model", lambda: ", ".join(self._engine.refresh_models())))
        return [*found, self._data(), self._jobs()]

    def _data(self) -> Probe:
        try:
            status = self._engine.status()
        except NbabotError as error:
            return Probe("data", False, str(error))
        through = f"results through {status.data_through}" if status.data_through else "no results yet"
        return Probe("data", not status.notes, status.notes[0] if status.notes else through)

    def _jobs(self) -> Probe:
        failing = self._engine.runs.failing()
        return Probe("jobs", not failing, f"failing: {', '.join(failing)}" if failing else "none fails")


def _probe(name: str, look: Callable[[], str]) -> Probe:
    try:
        return Probe(name, True, look())
    except NbabotError as error:
        return Probe(name, False, str(error))


def connection(client: discord.Client) -> Gateway:
    """How a client's connection to Discord stands."""

    def probe() -> Probe:
        if not client.is_ready():
            return Probe("discord", False, "not connected to Discord")
        return Probe("discord", True, f"connected, {1000 * client.latency:.0f} ms")

    return probe


@asynccontextmanager
async def watched(
    engine: Engine, settings: WebSettings, metrics: Metrics, client: discord.Client | None = None
) -> AsyncIterator[str | None]:
    """Count what happens and serve the pages while the block runs; the address, or None where nothing is served."""
    if client is not None:
        metrics.gateway_latency.set_function(lambda: client.latency)
    watchtower = Watchtower(engine, metrics, connection(client) if client else None)
    with metrics.listening():
        async with served(watchtower, settings) as address:
            yield address


@asynccontextmanager
async def served(watchtower: Watchtower, settings: WebSettings) -> AsyncIterator[str | None]:
    """Serve the pages while the block runs; the address, or None where nothing is served.

    A port that is taken is logged and no reason to stop: two services on one machine may share the settings.
    """
    if not settings.port:
        yield None
        return
    runner = web.AppRunner(watchtower.app(), access_log=None)
    await runner.setup()
    try:
        yield await _bound(runner, settings)
    finally:
        await runner.cleanup()


async def _bound(runner: web.AppRunner, settings: WebSettings) -> str | None:
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError as error:
        reason = error.strerror or str(error)
        log.warning("web_not_served", host=settings.host, port=settings.port, reason=reason)
        return None
    address = f"http://{settings.host}:{settings.port}"
    log.info("web_served", address=address)
    return address
