"""What the commands about models and imports say, and what they advise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.core.errors import NoModelError
from engine.core.reports import FileReport, ImportReport
from engine.engine import Engine, shipped_models

Run = Callable[..., Any]
DAY = "2025-01-15"
PLAIN = ("--as-of", DAY, "--families", "elo,logistic")


def test_models_show_without_a_version_shows_the_newest(ask: Run) -> None:
    newest = next(one for one in ask("models", "list", "--json").json["models"] if one["name"] == "game-logistic")
    assert ask("models", "show", "game-logistic", "--json").json["model"] == newest["model"]


def test_models_show_says_what_an_ensemble_is_made_of_and_what_xgboost_looks_at(ask: Run) -> None:
    shown = ask("models", "show", "game-ensemble")
    manifest = ask("models", "show", "game-ensemble", "--json").json["manifest"]
    assert all(f"{name} x " in shown.out for name in manifest["members"])
    if "xgboost" in manifest:
        importances = manifest["xgboost"]["importances"]
        assert set(importances) == {"gain", "weight", "cover"}
        assert all(name in shown.out for name in importances["gain"])
    assert max(map(len, shown.out.splitlines())) <= 80


@pytest.mark.parametrize("words", [("show", "game-x"), ("show", ""), ("promote", "game-x"), ("promote", "a@1", "1")])
def test_a_name_that_no_model_has_is_said_to_be_none(ask: Run, words: tuple[str, ...]) -> None:
    result = ask("models", *words)
    assert (result.code, result.out) == (1, "")
    assert f"There is no model '{words[1]}'" in result.err


def test_the_champion_is_not_promoted_again(ask: Run) -> None:
    champion = ask("status", "--json").json["champion"]
    before = ask("models", "audit", "--json").json
    assert ask("models", "promote", champion).out == f"{champion} is already in production.\n"
    assert ask("models", "promote", champion, "--json").json["status"] == "champion"
    assert ask("models", "audit", "--json").json == before


def test_lists_of_models_fit_80_columns_without_cutting_a_name(ask: Run) -> None:
    labels = [one["model"] for one in ask("models", "list", "--json").json["models"]]
    for words in (("list",), ("audit",)):
        text = ask("models", *words).out
        assert max(map(len, text.splitlines())) <= 80
        assert {label for label in labels if label in text} >= ({*labels} if words == ("list",) else {labels[0]})
    assert "SIMULATED" in ask("models", "list").out


def test_training_shows_the_champion_beside_the_new_ones_and_names_the_best(ask: Run) -> None:
    champion = ask("status", "--json").json["champion"]
    text = " ".join(ask("train", "game", *PLAIN, "--through", "2030-31").out.split())
    new = ask("models", "list", "--json").json["models"][:2]
    best = min(new, key=lambda one: float(one["metrics"]["log_loss"]))
    assert f"{champion} champion" in text
    assert "No game of 2030-31 is known: trained through 2024-25." in text
    assert f"None has a lower log loss than the champion, {champion}." in text
    shipped = next((shipped_models() / "game-elo").iterdir()).name
    refused = ask("models", "promote", f"game-elo@{shipped}", "--yes")
    assert (refused.code, "the league stored here is SIMULATED" in refused.err) == (1, True)
    assert "say --why" in ask("models", "promote", f"game-elo@{shipped}", "--yes", "--force").err
    ask("models", "promote", f"game-elo@{shipped}", "--yes", "--force", "--why", "a trial")
    assert "a trial (in spite of: game-elo@" in ask("models", "audit").out
    text = " ".join(ask("train", "game", *PLAIN).out.split())
    assert "tested on other games" in text
    assert f"nbabot models promote {best['name']}" in text


def test_training_without_a_champion_advises_too(ask: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(self: Engine, task: str = "game") -> None:
        raise NoModelError("none")

    monkeypatch.setattr(Engine, "champion", nobody)
    assert "To use the best: nbabot models promote game-elo" in ask("train", "game", "--families", "elo").out


def test_an_import_ends_with_a_command_that_works(run: Run, league_folder: Path, tmp_path: Path) -> None:
    text = " ".join(run("import", league_folder / "team_game_logs", "--home", tmp_path).out.split())
    step = text.split("Next: nbabot ")[1].split(",")[0]
    assert step.startswith("today --as-of 2025-")
    assert run(*step.split(), "--home", tmp_path).code == 0


def test_a_note_that_several_files_share_is_said_once_with_their_number(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = ("3 neutral-site games (both rows read '@')",)
    files = [FileReport(f"{name}.csv", "team log", "", 9, 9, 0, 0, {"no score": 2}, notes) for name in "ab"]
    monkeypatch.setattr(Engine, "import_paths", lambda *given: ImportReport(tuple(files), 0.1))
    text = run("import", "x", "--home", tmp_path).out
    assert text.count("neutral-site") == 1
    assert "note: 3 neutral-site games (both rows read '@') (in each of 2 files)\n" in text
    assert "rejected 4 in 2 files: no score\n" in text


def test_an_import_that_is_stopped_says_what_stays(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Engine, "import_paths", stopped)
    result = run("import", "x", "--home", tmp_path)
    assert result.code == 130
    assert "files that were finished stay" in result.err


def test_a_fresh_installation_says_how_old_its_numbers_are_and_what_to_do(run: Run, tmp_path: Path) -> None:
    text = " ".join(run("status", "--home", tmp_path).out.split())
    assert "days old" in text
    assert "nbabot import PATH" in text
    assert "nbabot demo" in text


def test_the_token_line_is_no_stutter(ask: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for words in (("config", "check"), ("config", "show")):
        assert ask(*words).out.lower().count("discord token") == 1
    monkeypatch.setenv("DISCORD_TOKEN", "abc")
    assert "There is a Discord token." in ask("config", "check").out
