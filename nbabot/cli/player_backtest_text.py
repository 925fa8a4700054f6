"""A backtest of player forecasts as tables of text."""

from __future__ import annotations

from collections.abc import Sequence

from engine.core.player_backtests import Coverage, PlayerBacktest, PlayerScore
from engine.core.player_records import Stat
from engine.core.words import SIMULATED
from nbabot.cli.output import show, show_table
from nbabot.cli.text import figure

_FIGURES = ("family", "n", "MAE", "of mean", "R2", "in 50%", "in 80%", "in 95%", "MAE 20+", "R2 20+", "in 80% 20+")


def show_player_backtest(result: PlayerBacktest) -> None:
    """Print a backtest for people: a table per season and stat, then the 80% intervals by expected minutes."""
    if result.simulated:
        show(f"{SIMULATED}\n")
    show(
        "Walk-forward backtest of player models: every appearance of a player with five earlier ones, each season by "
        "models that saw only earlier ones. MAE is of the median, R2 of the mean; 20+ are players with at least 20 "
        "expected minutes."
    )
    for season in result.seasons:
        for stat in Stat:
            rows = [row for row in result.rows if (row.season, row.stat) == (season, stat)]
            show(f"\n{stat.words.capitalize()}, {season}\n")
            show_table(_FIGURES, [_cells(row) for row in rows], right=range(1, len(_FIGURES)))
        _show_bands([row for row in result.rows if row.season == season], season)
    show("\nExpected minutes: mean absolute error\n")
    minutes = [(one.family, one.season, f"{one.n:,}", f"{one.mae:.2f}") for one in result.minutes]
    show_table(("family", "season", "n", "MAE"), minutes, right=(2, 3))


def _cells(row: PlayerScore) -> tuple[str, ...]:
    shares = (row.overall.share_50, row.overall.share_80, row.overall.share_95)
    regulars = (figure(row.regular_mae, 3), figure(row.regular_r2, 3), _share(row.regular_share_80))
    return (
        row.family,
        f"{row.n:,}",
        f"{row.mae:.3f}",
        f"{row.mae_of_mean:.3f}",
        f"{row.r2:.3f}",
        *map(_share, shares),
        *regulars,
    )


def _show_bands(rows: Sequence[PlayerScore], season: str) -> None:
    bands = list(dict.fromkeys((band.low, band.high) for row in rows for band in row.bands))
    show(f"\nOutcomes inside the 80% interval by expected minutes, {season}\n")
    headings = ("family", "stat", *(f"{low:.0f}+" if high is None else f"{low:.0f}-{high:.0f}" for low, high in bands))
    cells = [(row.family, row.stat.value, *(_share(_of_band(row, bounds)) for bounds in bands)) for row in rows]
    show_table(headings, cells, right=range(2, len(headings)))


def _of_band(row: PlayerScore, bounds: tuple[float, float | None]) -> float | None:
    found: Coverage | None = next((band for band in row.bands if (band.low, band.high) == bounds), None)
    return None if found is None else found.share_80


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f}%"
