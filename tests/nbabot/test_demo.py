"""The demo is the main job: it must tell its whole story, honestly, and refuse what it cannot show."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from engine.core.errors import NoDataError, UsageError
from engine.core.progress import Progress, silent
from engine.engine import Engine
from nbabot.demo import DemoOptions, demo_day, run_demo


@contextmanager
def _no_bars() -> Iterator[Progress]:
    yield silent


def _run(options: DemoOptions) -> str:
    console = Console(file=io.StringIO(), width=80, force_terminal=False)
    run_demo(options, console, _no_bars)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("source", ["a simulated league", "files of a folder"])
def test_the_whole_story_is_told(source: str, tmp_path: Path, league_folder: Path) -> None:
    home = tmp_path / "home"
    day = date(2025, 2, 5)
    data = league_folder if source == "files of a folder" else None
    text = _run(DemoOptions(home=home, data=data, day=day))
    for part in ("into production", "picks are posted", "/predict", "Why", "picks right", "Brier score", "Monitoring:"):
        assert part in text
    assert "SIMULATED" in text
    engine = Engine(home)
    picks = engine.picks(day)
    assert picks
    assert all(pick.published_at.date() == day for pick in picks)
    assert engine.record().pending == 0
    assert demo_day(home) == day


def test_a_folder_with_games_is_left_alone(home: Path) -> None:
    with pytest.raises(UsageError, match="empty folder"):
        _run(DemoOptions(home=home))


def test_a_day_without_games_is_refused_before_any_training(tmp_path: Path, league_folder: Path) -> None:
    with pytest.raises(NoDataError, match="No schedule is stored"):
        _run(DemoOptions(home=tmp_path / "home", data=league_folder, day=date(2025, 8, 1)))
    assert all(not version.simulated for version in Engine(tmp_path / "home").models())
