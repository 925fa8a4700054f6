"""How politely and how patiently a host is asked: the numbers, and the bucket that spaces calls."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.sources.feed import CDN


@dataclass(frozen=True, slots=True)
class Patience:
    """The one policy for all hosts; seconds throughout.

    A call makes up to `attempts`, none after `total_s`, each with its own limits: `connect_s`, `read_s` between two
    pieces of the answer, `answer_s` for the whole of it. Attempts are `backoff_s` apart, then twice that, or what the
    host asks for up to `longest_wait_s`. `gap_s` (by host: `gaps`) lies between calls, plus up to `jitter_s`. After
    `failures` failed attempts in a row a host is left alone for `pause_s`, then twice as long, up to `longest_pause_s`.
    """

    connect_s: float = 5.0
    read_s: float = 15.0
    answer_s: float = 40.0
    attempts: int = 3
    total_s: float = 90.0
    backoff_s: float = 1.0
    longest_wait_s: float = 20.0
    gap_s: float = 1.0
    gaps: Mapping[str, float] = field(default_factory=lambda: {CDN: 0.3})
    jitter_s: float = 0.3
    failures: int = 3
    pause_s: float = 600.0
    longest_pause_s: float = 6 * 3600.0

    def gap(self, host: str) -> float:
        """Least time between two calls to a host."""
        return self.gaps.get(host, self.gap_s)


class Pacer:
    """A token bucket for each host that holds one token: calls wait until theirs drops in. Safe between threads."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._free_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, host: str) -> None:
        """Sleep until this call's turn."""
        gap = self._patience.gap(host) + random.uniform(0, self._patience.jitter_s)  # noqa: S311 - not a secret
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._free_at.get(host, now))
            self._free_at[host] = turn + gap
        time.sleep(max(0.0, turn - now))
