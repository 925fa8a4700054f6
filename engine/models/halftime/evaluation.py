"""Walking forward through seasons of half-time margins: each is forecast by models that saw earlier ones only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.core import calendar
from engine.core.errors import NoDataError
from engine.core.halftime_backtests import HalftimeBacktest, HalftimeFamilyScore, HalftimeWeights
from engine.core.progress import Progress, silent
from engine.models.evaluation import SEED
from engine.models.halftime.data import HalftimeSet
from engine.models.halftime.fitting import ENSEMBLE, FAMILIES, HOLD, LINEAR, HalftimeFitter, families_here
from engine.models.scores import resampled_mean

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

ELO = "elo"
"""The baseline of a line on the margin and on Elo's chance, which no forecast is made with."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a family says of every game of a set: the margin at half-time and half the widths of its intervals; NaN
    where it says nothing."""

    margin: Floats
    near: Floats
    far: Floats

    @classmethod
    def nothing(cls, games: int) -> Said:
        """Of so many games."""
        import numpy as np

        return cls(*(np.full(games, np.nan) for _ in range(3)))


def backtest_halftime(
    fitter: HalftimeFitter, seasons: Sequence[int], progress: Progress = silent, simulated: bool = False
) -> HalftimeBacktest:
    """Score the baselines and every family that can be trained here. Raises NoDataError for seasons without games."""
    import numpy as np

    data, wanted, weights = fitter.data, sorted(set(seasons)), []
    families = (HOLD, *families_here())
    said = {family: Said.nothing(len(data)) for family in (HOLD, ELO, *families[1:])}
    for done, season in enumerate(wanted):
        progress("backtest", done, len(wanted))
        own = data.season == season
        if not own.any():
            raise NoDataError(f"No timelines of {calendar.season_label(season)} are stored: import that season first.")
        for family in families:
            model = fitter.model(family, season)
            counts = {member.name: member.weight for member in model.members}
            said[family].margin[own] = fitter.forecasts(counts, season)
            said[family].near[own], said[family].far[own] = model.reach_80, model.reach_95
            if family == ENSEMBLE:
                weights.append(HalftimeWeights(calendar.season_label(season), tuple(counts.items())))
        said[ELO].margin[own] = _by_elo(data, season)
    progress("backtest", len(wanted), len(wanted))
    return HalftimeBacktest(
        seasons=tuple(calendar.season_label(season) for season in wanted),
        rows=tuple(_scores(data, said, np.isin(data.season, wanted))),
        by_season=tuple(
            row
            for season in wanted
            for row in _scores(data, said, data.season == season, calendar.season_label(season))
        ),
        weights=tuple(weights),
        simulated=simulated,
        notes=tuple(_notes(families)),
    )


def _by_elo(data: HalftimeSet, season: int) -> Floats:
    """Margins at half-time of a season by a line on the margin at 18:00 and on Elo's log-odds."""
    import numpy as np

    earlier, own = data.season < season, data.season == season
    columns = np.column_stack([np.ones(len(data)), data.patterns[:, -1], data.elo])
    line = np.linalg.lstsq(columns[earlier], data.half[earlier], rcond=None)[0]
    said: Floats = columns[own] @ line
    return said


def _scores(
    data: HalftimeSet, said: dict[str, Said], rows: Mask, season: str | None = None
) -> Iterator[HalftimeFamilyScore]:
    import numpy as np

    misses = {family: np.abs(data.half - one.margin)[rows] for family, one in said.items()}
    days = data.league_day[rows]
    for family, miss in misses.items():
        hold, linear = (
            None if family == other else resampled_mean(miss - misses[other], days, SEED) for other in (HOLD, LINEAR)
        )
        near, far = (_share(miss, reach[rows]) for reach in (said[family].near, said[family].far))
        yield HalftimeFamilyScore(family, season, len(miss), float(miss.mean()), hold, linear, near, far)


def _share(misses: Floats, reach: Floats) -> float | None:
    """The share of misses within reach; None where none is known."""
    import numpy as np

    return None if np.isnan(reach).all() else float((misses <= reach).mean())


def _notes(families: Sequence[str]) -> Iterator[str]:
    for missing in (family for family in FAMILIES if family not in families):
        yield f"PyTorch is not installed, so {missing} is left out here and in the ensemble."
