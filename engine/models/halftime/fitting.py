"""Fitting half-time models: members, their weights in the ensemble, and intervals, all by forecasts made forward."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from engine.core.errors import NoDataError, UsageError
from engine.models.halftime.data import HalftimeSet
from engine.models.halftime.forms import Dejavu, Form, Line
from engine.models.halftime.model import HalftimeModel, Member
from engine.models.halftime.sequence import can_train, train_network
from engine.models.live.fitting import FEWEST_GAMES, FOLD_SEASONS, HALF_LIFE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

HOLD, LINEAR, DEJAVU, SEQUENCE, ENSEMBLE = "hold", "linear", "dejavu", "sequence", "ensemble"
FAMILIES = (LINEAR, DEJAVU, SEQUENCE, ENSEMBLE)
LEAST_WEIGHT = 0.01
"""A member that would count less is left out of the ensemble."""
_TO_ONE = 1e4
"""How hard the weights are pulled to add up to 1 before they are scaled to do so."""


def check_families(families: Sequence[str]) -> None:
    """Raises UsageError for an unknown family."""
    for family in families:
        if family not in FAMILIES:
            raise UsageError(f"There is no family '{family}' of half-time models: choose among {', '.join(FAMILIES)}.")


def families_here() -> tuple[str, ...]:
    """The families that can be trained on this machine: without PyTorch all but the network."""
    return tuple(family for family in FAMILIES if family != SEQUENCE or can_train())


class HalftimeFitter:
    """Fits families on the games before a season; each member is fitted once a season, and its forecasts are kept."""

    def __init__(self, data: HalftimeSet) -> None:
        self.data = data
        self._forms: dict[tuple[str, int], Form] = {}
        self._said: dict[tuple[str, int], Floats] = {}

    def model(self, family: str, before: int) -> HalftimeModel:
        """Fit on the seasons before one. Raises NoDataError where they hold too few games."""
        if self._games_before(before) < FEWEST_GAMES:
            raise NoDataError(
                f"Timelines of {self._games_before(before)} games are known, {FEWEST_GAMES} are needed to train: "
                "import more with `nbabot import PATH`."
            )
        weights = self._weights(family, before)
        members = tuple(Member(name, weight, self._form(name, before)) for name, weight in weights.items())
        return HalftimeModel(members, *self._reach(weights, before))

    def forecasts(self, weights: Mapping[str, float], season: int) -> Floats:
        """Margins at half-time of a season's games as members of those weights forecast them together."""
        changes = sum(weight * self._changes(name, season) for name, weight in weights.items())
        said: Floats = self.data.patterns[self.data.season == season, -1] + changes
        return said

    def _changes(self, name: str, season: int) -> Floats:
        """What a member fitted on earlier seasons says of a season; where those are too short, one that knows it."""
        import numpy as np

        if (name, season) not in self._said:
            before = season if self._games_before(season) >= FEWEST_GAMES else season + 1
            form, own = self._form(name, before), self.data.season == season
            rows = zip(self.data.patterns[own].tolist(), self.data.pregame[own].tolist(), strict=True)
            self._said[name, season] = np.array([form.change(pattern, pregame) for pattern, pregame in rows])
        return self._said[name, season]

    def _form(self, name: str, before: int) -> Form:
        if (name, before) not in self._forms:
            self._forms[name, before] = _FITS[name](self.data, self.data.season < before)
        return self._forms[name, before]

    def _weights(self, family: str, before: int) -> dict[str, float]:
        """Of the ensemble those, at least 0, whose forecasts of the folds missed least by their squares."""
        if family != ENSEMBLE:
            return {family: 1.0}
        import numpy as np
        from scipy.optimize import nnls

        names = [name for name in families_here() if name != ENSEMBLE]
        folds = self._folds(before)
        said = np.column_stack([np.concatenate([self._changes(name, one) for one in folds]) for name in names])
        became = np.concatenate([self.data.change[self.data.season == one] for one in folds])
        found, _ = nnls(np.vstack([said, np.full(len(names), _TO_ONE)]), np.append(became, _TO_ONE))
        kept = np.where(found >= LEAST_WEIGHT, found, 0.0)
        return {name: float(one) for name, one in zip(names, kept / kept.sum(), strict=True) if one > 0}

    def _reach(self, weights: Mapping[str, float], before: int) -> tuple[float, float]:
        """How far intervals must reach to have held on the folds: quantiles of the misses, newer seasons first."""
        import numpy as np

        folds = self._folds(before)
        misses = [np.abs(self.data.half[self.data.season == one] - self.forecasts(weights, one)) for one in folds]
        counts = [
            np.full(len(miss), 0.5 ** ((folds[-1] - one) / HALF_LIFE)) for one, miss in zip(folds, misses, strict=True)
        ]
        near, far = np.quantile(
            np.concatenate(misses), (0.8, 0.95), weights=np.concatenate(counts), method="inverted_cdf"
        )
        return float(near), float(far)

    def _folds(self, before: int) -> list[int]:
        """The last seasons before one, oldest first."""
        import numpy as np

        return [int(one) for one in np.unique(self.data.season[self.data.season < before])][-FOLD_SEASONS:]

    def _games_before(self, season: int) -> int:
        return int((self.data.season < season).sum())


def _hold(data: HalftimeSet, known: Mask) -> Form:
    return Line()


def _linear(data: HalftimeSet, known: Mask) -> Form:
    import numpy as np

    columns = np.column_stack([np.ones(len(data)), data.patterns[:, -1], data.pregame])[known]
    return Line(*np.linalg.lstsq(columns, data.change[known], rcond=None)[0].tolist())


def _dejavu(data: HalftimeSet, known: Mask) -> Form:
    return Dejavu.of(data.patterns[known], data.half[known], data.pregame[known])


def _sequence(data: HalftimeSet, known: Mask) -> Form:
    return train_network(data.patterns[known], data.pregame[known], data.change[known])


_FITS: Mapping[str, Callable[[HalftimeSet, Mask], Form]] = MappingProxyType(
    {HOLD: _hold, LINEAR: _linear, DEJAVU: _dejavu, SEQUENCE: _sequence}
)
