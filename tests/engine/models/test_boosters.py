from __future__ import annotations

import numpy as np
import pytest
import xgboost

from engine.core.errors import BundleError
from engine.models.boosters import FILE, IMPORTANCES, Booster
from engine.models.scorers import EDGES, WIDTH

CURVE = {"train": [3.0, 2.0], "validation": [3.5, 3.0], "best": 2}


def boosted(columns: int) -> xgboost.Booster:
    dice = np.random.default_rng(1)
    x = dice.normal(size=(300, columns))
    settings = {"max_depth": 3, "base_score": 0.0, "nthread": 1}
    return xgboost.train(settings, xgboost.DMatrix(x, 3 * x[:, 0] + x[:, 1]), 12)


@pytest.fixture(scope="module")
def booster() -> Booster:
    return Booster.of(boosted(len(EDGES)), CURVE)


@pytest.fixture(scope="module")
def x() -> np.ndarray:
    return np.random.default_rng(2).normal(size=(200, WIDTH)).astype(np.float32).astype(float)


def test_the_trees_say_what_xgboost_says(booster: Booster, x: np.ndarray) -> None:
    said = boosted(len(EDGES)).predict(xgboost.DMatrix(x[:, EDGES]))
    assert booster.values(x) == pytest.approx(said, abs=1e-4)


def test_the_constant_is_xgboosts_mean_and_the_parts_sum_to_the_score(booster: Booster, x: np.ndarray) -> None:
    explained = boosted(len(EDGES)).predict(xgboost.DMatrix(x[:1, EDGES]), pred_contribs=True)
    for row, score in zip(x[:20].tolist(), booster.values(x[:20]), strict=True):
        constant, parts = booster.parts(row)
        assert constant == pytest.approx(float(explained[0, -1]), abs=1e-4)
        assert constant + sum(parts) == pytest.approx(score, abs=1e-9)


def test_it_comes_back_from_its_file_with_its_curve(booster: Booster) -> None:
    files: dict[str, bytes] = {}
    again = Booster.from_json(booster.to_json(files), files)
    assert list(files) == [FILE]
    assert again == booster
    assert again.anatomy["curve"] == CURVE


def test_importances_name_features_the_most_important_first(booster: Booster) -> None:
    assert set(booster.anatomy["importances"]) == set(IMPORTANCES)
    gains = list(booster.anatomy["importances"]["gain"].values())
    assert gains == sorted(gains, reverse=True)


def test_a_file_that_ends_early_anywhere_is_refused(booster: Booster) -> None:
    for end in range(0, len(booster.raw), 7):
        with pytest.raises(BundleError):
            Booster.read(booster.raw[:end])


def test_a_file_with_any_byte_changed_is_read_or_refused_and_does_nothing_else(booster: Booster) -> None:
    dice = np.random.default_rng(3)
    for place in dice.integers(0, len(booster.raw), 300):
        raw = bytearray(booster.raw)
        raw[place] ^= int(dice.integers(1, 256))
        try:
            Booster.read(bytes(raw))
        except BundleError:
            continue


@pytest.mark.parametrize(
    "raw", [b"{}", b"[" * 1000, b"\x80\x04\x95\x10\x00cos\nsystem\n.", b"[$Z#L", b"{L\xff", b"{}}"]
)
def test_bytes_that_are_no_booster_are_refused(raw: bytes) -> None:
    with pytest.raises(BundleError, match="cannot be used"):
        Booster.read(raw)


def test_a_booster_of_other_features_is_refused() -> None:
    with pytest.raises(BundleError, match="made for other features"):
        Booster.of(boosted(len(EDGES) + 1), CURVE)
