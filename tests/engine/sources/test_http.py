"""The one way to a host, against a small server on loopback."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from engine.core.errors import (
    FeedBlockedError,
    FeedDownError,
    FeedError,
    FeedKeyError,
    FeedMissingError,
    FeedPausedError,
    FeedShapeError,
    FeedTimeoutError,
    FeedUnreachableError,
    SourceError,
)
from engine.sources.breaker import Breaker, ForgetfulMemory
from engine.sources.http import Answer, Call, Fetcher
from engine.sources.pacing import Patience
from engine.sources.raw import RawArchive

HOST = "feed.example"
NOW = datetime(2024, 11, 2, 16, tzinfo=UTC)
HASTY = Patience(read_s=0.3, answer_s=0.3, attempts=3, backoff_s=0.01, longest_wait_s=0.5, jitter_s=0, gap_s=0, gaps={})
Page = tuple[int, dict[str, str], bytes]
GOOD: Page = (200, {}, b'{"rows": 1}')


class Server:
    """Answers with the pages in order, the last one for ever; `asked` are the paths and headers that came."""

    def __init__(self) -> None:
        self.pages: list[Page] = [GOOD]
        self.asked: list[tuple[str, dict[str, str], float]] = []
        self.drip = 0.0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append((self.path, dict(self.headers), time.monotonic()))
                status, headers, body = outer.pages.pop(0) if len(outer.pages) > 1 else outer.pages[0]
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                with suppress(ConnectionError):
                    for place in range(len(body)):
                        self.wfile.write(body[place : place + 1])
                        time.sleep(outer.drip)

            def log_message(self, *parts: object) -> None:
                """Stay quiet."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"


@pytest.fixture
def server() -> Iterator[Server]:
    """A server of our own."""
    one = Server()
    thread = threading.Thread(target=one.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield one
    one.http.shutdown()
    one.http.server_close()
    thread.join()


@pytest.fixture
def open_fetcher(tmp_path: Path) -> Iterator[Callable[..., Fetcher]]:
    """Opens fetchers that are closed at the end."""
    opened: list[Fetcher] = []

    def make(patience: Patience = HASTY, memory: Any = None) -> Fetcher:
        breaker = Breaker(memory or ForgetfulMemory(), lambda: NOW, patience)
        opened.append(Fetcher(breaker, lambda: NOW, RawArchive(tmp_path / "raw"), patience))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def call(server: Server, **changes: Any) -> Call:
    return replace(Call(HOST, "things", "2024-25", f"{server.url}/things"), **changes)


def read(answer: Answer) -> Any:
    return answer.json()["rows"]


def test_a_fault_that_passes_is_not_noticed(server: Server, open_fetcher: Any) -> None:
    server.pages = [(503, {}, b""), (200, {}, b"<html>"), GOOD]
    assert open_fetcher().fetch(call(server), read) == 1
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("page", "error", "attempts"),
    [
        ((500, {}, b""), FeedDownError, 3),
        ((403, {}, b"<html>Access Denied</html>"), FeedBlockedError, 3),
        ((403, {}, b"<Error><Code>AccessDenied</Code></Error>"), FeedMissingError, 1),
        ((404, {}, b""), FeedMissingError, 1),
        ((401, {}, b"{}"), FeedKeyError, 1),
        ((302, {"Location": "http://127.0.0.1:1/"}, b""), FeedDownError, 3),
        ((200, {}, b""), FeedShapeError, 3),
        ((200, {}, b"[1]"), FeedShapeError, 3),
        ((200, {}, b'{"rows": '), FeedShapeError, 3),
        ((200, {}, b'{"rows": "\xff"}'), FeedShapeError, 3),
        ((200, {"Content-Encoding": "gzip"}, b"no gzip at all"), FeedShapeError, 3),
        ((200, {"Content-Length": "999"}, b'{"rows": 1}'), FeedDownError, 3),
    ],
)
def test_each_answer_that_is_none_has_its_error_and_is_asked_for_as_often_as_it_makes_sense(
    page: Page, error: type[FeedError], attempts: int, server: Server, open_fetcher: Any
) -> None:
    server.pages = [page]
    with pytest.raises(error) as told:
        open_fetcher().fetch(call(server), read)
    assert told.value.host == HOST
    assert str(told.value).startswith(HOST)
    assert str(told.value).endswith(".")
    assert len(server.asked) == attempts


def test_an_answer_that_drips_ends(server: Server, open_fetcher: Any) -> None:
    server.drip = 0.1
    started = time.monotonic()
    with pytest.raises(FeedTimeoutError, match=r"did not finish its answer in 0\.3 s"):
        open_fetcher(replace(HASTY, attempts=1)).fetch(call(server), read)
    assert time.monotonic() - started < 1


