"""`train halftime` and `backtest halftime`: on the simulated league one season can be learned from and none tested."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from engine.core.backtests import Difference
from engine.core.halftime_backtests import HalftimeBacktest, HalftimeFamilyScore, HalftimeWeights
from nbabot.cli import halftime

DOCS = Path(__file__).resolve().parents[3] / "docs"
Run = Callable[..., Any]


@pytest.mark.end_to_end
def test_half_time_models_are_trained_and_one_is_promoted(run: Run, home: Path) -> None:
    told = run("--home", home, "train", "halftime", "--families", "linear,dejavu", "--json", "--as-of", "2025-01-15")
    made = json.loads(told.out)["models"]
    assert [(one["name"], one["task"], one["simulated"]) for one in made] == [
        ("halftime-linear", "halftime", True),
        ("halftime-dejavu", "halftime", True),
    ]
    name, version = made[0]["name"], made[0]["version"]
    assert run("--home", home, "models", "promote", name, version, "--yes", "--why", "first").code == 0


@pytest.mark.end_to_end
def test_what_cannot_be_trained_or_tested_is_a_sentence(run: Run, home: Path) -> None:
    for words, sentence in (
        (("train", "halftime", "--families", "oracle"), "choose among linear, dejavu, sequence, ensemble"),
        (("backtest", "halftime", "--seasons", "2011-12"), "import that season first"),
    ):
        told = run("--home", home, *words, "--as-of", "2025-01-15")
        assert told.code != 0
        assert sentence in told.err


def test_the_table_gives_each_familys_figures_and_what_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    better = Difference(3690, -0.0676, -0.1098, -0.0305)
    hold = HalftimeFamilyScore("hold", None, 3690, 4.8428, None, None, 0.839, 0.965)
    line = HalftimeFamilyScore("linear", None, 3690, 4.7752, better, None, 0.793, 0.949)
    weights = HalftimeWeights("2021-22", (("linear", 0.576), ("dejavu", 0.424)))
    halftime._show(HalftimeBacktest(("2021-22",), (hold, line), (), (weights,), False, ("Something is left out.",)))
    told = " ".join(capsys.readouterr().out.split())
    for said in ("4.843", "-0.068 (-0.110 to -0.030)", "79.3%", "linear 0.58, dejavu 0.42", "Something is left out."):
        assert said in told


def test_every_key_of_the_json_is_documented() -> None:
    text = (DOCS / "json.md").read_text().split("## backtest halftime\n")[1].split("\n## ")[0]
    records = (HalftimeBacktest, HalftimeFamilyScore, HalftimeWeights)
    keys = {field.name for record in records for field in fields(record)}
    assert keys - set(re.findall(r"`([^`]+)`", text)) == set()
