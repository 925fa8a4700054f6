"""What happens inside the engine, told to whoever listens: for metrics, not for logic.

Telling costs next to nothing while nobody listens. Listeners are those of the process, are called in the thread where
it happens, and must neither wait nor raise.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Forecasted:
    """A forecast of a task ("game", "player") was asked for.

    `model` is name@version, empty where it failed; `outcome` is "fresh", "cached" or "failed".
    """

    task: str
    model: str
    outcome: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Called:
    """A host was asked; `outcome` is "ok" or the name of the error."""

    host: str
    outcome: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Waited:
    """A write transaction waited so long for the database's lock."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Recalled:
    """Something was looked for in memory: a "forecast", a "state" of the teams, the "players", a "model"."""

    what: str
    found: bool


Signal = Forecasted | Called | Waited | Recalled
Listener = Callable[[Signal], None]
_listeners: tuple[Listener, ...] = ()


def tell(signal: Signal) -> None:
    """Tell every listener."""
    for listener in _listeners:
        listener(signal)


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Have a listener told while the block runs."""
    global _listeners
    _listeners = (*_listeners, listener)
    try:
        yield
    finally:
        _listeners = tuple(one for one in _listeners if one is not listener)


class Forecasting:
    """A forecast that is being made; `by` says of which version it is, and whether it was at hand."""

    def __init__(self) -> None:
        self.model, self.outcome = "", "failed"

    def by(self, model: str, *, cached: bool) -> None:
        """It has been made."""
        self.model, self.outcome = model, "cached" if cached else "fresh"


@contextmanager
def forecasting(task: str) -> Iterator[Forecasting]:
    """Tell of the forecast that the block makes, of a failure too."""
    made, started = Forecasting(), time.perf_counter()
    try:
        yield made
    finally:
        tell(Forecasted(task, made.model, made.outcome, time.perf_counter() - started))
