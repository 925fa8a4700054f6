from __future__ import annotations

import numpy as np
import pytest

from engine.core.errors import NoDataError
from engine.core.records import ClosingLine
from engine.models.market import FEWEST_LINES, Lines, MarketBlend, fit_market
from engine.models.weights import fitted_weights

GAMES = 6000


@pytest.fixture(scope="module")
def played() -> dict[str, np.ndarray]:
    """Games whose log-odds are known, with margins of 7 points per log-odds and totals about 220."""
    dice = np.random.default_rng(3)
    truth = dice.normal(0, 0.8, GAMES)
    margin = np.round(dice.logistic(truth, 1.0) * 7)
    return {"truth": truth, "margin": np.where(margin == 0, 1, margin), "total": dice.normal(220, 18, GAMES)}


def blend(played: dict[str, np.ndarray], ours: np.ndarray, theirs: np.ndarray) -> MarketBlend:
    totals = played["total"] + 30, played["total"], played["total"]
    return fit_market(ours, theirs, played["margin"], totals)


def test_a_line_that_knows_all_is_believed(played: dict[str, np.ndarray]) -> None:
    noise = np.random.default_rng(4).normal(0, 0.5, GAMES)
    found = blend(played, played["truth"] + noise, played["truth"])
    assert found.line_weight == pytest.approx(1.0, abs=0.1)
    assert found.model_weight < 0.05
    assert found.total_weight == pytest.approx(1.0)
    assert found.points_per_logit == pytest.approx(7.0, rel=0.1)


def test_a_model_that_knows_more_than_the_line_earns_a_weight(played: dict[str, np.ndarray]) -> None:
    noise = np.random.default_rng(4).normal(0, 0.8, GAMES)
    found = blend(played, played["truth"], played["truth"] + noise)
    assert found.model_weight > 0.3


def test_too_few_lines_are_an_error_that_says_what_to_do(played: dict[str, np.ndarray]) -> None:
    theirs = np.where(np.arange(GAMES) < FEWEST_LINES - 1, played["truth"], np.nan)
    with pytest.raises(NoDataError, match="closing odds"):
        blend(played, played["truth"], theirs)


def test_lines_are_log_odds_by_the_moneylines_else_by_the_spread() -> None:
    known = {
        "both": ClosingLine("both", -4.5, 215.0, 100, 100),
        "half": ClosingLine("half", -3.5, None, -150, None),
        "none": ClosingLine("none", None, 220.0, None, 130),
    }
    lines = Lines.of(known, ["both", "half", "none", "unknown"])
    assert lines.logits(7.0)[:2] == pytest.approx([0.0, 0.5])
    assert np.isnan(lines.logits(7.0)[2:]).all()
    assert lines.of_rows(np.array([True, False, False, True])).total.tolist()[0] == 215.0


def test_weights_are_those_that_explain_the_outcomes_best_and_none_is_negative() -> None:
    dice = np.random.default_rng(5)
    columns = dice.normal(size=(20_000, 3))
    chance = 1 / (1 + np.exp(-(columns @ np.array([1.2, 0.4, -0.5]))))
    wins = (dice.random(20_000) < chance).astype(float)
    found = fitted_weights(columns, wins, np.zeros(3), 0.0)
    assert found[:2] == pytest.approx([1.2, 0.4], abs=0.15)
    assert found[2] == 0.0
    held = fitted_weights(columns, wins, np.full(3, 0.5), 1e9)
    assert held == pytest.approx([0.5, 0.5, 0.5], abs=1e-3)
