"""Questions about teams: `team`, and `compare`, which asks every model about one game."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from engine.core import team_words, words
from engine.core.outlook_words import outlook
from engine.core.records import GameForecast
from engine.core.team_cards import TeamCard
from engine.core.team_words import played, to_play
from nbabot.cli import team_json
from nbabot.cli.ask import Away, Home
from nbabot.cli.output import show, show_json, show_pairs, show_table
from nbabot.cli.session import Day, Session, command

Name = Annotated[str, typer.Argument(metavar="NAME", help="Team, in any words: BOS, celtics, 'la clippers'.")]


def add_to(app: typer.Typer) -> None:
    """Register this group's commands."""
    command(app, as_of=True, as_json=True)(team)
    command(app, as_of=True, as_json=True)(compare)


def team(session: Session, name: Name) -> None:
    """A team's season, its figures among the league's, its next games."""
    card = session.engine.team(name)
    if session.as_json:
        show_json(team_json.card(card))
    else:
        _show_team(card)


def compare(session: Session, home: Home, away: Away, date: Day = None) -> None:
    """What every game model says of the same game.

    The model in production first, then the newest version of each other one. The game is found as predict finds it.
    """
    engine = session.engine
    forecasts = engine.side_by_side(home, away, session.day(date))
    if session.as_json:
        show_json(team_json.side_by_side(forecasts, engine.simulated))
    else:
        _show_side_by_side(forecasts, engine.simulated)


def _show_team(card: TeamCard) -> None:
    if card.simulated:
        show(f"{words.SIMULATED}\n")
    show(team_words.headline(card))
    show(f"{team_words.season(card)}\n")
    show_table(("", "figure", "place"), team_words.strengths(card), right=(1, 2))
    if factors := team_words.factors(card):
        show()
        show_table(("four factors", "own", "place", "opponents'", "place"), factors, right=(1, 2, 3, 4))
    show()
    own = card.team_id
    show_pairs(
        [
            *_listed("played", [f"{words.day(one.league_day)}  {played(one, own)}" for one in card.last_games]),
            *_listed("next", [f"{words.day(one.league_day)}  {to_play(one, own)}" for one in card.next_games]),
            *_listed("in doubt", [outlook(one) for one in card.doubtful]),
            ("as of", f"{words.moment(card.as_of)} · {words.through(card.data_through)}"),
            *_listed("note", card.notes),
        ]
    )


def _listed(label: str, lines: Sequence[str]) -> list[tuple[str, str]]:
    """Lines under one label, which stands before the first of them."""
    return [("" if number else label, line) for number, line in enumerate(lines)]


def _show_side_by_side(forecasts: tuple[GameForecast, ...], simulated: bool) -> None:
    if simulated:
        show(f"{words.SIMULATED}\n")
    first = forecasts[0]
    show(words.matchup(first))
    show(f"{words.setting(first)}\n")
    show_table(("model", "pick", "chance", "margin", "expected"), [_row(one) for one in forecasts], right=(2, 3))
    show(f"\n{team_words.agreement(forecasts)}\n")
    notes = dict.fromkeys(note for one in forecasts for note in words.caveats(one))
    production = ("in production", first.model)
    show_pairs([production, ("as of", words.moment(first.as_of)), *_listed("note", list(notes))])


def _row(one: GameForecast) -> tuple[str, ...]:
    return one.model, words.nickname(one.pick_id), words.percent(one.pick_prob), team_words.lead(one), words.score(one)
