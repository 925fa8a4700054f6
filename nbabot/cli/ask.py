"""Questions about games, and about the record: `predict`, `today`, `record`."""

from __future__ import annotations

from typing import Annotated

import typer

from engine.core import calendar
from engine.core.errors import UsageError
from engine.core.player_records import Stat
from nbabot.cli import json_output, player_json, player_record_text, text
from nbabot.cli.output import show_json
from nbabot.cli.session import Day, Session, command

Home = Annotated[str, typer.Argument(metavar="HOME", help="Home team, in any words: BOS, celtics, 'la clippers'.")]
Away = Annotated[str, typer.Argument(metavar="AWAY", help="Visiting team.")]
Out = Annotated[
    list[str] | None,
    typer.Option("--out", metavar="PLAYER", help="What if this player were missing? Repeatable.", show_default=False),
]
Back = Annotated[
    list[str] | None,
    typer.Option("--in", metavar="PLAYER", help="What if this player played? Repeatable.", show_default=False),
]
Days = Annotated[
    int | None,
    typer.Option("--days", metavar="DAYS", min=1, max=99_999, help="Only the last so many days.", show_default=False),
]
Season = Annotated[
    str | None,
    typer.Option("--season", metavar="SEASON", help="Only that season, such as 2024-25.", show_default=False),
]
Picks = Annotated[bool, typer.Option("--picks", help="List every pick as it was published, and what became of it.")]
Players = Annotated[bool, typer.Option("--players", help="Of the published forecasts of players instead.")]
OneStat = Annotated[Stat | None, typer.Option("--stat", help="With --players: only of this stat.", show_default=False)]


def add_to(app: typer.Typer) -> None:
    """Register this group's commands."""
    command(app, as_of=True, as_json=True)(predict)
    command(app, as_of=True, as_json=True)(today)
    command(app, as_of=True, as_json=True)(record)


def predict(session: Session, home: Home, away: Away, date: Day = None, out: Out = None, back: Back = None) -> None:
    """Who wins, how sure, and why.

    Forecasts the teams' next game within two weeks, else a what-if game at HOME today; the answer says which. With
    --out and --in it tells what the game would be without a player, or with one.
    """
    engine = session.engine
    answer = engine.predict(home, away, session.day(date), out or (), back or ())
    if session.as_json:
        show_json(json_output.forecast(answer, engine.simulated))
    else:
        text.show_forecast(answer, engine.simulated)


def today(session: Session, date: Day = None) -> None:
    """A day's games: the forecasts and, once known, the results."""
    slate = session.engine.slate(session.day(date))
    if session.as_json:
        show_json(json_output.slate(slate))
    else:
        text.show_slate(slate)


def record(
    session: Session,
    days: Days = None,
    season: Season = None,
    picks: Picks = False,
    players: Players = False,
    stat: OneStat = None,
) -> None:
    """How the published picks have done, every one of them.

    With --players: the forecasts of players published with them. One is a hit when the player ended within its 80%
    interval, and void when he did not appear.
    """
    span = days, None if season is None else calendar.parse_season(season)
    if players and picks:
        raise UsageError("--picks lists the picks of games: leave out --picks or --players.")
    if stat is not None and not players:
        raise UsageError("--stat chooses among the forecasts of players: add --players.")
    if players:
        _record_of_players(session, span, stat)
    else:
        _record_of_games(session, span, picks)


def _record_of_games(session: Session, span: tuple[int | None, int | None], picks: bool) -> None:
    found, listed = session.engine.record(*span), session.engine.published(*span) if picks else None
    if session.as_json:
        show_json(json_output.track_record(found, listed))
    elif found.n:
        text.show_record(found)
        text.show_published(listed or ())
    else:
        text.show_no_picks(session.engine.record())


def _record_of_players(session: Session, span: tuple[int | None, int | None], stat: Stat | None) -> None:
    found = session.engine.player_record(*span, stat)
    if session.as_json:
        show_json(player_json.record(found))
    elif found.stats:
        player_record_text.show_record(found)
    else:
        player_record_text.show_no_record(session.engine.player_record())
