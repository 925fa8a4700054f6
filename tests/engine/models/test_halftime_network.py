"""The recurrent network: plain Python says what PyTorch said, and what the formulas say."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.core.errors import BundleError, UsageError
from engine.models.halftime import sequence
from engine.models.halftime.network import Network, inputs

PATTERN = [2, 3, 1, 0, -2, -5, -3, -3, 0, 4, 6, 7, 5, 8, 8, 9, 11, 10]


def small() -> Network:
    """Two units with numbers that are told apart."""
    values = {
        "of_inputs": [0.1 * number - 0.8 for number in range(18)],
        "of_state": [0.5 - 0.09 * number for number in range(12)],
        "input_bias": [0.05 * number for number in range(6)],
        "state_bias": [0.1 - 0.03 * number for number in range(6)],
        "head": [0.7, -1.1],
        "head_bias": 0.25,
    }
    return Network.from_json(values)


def test_a_minute_changes_the_state_as_the_formulas_say():
    """One unit, two minutes, each gate written out."""
    network = Network.from_json(
        {
            "of_inputs": [0.1, 0.2, 0.3, -0.4, 0.5, 0.6, 0.7, -0.8, 0.9],
            "of_state": [0.3, -0.6, 1.2],
            "input_bias": [0.01, 0.02, 0.03],
            "state_bias": [-0.1, 0.2, 0.4],
            "head": [2.0],
            "head_bias": 0.5,
        }
    )
    state = 0.0
    for margin, change in ((0.3, 1.0), (-0.1, -4 / 3)):
        reset = 1 / (1 + math.exp(-(0.1 * margin + 0.2 * change + 0.3 * 0.6 + 0.01 + 0.3 * state - 0.1)))
        update = 1 / (1 + math.exp(-(-0.4 * margin + 0.5 * change + 0.6 * 0.6 + 0.02 - 0.6 * state + 0.2)))
        new = math.tanh(0.7 * margin - 0.8 * change + 0.9 * 0.6 + 0.03 + reset * (1.2 * state + 0.4))
        state = (1 - update) * new + update * state
    assert network.change([3, -1], 6.0) == pytest.approx((2 * state + 0.5) * 6)


def test_a_network_comes_back_from_its_numbers_and_another_shape_is_refused():
    network = small()
    assert Network.from_json(network.to_json()) == network
    for key in ("of_inputs", "of_state", "head"):
        with pytest.raises(BundleError, match="train a new one"):
            Network.from_json(network.to_json() | {key: [1.0]})
    with pytest.raises(BundleError, match="not finite"):
        Network.from_json(network.to_json() | {"head_bias": math.inf})


def test_no_margin_overflows():
    assert math.isfinite(small().change([300_000 * (-1) ** minute for minute in range(18)], 1e6))


def test_without_pytorch_training_one_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sequence, "can_train", lambda: False)
    with pytest.raises(UsageError, match=r"pip install '.\[sequence\]'"):
        sequence.train_network(np.array([PATTERN]), np.zeros(1), np.zeros(1))


@pytest.fixture
def trained() -> Network:
    """A network fitted on a few made-up games."""
    pytest.importorskip("torch", reason="PyTorch comes with the extra `sequence`")
    dice = np.random.default_rng(5)
    patterns = np.cumsum(dice.integers(-3, 4, (600, 18)), axis=1)
    pregame = dice.normal(0, 5, 600)
    return sequence.train_network(patterns, pregame, 0.5 * pregame + dice.normal(0, 1, 600))


def test_plain_python_says_what_pytorch_said(trained: Network):
    import torch

    unit, head = torch.nn.GRU(3, len(trained.head), batch_first=True), torch.nn.Linear(len(trained.head), 1)
    with torch.no_grad():
        for target, values in (
            (unit.weight_ih_l0, trained.of_inputs),
            (unit.weight_hh_l0, trained.of_state),
            (unit.bias_ih_l0, trained.input_bias),
            (unit.bias_hh_l0, trained.state_bias),
            (head.weight, [trained.head]),
            (head.bias, [trained.head_bias]),
        ):
            target.copy_(torch.tensor(values))
        for pregame in (-8.0, 0.0, 5.5):
            told = torch.tensor([list(inputs(PATTERN, pregame))])
            assert trained.change(PATTERN, pregame) == pytest.approx(6 * head(unit(told)[0][:, -1]).item(), abs=1e-5)


def test_the_same_games_give_the_same_network_and_it_learns_from_them(trained: Network):
    import torch

    before = torch.random.get_rng_state()
    dice = np.random.default_rng(5)
    patterns = np.cumsum(dice.integers(-3, 4, (600, 18)), axis=1)
    pregame = dice.normal(0, 5, 600)
    again = sequence.train_network(patterns, pregame, 0.5 * pregame + dice.normal(0, 1, 600))
    assert again == trained
    assert torch.equal(torch.random.get_rng_state(), before)
    assert trained.change(PATTERN, 10.0) > trained.change(PATTERN, -10.0)
