"""What a walk-forward backtest of player forecasts found. Frozen dataclasses."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.player_records import Stat


@dataclass(frozen=True, slots=True)
class Coverage:
    """Share of outcomes inside the 50%, 80% and 95% intervals, of the `n` appearances of one band.

    `low` and `high` bound the expected minutes of the band; `high` is None for the last one.
    """

    low: float
    high: float | None
    n: int
    share_50: float
    share_80: float
    share_95: float


@dataclass(frozen=True, slots=True)
class PlayerScore:
    """Scores of one family's forecasts of one stat in one season, over `n` appearances.

    `mae` is of the median and `mae_of_mean` of the mean, both in units of the stat; `r2` is of the mean. `bands` are
    by expected minutes, `overall` is all of them. The `regular` figures are of players with at least
    20 expected minutes.
    """

    family: str
    season: str
    stat: Stat
    n: int
    mae: float
    mae_of_mean: float
    r2: float
    overall: Coverage
    bands: tuple[Coverage, ...]
    n_regular: int
    regular_mae: float | None
    regular_r2: float | None
    regular_share_80: float | None


@dataclass(frozen=True, slots=True)
class MinutesScore:
    """How far one family's expected minutes were from those played in a season, on average."""

    family: str
    season: str
    n: int
    mae: float


@dataclass(frozen=True, slots=True)
class PlayerBacktest:
    """Every appearance of a player with five earlier ones, forecast by models fitted on earlier seasons only."""

    seasons: tuple[str, ...]
    families: tuple[str, ...]
    rows: tuple[PlayerScore, ...]
    minutes: tuple[MinutesScore, ...]
    simulated: bool = False

    def row(self, family: str, season: str, stat: Stat) -> PlayerScore:
        """The scores of one family, season and stat."""
        return next(one for one in self.rows if (one.family, one.season, one.stat) == (family, season, stat))
