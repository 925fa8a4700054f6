"""The circuit breaker: a host that fails again and again is left alone for a while, across runs of the program."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Protocol

from engine.core.errors import FeedPausedError
from engine.sources.pacing import Patience

HEALTH = "feed_health:"
"""What the keys begin with under which hosts are remembered."""


class Memory(Protocol):
    """Where small texts outlive the program; the store implements it."""

    def load(self, key: str) -> str | None:
        """The text saved under a key, or None."""

    def save(self, key: str, text: str) -> None:
        """Keep a text under a key, in the place of an earlier one."""


class ForgetfulMemory:
    """A memory that ends with the program."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def load(self, key: str) -> str | None:
        """The text saved under a key, or None."""
        return self._texts.get(key)

    def save(self, key: str, text: str) -> None:
        """Keep a text under a key."""
        self._texts[key] = text


@dataclass(frozen=True, slots=True)
class HostHealth:
    """What is remembered of a host: failures in a row, the length of the last pause, and when it ends (ISO)."""

    failures: int = 0
    pause_s: float = 0.0
    until: str | None = None


class Breaker:
    """Counts failures in a row by host. After a pause one call goes through: it closes the circuit or pauses longer."""

    def __init__(self, memory: Memory, now: Callable[[], datetime], patience: Patience) -> None:
        self._memory = memory
        self._now = now
        self._patience = patience
        self._lock = threading.Lock()

    def paused_until(self, host: str) -> datetime | None:
        """When the host may be asked again; None when it may be asked now."""
        health = self._load(host)
        if health.until is None:
            return None
        until, now = datetime.fromisoformat(health.until), self._now()
        moved = until - now > timedelta(seconds=health.pause_s)  # the machine's clock was set back meanwhile
        return None if moved or until <= now else until

    def failures(self, host: str) -> int:
        """How often the host has failed in a row."""
        return self._load(host).failures

    def check(self, host: str) -> None:
        """Raise FeedPausedError while the host is left alone."""
        until = self.paused_until(host)
        if until is not None:
            reason = f"{host} failed repeatedly and is left alone until {until:%H:%M} UTC"
            raise FeedPausedError(host, f"{reason}: try again then.")

    def succeeded(self, host: str) -> None:
        """The host answered as it should."""
        if self._load(host) != HostHealth():
            self._save(host, HostHealth())

    def failed(self, host: str, at_least_s: float = 0.0) -> None:
        """The host failed once more; `at_least_s` is how long it asked to be left alone."""
        with self._lock:
            before, limits = self._load(host), self._patience
            failures = before.failures + 1
            if failures < limits.failures and at_least_s <= limits.longest_wait_s:
                self._save(host, HostHealth(failures))
                return
            pause = min(max(2 * before.pause_s, limits.pause_s, at_least_s), limits.longest_pause_s)
            until = self._now() + timedelta(seconds=pause)
            self._save(host, HostHealth(max(failures, limits.failures), pause, until.isoformat()))

    def let_one_through(self, host: str) -> None:
        """End the pause for the next call, which is a trial: one more failure begins a longer pause."""
        self._save(host, HostHealth(self._patience.failures, self._load(host).pause_s))

    def _load(self, host: str) -> HostHealth:
        text = self._memory.load(f"{HEALTH}{host}")
        try:
            return HostHealth(**json.loads(text)) if text else HostHealth()
        except (ValueError, TypeError):
            return HostHealth()

    def _save(self, host: str, health: HostHealth) -> None:
        self._memory.save(f"{HEALTH}{host}", json.dumps(asdict(health)))
