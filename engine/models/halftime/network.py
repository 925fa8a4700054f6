"""A small recurrent network (GRU) as it serves: plain Python, from numbers that PyTorch has found."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import mul
from typing import Any

from engine.models.numbers import number, numbers, unusable

MARGIN_UNIT, CHANGE_UNIT, TARGET_UNIT = 10.0, 3.0, 6.0
"""Points that make one unit of a margin, of its change within a minute, and of what is to be forecast."""
INPUTS = 3
"""What the network is told after each minute."""
_GATES = 3

Row = tuple[float, ...]
Matrix = tuple[Row, ...]


def inputs(pattern: Sequence[int], pregame: float) -> Iterator[Row]:
    """Minute by minute: the margin, its change within the minute, and the margin forecast before tip-off, in units."""
    for before, now in pairwise((0, *pattern)):
        yield now / MARGIN_UNIT, (now - before) / CHANGE_UNIT, pregame / MARGIN_UNIT


@dataclass(frozen=True, slots=True)
class Network:
    """A gated recurrent unit, and a line that reads its last state.

    As in PyTorch the rows of `of_inputs` (3 x units, INPUTS) and `of_state` (3 x units, units) and their biases are
    those of the reset gate, the update gate and the new state, one after the other.
    """

    of_inputs: Matrix
    of_state: Matrix
    input_bias: Row
    state_bias: Row
    head: Row
    head_bias: float

    def change(self, pattern: Sequence[int], pregame: float) -> float:
        """How the margin changes until half-time (points), as `Form.change`."""
        state: Row = (0.0,) * len(self.head)
        for told in inputs(pattern, pregame):
            state = self._step(state, told)
        return (_dot(self.head, state) + self.head_bias) * TARGET_UNIT

    def _step(self, state: Row, told: Row) -> Row:
        """The state after one more minute."""
        fresh = [_dot(row, told) + bias for row, bias in zip(self.of_inputs, self.input_bias, strict=True)]
        kept = [_dot(row, state) + bias for row, bias in zip(self.of_state, self.state_bias, strict=True)]
        units, found = len(state), []
        for unit, before in enumerate(state):
            reset = _gate(fresh[unit] + kept[unit])
            update = _gate(fresh[units + unit] + kept[units + unit])
            new = math.tanh(fresh[2 * units + unit] + reset * kept[2 * units + unit])
            found.append((1 - update) * new + update * before)
        return tuple(found)

    def to_json(self) -> dict[str, object]:
        """As `Form.to_json`: every matrix as one list of its rows."""
        return {
            "of_inputs": [value for row in self.of_inputs for value in row],
            "of_state": [value for row in self.of_state for value in row],
            "input_bias": list(self.input_bias),
            "state_bias": list(self.state_bias),
            "head": list(self.head),
            "head_bias": self.head_bias,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Network:
        """The network that `to_json` described. Raises BundleError for anything else."""
        head, head_bias = numbers(values, "head"), number(values, "head_bias")
        flat = [numbers(values, key) for key in ("of_inputs", "of_state", "input_bias", "state_bias")]
        rows = _GATES * len(head)
        sizes = [rows * INPUTS, rows * len(head), rows, rows]
        if not head or [len(one) for one in flat] != sizes:
            raise unusable("its network has another shape")
        if not all(math.isfinite(value) for one in (*flat, head, (head_bias,)) for value in one):
            raise unusable("its network is not finite")
        of_inputs, of_state, input_bias, state_bias = flat
        return cls(_rows(of_inputs, INPUTS), _rows(of_state, len(head)), input_bias, state_bias, head, head_bias)


def _rows(flat: Row, width: int) -> Matrix:
    return tuple(flat[start : start + width] for start in range(0, len(flat), width))


def _dot(row: Row, values: Row) -> float:
    return float(sum(map(mul, row, values)))


def _gate(value: float) -> float:
    """The logistic function, by a formula that no value overflows."""
    return 0.5 * (1 + math.tanh(value / 2))
