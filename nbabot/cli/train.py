"""Making and measuring models: `train game`, `backtest game`, and their sisters for players and for games under way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from engine.core import calendar
from engine.core.backtests import Backtest
from engine.core.errors import UsageError
from engine.core.reports import ModelVersion
from nbabot.cli import json_output
from nbabot.cli.backtest_text import show_backtest
from nbabot.cli.halftime import backtest_halftime, train_halftime
from nbabot.cli.live_training import backtest_live, train_live
from nbabot.cli.models import champion_of, show_versions
from nbabot.cli.output import progress_bar, show, show_json
from nbabot.cli.player import backtest_player, train_player
from nbabot.cli.session import Session, command, group
from nbabot.cli.training_options import Families, JsonFile, Seasons, Through, listed, told_as_json, write_file

Charts = Annotated[
    Path | None,
    typer.Option("--charts", metavar="DIR", help="Also draw charts (PNG) into that folder.", show_default=False),
]
NoInjuryFeed = Annotated[bool, typer.Option("--no-injury-feed", help="Forecast as if nobody had said who is out.")]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="Of the simulations behind bands and intervals.")]


def add_to(app: typer.Typer) -> None:
    """Register this group's commands."""
    train = group(app, "train", "Fit new model versions.")
    backtest = group(app, "backtest", "Measure models on past seasons, walking forward.")
    command(train, "game", as_of=True, as_json=True)(train_game)
    command(backtest, "game", as_of=True)(backtest_game)
    command(train, "player", as_of=True, as_json=True)(train_player)
    command(backtest, "player", as_of=True)(backtest_player)
    command(train, "live", as_of=True, as_json=True)(train_live)
    command(backtest, "live", as_of=True)(backtest_live)
    command(train, "halftime", as_of=True, as_json=True)(train_halftime)
    command(backtest, "halftime", as_of=True)(backtest_halftime)


def train_game(session: Session, through: Through = None, families: Families = None) -> None:
    """Fit and register a new version of each family; promote nothing."""
    last = None if through is None else calendar.parse_season(through)
    champion = champion_of(session)
    with progress_bar() as progress:
        made = session.engine.train_game(listed(families), last, progress)
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


def backtest_game(  # noqa: PLR0913 - each parameter is an option of the command
    session: Session,
    seasons: Seasons,
    families: Families = None,
    json_file: JsonFile = None,
    charts: Charts = None,
    seed: Seed = 1,
    no_injury_feed: NoInjuryFeed = False,
) -> None:
    """Score past seasons, forecast by models that saw earlier ones only.

    Where closing odds are stored, the closing line itself is scored too, and every family on exactly those games.
    """
    wanted = calendar.parse_seasons(seasons)
    with progress_bar() as progress:
        result = session.engine.backtest_game(wanted, listed(families), seed, not no_injury_feed, progress)
    if charts is not None:
        _draw(charts, result)
    if not told_as_json(json_output.backtest(result), json_file):
        show_backtest(result)


def _draw(folder: Path, result: Backtest) -> None:
    """The reliability diagram, and XGBoost's training curve before each season."""
    from nbabot.charts import reliability_png, training_curve_png

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} cannot be made ({error.strerror}): name another folder after --charts.") from error
    write_file(folder / "reliability.png", reliability_png(result), "--charts")
    for curve in result.curves:
        write_file(folder / f"xgboost-training-{curve.season}.png", training_curve_png(curve), "--charts")
