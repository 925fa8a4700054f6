"""Fixtures for all tests: a simulated league imported and trained once, an engine on a copy of it, no network."""

from __future__ import annotations

import gc
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from bench import tables
from engine.core.calendar import noon_of
from engine.engine import Engine
from engine.sources.simulated import write_league

DEMO_DAY = date(2025, 1, 15)
PLAYERS_DAY = date(2024, 12, 12)


def pytest_collection_finish() -> None:
    """Leave what is loaded by now out of every later look for garbage: it is a great deal, and none of it is any."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any connection that would leave this machine is an error."""
    real_connect = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX and isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1"):
            raise AssertionError(f"a test tried to reach {address}")
        real_connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings and secrets of whoever runs the tests have no influence."""
    for name in list(os.environ):
        if name in ("DISCORD_TOKEN", "THE_ODDS_API_KEY") or (
            name.startswith("NBABOT_") and name not in ("NBABOT_DATA", "NBABOT_TOOLS")
        ):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def tool() -> ModuleType:
    """The stand-in for stats.nba.com and cdn.nba.com; the test is skipped where it is absent."""
    module = tables.tool("replay_nba")
    if module is None:
        pytest.skip("the stand-in for the NBA's hosts is absent: set NBABOT_TOOLS to the folder with replay_nba.py")
    return module


@pytest.fixture(scope="session")
def league_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of a simulated league of two seasons, the second one 2024-25."""
    folder = tmp_path_factory.mktemp("league")
    write_league(folder, seed=7, seasons=(2023, 2024))
    return folder


@pytest.fixture(scope="session")
def trained_home(league_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with that league imported and two families trained; `logistic` is champion."""
    home = tmp_path_factory.mktemp("home")
    engine = Engine(home, now=lambda: noon_of(DEMO_DAY))
    engine.import_paths([league_folder])
    engine.refresh_players()
    for version in engine.train_game(["elo", "logistic"]):
        if version.family == "logistic":
            engine.promote(version.name, version.version, "tests", "the league is simulated")
    engine.close()
    return home


@pytest.fixture(scope="session")
def players_trained_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with a season of the simulated league, where `player-ridge` is champion as of PLAYERS_DAY."""
    home = tmp_path_factory.mktemp("players")
    write_league(home / "files", seed=7, seasons=(2024,))
    engine = Engine(home, now=lambda: noon_of(PLAYERS_DAY))
    engine.import_paths([home / "files"])
    made = engine.train_player(["ridge"])[0]
    engine.promote(made.name, made.version, "tests", "the only one", force=True)
    engine.player(engine.players("", 1)[0].name)
    engine.close()
    return home


@pytest.fixture
def players_home(players_trained_home: Path, tmp_path: Path) -> Path:
    """A private copy of that folder."""
    return Path(shutil.copytree(players_trained_home, tmp_path / "home"))


@pytest.fixture
def home(trained_home: Path, tmp_path: Path) -> Path:
    """A private copy of the trained home folder."""
    return Path(shutil.copytree(trained_home, tmp_path / "home"))


@contextmanager
def engines(home: Path) -> Iterator[Callable[[date], Engine]]:
    """A maker of engines on one home, each looking at its own day; they are closed at the end."""
    opened: list[Engine] = []

    def make(day: date) -> Engine:
        opened.append(Engine(home, now=lambda: noon_of(day)))
        return opened[-1]

    yield make
    for engine in opened:
        engine.close()


@pytest.fixture
def engine_at(home: Path) -> Iterator[Callable[[date], Engine]]:
    """Makes engines on one private home, each looking at its own day."""
    with engines(home) as make:
        yield make


@pytest.fixture
def engine_on(players_home: Path) -> Iterator[Callable[[date], Engine]]:
    """The same on the home with a model of players."""
    with engines(players_home) as make:
        yield make


@pytest.fixture
def engine(engine_at: Callable[[date], Engine]) -> Engine:
    """An engine on the simulated league at noon of 2025-01-15."""
    return engine_at(DEMO_DAY)
