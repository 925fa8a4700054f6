"""What the feeds say besides results: `odds`, `injuries`."""

from __future__ import annotations

from typing import Annotated

import typer

from engine.core import words
from engine.core.injuries import DayInjuries, InjuryStatus
from engine.core.odds import GameOdds, Market, OddsBoard, Quote, american_of
from engine.core.player_names import spoken
from nbabot.cli import json_output
from nbabot.cli.output import show, show_json, show_table
from nbabot.cli.session import Day, Session, command

Team = Annotated[
    str | None,
    typer.Option("--team", metavar="TEAM", help="Only one team, in any words: BOS, celtics.", show_default=False),
]


def add_to(app: typer.Typer) -> None:
    """Register this group's commands."""
    command(app, as_of=True, as_json=True)(odds)
    command(app, as_of=True, as_json=True)(injuries)


def odds(session: Session, date: Day = None) -> None:
    """What the books say of a day's games, and the best price of each.

    The chance is the median of all books, free of their margin. Odds are optional: they need a key of The Odds API.
    """
    board = session.engine.odds(session.day(date))
    if session.as_json:
        show_json(json_output.odds(board))
    else:
        _show_odds(board)


def injuries(session: Session, date: Day = None, team: Team = None) -> None:
    """Who is out or in doubt on a day, by the league's injury report.

    The chance of playing is how often players of that status have played, leaning on the usual reading of the word.
    """
    found = session.engine.injuries(session.day(date), team)
    rates = session.engine.play_rates()
    if session.as_json:
        show_json(json_output.injuries(found, rates))
    else:
        _show_injuries(found, {status: words.percent(rate.chance) for status, rate in rates.items()})


def _show_odds(board: OddsBoard) -> None:
    if board.games:
        columns = ("game", "tip-off", "home wins", "spread", "total", "best home", "best away")
        show_table(columns, [_odds_row(item) for item in board.games], right=range(2, 5))
        newest = max(item.fetched_at for item in board.games)
        show(f"\nFetched {words.moment(newest)}. Spread: the handicap of the home side, negative for favourites.")
    else:
        show(
            f"No odds are stored for {words.day(board.league_day)}: set THE_ODDS_API_KEY, then run "
            "nbabot sync --only odds."
        )
    if board.quota:
        told = words.moment(board.quota.moment)
        show(f"Quota of The Odds API: {board.quota.remaining:,} left, {board.quota.used:,} used ({told}).")
    if board.games:
        show(words.GAMBLING)


def _odds_row(item: GameOdds) -> tuple[str, ...]:
    game, agreed = item.game, item.consensus
    best = {quote.side: quote for quote in item.best if quote.market == Market.MONEYLINE}
    return (
        f"{words.code(game.away_id)} {words.between(game.neutral)} {words.code(game.home_id)}",
        words.clock(game.tip_utc) if game.tip_utc else "–",
        "–" if agreed.home_win_prob is None else words.percent(agreed.home_win_prob),
        "–" if agreed.spread is None else f"{agreed.spread:+g}",
        "–" if agreed.total is None else f"{agreed.total:g}",
        *(_price(best.get(str(team_id))) for team_id in (game.home_id, game.away_id)),
    )


def _price(quote: Quote | None) -> str:
    return "–" if quote is None else f"{american_of(quote.price):+d} {quote.book}"


def _show_injuries(found: DayInjuries, chances: dict[InjuryStatus, str]) -> None:
    day = words.day(found.league_day)
    if found.reported_at is None:
        show(f"No injury report is stored for {day}: run nbabot sync --only injuries.")
        return
    rows = [
        (words.code(team.team_id), spoken(player.name), player.status.value, chances[player.status], player.reason)
        for team in found.teams
        for player in team.players
    ]
    if rows:
        show_table(("team", "player", "status", "plays", "reason"), rows, right=(3,))
        show()
    show(f"Injury report of {words.moment(found.reported_at)} for {day}.")
    if silent := ", ".join(sorted(map(words.code, found.not_submitted))):
        show(f"Not yet submitted: {silent}.")
    if unknown := ", ".join(f"{spoken(player.name)} ({words.code(team_id)})" for team_id, player in found.unmatched):
        show(f"Not matched to a known player, so of no use to a forecast: {unknown}.")
