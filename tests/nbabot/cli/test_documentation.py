"""The pages about the commands say what the commands do."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from nbabot.cli.app import app
from nbabot.cli.reference import commands, reference

DOCS = Path(__file__).resolve().parents[3] / "docs"
PROMISED = (
    "demo|import|sync|feeds|corrections|replay-raw|predict|today|record|live|team|compare|player|odds|injuries|"
    "train game|train player|train live|train halftime|backtest game|backtest player|backtest live|backtest halftime|"
    "models list|models show|models compare|models promote|models rollback|"
    "models challenge|models retire|models verify|models export|models import|models audit|retrain|"
    "monitor|alerts list|alerts ack|alerts resolve|alerts history|run|bot|tui|jobs list|jobs run|jobs history|"
    "usage|status|config show|config check|config path|backup|restore|doctor"
)
WITHOUT_JSON = {"demo", "run", "bot", "tui", "jobs run", "config check"}
"""Commands that do something or check something and have nothing to hand to a program."""
AS_OF = {
    "predict",
    "today",
    "record",
    "live",
    "team",
    "compare",
    "player",
    "odds",
    "injuries",
    "monitor",
    "status",
    "train game",
    "train player",
    "train live",
    "train halftime",
    "retrain",
    "backtest game",
    "backtest player",
    "backtest live",
    "backtest halftime",
    "bot",
    "tui",
}

Run = Callable[..., Any]


def found() -> dict[str, Any]:
    return {path.removeprefix("nbabot "): one for path, one in commands(typer.main.get_command(app), "nbabot")}


def options(command: Any) -> set[str]:
    return {name for parameter in command.params for name in parameter.opts}


def test_the_commands_are_those_that_were_promised():
    assert set(found()) == set(PROMISED.split("|"))


def test_docs_commands_is_up_to_date():
    assert (DOCS / "commands.md").read_text() == reference(), "run: python -m nbabot.cli.reference > docs/commands.md"


@pytest.mark.parametrize("path", PROMISED.split("|"))
def test_every_command_has_the_shared_options_and_a_summary_that_fits_a_line(path):
    command = found()[path]
    assert {"--home", "--config"} <= options(command)
    assert ("--json" in options(command)) == (path not in WITHOUT_JSON)
    assert ("--as-of" in options(command)) == (path in AS_OF)
    assert all(parameter.help for parameter in command.params if parameter.name != "help")
    assert 10 < len(command.help.split("\n")[0]) <= 67


def keys_of(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from keys_of(one)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            if key not in ("rejected", "changes", "metrics", "manifest", "counts", "parts"):
                yield from keys_of(inner)


def documented(section: str) -> set[str]:
    page = (DOCS / "json.md").read_text()
    text = page.split(f"## {section}\n")[1].split("\n## ")[0]
    return set(re.findall(r"`([^`]+)`", text))


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("predict", ("predict", "BOS", "LAL", "--as-of", "2025-01-15", "--json")),
        ("today", ("today", "--as-of", "2025-01-15", "--json")),
        ("record", ("record", "--as-of", "2025-01-16", "--picks", "--json")),
        ("live", ("live", "--as-of", "2025-01-15", "--json")),
        ("live", ("live", "0022400600", "--as-of", "2025-01-15", "--json")),
        ("live", ("live", "--record", "--json")),
        ("team", ("team", "BOS", "--as-of", "2025-01-15", "--json")),
        ("compare", ("compare", "BOS", "LAL", "--as-of", "2025-01-15", "--json")),
        ("status", ("status", "--json")),
        ("models", ("models", "list", "--json")),
        ("models", ("models", "audit", "--json")),
        ("models", ("models", "compare", "game-elo", "game-logistic", "--json")),
        ("models", ("models", "verify", "--json")),
        ("retrain", ("retrain", "--as-of", "2025-01-15", "--json")),
        ("backtest", ("backtest", "game", "--seasons", "2024-25", "--as-of", "2025-01-15", "--json", "-")),
        ("monitor", ("monitor", "--as-of", "2025-03-15", "--json")),
        ("jobs", ("jobs", "list", "--json")),
        ("feeds", ("feeds", "--json")),
        ("corrections", ("corrections", "--json")),
        ("usage", ("usage", "--json")),
        ("backup", ("backup", "--json")),
    ],
)
def test_every_key_is_documented(ask: Run, section: str, words: tuple[str, ...]) -> None:
    known = documented(section) | (documented("predict") if section in ("today", "team", "compare") else set())
    assert set(keys_of(ask(*words).json)) - known == set()


def test_import_keys_are_documented(run: Run, league_folder: Path, tmp_path: Path) -> None:
    report = run("import", next(league_folder.rglob("*.csv*")), "--home", tmp_path, "--json").json
    assert set(keys_of(report)) - documented("import") == set()


def test_json_has_no_nan_where_a_figure_is_missing(ask: Run) -> None:
    text = ask("record", "--json").out
    assert json.loads(text)["log_loss"] is None
    assert "NaN" not in text
