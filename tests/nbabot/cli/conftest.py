"""Runs commands in this process, as the `nbabot` program would."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from nbabot.cli import main


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _nothing_lying_around(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No config.toml in the working folder; log handlers are taken away again."""
    monkeypatch.chdir(tmp_path)
    yield
    root = logging.getLogger()
    for handler in [one for one in root.handlers if getattr(one, "of_nbabot", False)]:
        root.removeHandler(handler)
        handler.close()


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    def command(*words: object) -> Result:
        code = main([str(word) for word in words])
        out, err = capfd.readouterr()
        return Result(code, out, err)

    return command


@pytest.fixture
def ask(run: Run, home: Path) -> Run:
    """A command on the trained simulated league."""
    return lambda *words: run("--home", home, *words)
