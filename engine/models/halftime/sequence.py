"""Training the network with PyTorch, which comes with the extra `sequence`; what it finds serves without it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from engine.core.errors import UsageError
from engine.models.halftime.network import INPUTS, TARGET_UNIT, Network, inputs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

UNITS = 8
EPOCHS = 6
BATCH = 512
FASTEST = 0.01
"""The learning rate at its height; it rises first and falls towards the end."""
DECAY = 0.1
SEED = 1
_DECIMALS = 7


def can_train() -> bool:
    """Whether PyTorch is installed."""
    return find_spec("torch") is not None


def train_network(patterns: Whole, pregame: Floats, change: Floats) -> Network:
    """Fit a network on past games: their margins (games, 18), the margin forecast before tip-off, and how the margin
    changed until half-time, in points. Raises UsageError where PyTorch is not installed."""
    if not can_train():
        raise UsageError(
            "A sequence network is trained with PyTorch, which is not installed: "
            "install it with `pip install '.[sequence]'` where nbabot's source is, or leave out that family."
        )
    import torch

    with _repeatable():
        unit, head = torch.nn.GRU(INPUTS, UNITS, batch_first=True), torch.nn.Linear(UNITS, 1)
        told = torch.tensor([list(inputs(row, before)) for row, before in zip(patterns, pregame, strict=True)])
        _descend(unit, head, told.float(), torch.tensor(change / TARGET_UNIT).float())
    return _exported(unit, head)


@contextmanager
def _repeatable() -> Iterator[None]:
    """The same games give the same network: one seed, and one thread, which also fits so small a network fastest."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(SEED)
            yield
    finally:
        torch.set_num_threads(threads)


def _descend(unit: Any, head: Any, told: Any, wanted: Any) -> None:
    """Least squares by AdamW, in EPOCHS rounds through shuffled batches."""
    import torch

    parameters = [*unit.parameters(), *head.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=FASTEST, weight_decay=DECAY)
    rounds = EPOCHS * -(-len(told) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, FASTEST, total_steps=rounds)
    for _ in range(EPOCHS):
        for chosen in torch.randperm(len(told)).split(BATCH):
            optimiser.zero_grad()
            said = head(unit(told[chosen])[0][:, -1])[:, 0]
            torch.nn.functional.mse_loss(said, wanted[chosen]).backward()
            optimiser.step()
            schedule.step()


def _exported(unit: Any, head: Any) -> Network:
    """The same numbers, rounded, as plain Python has them."""
    flat = {
        "of_inputs": unit.weight_ih_l0,
        "of_state": unit.weight_hh_l0,
        "input_bias": unit.bias_ih_l0,
        "state_bias": unit.bias_hh_l0,
        "head": head.weight,
    }
    values: dict[str, object] = {
        key: [round(value, _DECIMALS) for value in found.detach().flatten().tolist()] for key, found in flat.items()
    }
    return Network.from_json(values | {"head_bias": round(head.bias.item(), _DECIMALS)})
