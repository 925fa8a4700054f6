"""The margin at half-time: `train halftime`, `backtest halftime`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from engine.core import calendar
from engine.core.backtests import Difference
from engine.core.halftime_backtests import HalftimeBacktest, HalftimeFamilyScore
from engine.core.reports import ModelVersion
from engine.core.words import SIMULATED
from nbabot.cli import json_output
from nbabot.cli.output import progress_bar, show, show_json, show_table
from nbabot.cli.session import Session
from nbabot.cli.training_options import Families, JsonFile, Seasons, Through, listed, told_as_json

_VERSIONS = ("model", "through", "games", "MAE", "in 80%", "in 95%")
_FAMILIES = ("family", "games", "MAE", "in 80%", "in 95%")
_DIFFERENCES = ("family", "less hold (95%)", "less linear (95%)")


def train_halftime(session: Session, through: Through = None, families: Families = None) -> None:
    """Fit and register models of half-time margins; promote nothing."""
    last = None if through is None else calendar.parse_season(through)
    with progress_bar() as progress:
        made = session.engine.train_halftime(listed(families), last, progress)
    if session.as_json:
        show_json({"models": [json_output.model(version) for version in made]})
        return
    show_table(_VERSIONS, [_version(one) for one in made], right=range(1, len(_VERSIONS)))
    if not families and all(one.family != "sequence" for one in made):
        show("\nThe sequence network was left out: it is trained with PyTorch (pip install '.[sequence]').")
    best = min(made, key=lambda one: one.metrics.get("margin_mae", float("inf")))
    show(f"\nNothing was promoted. To use the best: nbabot models promote {best.name} {best.version}")


def backtest_halftime(session: Session, seasons: Seasons, json_file: JsonFile = None) -> None:
    """Score forecasts of the margin at half-time, made at 18:00.

    Every game with a stored timeline is forecast by each family, fitted on earlier seasons only.
    """
    wanted = calendar.parse_seasons(seasons)
    with progress_bar() as progress:
        result = session.engine.backtest_halftime(wanted, progress)
    if not told_as_json(json_output.plain(asdict(result)), json_file):
        _show(result)


def _show(result: HalftimeBacktest) -> None:
    if result.simulated:
        show(f"{SIMULATED}\n")
    show(
        f"Walk-forward backtest of margins at half-time, {result.seasons[0]} to {result.seasons[-1]}: forecast when 18 "
        "minutes are played, each season by models that saw only earlier ones. hold says that the margin stays as it "
        "is; elo is a line on that margin and on Elo's chance, linear one on it and on the margin forecast before "
        "tip-off.\n"
    )
    show_table(_FAMILIES, [_scores(one) for one in result.rows], right=range(1, len(_FAMILIES)))
    show("\nMean absolute error in points, less that of hold and of linear\n")
    show_table(_DIFFERENCES, [_differences(one) for one in result.rows], right=range(1, len(_DIFFERENCES)))
    show("\nSeason by season\n")
    rows = [(one.season or "", *_scores(one)) for one in result.by_season]
    show_table(("season", *_FAMILIES), rows, right=range(2, len(_FAMILIES) + 1))
    show("\nWhat the members of the ensemble count\n")
    show_table(("season", "weights"), [(one.season, _weights(one.weights)) for one in result.weights])
    for note in result.notes:
        show(f"\n{note}")


def _version(made: ModelVersion) -> tuple[str, ...]:
    figures = made.metrics
    shares = (_share(figures.get(key)) for key in ("coverage_80", "coverage_95"))
    mae = f"{figures['margin_mae']:.3f}" if "margin_mae" in figures else "–"
    return (made.label, made.trained_through, f"{made.rows:,}", mae, *shares)


def _scores(one: HalftimeFamilyScore) -> tuple[str, ...]:
    return (one.family, f"{one.n:,}", f"{one.mae:.3f}", _share(one.share_80), _share(one.share_95))


def _differences(one: HalftimeFamilyScore) -> tuple[str, ...]:
    return (one.family, _difference(one.against_hold), _difference(one.against_linear))


def _weights(weights: Sequence[tuple[str, float]]) -> str:
    return ", ".join(f"{name} {weight:.2f}" for name, weight in weights)


def _difference(found: Difference | None) -> str:
    return "–" if found is None else f"{found.mean:+.3f} ({found.low:+.3f} to {found.high:+.3f})"


def _share(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f}%"
