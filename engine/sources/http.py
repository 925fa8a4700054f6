"""The one way to a host: paced, patient, retried, remembered, kept raw, and read before it counts as an answer."""

from __future__ import annotations

import json
import logging
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import httpx
import stamina
import stamina.instrumentation
import structlog

from engine.core.errors import (
    FeedBlockedError,
    FeedDownError,
    FeedError,
    FeedKeyError,
    FeedMissingError,
    FeedShapeError,
    FeedTimeoutError,
    FeedUnreachableError,
)
from engine.core.signals import Called, tell
from engine.sources.feed import CDN, STATS
from engine.sources.pacing import Pacer, Patience

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.sources.breaker import Breaker
    from engine.sources.raw import RawArchive

log = structlog.get_logger(__name__)

_LARGEST_ANSWER = 64 * 2**20
_NOT_THERE = b"<Code>AccessDenied</Code>"
_HELD_AGAINST_HOST = (FeedTimeoutError, FeedBlockedError, FeedDownError)
_FINAL = (FeedMissingError, FeedKeyError)
_LATER = "try again later"
_ADVICE = {
    STATS: 'set sources.prefer = "cdn", or try again later',
    CDN: 'set sources.prefer = "stats", or try again later',
}

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Call:
    """One thing to ask a host for.

    `host` is the name by which it is paced and remembered, whatever the URL; `kind` and `key` say what is asked for
    and are the names under which the answer is kept (as a file with this `suffix`). `absent` are the statuses that
    mean "not there". `validators` are the headers that ask only for what has changed: then status 304 is an answer.
    Secrets belong in `params` or `headers`: neither is ever logged or kept.
    """

    host: str
    kind: str
    key: str
    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    validators: Mapping[str, str] = field(default_factory=dict)
    suffix: str = "json"
    absent: frozenset[int] = frozenset({httpx.codes.NOT_FOUND})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host sent with status 200, or that nothing has changed (304): then without content."""

    host: str
    content: bytes
    headers: Mapping[str, str]
    unchanged: bool = False

    def json(self) -> dict[str, Any]:
        """The body as a JSON object. Raises FeedShapeError."""
        return json_object(self.host, self.content)


class Fetcher:
    """Makes calls. One instance serves all feeds and threads; `close` it at the end.

    `skew` is how far this machine's clock is ahead of the host that answered last; None until one did.
    """

    def __init__(
        self, breaker: Breaker, now: Callable[[], datetime], raw: RawArchive | None, patience: Patience | None = None
    ) -> None:
        self.breaker = breaker
        self.skew: timedelta | None = None
        self._now = now
        self._raw = raw
        self._patience = patience or Patience()
        self._pacer = Pacer(self._patience)
        timeout = httpx.Timeout(self._patience.read_s, connect=self._patience.connect_s)
        self._client = httpx.Client(timeout=timeout, verify=_trusted())
        self._calls = 0
        for talkative in ("httpx", "httpcore"):  # they log whole URLs, and a URL may hold a key
            logging.getLogger(talkative).setLevel(logging.WARNING)
        # Every failed attempt is logged here, with the host's name; stamina's own line would say it again, with less.
        stamina.instrumentation.set_on_retry_hooks(())

    def close(self) -> None:
        """Close the connections; an open call fails, and so does every later one."""
        self._client.close()

    @property
    def calls(self) -> int:
        """Requests sent so far, to all hosts."""
        return self._calls

    def get(self, url: str, params: Mapping[str, str], secret: Mapping[str, str]) -> Answer:
        """The answer to a request for data; `secret` parameters are sent and nowhere shown or kept. As `fetch`."""
        kind = PurePosixPath(urlsplit(url).path).name
        key = "-".join(params.values())
        return self.fetch(Call(_host(url), kind, key, url, {**params, **secret}), lambda answer: answer)

    def find(self, url: str) -> bytes | None:
        """The document at `url`, or None when the server says that there is none (403, 404). As `fetch`."""
        name = PurePosixPath(urlsplit(url).path)
        absent = frozenset({httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND})
        call = Call(_host(url), "document", name.stem, url, suffix=name.suffix.lstrip(".") or "bin", absent=absent)
        try:
            return self.fetch(call, lambda answer: answer.content)
        except FeedMissingError:
            return None

    def fetch(self, call: Call, read: Callable[[Answer], R]) -> R:
        """Ask until an answer can be read, and return what `read` makes of it; a FeedError of `read` is a failure too.

        Raises the FeedError of the last attempt, FeedPausedError without asking while the host is left alone, and
        SourceError when the payload cannot be kept.
        """
        self.breaker.check(call.host)
        limits = self._patience
        attempts = stamina.retry_context(
            on=self._wait_after,
            attempts=limits.attempts,
            timeout=limits.total_s,
            wait_initial=limits.backoff_s,
            wait_max=limits.longest_wait_s,
            wait_jitter=limits.jitter_s,
        )
        for attempt in attempts:
            with attempt:
                return self._attempt(call, read)
        raise AssertionError("stamina ends with a result or an error")

    def _attempt(self, call: Call, read: Callable[[Answer], R]) -> R:
        started = time.monotonic()
        try:
            answer = self._answer(call)
            if self._raw is not None and not answer.unchanged:
                self._raw.keep(call.host, call.kind, call.key, answer.content, self._now(), call.suffix)
            result = read(answer)
        except FeedError as error:
            if isinstance(error, _HELD_AGAINST_HOST):
                self.breaker.failed(call.host, getattr(error, "retry_after", None) or 0.0)
            log.info("feed_call_failed", host=call.host, kind=call.kind, key=call.key, reason=str(error))
            tell(Called(call.host, type(error).__name__, time.monotonic() - started))
            raise
        self.breaker.succeeded(call.host)
        tell(Called(call.host, "ok", time.monotonic() - started))
        log.debug("feed_call", host=call.host, kind=call.kind, key=call.key, seconds=time.monotonic() - started)
        return result

    def _wait_after(self, error: Exception) -> bool | float:
        """Whether to try again after an error, and after how long where the host says so."""
        if not isinstance(error, FeedError) or isinstance(error, _FINAL):
            return False
        if self.breaker.paused_until(error.host) is not None:
            return False
        asked = getattr(error, "retry_after", None)
        return True if asked is None else asked if asked <= self._patience.longest_wait_s else False

    def _answer(self, call: Call) -> Answer:
        self._pacer.wait(call.host)
        self._calls += 1
        limit = time.monotonic() + self._patience.answer_s
        headers = {**call.headers, **call.validators}
        if self._client.is_closed:
            raise FeedDownError(call.host, f"{call.host} is no longer asked, since the program ends: {_LATER}.")
        with (
            _translated(call.host),
            self._client.stream("GET", call.url, params=call.params or None, headers=headers) as response,
        ):
            self.skew = _skew(response) or self.skew
            body = bytearray()
            for piece in response.iter_bytes():
                body += piece
                if time.monotonic() > limit:
                    reason = f"did not finish its answer in {self._patience.answer_s:g} s"
                    raise FeedTimeoutError(call.host, f"{call.host} {reason}: {_ADVICE.get(call.host, _LATER)}.")
                if len(body) > _LARGEST_ANSWER:
                    raise FeedShapeError(call.host, f"{call.host} sent more than any answer holds: try again later.")
            _check_status(call, response, bytes(body))
            unchanged = response.status_code == httpx.codes.NOT_MODIFIED
            return Answer(call.host, bytes(body), response.headers, unchanged)


def json_object(host: str, body: bytes) -> dict[str, Any]:
    """A body as a JSON object. Raises FeedShapeError, saying what it is instead."""
    text = body.strip()
    if not text:
        raise FeedShapeError(host, f"{host} sent an empty answer: {_LATER}.")
    if text.startswith(b"<"):
        raise FeedShapeError(host, f"{host} sent a web page instead of data: {_ADVICE.get(host, _LATER)}.")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FeedShapeError(host, f"{host} sent an answer that is cut off or garbled: {_LATER}.") from error
    if not isinstance(value, dict):
        raise FeedShapeError(host, f"{host} sent something other than a JSON object: {_LATER}.")
    return value


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates to trust: read once, because that takes a tenth of a second."""
    return httpx.create_ssl_context()


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


