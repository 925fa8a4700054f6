"""`nbabot sync` and `nbabot doctor` as an operator runs them, against the stand-ins for the hosts."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest
from filelock import FileLock

from bench.stand_in import live_box
from engine.engine import DATABASE, Engine
from engine.sync import lock

SEASON = "2024-25"
COMPARED = {
    "games": "game_id, season, season_type, league_day, neutral, status, overtimes, min(home_id, away_id), "
    "CASE WHEN home_id < away_id THEN home_points ELSE away_points END",
    "team_boxes": "*",
    "player_boxes": "*",
    "players": "*",
}
"""What a synchronised and an imported database have in common: at a neutral site a log does not know who is home."""
Run = Callable[..., Any]


@pytest.fixture(scope="module")
def files() -> tuple[Path, Path]:
    """The logs of teams and players of a real season."""
    data = Path(os.environ.get("NBABOT_DATA", "../shared/data")).resolve()  # tests work in folders of their own
    found = data / f"team_game_logs/{SEASON}.csv.gz", data / f"player_game_logs/{SEASON}.csv.gz"
    if not all(path.is_file() for path in found):
        pytest.skip(f"the real season {SEASON} is absent: {data} (set NBABOT_DATA)")
    return found


@pytest.fixture
def nba(tool: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A running stand-in to which the settings point."""
    with tool.ReplayNBA() as server:
        monkeypatch.setenv("NBABOT_SOURCES__STATS_URL", f"{server.url}/stats")
        monkeypatch.setenv("NBABOT_SOURCES__CDN_URL", f"{server.url}/static/json")
        monkeypatch.setenv("NBABOT_SOURCES__INJURIES_URL", f"{server.url}/static/injury")
        yield server


