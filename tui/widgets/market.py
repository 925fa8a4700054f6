"""What others say of a game: the betting line with the best prices, and every model beside the one in production."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table as Grid
from rich.text import Text

from engine.core import team_words, words
from engine.core.odds import OVER, UNDER, GameOdds, Market, Quote, american_of, edge_against, fair_home_probability
from engine.core.records import ClosingLine, GameForecast

NO_ODDS = (
    "No odds of this game are known. With a key of The Odds API (THE_ODDS_API_KEY) each synchronisation reads them."
)


@dataclass(frozen=True, slots=True)
class Odds:
    """The forecast against the betting line, and the best price of the side that the forecast likes."""

    forecast: GameForecast
    odds: GameOdds | None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A row per market, then where the line comes from."""
        line = self.forecast.line
        if line is None:
            yield Text(NO_ODDS)
            return
        grid = Grid.grid(expand=True, padding=(0, 1, 0, 0))
        grid.add_column(ratio=2)
        for _ in range(3):
            grid.add_column(width=6, justify="right", no_wrap=True)
        grid.add_column(ratio=3)
        best = "best price" if self.odds else ""
        grid.add_row("", *(Text(name, style="dim") for name in ("model", "line", "edge", best)))
        for row in (*self._winner(line), *self._spread(line), *self._total(line)):
            grid.add_row(*row)
        yield grid
        yield Text(self._source(), style="dim")
        yield Text(words.GAMBLING, style="dim")

    def _winner(self, line: ClosingLine) -> Iterator[tuple[str, ...]]:
        fair = fair_home_probability(line)
        if fair is None:
            return
        home, away = self.forecast.home_id, self.forecast.away_id
        sides = [(home, self.forecast.home_win_prob, fair), (away, 1 - self.forecast.home_win_prob, 1 - fair)]
        for team, model, market in sorted(sides, key=lambda side: -side[1]):
            edge = f"{100 * (model - market):+.0f}%"
            shares = words.percent(model), words.percent(market)
            yield f"{words.code(team)} wins", *shares, edge, self._best(Market.MONEYLINE, str(team))

    def _spread(self, line: ClosingLine) -> Iterator[tuple[str, ...]]:
        edge = edge_against(line, self.forecast).margin
        if line.spread is None or edge is None:
            return
        sign = 1 if self.forecast.pick_id == self.forecast.home_id else -1
        figures = (sign * self.forecast.margin, -sign * line.spread, sign * edge)
        liked = self.forecast.home_id if edge >= 0 else self.forecast.away_id
        name = f"{words.code(self.forecast.pick_id)} by"
        yield name, *(f"{figure:+.1f}" for figure in figures), self._best(Market.SPREAD, str(liked))

    def _total(self, line: ClosingLine) -> Iterator[tuple[str, ...]]:
        edge = edge_against(line, self.forecast).total
        if line.total is None or edge is None:
            return
        best = self._best(Market.TOTAL, OVER if edge >= 0 else UNDER)
        yield "Total", f"{self.forecast.total:.1f}", f"{line.total:.1f}", f"{edge:+.1f}", best

    def _best(self, market: Market, side: str) -> str:
        quotes = self.odds.best if self.odds else ()
        found = next((one for one in quotes if (one.market, one.side, one.player) == (market, side, "")), None)
        return _price(found) if found else ""

    def _source(self) -> str:
        if self.odds is None:
            return "The closing line, free of the books' margin."
        books = self.odds.consensus.books
        return (
            f"Median of {books} book{'' if books == 1 else 's'}, free of their margin, "
            f"{words.moment(self.odds.fetched_at)}."
        )


def _price(quote: Quote) -> str:
    """`BOS -4.5 -108 pinnacle`, `over 224.5 -110 betmgm`, `+165 fanduel`."""
    said = f"{american_of(quote.price):+d} {quote.book}"
    if quote.market == Market.TOTAL:
        return f"{quote.side} {quote.point:g} {said}"
    return f"{words.code(int(quote.side))} {quote.point:+g} {said}" if quote.market == Market.SPREAD else said


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The same game by every model, the one in production first."""

    forecasts: tuple[GameForecast, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A row per model, then how far they are apart."""
        grid = Grid.grid(expand=True, padding=(0, 1, 0, 0))
        grid.add_column(ratio=3)
        for ratio in (2, 2, 1):
            grid.add_column(ratio=ratio, justify="right")
        grid.add_row(*(Text(name, style="dim") for name in ("model", "picks", "margin", "total")))
        for place, one in enumerate(self.forecasts):
            pick = f"{words.code(one.pick_id)} {words.percent(one.pick_prob)}"
            name = Text(one.model, style="" if place else "bold")
            grid.add_row(name, pick, team_words.lead(one), f"{one.total:.0f}")
        yield grid
        yield Text(team_words.agreement(self.forecasts), style="dim")