def _check_status(call: Call, response: httpx.Response, body: bytes) -> None:
    """Raise the FeedError that a status stands for."""
    status, host = response.status_code, call.host
    if status == httpx.codes.OK or (status == httpx.codes.NOT_MODIFIED and call.validators):
        return
    if status in call.absent or (status == httpx.codes.FORBIDDEN and _NOT_THERE in body[:500]):
        what = f"{call.kind} for {call.key}".replace("_", " ")
        raise FeedMissingError(host, f"{host} has no {what}: {_LATER}.")
    if status == httpx.codes.UNAUTHORIZED:
        raise FeedKeyError(
            host, f"{host} does not accept the key (status 401): check it, and the account that it is of."
        )
    if status in (httpx.codes.FORBIDDEN, httpx.codes.TOO_MANY_REQUESTS):
        busy = status == httpx.codes.TOO_MANY_REQUESTS
        reason = "asks for fewer calls" if busy else "refuses this machine"
        blocked = FeedBlockedError(host, f"{host} {reason} (status {status}): {_ADVICE.get(host, _LATER)}.")
        blocked.retry_after = _retry_after(response)
        raise blocked
    raise FeedDownError(host, f"{host} reports a fault (status {status}): {_LATER}.")


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds in a Retry-After header, given as a number or as a date."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def _skew(response: httpx.Response) -> timedelta | None:
    """How far this machine's clock is ahead of the answer's Date header, which knows whole seconds only."""
    try:
        return datetime.now(UTC) - parsedate_to_datetime(response.headers.get("Date", ""))
    except (ValueError, TypeError):
        return None


@contextmanager
def _translated(host: str) -> Iterator[None]:
    """Turn what httpx raises into a FeedError of one sentence."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise FeedTimeoutError(
            host, f"{host} does not answer from this machine: {_ADVICE.get(host, _LATER)}."
        ) from error
    except (httpx.ConnectError, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        reason = f"{host} cannot be reached ({' '.join(str(error).split())[:80]})"
        raise FeedUnreachableError(host, f"{reason}: check this machine's network and name server.") from error
    except httpx.DecodingError as error:
        raise FeedShapeError(host, f"{host} sent an answer that is cut off or garbled: {_LATER}.") from error
    except httpx.HTTPError as error:
        raise FeedDownError(host, f"{host} cut the connection: {_LATER}.") from error
