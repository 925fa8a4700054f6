"""The demo is the main job: it must tell its whole story, honestly, and refuse what it cannot show."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from engine.core.errors import NoDataError, SourceError, UsageError
from engine.core.progress import Progress, silent
from engine.engine import Engine
from nbabot.demo import DemoOptions, _say_what_next, demo_day, demo_home, run_demo


@contextmanager
def _no_bars() -> Iterator[Progress]:
    yield silent


def _run(options: DemoOptions) -> str:
    console = Console(file=io.StringIO(), width=80, force_terminal=False)
    run_demo(options, console, _no_bars)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize(
    "source", ["a simulated league", pytest.param("files of a folder", marks=pytest.mark.end_to_end)]
)
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


def test_a_source_without_data_is_refused_before_anything_is_said_or_made(tmp_path: Path) -> None:
    console = Console(file=io.StringIO())
    with pytest.raises(SourceError, match="does not exist"):
        run_demo(DemoOptions(home=tmp_path / "home", data=tmp_path / "nonexistent"), console, _no_bars)
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue() == ""
    assert not (tmp_path / "home").exists()


def test_only_a_folder_of_this_user_is_taken_for_their_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert demo_home() is None
    (tmp_path / "nbabot-demo-x").mkdir()
    (tmp_path / "nbabot-demo-x" / "nbabot.db").touch()
    assert demo_home() == tmp_path / "nbabot-demo-x"
    monkeypatch.setattr("os.getuid", lambda: (tmp_path / "nbabot-demo-x").stat().st_uid + 1)
    assert demo_home() is None


def test_the_next_steps_work_as_they_are_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", [str(tmp_path / "bin" / "nbabot")])
    monkeypatch.setattr("shutil.which", lambda name: None)
    console = Console(file=io.StringIO(), width=80)
    _say_what_next(DemoOptions(home=tmp_path / "my home"), tmp_path / "my home", "0022400604", console)
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert f"  bin/nbabot tui --demo --home '{tmp_path}/my home'\n" in text
    assert f"  rm -r '{tmp_path}/my home'\n" in text
    assert f"  bin/nbabot live --replay 0022400604 --speed 300 --home '{tmp_path}/my home'\n" in text
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    _say_what_next(DemoOptions(), tmp_path, None, console)
    assert "  nbabot tui --demo\n" in console.file.getvalue()
