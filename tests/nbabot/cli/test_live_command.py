"""`train live` and `backtest live` on the simulated league, of which one season can be learned from and none tested."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.end_to_end
Run = Callable[..., Any]


def test_a_live_model_is_trained_and_promoted(run: Run, home: Path) -> None:
    told = run("--home", home, "train", "live", "--json", "--as-of", "2025-01-15")
    made = json.loads(told.out)["models"][0]
    assert (made["task"], made["trained_through"], made["simulated"]) == ("live", "2024-25", True)
    assert run("--home", home, "models", "promote", made["name"], made["version"], "--yes", "--why", "first").code == 0


def test_a_season_that_cannot_be_tested_is_a_sentence(run: Run, home: Path) -> None:
    for season, sentence in (("2011-12", "import that season first"), ("2024-25", "200 are needed to train")):
        told = run("--home", home, "backtest", "live", "--seasons", season, "--as-of", "2025-01-15")
        assert told.code != 0
        assert sentence in told.err
