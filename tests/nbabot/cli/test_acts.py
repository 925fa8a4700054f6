"""Commands that change something, and what they show of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
DAY = "2025-01-15"


def test_importing_twice_changes_nothing(run: Run, league_folder: Path, tmp_path: Path) -> None:
    first = run("import", league_folder / "team_game_logs", "--home", tmp_path, "--json").json
    second = run("import", league_folder / "team_game_logs", "--home", tmp_path, "--json").json
    assert sum(file["new"] for file in first["files"]) > 0
    assert sum(file["new"] + file["changed"] for file in second["files"]) == 0
    assert [file["read"] for file in first["files"]] == [file["read"] for file in second["files"]]


def test_the_import_says_what_it_rejected_and_why(ask: Run, tmp_path: Path) -> None:
    text = ask("import", tmp_path / "absent.csv")
    assert text.code in (1, 2)
    assert "absent.csv" in text.err
    assert text.err.count("\n") == 1


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_imported(
    run: Run, league_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "broken.csv").write_text("a,b\n1,2\n")
    text = run("import", tmp_path / "broken.csv", league_folder / "team_game_logs", "--home", tmp_path / "home")
    assert text.code == 1
    assert "broken.csv is in no known format" in " ".join(text.out.split())
    assert "1 of 3 files could not be read" in text.err
    assert "4,920" in text.out


def test_status_shows_what_is_stored(ask: Run) -> None:
    status = ask("status", "--as-of", DAY, "--json").json
    assert status["simulated"] is True
    assert status["seasons"] == ["2023-24", "2024-25"]
    assert status["data_through"] == "2025-01-14"
    text = ask("status", "--as-of", DAY).out
    assert "SIMULATED" in text
    assert status["champion"] in text


def test_training_promotes_nothing_and_promoting_leaves_a_trail(ask: Run) -> None:
    before = ask("status", "--json").json["champion"]
    made = ask("train", "game", "--families", "elo", "--as-of", DAY, "--json").json["models"]
    assert [model["family"] for model in made] == ["elo"]
    assert ask("status", "--json").json["champion"] == before
    label = made[0]["model"]
    assert ask("models", "promote", label, "--yes", "--force", "--why", "a test").code == 0
    assert ask("status", "--json").json["champion"] == label
    last = ask("models", "audit", "--json").json["audit"][0]
    assert (last["from"], last["to"], last["why"]) == (before, label, "a test")
    roles = {model["model"]: model["status"] for model in ask("models", "list", "--json").json["models"]}
    assert roles[label] == "champion"
    assert roles[before] != "champion"


def test_promotion_without_a_terminal_needs_yes(ask: Run) -> None:
    model = next(one for one in ask("models", "list", "--json").json["models"] if one["status"] != "champion")
    result = ask("models", "promote", model["name"], model["version"])
    assert result.code == 2
    assert "--yes" in result.err


def test_models_show_tells_the_manifest(ask: Run) -> None:
    champion = ask("status", "--json").json["champion"]
    shown = ask("models", "show", champion, "--json").json
    assert shown["model"] == champion
    assert shown["manifest"]["reference"]["window"] == 200
    assert champion in ask("models", "show", *champion.split("@")).out


def test_an_unknown_version_is_one_sentence(ask: Run) -> None:
    for words in (("models", "show", "game-elo@9.9.9"), ("models", "promote", "game-elo", "9.9.9", "--yes")):
        result = ask(*words)
        assert result.code == 1
        assert "nbabot models list" in result.err


def test_backtest_prints_and_writes_the_same_figures(ask: Run, tmp_path: Path) -> None:
    target = tmp_path / "result.json"
    charts = tmp_path / "charts"
    text = ask("backtest", "game", "--seasons", "2024-25", "--as-of", DAY, "--json", target, "--charts", charts).out
    written = json.loads(target.read_text())
    assert written["task"] == "game"
    assert written["seasons"] == ["2024-25"]
    families = {row["family"]: row for row in written["rows"]}
    assert {"elo", "logistic", "ensemble", "line"} <= set(families)
    row = families["logistic"]
    for key in ("n", "log_loss", "brier", "accuracy", "ece", "calibration_slope", "margin_mae", "total_mae"):
        assert row[key] is not None
    assert {"n_market", "log_loss_on_market"} <= set(row)
    assert f"{row['log_loss']:.4f}" in text
    assert max(map(len, text.splitlines())) <= 80
    assert "SIMULATED" in text
    assert sorted(path.name for path in charts.iterdir()) == ["reliability.png", "xgboost-training-2024-25.png"]


def test_charts_into_a_folder_that_cannot_be_made_are_one_sentence(ask: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    words = ("backtest", "game", "--seasons", "2024-25", "--as-of", DAY, "--families", "elo")
    result = ask(*words, "--charts", tmp_path / "file" / "charts")
    assert result.code == 2
    assert "after --charts" in result.err


def test_backtest_to_a_place_that_cannot_be_written_is_one_sentence(ask: Run, tmp_path: Path) -> None:
    result = ask("backtest", "game", "--seasons", "2024-25", "--as-of", DAY, "--json", tmp_path / "no" / "such.json")
    assert result.code == 2
    assert "cannot be written" in result.err


def test_monitor_on_few_games_claims_nothing(ask: Run) -> None:
    report = ask("monitor", "--as-of", "2025-01-20", "--json").json
    assert report["verdict"] == "not enough data"
    assert report["n"] < report["needed"] == 200
    assert ask("monitor", "--as-of", "2025-01-20").out.startswith("Not enough data: ")


@pytest.mark.parametrize("window", ["3", "199", "-1", "some"])
def test_a_window_of_a_few_picks_is_refused(ask: Run, window: str) -> None:
    result = ask("monitor", "--as-of", "2025-03-15", "--window", window)
    assert result.code == 2
    assert "200" in result.err or "--window" in result.err


def test_monitor_judges_once_there_are_200_games(ask: Run) -> None:
    report = ask("monitor", "--as-of", "2025-03-15", "--json").json
    assert report["n"] == 200
    assert report["features"]
    assert report["verdict"] in ("stable", "drifting")
    text = ask("monitor", "--as-of", "2025-03-15")
    assert text.code == 0
    assert max(report["features"], key=lambda one: one["score"])["feature"] in text.out
    assert max(map(len, text.out.splitlines())) <= 80


@pytest.mark.parametrize("words", [("jobs", "list"), ("jobs", "history"), ("models", "audit"), ("config", "show")])
def test_tables_print(ask: Run, words: tuple[str, ...]) -> None:
    result = ask(*words)
    assert result.code == 0
    assert result.out.strip()


def test_config_check_names_every_mistake_and_how_many_there_are(ask: Run, tmp_path: Path) -> None:
    (tmp_path / "two.toml").write_text('[log]\nlevel = "loud"\n[web]\nport = -1\n')
    checked = ask("config", "check", "--config", tmp_path / "two.toml")
    assert checked.code == 1
    assert ("line 2" in checked.out, "line 4" in checked.out) == (True, True)
    assert checked.err == "nbabot: There are 2 mistakes in the settings: mend them one by one.\n"


def test_config_show_says_where_a_value_comes_from(ask: Run, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv("NBABOT_LOG__LEVEL", "error")
    monkeypatch.setenv("DISCORD_TOKEN", "very-secret-token")
    shown = ask("config", "show", "--json")
    assert shown.json["log.level"] == {"value": "error", "from": "environment"}
    assert shown.json["home"] == {"value": str(home), "from": "command line"}
    assert shown.json["schedule.picks_time"] == {"value": "11:00", "from": "default"}
    assert "very-secret-token" not in ask("config", "show").out + shown.out