@pytest.fixture
def hanging(nba: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The same with a stats.nba.com that takes the connection and never answers; nobody waits long for it."""
    monkeypatch.setenv("NBABOT_SOURCES__READ_SECONDS", "0.5")
    nba.fail("timeout", n=10_000, match="^/stats/", seconds=60)
    return nba


def nbabot(home: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "nbabot", *words, "--home", str(home)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=home.parent)


def contents(home: Path, table: str) -> set[tuple[Any, ...]]:
    database = sqlite3.connect(home / DATABASE)
    try:
        group = " GROUP BY game_id" if table == "games" else ""
        return set(database.execute(f"SELECT {COMPARED[table]} FROM {table}{group}"))
    finally:
        database.close()


def imported(home: Path, *paths: Path) -> Path:
    engine = Engine(home)
    engine.import_paths(paths)
    engine.close()
    return home


@pytest.mark.end_to_end
@pytest.mark.real_data
def test_killed_five_times_at_random_moments_a_season_ends_up_as_if_imported(
    nba: Any, files: tuple[Path, Path], tmp_path: Path
) -> None:
    teams, players = (pd.read_csv(path, dtype={"GAME_ID": str}) for path in files)
    nba.serve_team_games(teams)
    nba.serve_player_games(players)
    home, words = tmp_path / "synced", ("sync", "--seasons", SEASON, "--only", "schedule,results")
    dice = random.Random(11)
    for _ in range(5):
        process = nbabot(home, *words)
        time.sleep(dice.uniform(0.6, 4.5))
        process.kill()
        process.communicate(timeout=30)
    process = nbabot(home, *words, "--json")
    out, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, "")
    assert {task["state"] for task in json.loads(out)["tasks"]} <= {"done", "skipped"}
    expected = imported(tmp_path / "imported", *files)
    for table in COMPARED:
        assert contents(home, table) == contents(expected, table), table
    assert nba.unmatched == []
    again = nbabot(home, *words, "--json")
    assert {task["calls"] for task in json.loads(again.communicate(timeout=60)[0])["tasks"]} == {0}


@pytest.mark.end_to_end
@pytest.mark.real_data
def test_where_stats_hangs_throughout_the_cdn_serves_the_season_under_way(
    hanging: Any, files: tuple[Path, Path], tmp_path: Path
) -> None:
    teams, players = (pd.read_csv(path, dtype={"GAME_ID": str}) for path in files)
    days = sorted(teams["GAME_DATE"].unique())[:2]
    teams, players = (table[table["GAME_DATE"].isin(days)] for table in (teams, players))
    hanging.serve_team_games(teams)
    for game_id, rows in teams.groupby("GAME_ID"):
        hanging.add_live(f"boxscore/boxscore_{game_id}.json", live_box(rows, players[players["GAME_ID"] == game_id]))
    home = tmp_path / "synced"
    process = nbabot(home, "sync", "--seasons", SEASON, "--only", "schedule,results", "--json")
    out, _ = process.communicate(timeout=120)
    report = {task["task"]: task for task in json.loads(out)["tasks"]}
    assert process.returncode == 0
    assert {task["source"] for task in report.values()} == {"cdn.nba.com"}
    assert "stats.nba.com" in report["schedule"]["notes"][0]
    assert report["results"]["calls"] == teams["GAME_ID"].nunique()
    cut = tmp_path / "cut"
    cut.mkdir()
    teams.to_csv(cut / "teams.csv", index=False)
    players.to_csv(cut / "players.csv", index=False)
    expected = imported(tmp_path / "imported", cut)
    for table in COMPARED:
        assert contents(home, table) == contents(expected, table), table


def small(nba: Any) -> None:
    """One game that was played long ago, in the columns that a schedule needs."""
    teams = ((1610612738, "BOS vs. NYK", 111), (1610612752, "NYK @ BOS", 100))
    rows = [
        {"GAME_ID": "0022400001", "TEAM_ID": team, "GAME_DATE": "2024-10-22", "MATCHUP": text, "PTS": points}
        for team, text, points in teams
    ]
    nba.serve_team_games(rows)


@pytest.mark.end_to_end
def test_a_task_that_fails_is_told_in_a_sentence_and_by_the_exit_code(nba: Any, run: Run, tmp_path: Path) -> None:
    small(nba)
    found = run("sync", "--seasons", SEASON, "--only", "schedule,results", "--home", tmp_path, "--json")
    tasks = {task["task"]: task for task in found.json["tasks"]}
    assert tasks["schedule"]["state"] == "done"
    assert tasks["results"]["state"] == "failed"
    assert found.code == 1
    assert found.err.startswith("nbabot: 1 of 2 tasks failed, as told above: run nbabot sync again")
    assert "failed results: " in run("sync", "--seasons", SEASON, "--only", "results", "--home", tmp_path).out


def test_a_simulated_league_is_never_mixed_with_fetched_games(ask: Run) -> None:
    refused = ask("sync")
    assert (refused.code, refused.out) == (2, "")
    assert "simulated league" in refused.err
    assert refused.err.count("\n") == 1


def test_an_unknown_task_is_named_together_with_the_known_ones(run: Run, tmp_path: Path) -> None:
    refused = run("sync", "--only", "scores", "--home", tmp_path)
    assert refused.code == 2
    assert "There is no task 'scores': choose among schedule, results" in refused.err


def test_a_second_sync_waits_a_while_and_leaves_with_one_sentence(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "PATIENCE", 0.1)
    with FileLock(tmp_path / lock.FILE):
        refused = run("sync", "--home", tmp_path)
    assert refused.code == 1
    assert "Another nbabot is synchronising" in refused.err
    assert refused.err.count("\n") == 1


def test_nothing_was_corrected_yet(ask: Run) -> None:
    assert ask("corrections").out == "No stored fact has changed since it was stored.\n"


def health(found: Any) -> dict[str, str]:
    return {check["name"]: check["health"] for check in found.json["checks"]}


@pytest.mark.end_to_end
def test_the_doctor_finds_a_sound_installation_sound(nba: Any, run: Run, tmp_path: Path) -> None:
    small(nba)
    found = run("doctor", "--home", tmp_path, "--json")
    assert (found.code, found.err, found.json["sound"]) == (0, "", True)
    assert health(found) == {
        "python": "ok", "disk": "ok", "database": "ok", "migrations": "ok", "model": "ok", "last sync": "warning",
        "feed stats.nba.com": "ok", "feed cdn.nba.com": "ok", "feed ak-static.cms.nba.com": "ok", "clock": "ok",
        "backup": "warning", "access": "ok",
        "discord": "ok",
    }  # fmt: skip


@pytest.mark.end_to_end
def test_the_doctor_says_of_each_red_line_what_to_do(
    hanging: Any, stand_in: Any, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small(hanging)
    (tmp_path / DATABASE).write_bytes(b"no database at all" * 1000)
    monkeypatch.setenv("DISCORD_TOKEN", "not.a.token")
    with stand_in.FakeDiscord.in_thread() as server, stand_in.pointed_at(server):
        found = run("doctor", "--home", tmp_path, "--json")
    assert found.code == 1
    bad = {check["name"]: check for check in found.json["checks"] if check["health"] == "failed"}
    assert set(bad) == {"database", "feed stats.nba.com", "discord"}
    assert all(check["remedy"] for check in bad.values())
    assert "does not take the token" in bad["discord"]["found"]
    assert "not.a.token" not in found.out + found.err


@pytest.mark.end_to_end
def test_a_task_named_twice_or_in_capitals_runs_once_and_its_table_fits_the_terminal(
    nba: Any, run: Run, tmp_path: Path
) -> None:
    small(nba)
    found = run("sync", "--seasons", SEASON, "--only", "Schedule, schedule", "--home", tmp_path)
    assert found.code == 0
    assert sum(line.startswith("schedule ") for line in found.out.splitlines()) == 1
    assert max(map(len, found.out.splitlines())) <= 80
