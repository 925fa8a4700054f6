"""The commands that compare, move, check and carry model versions, as a person meets them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def elo(ask: Run) -> str:
    models = ask("models", "list", "--json").json["models"]
    return next(str(one["model"]) for one in models if one["family"] == "elo" and one["simulated"])


@pytest.fixture
def champion(ask: Run) -> str:
    return str(ask("status", "--json").json["champion"])


def test_a_list_can_be_of_one_role(ask: Run, champion: str) -> None:
    models = ask("models", "list", "--status", "champion", "--json").json["models"]
    assert [one["model"] for one in models if one["task"] == "game"] == [champion]
    assert sorted(one["task"] for one in models) == ["game", "halftime", "live", "player"]
    assert ask("models", "list", "--status", "archived").out == "No version has the role archived.\n"
    assert ask("models", "list", "--status", "king").code == 2


def test_a_comparison_says_which_games_and_how_sure_it_is(ask: Run, elo: str, champion: str) -> None:
    text = " ".join(ask("models", "compare", elo, champion).out.split())
    assert "neither has learned from" in text
    assert "Log loss, first minus second:" in text
    assert "(95%:" in text
    found = ask("models", "compare", elo, champion, "--json").json
    assert (found["first"]["label"], found["second"]["label"], found["basis"]) == (elo, champion, "unseen")
    assert found["log_loss"]["low"] <= found["log_loss"]["mean"] <= found["log_loss"]["high"]


def test_yes_skips_the_question_but_not_the_check(ask: Run, elo: str, champion: str) -> None:
    refused = ask("models", "promote", elo, "--yes")
    assert refused.code == 1
    assert "It is worse than" in refused.err
    assert "--force and say --why" in refused.err
    assert ask("status", "--json").json["champion"] == champion
    assert ask("models", "promote", elo).code == 2, "nobody is there to say yes"


def test_force_needs_a_reason_and_both_are_written_down_and_a_rollback_undoes_it(
    ask: Run, elo: str, champion: str
) -> None:
    assert "say --why" in ask("models", "promote", elo, "--yes", "--force").err
    assert ask("models", "promote", elo, "--yes", "--force", "--why", "a trial").out == f"{elo} is now in production.\n"
    entry = ask("models", "audit", "--json").json["audit"][0]
    assert (entry["to"], entry["why"], entry["role"]) == (elo, "a trial", "champion")
    assert "It is worse than" in entry["despite"]
    assert ask("models", "rollback").code == 2
    assert champion in ask("models", "rollback", "--yes").out
    assert ask("status", "--json").json["champion"] == champion


def test_a_person_who_sees_what_speaks_against_it_is_asked_twice_and_says_why(
    ask: Run, elo: str, champion: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.confirm", lambda text, err: asked.append(text) or len(asked) != 2)
    monkeypatch.setattr("typer.prompt", lambda text, err: asked.append(text) or "a bet")
    result = ask("models", "promote", elo)
    assert "Nothing was promoted" in result.err
    assert f"Against promoting {elo}:" in result.out
    assert asked == [f"Replace {champion} by {elo}?", "In spite of what speaks against it?"]
    assert ask("models", "promote", elo).code == 0
    assert asked[-1].startswith("Why")
    assert ask("models", "audit", "--json").json["audit"][0]["why"] == "a bet"


def test_a_challenger_is_named_and_ended(ask: Run, elo: str) -> None:
    assert ask("models", "challenge", elo).out == f"{elo} forecasts in the shadow now.\n"
    assert ask("models", "show", elo, "--json").json["status"] == "challenger"
    assert ask("models", "retire", elo, "--json").json["status"] == "archived"


def test_a_version_travels_in_one_file(ask: Run, run: Run, elo: str, tmp_path: Path) -> None:
    path = Path(ask("models", "export", elo, "--to", tmp_path, "--json").json["file"])
    assert path.parent == tmp_path
    elsewhere = tmp_path / "elsewhere"
    assert run("models", "import", path, "--home", elsewhere).out == f"{elo} is registered here.\n"
    assert elo in run("models", "list", "--home", elsewhere).out


def test_verify_says_what_is_wrong_and_fails(ask: Run, elo: str, champion: str) -> None:
    assert ask("models", "verify").code == 0
    home = Path(ask("status", "--json").json["home"])
    name, _, number = elo.partition("@")
    (home / "models" / name / number / "model.json").unlink()
    result = ask("models", "verify")
    assert result.code == 1
    assert "is missing" in " ".join(result.out.split())
    found = ask("models", "verify", "--json").json
    assert not found["sound"]
    assert [one["label"] for one in found["checks"] if one["problem"]] == [elo]


def test_retrain_says_whether_it_is_time_and_trains_only_when_told(ask: Run, champion: str) -> None:
    versions = ask("models", "list", "--json").json
    text = ask("retrain", "--as-of", "2025-04-30").out
    assert "new games" in text
    assert f"In production: {champion}." in " ".join(text.split())
    assert ask("retrain", "--mode", "scheduled", "--as-of", "2025-04-30").out.startswith("Nothing to do")
    assert ask("models", "list", "--json").json == versions
    done = ask("retrain", "--mode", "once", "--as-of", "2025-04-30", "--json").json
    assert not done["promoted"]
    assert done["made"]["status"] == "candidate"
    assert ask("status", "--json").json["champion"] == champion
