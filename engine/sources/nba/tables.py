"""Tables of stats.nba.com (`resultSets`): LeagueGameLog of teams and players, and the list of all players."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd

from engine.core.errors import FeedEmptyError
from engine.core.teams import BY_ID
from engine.sources.feed import Parsed, PlayerListing
from engine.sources.files.batch import REQUIRED, Kind, canonical
from engine.sources.nba.shape import Payload, items, number, objects, part, text, wrong_shape

_LOG = "LeagueGameLog"
_PLAYERS = "CommonAllPlayers"
_MOST_ID = 2**53
_OF_PLAYER = ("PERSON_ID", "DISPLAY_FIRST_LAST", "ROSTERSTATUS", "TEAM_ID")


def read_log(host: str, payload: Payload, kind: Kind, needed: bool = True) -> pd.DataFrame:
    """The rows of a LeagueGameLog, under canonical names. Raises FeedEmptyError when `needed` rows are not there."""
    frame = _table(host, payload, _LOG, REQUIRED[kind])
    if frame.empty and needed:
        raise FeedEmptyError(host, f"{host} sent a {kind} without rows where games were played: try again later.")
    return frame


def read_players(host: str, payload: Payload) -> Parsed[PlayerListing]:
    """Everyone who plays or has played. Raises FeedEmptyError when there is nobody."""
    frame = _table(host, payload, _PLAYERS, _OF_PLAYER)
    if frame.empty:
        raise FeedEmptyError(host, f"{host} sent a list of players without players: try again later.")
    rejected: Counter[str] = Counter()
    players: dict[int, PlayerListing] = {}
    repeated = 0
    for identity, name, status, team in frame[list(_OF_PLAYER)].itertuples(index=False):
        player_id, team_id = number(identity), number(team)
        if player_id is None or not 0 < player_id < _MOST_ID or not text(name):
            rejected["the player has no id or no name"] += 1
            continue
        repeated += player_id in players
        on = team_id if team_id in BY_ID else None
        players[player_id] = PlayerListing(player_id, text(name), on, number(status) == 1)
    return Parsed(host, tuple(players.values()), len(frame), repeated, dict(rejected))


def _table(host: str, payload: Payload, name: str, columns: Sequence[str]) -> pd.DataFrame:
    """The named table. Raises FeedShapeError when it or one of its columns is gone."""
    sets = {text(part(host, one, "name")): one for one in objects(host, payload, "resultSets")}
    if name not in sets:
        raise wrong_shape(host, f"without the table {name}")
    headers = [canonical(text(column)) for column in items(host, sets[name], "headers")]
    missing = [column for column in columns if column not in headers]
    if missing or len(set(headers)) < len(headers):
        raise wrong_shape(
            host, f"in which {name} lacks {', '.join(missing)}" if missing else f"with a column of {name} twice"
        )
    rows = items(host, sets[name], "rowSet")
    if any(not isinstance(row, list) or len(row) != len(headers) for row in rows):
        raise wrong_shape(host, f"in which rows of {name} are not as long as its headers")
    if any(isinstance(cell, (dict, list)) for row in rows for cell in row):
        raise wrong_shape(host, f"in which a cell of {name} is more than one value")
    return pd.DataFrame(rows, columns=headers)
