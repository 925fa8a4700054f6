"""The terminal UI in a browser: the page loads, its socket starts an app, and pages of other sites are refused."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from engine.core.errors import UsageError
from nbabot.browser import LOOPBACK, BrowserServer


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        return free.getsockname()[1]


@pytest.fixture
def served(home: Path, port: int) -> Iterator[str]:
    words = ["--home", str(home), "tui", "--as-of", "2025-01-15", "--serve", "--port", str(port)]
    process = subprocess.Popen(
        [sys.executable, "-m", "nbabot", *words], stdout=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    assert process.stdout is not None
    assert f"http://{LOOPBACK}:{port}".encode() in process.stdout.readline()
    end = time.monotonic() + 20
    while not _answers(port) and time.monotonic() < end:
        time.sleep(0.05)
    yield f"http://{LOOPBACK}:{port}"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)


def _answers(port: int) -> bool:
    with socket.socket() as knock:
        return knock.connect_ex((LOOPBACK, port)) == 0


async def shown(socket: aiohttp.ClientWebSocketResponse, text: bytes) -> bytes:
    """What the app has written by the time that it has written `text`."""
    got, end = b"", time.monotonic() + 30
    while text not in got:
        message = await socket.receive(timeout=end - time.monotonic())
        assert message.type is not aiohttp.WSMsgType.CLOSED, got
        got += message.data if isinstance(message.data, bytes) else b""
    return got


@pytest.mark.end_to_end
async def test_the_page_loads_its_socket_starts_the_app_and_other_sites_are_refused(served: str) -> None:
    async with aiohttp.ClientSession() as client:
        async with client.get(served) as page:
            assert page.status == 200
            assert served.replace("http", "ws") + "/ws" in await page.text()
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await client.ws_connect(f"{served}/ws", headers={"Origin": "http://elsewhere.example"})
        assert refused.value.status == 403
        async with client.ws_connect(f"{served}/ws?width=80&height=24", headers={"Origin": served}) as opened:
            await shown(opened, b"15 Jan 2025")
            await opened.send_str(json.dumps(["stdin", "3"]))
            await shown(opened, b"Audit trail")


def test_a_port_in_use_is_one_sentence(port: int) -> None:
    with socket.socket() as taken:
        taken.bind((LOOPBACK, port))
        taken.listen()
        with pytest.raises(UsageError, match=f"{port} cannot be served .*choose another --port"):
            BrowserServer(["true"], LOOPBACK, port).open()
