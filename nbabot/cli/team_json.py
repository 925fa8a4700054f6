"""Teams' cards and models side by side as JSON values with stable keys; documented in docs/json.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from engine.core.calendar import season_label
from engine.core.records import GameForecast
from engine.core.team_cards import TeamCard
from engine.core.teams import BY_ID
from nbabot.cli import json_output
from nbabot.cli.json_output import plain

Json = dict[str, Any]


def card(found: TeamCard) -> Json:
    """The card of a team, as `nbabot team --json` prints it."""
    shown: Json = plain(asdict(found))
    return {
        **shown,
        "team": BY_ID[found.team_id].abbreviation,
        "season": season_label(found.season),
        "last_games": [_played(game) for game in shown["last_games"]],
        "next_games": [json_output.forecast(one, found.simulated) for one in found.next_games],
    }


def _played(game: Json) -> Json:
    codes = {side: BY_ID[game[f"{side}_id"]].abbreviation for side in ("home", "away")}
    kept = ("game_id", "neutral", "home_points", "away_points", "overtimes")
    return {"date": game["league_day"], **codes, **{key: game[key] for key in kept}}


def side_by_side(forecasts: Sequence[GameForecast], simulated: bool) -> Json:
    """One game by every model, as `nbabot compare --json` prints it."""
    return {"forecasts": [json_output.forecast(one, simulated) for one in forecasts]}
