"""Questions about players: `player`; and `train player`, `backtest player`."""

from __future__ import annotations

from typing import Annotated

import typer

from engine.core import calendar, player_words, words
from engine.core.player_records import PlayerForecast, Stat, StatForecast
from engine.core.reports import ModelVersion
from nbabot.cli import json_output, player_json
from nbabot.cli.output import progress_bar, show, show_json, show_pairs, show_table
from nbabot.cli.player_backtest_text import show_player_backtest
from nbabot.cli.session import Day, Session, command
from nbabot.cli.text import figure
from nbabot.cli.training_options import Families, JsonFile, Seasons, Through, listed, told_as_json

Name = Annotated[
    str, typer.Argument(metavar="NAME", help="Player, in any words: 'jayson tatum', Jokic, SGA; accents need not be.")
]
WantedStat = Annotated[
    Stat | None, typer.Option("--stat", help="Only this one; of --line it is points.", show_default=False)
]
Opponent = Annotated[
    str | None,
    typer.Option("--opponent", metavar="TEAM", help="Against this team; else his next game.", show_default=False),
]
Line = Annotated[
    float | None,
    typer.Option("--line", metavar="N", min=0, max=200, help="Chances over and under it.", show_default=False),
]
_HEADINGS = ("", "mean", "median", "50%", "80%", "95%")
"""Of the table of stats: the last three are intervals that hold the outcome in so many games."""


def add_to(app: typer.Typer) -> None:
    """Register the question."""
    command(app, as_of=True, as_json=True)(player)


def player(
    session: Session,
    name: Name,
    stat: WantedStat = None,
    opponent: Opponent = None,
    line: Line = None,
    date: Day = None,
) -> None:
    """What a player is expected to do, and how sure that is.

    Forecasts his team's next game within two weeks; --opponent and --date mean another one, a what-if game where none
    is scheduled. All figures are for the case that he plays.
    """
    engine = session.engine
    answer = engine.player(name, opponent, session.day(date), stat or Stat.PTS, line)
    if session.as_json:
        show_json(player_json.forecast(answer, engine.simulated, stat))
    else:
        _show(answer, stat, engine.simulated)


def train_player(session: Session, through: Through = None, families: Families = None) -> None:
    """Fit and register new player models; promote nothing."""
    last = None if through is None else calendar.parse_season(through)
    with progress_bar() as progress:
        made = session.engine.train_player(listed(families), last, progress)
    if session.as_json:
        show_json({"models": [json_output.model(version) for version in made]})
        return
    rows = [(one.label, one.trained_through, f"{one.rows:,}", *_figures(one)) for one in made]
    show_table(("model", "through", "rows", "MAE pts", "R2 pts", "in 80%"), rows, right=(2, 3, 4, 5))
    best = min(made, key=lambda version: version.metrics.get("pts_mae", float("inf")))
    show(f"\nNothing was promoted. To use the best: nbabot models promote {best.name} {best.version}")


def _figures(version: ModelVersion) -> tuple[str, ...]:
    """Walk-forward figures of points on the last season learned from."""
    return tuple(figure(version.metrics.get(f"pts_{key}"), 3) for key in ("mae", "r2", "coverage_80"))


def backtest_player(session: Session, seasons: Seasons, families: Families = None, json_file: JsonFile = None) -> None:
    """Score forecasts of players in past seasons.

    Every appearance of a player with five earlier ones is forecast by models that saw earlier seasons only.
    """
    wanted = calendar.parse_seasons(seasons)
    with progress_bar() as progress:
        result = session.engine.backtest_player(wanted, listed(families), progress)
    if not told_as_json(player_json.backtest(result), json_file):
        show_player_backtest(result)


def _show(answer: PlayerForecast, stat: Stat | None, simulated: bool) -> None:
    """Print what he is expected to do, how sure that is, and what the answer rests on."""
    if simulated:
        show(f"{words.SIMULATED}\n")
    shown = stat or Stat.PTS
    show(player_words.headline(answer, shown))
    show(player_words.setting(answer))
    show(f"\n  {player_words.role(answer)}")
    if doubt := player_words.playing(answer):
        show(f"  {doubt}")
    show(f"  {player_words.often(answer.stat(shown))}")
    if answer.line is not None:
        show(f"  {player_words.over(answer.line)}")
    show()
    show_table(_HEADINGS, [_row(one) for one in answer.stats if stat in (None, one.stat)], right=(1, 2, 3, 4, 5))
    show()
    notes = [("note", note) for note in answer.notes if not note.startswith("SIMULATED")]
    show_pairs([("model", _knowledge(answer)), ("as of", words.moment(answer.as_of)), *notes])
    if answer.line is not None:
        show(f"\n{words.GAMBLING}")


def _row(one: StatForecast) -> tuple[str, ...]:
    spans = (player_words.whole(interval) for interval in (one.interval_50, one.interval_80, one.interval_95))
    return (one.stat.words, f"{one.mean:.1f}", f"{one.median:.1f}", *(f"{low}-{high}" for low, high in spans))


def _knowledge(answer: PlayerForecast) -> str:
    through = f"results through {words.day(answer.data_through)}" if answer.data_through else "no results yet"
    return f"{answer.model} · knows {through}, {answer.games} games of his"
