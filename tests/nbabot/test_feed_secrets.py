"""The odds feed's key goes into the request and nowhere else: seen from the outside, over a real connection."""

from __future__ import annotations

import gzip
import logging
import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from engine.core.errors import FeedError, FeedMissingError
from engine.core.odds import OddsAccess
from engine.sources.breaker import Breaker, ForgetfulMemory
from engine.sources.http import Fetcher
from engine.sources.injuries import ATTEMPTS, fetch_injuries
from engine.sources.odds import fetch_odds
from engine.sources.pacing import Patience
from engine.sources.raw import RawArchive
from nbabot import logs

KEY = "0123456789abcdef0123456789abcdef"
NOW = datetime(2026, 1, 15, 17, tzinfo=UTC)
QUICK = Patience(attempts=2, backoff_s=0.01, gap_s=0.0, gaps={}, jitter_s=0.0)


class Host(ThreadingHTTPServer):
    """A host on this machine that answers everything with one status, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 200
        self.asked: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Host

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(self.server.status)
        self.send_header("x-requests-remaining", "497")
        self.send_header("x-requests-used", "3")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"[]")

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@pytest.fixture
def host() -> Iterator[Host]:
    server = Host()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def fetcher(tmp_path: Path) -> Iterator[Fetcher]:
    made = Fetcher(Breaker(ForgetfulMemory(), lambda: NOW, QUICK), lambda: NOW, RawArchive(tmp_path / "raw"), QUICK)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _all_is_logged(tmp_path: Path) -> Iterator[None]:
    logs.configure(tmp_path, logs.LogPolicy("debug"), terminal_level="critical")
    yield
    root = logging.getLogger()
    for handler in [one for one in root.handlers if getattr(one, "of_nbabot", False)]:
        root.removeHandler(handler)
        handler.close()


def written_below(folder: Path) -> bytes:
    """Names and contents of all files, unpacked."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    contents = [path.read_bytes() for path in files]
    unpacked = [gzip.decompress(one) if one[:2] == b"\x1f\x8b" else one for one in contents]
    return b"\n".join([*(str(path).encode() for path in files), *unpacked])


def test_the_key_reaches_the_host_and_no_file(host: Host, fetcher: Fetcher, tmp_path: Path) -> None:
    parsed, quota = fetch_odds(fetcher, OddsAccess(KEY), lambda: NOW, None, host.url)
    assert parse_qs(urlsplit(host.asked[0]).query)["apiKey"] == [KEY]
    assert (parsed.rows, quota and quota.remaining) == ((), 497)
    kept = written_below(tmp_path)
    assert b"us-h2h" in kept, "the payload is kept under what was asked for"
    assert b"feed_call" in kept, "the call is logged"
    assert KEY.encode() not in kept


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500])
def test_the_key_is_in_no_error(host: Host, fetcher: Fetcher, tmp_path: Path, status: int) -> None:
    host.status = status
    with pytest.raises(FeedError) as caught:
        fetch_odds(fetcher, OddsAccess(KEY), lambda: NOW, None, host.url)
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert KEY.encode() not in written_below(tmp_path)


def test_a_host_that_is_not_there_does_not_give_the_key_away(fetcher: Fetcher, tmp_path: Path) -> None:
    with pytest.raises(FeedError) as caught:
        fetch_odds(fetcher, OddsAccess(KEY), lambda: NOW, None, "http://127.0.0.1:9")
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert KEY.encode() not in written_below(tmp_path)


@pytest.mark.parametrize("status", [403, 404])
def test_a_report_that_is_not_published_is_looked_for_once_and_held_against_nobody(
    host: Host, fetcher: Fetcher, status: int
) -> None:
    host.status = status
    with pytest.raises(FeedMissingError):
        fetch_injuries(fetcher, NOW, base_url=host.url)
    assert len(host.asked) == ATTEMPTS
