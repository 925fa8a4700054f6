"""Making and measuring models: `train game`, `backtest game`."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from engine.core import calendar
from engine.core.errors import UsageError
from engine.core.reports import Backtest, FamilyScore, ModelVersion
from engine.core.words import SIMULATED
from nbabot.cli import json_output
from nbabot.cli.models import champion_of, show_versions
from nbabot.cli.output import progress_bar, show, show_json, show_table
from nbabot.cli.session import Session, command, group
from nbabot.cli.text import figure

Families = Annotated[
    str | None,
    typer.Option(
        "--families",
        metavar="FAMILY,...",
        help="Only these, separated by commas; all by default.",
        show_default=False,
    ),
]
Through = Annotated[
    str | None, typer.Option("--through", metavar="SEASON", help="Last season to learn from.", show_default=False)
]
Seasons = Annotated[
    str, typer.Option("--seasons", metavar="A..B", help="Seasons to forecast, such as 2017-18..2022-23.")
]
JsonFile = Annotated[
    Path | None,
    typer.Option("--json", metavar="FILE", help="Also write the result there; - prints it.", show_default=False),
]

_ALL_GAMES = ("family", "games", "log loss", "Brier", "accuracy", "ECE", "slope", "margin", "total")
_MARKET_GAMES = ("family", "games", "log loss", "Brier", "accuracy", "margin", "total")


def add_to(app: typer.Typer) -> None:
    """Register this group's commands."""
    train = group(app, "train", "Fit new model versions.")
    backtest = group(app, "backtest", "Measure models on past seasons, walking forward.")
    command(train, "game", as_of=True, as_json=True)(train_game)
    command(backtest, "game", as_of=True)(backtest_game)


def train_game(session: Session, through: Through = None, families: Families = None) -> None:
    """Fit and register a new version of each family; promote nothing."""
    last = None if through is None else calendar.parse_season(through)
    champion = champion_of(session)
    with progress_bar() as progress:
        made = session.engine.train_game(_listed(families), last, progress)
    if session.as_json:
        show_json({"models": [json_output.model(version) for version in made]})
        return
    show_versions([*made, *([champion] if champion else [])])
    newest = made[0].trained_through
    if last is not None and calendar.season_label(last) != newest:
        show(f"\nNo game of {calendar.season_label(last)} is known: trained through {newest}.")
    show(f"\nNothing was promoted. {_advice(made, champion)}")


def _advice(made: Sequence[ModelVersion], champion: ModelVersion | None) -> str:
    """Which of the new versions is best by its walk-forward log loss, and whether it beats the champion's."""
    best = min(made, key=_log_loss)
    step = f"nbabot models promote {best.name} {best.version}"
    if champion is None or _log_loss(champion) == math.inf:
        return f"To use the best: {step}"
    if champion.simulated != best.simulated or champion.metrics.get("n") != best.metrics.get("n"):
        return f"The champion was tested on other games, so its log loss does not compare. To use the best: {step}"
    if _log_loss(best) >= _log_loss(champion):
        return f"None has a lower log loss than the champion, {champion.label}."
    return f"The best beats the champion, {champion.label}. To use it: {step}"


def _log_loss(version: ModelVersion) -> float:
    return version.metrics.get("log_loss", math.inf)


def backtest_game(session: Session, seasons: Seasons, families: Families = None, json_file: JsonFile = None) -> None:
    """Score past seasons, forecast by models that saw earlier ones only.

    Where closing odds are stored, a family `market` is scored too, and every family on exactly those games.
    """
    wanted = calendar.parse_seasons(seasons)
    with progress_bar() as progress:
        result = session.engine.backtest_game(wanted, _listed(families), progress)
    if json_file == Path("-"):
        print(_as_json(result))
        return
    if json_file is not None:
        _write(json_file, _as_json(result))
    _show(result)


def _listed(families: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (families or "").split(",") if name.strip())


def _as_json(result: Backtest) -> str:
    return json.dumps(json_output.backtest(result), indent=2, allow_nan=False)


def _write(path: Path, content: str) -> None:
    try:
        path.write_text(content + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}): name another file after --json.") from error


def _show(result: Backtest) -> None:
    span = result.seasons[0] if len(result.seasons) == 1 else f"{result.seasons[0]} to {result.seasons[-1]}"
    if result.simulated:
        show(f"{SIMULATED}\n")
    show(
        f"Walk-forward backtest of {result.task} models on {span}: each season by models that saw only earlier ones.\n"
    )
    show_table(_ALL_GAMES, [_row(score) for score in result.rows], right=range(1, 9))
    with_market = [score for score in result.rows if score.n_market]
    if with_market:
        show("\nOn exactly the games whose closing line is known:\n")
        show_table(_MARKET_GAMES, [_market_row(score) for score in with_market], right=range(1, 7))
    show("\nmargin and total: mean absolute errors in points; slope: 1 is right, below 1 too sure of itself")
    for note in result.notes:
        show(f"\nnote: {note}")


def _row(score: FamilyScore) -> tuple[str, ...]:
    return (
        score.family,
        f"{score.n:,}",
        figure(score.log_loss, 4),
        figure(score.brier, 4),
        _share(score.accuracy),
        figure(score.ece, 3),
        figure(score.calibration_slope, 2),
        figure(score.margin_mae, 2),
        figure(score.total_mae, 2),
    )


def _market_row(score: FamilyScore) -> tuple[str, ...]:
    return (
        score.family,
        f"{score.n_market:,}",
        figure(score.log_loss_on_market, 4),
        figure(score.brier_on_market, 4),
        _share(score.accuracy_on_market),
        figure(score.margin_mae_on_market, 2),
        figure(score.total_mae_on_market, 2),
    )


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"
