"""A backtest as tables of text: every family's figures, how sure the differences are, and by season and month."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.core.backtests import Backtest, Difference, FamilyScore
from engine.core.words import SIMULATED
from nbabot.cli.output import show, show_table
from nbabot.cli.text import figure

_ACROSS = 6
"""Columns of a table by season or month; further ones follow in another table."""
Column = tuple[str, Callable[[FamilyScore], str]]


def show_backtest(result: Backtest) -> None:
    """Print a backtest for people."""
    span = result.seasons[0] if len(result.seasons) == 1 else f"{result.seasons[0]} to {result.seasons[-1]}"
    if result.simulated:
        show(f"{SIMULATED}\n")
    show(
        f"Walk-forward backtest of {result.task} models on {span}: each season by models that saw only earlier ones.\n"
    )
    _table(result.rows, _FIGURES)
    show("\nmargin and total: mean absolute errors in points\n")
    _table(result.rows, _CALIBRATION)
    show(
        "\nslope: 1 is right, below 1 too sure of itself; by chance: where 90% of perfectly calibrated forecasters "
        "would have their ECE; in 50%, in 80%: how often the margin and the total fell into the interval of that name\n"
    )
    _table([row for row in result.rows if row.against_elo or row.against_line], _DIFFERENCES)
    show("\nLog loss minus that of Elo or the closing line on the same games, with 95% intervals: below 0 is better.")
    with_market = [row for row in result.rows if row.n_market]
    if with_market:
        show("\nOn exactly the games whose closing line is known:\n")
        _table(with_market, _ON_MARKET)
    if len(result.seasons) > 1:
        _across("season", result.by_season, lambda row: row.season or "")
    _across("month", result.by_month, lambda row: (row.month or "")[:3])
    for note in result.notes:
        show(f"\nnote: {note}")


def _table(rows: Sequence[FamilyScore], columns: Sequence[Column]) -> None:
    headings = ("family", *(heading for heading, _ in columns))
    cells = [(row.family, *(read(row) for _, read in columns)) for row in rows]
    show_table(headings, cells, right=range(1, len(headings)))


def _across(what: str, rows: Sequence[FamilyScore], label: Callable[[FamilyScore], str]) -> None:
    """The log loss of each family in each season or month."""
    labels = list(dict.fromkeys(label(row) for row in rows))
    families = list(dict.fromkeys(row.family for row in rows))
    found = {(row.family, label(row)): row for row in rows}
    for first in range(0, len(labels), _ACROSS):
        shown = labels[first : first + _ACROSS]
        show(f"\nLog loss by {what}:\n")
        cells = [
            (family, *(figure(row.log_loss, 4) if (row := found.get((family, one))) else "–" for one in shown))
            for family in families
        ]
        show_table(("family", *shown), cells, right=range(1, len(shown) + 1))


def _difference(found: Difference | None) -> str:
    return "–" if found is None else f"{found.mean:+.4f} ({found.low:+.4f} to {found.high:+.4f})"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def _both(first: float | None, second: float | None) -> str:
    return "–" if first is None or second is None else f"{first:.0%}, {second:.0%}"


_FIGURES: tuple[Column, ...] = (
    ("games", lambda row: f"{row.n:,}"),
    ("log loss", lambda row: figure(row.log_loss, 4)),
    ("Brier", lambda row: figure(row.brier, 4)),
    ("accuracy", lambda row: _share(row.accuracy)),
    ("margin", lambda row: figure(row.margin_mae, 2)),
    ("total", lambda row: figure(row.total_mae, 2)),
)
_CALIBRATION: tuple[Column, ...] = (
    ("ECE", lambda row: figure(row.ece, 3)),
    ("by chance", lambda row: f"{row.ece_low:.3f}-{row.ece_high:.3f}"),
    ("slope", lambda row: figure(row.calibration_slope, 2)),
    ("intercept", lambda row: figure(row.calibration_intercept, 2).replace("-0.00", "0.00")),
    ("in 50%", lambda row: _both(row.margin_50_coverage, row.total_50_coverage)),
    ("in 80%", lambda row: _both(row.margin_80_coverage, row.total_80_coverage)),
)
_DIFFERENCES: tuple[Column, ...] = (
    ("against Elo", lambda row: _difference(row.against_elo)),
    ("against the line", lambda row: _difference(row.against_line)),
)
_ON_MARKET: tuple[Column, ...] = (
    ("games", lambda row: f"{row.n_market:,}"),
    ("log loss", lambda row: figure(row.log_loss_on_market, 4)),
    ("Brier", lambda row: figure(row.brier_on_market, 4)),
    ("accuracy", lambda row: _share(row.accuracy_on_market)),
    ("margin", lambda row: figure(row.margin_mae_on_market, 2)),
    ("total", lambda row: figure(row.total_mae_on_market, 2)),
)
