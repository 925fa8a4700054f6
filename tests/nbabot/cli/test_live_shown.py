"""`live`: the games of a day, one of them, what is refused, and how past forecasts have fared."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.core.teams import TEAMS

Run = Callable[..., Any]
ROOT = Path(__file__).resolve().parents[3]
GAME = "0022400600"
"""Of the simulated league, played the day before."""


def test_the_games_of_a_day_and_one_of_them_are_shown_as_known_then(ask: Run) -> None:
    board = ask("live", "--as-of", "2025-01-15")
    assert (board.code, board.err) == (0, "")
    assert "SIMULATED" in board.out
    assert "Wed 15 Jan 2025" in board.out
    assert " 19:" in board.out or "Time unknown" in board.out
    card = ask("live", GAME, "--as-of", "2025-01-15")
    assert (card.code, card.err) == (0, "")
    for part in ("Final", " won\n", "'s chance  ", "Q1          Q2", "before tip-off", "live-curves@"):
        assert part in card.out
    assert all(len(line) <= 80 for line in (board.out + card.out).split("\n"))


def test_a_game_is_named_by_its_teams_and_day_as_well_as_by_its_id(ask: Run) -> None:
    by_id = ask("live", GAME, "--as-of", "2025-01-15", "--json").json
    home, away = by_id["home"], by_id["away"]
    words = (
        f"{away} at {home} {by_id['date']}",
        f"{home} vs {away} yesterday",
        f"{home} yesterday",
        f"{home} {away} yesterday",
    )
    for named in words:
        assert ask("live", *named.split(), "--as-of", "2025-01-15", "--json").json["game_id"] == GAME


def test_the_chance_of_a_finished_game_ends_at_its_result(ask: Run) -> None:
    card = ask("live", GAME, "--as-of", "2025-01-15", "--json").json
    last = card["points"][-1]
    assert (last["home"], last["away"]) == (card["home_points"], card["away_points"])
    assert last["home_win_prob"] == float(card["home_points"] > card["away_points"])
    assert 0 < card["points"][0]["home_win_prob"] < 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("Lakrs",), "No NBA team is called 'Lakrs'"),
        (("0029900001",), "No game 0029900001 is stored"),
        (("--watch",), "nbabot live --replay"),
        (("--watch", "--json"), "leave out --watch and --replay"),
        (("--watch", "--record"), "--watch is for games that are on"),
        (("--speed", "60"), "add --replay GAME"),
        (("--record", "--replay", GAME), "ask one of them"),
        (("--replay", GAME, "--speed", "0"), "1 to 3,600 times as fast"),
        (("--replay", "0029900001"), "No game 0029900001 is stored"),
    ],
)
def test_what_cannot_be_shown_is_one_sentence(ask: Run, words: tuple[str, ...], sentence: str) -> None:
    told = ask("live", *words, "--as-of", "2025-01-15")
    assert told.code != 0
    assert sentence in told.err
    assert told.err.count("\n") == 1
    assert told.out == ""


def test_a_day_of_which_no_schedule_is_stored_is_no_day_without_games(ask: Run) -> None:
    for shape in ((), ("--json",), ("celtics",)):
        told = ask("live", "--as-of", "2031-01-15", *shape)
        assert (told.code, told.out) == (1, "")
        assert "No schedule is stored for 2031-01-15" in told.err


def test_a_team_without_a_game_is_told_so(ask: Run) -> None:
    games = ask("live", "--as-of", "2025-01-15", "--json").json["games"]
    idle = next(team.abbreviation for team in TEAMS if not any(team.abbreviation in game.values() for game in games))
    told = ask("live", idle, "--as-of", "2025-01-15")
    assert told.code == 2
    assert "do not play on Wed 15 Jan 2025" in told.err


def test_without_a_game_that_was_followed_the_record_says_how_one_comes_about(ask: Run) -> None:
    told = ask("live", "--record")
    assert told.code == 0
    assert "nbabot run follows games and grades them" in " ".join(told.out.split())


@pytest.mark.end_to_end
def test_a_past_game_is_played_again_as_a_channel_would_see_it_and_its_forecasts_are_graded(ask: Run) -> None:
    told = ask("live", "--replay", GAME, "--speed", "1800", "--as-of", "2025-01-15")
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith("SIMULATED")
    lines = [line.strip() for line in told.out.split("\n")]
    assert any(line.startswith("posted  ") for line in lines)
    edits = [line for line in lines if line.startswith("edit ")]
    assert len(edits) > 5
    assert any("· Q2 " in line for line in edits)
    assert " won · " in edits[-1]
    assert edits[-1].endswith(("· Final", "· Final/OT"))
    assert "live-curves@" in told.out
    assert " forecasts logged and graded; log loss over the game " in " ".join(lines)
    assert "No game that was forecast" in ask("live", "--record").out


@pytest.mark.end_to_end
@pytest.mark.parametrize(("told", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_replay_that_is_stopped_leaves_no_copy(home: Path, tmp_path: Path, told: signal.Signals, code: int) -> None:
    (tmp_path / "temporary").mkdir()
    words = ("live", "--replay", GAME, "--speed", "20", "--home", str(home))
    command = [sys.executable, "-m", "nbabot", *words]
    environment = {**os.environ, "TMPDIR": str(tmp_path / "temporary"), "PYTHONPATH": str(ROOT)}
    replay = subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    assert replay.stdout is not None
    assert any(line.startswith("  posted") for line in iter(replay.stdout.readline, ""))
    assert list((tmp_path / "temporary").glob("nbabot-replay-*"))
    replay.send_signal(told)
    assert replay.wait(30) == code
    replay.stdout.close()
    assert not list((tmp_path / "temporary").iterdir())


@pytest.mark.end_to_end
def test_a_replay_of_which_nobody_reads_the_rest_ends_without_a_word(home: Path, tmp_path: Path) -> None:
    words = ("live", "--replay", GAME, "--speed", "60", "--home", str(home))
    command = [sys.executable, "-m", "nbabot", *words]
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=-1, stderr=-1, text=True) as replay:
        assert replay.stdout is not None
        assert replay.stderr is not None
        assert any(line.startswith("  posted") for line in iter(replay.stdout.readline, ""))
        replay.stdout.close()
        assert replay.wait(30) == 1
        assert replay.stderr.read() == ""
    assert not list(tmp_path.glob("nbabot-replay-*"))
