"""What one forecast of a game under way takes: by the model alone, and from a new score in the feed to the log.

    python -m bench.live_forecast

A made-up game is played to its end, a look at the feed every five seconds of it, in a fresh home folder with the models
that come with the program. A look contains what it takes to judge the sighting, to write the game's state and course
down, to forecast from there, and to log it, with everything on the disk. The feed is in memory: no network.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from bench.live_evening import evening, quiet
from bench.tables import show
from engine.core.calendar import league_day, machine_clock, noon_of
from engine.core.live import Moment, Pregame, moment_at
from engine.engine import DATABASE, Engine, shipped_models
from engine.models.live.model import LiveModel
from engine.models.registry import Registry
from engine.sources.live_replay import ReplayedGame, length_of
from engine.store.database import Database
from engine.sync.live import POLL_S

TARGET_MS = 5.0
TIP = noon_of(league_day(machine_clock()))


@dataclass
class Clock:
    """A clock that is moved by hand."""

    moment: datetime

    def __call__(self) -> datetime:
        """The moment that it shows."""
        return self.moment


def main() -> int:
    """Print the table; 1 where a look with a forecast takes longer than it may."""
    quiet()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        looks, moments = _looks(home)
        model = _model(home)
    before = Pregame(0.6, 3.0)
    alone = [_predicted(model, one, before) for one in moments]
    rows = [_row("the model alone", alone), _row("from a new score in the feed to the logged forecast", looks)]
    show("One forecast of a game under way", ["what", "n", "p50 ms", "p95 ms", "most ms", "target"], rows)
    return int(np.percentile(looks, 95) >= TARGET_MS)


def _looks(home: Path) -> tuple[list[float], list[Moment]]:
    """Milliseconds of every look at the feed that found a new score or clock, and the moments of the game."""
    hosted = evening(home, TIP, 1)[0]
    clock = Clock(TIP - timedelta(seconds=POLL_S))
    engine = Engine(home, clock, live_feed=lambda: ReplayedGame(hosted.game, hosted.scores, TIP, clock))
    assert engine.live_board().games[0].pregame is not None
    looks, moments = [], []
    for played in range(0, length_of(hosted.scores), int(POLL_S)):
        clock.moment = TIP + timedelta(seconds=played)
        began = time.perf_counter()
        if engine.poll_live().changed:
            looks.append(1000 * (time.perf_counter() - began))
            moments.append(moment_at(hosted.scores, played))
    engine.close()
    return looks, moments


def _model(home: Path) -> LiveModel:
    registry = Registry(Database(home / DATABASE), shipped_models(), home / "models")
    return registry.load_as(registry.champion("live").label, LiveModel).model


def _predicted(model: LiveModel, moment: Moment, before: Pregame) -> float:
    """Milliseconds of one forecast."""
    began = time.perf_counter()
    model.predict(moment, before)
    return 1000 * (time.perf_counter() - began)


def _row(what: str, took: list[float]) -> list[str]:
    p50, p95 = np.percentile(took, [50, 95])
    return [what, f"{len(took):,}", f"{p50:.2f}", f"{p95:.2f}", f"{max(took):.1f}", f"p95 < {TARGET_MS:g}"]


if __name__ == "__main__":
    sys.exit(main())
