"""The Odds API v4 (https://the-odds-api.com/liveapi/guides/v4): moneylines, spreads and totals of many books.

The key goes into the request and nowhere else. Every answer says how many requests the account has left; one call
costs one of them for every market in every region.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from engine.core.errors import FeedKeyError, FeedPausedError, FeedShapeError, UsageError
from engine.core.odds import OVER, UNDER, Market, OddsAccess, OddsEvent, OddsQuota, Quote
from engine.core.teams import resolve_team
from engine.sources.feed import Parsed

HOST = "api.the-odds-api.com"
BASE_URL = f"https://{HOST}/v4"
SPORT = "basketball_nba"
MARKETS = tuple(market.value for market in Market)
ASK_AGAIN = timedelta(days=1)
"""After so long a spent quota is asked for again."""
LIVE = "the game has begun: its odds are no longer those before tip-off"
UNKNOWN_TEAMS = "the teams are not two of the 30"
NO_QUOTES = "no book quotes it"


class Answer(Protocol):
    """An answer with status 200."""

    @property
    def content(self) -> bytes:
        """The body."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers; names in lower case find theirs."""


class Server(Protocol):
    """Where odds come from; engine.sources.http.Fetcher is one."""

    def get(self, url: str, params: Mapping[str, str], secret: Mapping[str, str]) -> Answer:
        """The answer to a request; `secret` parameters are sent and nowhere shown or kept. Raises FeedError."""


def fetch_odds(
    server: Server, access: OddsAccess, clock: Callable[[], datetime], quota: OddsQuota | None, base_url: str = BASE_URL
) -> tuple[Parsed[OddsEvent], OddsQuota | None]:
    """All games to come with the quotes of the chosen books, and what is left of the quota. One call.

    `quota` is what the last answer said. An answer is of the moment when it came: retries take a while, and games
    begin meanwhile. Raises FeedPausedError, without a call, while too little of the quota is left: it asks again after
    a day, since quotas are filled up by the month. Raises FeedShapeError, and what the server raises.
    """
    if quota and quota.remaining - access.cost < access.floor and clock() - quota.moment < ASK_AGAIN:
        raise FeedPausedError(
            HOST,
            f"{HOST} grants only {quota.remaining} more requests: wait a month, or lower sources.odds_floor.",
        )
    which = {"bookmakers": ",".join(access.books)} if access.books else {"regions": ",".join(access.regions)}
    params = {**which, "markets": ",".join(MARKETS), "oddsFormat": "decimal", "dateFormat": "iso"}
    try:
        answer = server.get(f"{base_url}/sports/{SPORT}/odds", params, {"apiKey": access.key})
    except FeedKeyError as error:
        advice = "check it, and the account's quota, at the-odds-api.com"
        raise FeedKeyError(HOST, f"{HOST} refuses the key in THE_ODDS_API_KEY or its file: {advice}.") from error
    fetched = clock()
    try:
        payload = json.loads(answer.content)
    except ValueError as error:
        raise FeedShapeError(HOST, f"{HOST} sent an answer that is no JSON: try again later.") from error
    return parse_odds(payload, fetched), _quota(answer.headers, fetched)


def _quota(headers: Mapping[str, str], now: datetime) -> OddsQuota | None:
    try:
        return OddsQuota(int(float(headers["x-requests-remaining"])), int(float(headers["x-requests-used"])), now)
    except (KeyError, ValueError):
        return None


def parse_odds(payload: object, fetched: datetime) -> Parsed[OddsEvent]:
    """The events of an answer, a list of games or one game. Raises FeedShapeError.

    Events that had begun when they were `fetched` are rejected, as are such without a quote or with unknown teams.
    """
    listed: list[Any] = payload if isinstance(payload, list) else [payload]
    events: dict[str, OddsEvent] = {}
    rejected: Counter[str] = Counter()
    for item in listed:
        try:
            event = _event(item)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise FeedShapeError(
                HOST, f"{HOST} sent an event without what belongs to one ({error!r:.60}): try again later."
            ) from error
        if event is None:
            rejected[UNKNOWN_TEAMS] += 1
        elif event.tip_utc <= fetched:
            rejected[LIVE] += 1
        elif not event.quotes:
            rejected[NO_QUOTES] += 1
        else:
            events[event.event_id] = event
    repeated = len(listed) - len(events) - sum(rejected.values())
    return Parsed(HOST, tuple(events.values()), len(listed), repeated, dict(rejected))


def _event(item: Mapping[str, Any]) -> OddsEvent | None:
    """One event, or None when it is not between two of the 30 teams. Raises KeyError and the like."""
    if item["sport_key"] != SPORT:
        raise ValueError(item["sport_key"])
    try:
        ids = {name: resolve_team(name).team_id for name in (item["home_team"], item["away_team"])}
    except UsageError:
        return None
    tip = datetime.fromisoformat(item["commence_time"])
    if tip.tzinfo is None:
        raise ValueError(item["commence_time"])
    quotes = tuple(
        quote
        for book in item["bookmakers"]
        for market in book["markets"]
        for quote in _quotes(book["key"], market["key"], market["outcomes"], ids)
    )
    return OddsEvent(item["id"], ids[item["home_team"]], ids[item["away_team"]], tip.astimezone(UTC), quotes)


def _quotes(book: str, market: str, outcomes: Sequence[Mapping[str, Any]], ids: Mapping[str, int]) -> Iterator[Quote]:
    """The quotes of a market of the game or of its players; of parts of the game none are read."""
    if market not in MARKETS and not market.startswith("player_"):
        return
    for outcome in outcomes:
        price, name = float(outcome["price"]), outcome["name"]
        side = {"Over": OVER, "Under": UNDER}.get(name) or str(ids[name])
        point = None if market == Market.MONEYLINE else float(outcome["point"])
        if math.isfinite(price) and price > 1 and math.isfinite(point or 0.0):
            yield Quote(book, market, side, price, point, outcome.get("description", ""))
