"""Plain words for what the books offer, the same for every face. Texts carry no markup."""

from __future__ import annotations

from engine.core import words
from engine.core.odds import OVER, GameOdds, Market, Quote, american_of
from engine.core.records import GameForecast

NONE_KNOWN = (
    "No odds are known for this game. They are optional: where whoever runs the bot has set up an odds feed, they "
    "stand here once the books quote the game."
)
CAUTION = (
    "In tests on past seasons the closing line was the better forecaster, so a large difference is more often the "
    "bot's error than the books'."
)
_GAME_MARKETS = frozenset(Market)


def quotes(found: GameOdds) -> tuple[str, ...]:
    """The best price of every side of the game's markets: `"BOS -4.5: 1.95 (-105) at somebook"`."""
    told = [one for one in found.best if one.market in _GAME_MARKETS]
    order = list(Market)
    told.sort(key=lambda one: (order.index(Market(one.market)), one.side))
    return tuple(f"{_side(one)}: {one.price:.2f} ({american_of(one.price):+d}) at {one.book}" for one in told)


def verdict(forecast: GameForecast, fair_home: float | None) -> str:
    """Who says what of the pick: `"BOS: the bot says 65%, the books 62%, 3 points less."`; empty without a price."""
    if fair_home is None:
        return ""
    at_home = forecast.pick_id == forecast.home_id
    theirs = fair_home if at_home else 1 - fair_home
    apart = round(100 * forecast.pick_prob) - round(100 * theirs)
    how = "the same" if apart == 0 else f"{abs(apart)} {'point' if abs(apart) == 1 else 'points'}"
    beyond = "" if apart == 0 else " less" if apart > 0 else " more"
    ours, books = words.percent(forecast.pick_prob), words.percent(theirs)
    return f"{words.code(forecast.pick_id)} to win: the bot says {ours}, the books {books}, {how}{beyond}."


def _side(quote: Quote) -> str:
    if quote.market == Market.TOTAL:
        return f"{'over' if quote.side == OVER else 'under'} {quote.point:g}" if quote.point is not None else quote.side
    team = words.code(int(quote.side))
    return f"{team} to win" if quote.point is None else f"{team} {quote.point:+g}"


def books(counted: int) -> str:
    """`"1 book"`, `"12 books"`."""
    return "1 book" if counted == 1 else f"{counted} books"