def test_a_name_that_is_not_found_is_told_in_one_sentence(open_fetcher: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*parts: object, **more: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(FeedUnreachableError, match=r"Name or service not known\): check this machine's network"):
        open_fetcher().fetch(Call(HOST, "things", "x", "http://feed.example/things"), read)


def test_nobody_listening_is_told_from_nobody_answering(open_fetcher: Any) -> None:
    with pytest.raises(FeedUnreachableError, match="check this machine's network"):
        open_fetcher().fetch(Call(HOST, "things", "x", "http://127.0.0.1:1/things"), read)


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_host_that_asks_for_patience_gets_it(form: str, server: Server, open_fetcher: Any) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    server.pages = [(429, {"Retry-After": "1" if form == "seconds" else soon}, b""), GOOD]
    assert open_fetcher(replace(HASTY, longest_wait_s=3)).fetch(call(server), read) == 1
    first, second = (moment for _, _, moment in server.asked)
    assert 0.5 < second - first < 3


def test_a_host_that_asks_for_an_hour_is_left_alone_for_it_at_once(server: Server, open_fetcher: Any) -> None:
    server.pages = [(429, {"Retry-After": "3600"}, b"")]
    fetcher = open_fetcher()
    with pytest.raises(FeedBlockedError, match="asks for fewer calls") as told:
        fetcher.fetch(call(server), read)
    assert told.value.retry_after == 3600
    assert fetcher.breaker.paused_until(HOST) == NOW + timedelta(hours=1)
    with pytest.raises(FeedPausedError, match="left alone until 17:00 UTC"):
        fetcher.fetch(call(server), read)
    assert len(server.asked) == 1


def test_a_trial_after_a_pause_that_fails_says_what_failed(server: Server, open_fetcher: Any) -> None:
    server.pages = [(500, {}, b"")]
    fetcher = open_fetcher()
    for _ in range(3):
        fetcher.breaker.failed(HOST)
    fetcher.breaker.let_one_through(HOST)
    with pytest.raises(FeedDownError, match="status 500"):
        fetcher.fetch(call(server), read)
    assert len(server.asked) == 1
    with pytest.raises(FeedPausedError):
        fetcher.fetch(call(server), read)


def test_calls_to_a_host_keep_their_distance_even_from_several_threads(server: Server, open_fetcher: Any) -> None:
    fetcher = open_fetcher(replace(HASTY, gap_s=0.1))
    threads = [threading.Thread(target=fetcher.fetch, args=(call(server), read)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    moments = sorted(moment for _, _, moment in server.asked)
    assert moments[-1] - moments[0] > 0.2, "three distances of 0.1 s, on a machine that may be busy"
    assert fetcher.calls == 4


def test_what_came_is_kept_even_when_it_cannot_be_read(server: Server, open_fetcher: Any, tmp_path: Path) -> None:
    server.pages = [(200, {}, b"<html>")]
    with pytest.raises(FeedShapeError):
        open_fetcher(replace(HASTY, attempts=1)).fetch(call(server), read)
    archive = RawArchive(tmp_path / "raw")
    assert [archive.read(kept) for kept in archive.payloads(HOST, "things")] == [b"<html>"]


def test_nothing_new_is_an_answer_only_to_a_call_that_asks_for_what_is_new(
    server: Server, open_fetcher: Any, tmp_path: Path
) -> None:
    server.pages = [(304, {}, b"")]
    asks = call(server, validators={"If-None-Match": '"v1"'})
    answer = open_fetcher().fetch(asks, lambda one: one)
    assert (answer.unchanged, answer.content) == (True, b"")
    assert server.asked[-1][1]["If-None-Match"] == '"v1"'
    assert list(RawArchive(tmp_path / "raw").payloads()) == []
    with pytest.raises(FeedDownError, match="status 304"):
        open_fetcher().fetch(call(server), read)


def test_who_has_been_closed_asks_nobody_and_says_so_in_one_sentence(server: Server, open_fetcher: Any) -> None:
    fetcher = open_fetcher()
    fetcher.close()
    with pytest.raises(FeedDownError, match="no longer asked"):
        fetcher.fetch(call(server), read)
    assert server.asked == []


def test_a_full_disk_is_one_sentence_and_no_fault_of_the_host(
    server: Server, open_fetcher: Any, tmp_path: Path
) -> None:
    (tmp_path / "raw").write_text("not a folder", encoding="utf-8")
    with pytest.raises(SourceError, match="make room"):
        open_fetcher().fetch(call(server), read)
    assert len(server.asked) == 1


def test_a_key_is_sent_and_stands_nowhere_else(
    server: Server, open_fetcher: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    answer = open_fetcher().get(f"{server.url}/v4/odds", {"regions": "us"}, {"apiKey": "s3cret-k3y"})
    assert answer.content == GOOD[2]
    assert "apiKey=s3cret-k3y" in server.asked[0][0]
    assert "s3cret-k3y" not in caplog.text
    assert not any("s3cret-k3y" in str(path) for path in tmp_path.rglob("*"))


@pytest.mark.parametrize("status", [403, 404])
def test_a_document_that_is_not_there_is_none_and_the_host_is_not_blamed(
    status: int, server: Server, open_fetcher: Any
) -> None:
    fetcher = open_fetcher()
    server.pages = [(status, {}, b"<html>Forbidden</html>")]
    for _ in range(5):
        assert fetcher.find(f"{server.url}/report.pdf") is None
    server.pages = [(200, {}, b"%PDF")]
    assert fetcher.find(f"{server.url}/report.pdf") == b"%PDF"
