"""Models of games under way: `train live`, `backtest live`."""

from __future__ import annotations

from dataclasses import asdict

from engine.core import calendar
from engine.core.backtests import Difference
from engine.core.live_backtests import LiveBacktest, LiveCoverage, MarkScore
from engine.core.words import SIMULATED
from nbabot.cli import json_output
from nbabot.cli.output import progress_bar, show, show_json, show_table
from nbabot.cli.session import Session
from nbabot.cli.training_options import JsonFile, Seasons, Through, told_as_json

_MARKS = ("played", "n", "log loss", "Brier", "baseline", "difference (95%)", "margin MAE")
_PERIODS = ("Q1", "Q2", "Q3", "Q4", "overtime")


def train_live(session: Session, through: Through = None) -> None:
    """Fit and register a new model of games under way; promote nothing."""
    last = None if through is None else calendar.parse_season(through)
    with progress_bar() as progress:
        made = session.engine.train_live(last, progress)
    if session.as_json:
        show_json({"models": [json_output.model(made)]})
        return
    show(f"{made.label}: {made.rows:,} games through {made.trained_through}")
    show(f"\nNothing was promoted. To use it: nbabot models promote {made.name} {made.version}")


def backtest_live(session: Session, seasons: Seasons, json_file: JsonFile = None) -> None:
    """Score forecasts made during the games of past seasons.

    Every game with a stored timeline is forecast at many moments by a model that saw earlier seasons only.
    """
    wanted = calendar.parse_seasons(seasons)
    with progress_bar() as progress:
        result = session.engine.backtest_live(wanted, progress)
    if not told_as_json(json_output.plain(asdict(result)), json_file):
        _show(result)


def _show(result: LiveBacktest) -> None:
    if result.simulated:
        show(f"{SIMULATED}\n")
    show(
        f"Walk-forward backtest of live forecasts, {result.seasons[0]} to {result.seasons[-1]}: each season by a model "
        "that saw only earlier ones. The baseline is a logistic regression on margin and Elo, fitted for each moment; "
        "the difference is log loss less the baseline's.\n"
    )
    show_table(_MARKS, [_mark(one) for one in result.marks], right=range(len(_MARKS)))
    show("\nFinal margins inside the intervals of forecasts made in each period\n")
    headings = ("period", "moments", "games", "in 80%", "in 95%")
    show_table(headings, [_held(one) for one in result.coverage], right=range(1, len(headings)))


def _mark(one: MarkScore) -> tuple[str, ...]:
    figures = (f"{value:.4f}" for value in (one.log_loss, one.brier, one.baseline))
    played = f"{one.played // 60}:{one.played % 60:02}"
    return (played, f"{one.n:,}", *figures, _difference(one.against_baseline), f"{one.margin_mae:.2f}")


def _difference(found: Difference | None) -> str:
    return "–" if found is None else f"{found.mean:+.4f} ({found.low:+.4f} to {found.high:+.4f})"


def _held(one: LiveCoverage) -> tuple[str, ...]:
    shares = (f"{100 * share:.1f}%" if one.n else "–" for share in (one.share_80, one.share_95))
    return (_PERIODS[one.period - 1], f"{one.n:,}", f"{one.games:,}", *shares)
