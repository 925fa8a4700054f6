"""One value of a sound payload replaced by any other: the parser gives checked rows or a FeedError, never a crash."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.core.errors import FeedError
from engine.sources.feed import CDN, STATS
from engine.sources.files.batch import BOX_COLUMNS, Kind
from engine.sources.nba import boxes, live, plays, schedule, tables

GAME = "0022400001"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=3,
)
_SINGLE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of every value inside a payload."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(one for key, below in inner for one in places(below, (*path, key)))][bool(not path) :]


def replaced(payload: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy of the payload with another value at a path."""
    copied = copy.deepcopy(payload)
    holder = copied
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return copied


@pytest.fixture
def payloads(league: Any, make_game: Callable[..., Any]) -> dict[str, tuple[Any, Callable[[Any], object]]]:
    """Sound payloads by name, each with what reads it down to checked rows."""
    game = make_game(gameStatus=3, gameStatusText="Final")
    game["homeTeam"]["score"], game["awayTeam"]["score"] = 111, 100
    box = league.live_box()
    v3 = {"boxScoreTraditional": {**box["game"], "homeTeam": dict(box["game"]["homeTeam"])}}
    headers = ["GAME_ID", "TEAM_ID", "GAME_DATE", "MATCHUP", "WL", "MIN", *BOX_COLUMNS, "PLUS_MINUS"]
    rows = [[row[name] for name in headers] for row in league.games[0]]
    log = {"resultSets": [{"name": "LeagueGameLog", "headers": headers, "rowSet": rows}]}
    under_way = make_game("0022400002", gameStatus=2, gameStatusText="Q2 07:15", period=2, gameClock="PT07M15.00S")
    names = ["PERSON_ID", "DISPLAY_FIRST_LAST", "ROSTERSTATUS", "TEAM_ID"]
    people = {
        "resultSets": [{"name": "CommonAllPlayers", "headers": names, "rowSet": [[1, "Ann Able", 1, 1610612738]]}]
    }
    actions = [{"period": 1, "clock": "PT11M43.00S", "scoreHome": "2", "scoreAway": "0"}]
    season = {"leagueSchedule": {"seasonYear": "2024-25", "gameDates": [{"gameDate": "11/01/2024", "games": [game]}]}}

    def read_log(payload: Any) -> object:
        frame = tables.read_log(STATS, payload, Kind.TEAM_LOG)
        players = boxes.read_live_box(CDN, box, GAME).players
        return boxes.delivered(STATS, [boxes.Rows(frame, players)], [GAME])

    return {
        "schedule": (season, lambda one: schedule.read_schedule(CDN, one, 2024)),
        "scoreboard": (
            {"scoreboard": {"gameDate": "2024-11-01", "games": [game]}},
            lambda one: schedule.read_scoreboard(CDN, one),
        ),
        "live box": (box, lambda one: boxes.delivered(CDN, [boxes.read_live_box(CDN, one, GAME)], [GAME])),
        "box": (v3, lambda one: boxes.delivered(STATS, [boxes.read_box(STATS, one, GAME, date(2024, 11, 1))], [GAME])),
        "log": (log, read_log),
        "players": (people, lambda one: tables.read_players(STATS, one)),
        "plays": ({"game": {"gameId": GAME, "actions": actions}}, lambda one: plays.read_plays(CDN, one, GAME)),
        "live scoreboard": (
            {"scoreboard": {"gameDate": "2024-11-01", "games": [under_way, game]}},
            lambda one: live.read_live_scoreboard(CDN, one),
        ),
        "live plays": (
            {"game": {"gameId": GAME, "actions": [{**actions[0], "orderNumber": 1, "possession": 1610612738}]}},
            lambda one: live.read_live_plays(CDN, one, GAME, 1610612738),
        ),
    }


@pytest.mark.parametrize(
    "name",
    ["schedule", "scoreboard", "live box", "box", "log", "players", "plays", "live scoreboard", "live plays"],
)
@_SINGLE
@given(data=st.data())
def test_no_value_in_any_place_makes_a_parser_crash(name: str, payloads: Any, data: st.DataObject) -> None:
    payload, read = payloads[name]
    path = data.draw(st.sampled_from(places(payload)))
    spoiled = replaced(payload, path, data.draw(JSON))
    with suppress(FeedError):
        read(json.loads(json.dumps(spoiled)))
