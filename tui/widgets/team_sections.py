"""Both teams of a game side by side: how they stand, how they play, the four factors."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table as Grid
from rich.text import Text

from engine.core import team_words, words
from engine.core.team_cards import Ranked, TeamCard

_STRENGTHS = (
    ("Points per 100 possessions", "offence", ".1f"),
    ("Allowed per 100", "defence", ".1f"),
    ("Net rating", "net", "+.1f"),
    ("Pace", "pace", ".1f"),
)
"""Fields of Ratings, what they are called, and how they are written."""


@dataclass(frozen=True, slots=True)
class Standings:
    """How both teams stand and how strong they are, of the same moment, the away side first; no cards: not known."""

    cards: tuple[TeamCard, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A row per figure; ranks are out of 30."""
        if not self.cards:
            yield Text("No results are known yet: press 6 and there s to fetch them.")
            return
        grid = Grid.grid(expand=True, padding=(0, 1, 0, 0))
        grid.add_column(ratio=1)
        for _ in range(2):
            grid.add_column(justify="right")
        grid.add_row("", *(Text(words.code(card.team_id), style="bold") for card in self.cards))
        records = [card.record for card in self.cards]
        grid.add_row("Record", *(f"{card.record.total}, {team_words.place(card)}" for card in self.cards))
        grid.add_row("Home, away", *(f"{record.home}, {record.away}" for record in records))
        grid.add_row("Last ten", *(str(record.last_ten) for record in records))
        for name, key, form in _STRENGTHS if all(card.ratings for card in self.cards) else ():
            grid.add_row(name, *(_ranked(getattr(card.ratings, key), form) for card in self.cards))
        grid.add_row("Elo rating", *(_ranked(card.elo, ".0f") for card in self.cards))
        yield grid
        for note in dict.fromkeys(note for card in self.cards for note in card.notes):
            yield Text(note, style="dim")


@dataclass(frozen=True, slots=True)
class Factors:
    """The four factors of both teams, the away side first: their own, and what they allow."""

    cards: tuple[TeamCard, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Figure and rank out of 30, 1 being the best for the team."""
        rows = [team_words.factors(card) for card in self.cards]
        if not rows or not all(rows):
            yield Text("No box scores are known.", style="dim")
            return
        grid = Grid.grid(expand=True, padding=(0, 1, 0, 0))
        grid.add_column(ratio=1)
        heads = [f"{words.code(card.team_id)} {word}" for card in self.cards for word in ("own", "allows")]
        for _ in heads:
            grid.add_column(width=10, justify="right")
        grid.add_row("", *(Text(head, style="dim") for head in heads))
        for away, home in zip(*rows, strict=True):
            cells = (f"{figure} {place:>4}" for figure, place in (away[1:3], away[3:], home[1:3], home[3:]))
            grid.add_row(Text(away[0][0].upper() + away[0][1:]), *cells)
        yield grid


def _ranked(figure: Ranked, form: str) -> str:
    """`112.1  5th`."""
    return f"{figure.value:{form}} {team_words.ordinal(figure.rank):>4}"
