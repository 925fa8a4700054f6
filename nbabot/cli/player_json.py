"""Players' forecasts and backtests as JSON values with stable keys; documented in docs/json.md."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from engine.core.player_backtests import PlayerBacktest
from engine.core.player_records import PlayerForecast, PlayerRecord, Stat
from engine.core.teams import BY_ID
from nbabot.cli.json_output import plain

Json = dict[str, Any]


def forecast(answer: PlayerForecast, simulated: bool, stat: Stat | None = None) -> Json:
    """One player's forecast, of all stats or of one, as `nbabot player --json` prints it."""
    return {
        "player_id": answer.player_id,
        "name": answer.name,
        "team": BY_ID[answer.team_id].abbreviation,
        "opponent": BY_ID[answer.opponent_id].abbreviation,
        "date": answer.league_day.isoformat(),
        "venue": "neutral" if answer.neutral else "home" if answer.home else "away",
        "scheduled": answer.game_id is not None,
        "game_id": answer.game_id,
        "tip_utc": plain(answer.tip_utc),
        "minutes": answer.minutes,
        "chance": answer.chance,
        "status": answer.status,
        "stats": [plain(asdict(one)) for one in answer.stats if stat in (None, one.stat)],
        "line": None if answer.line is None else plain(asdict(answer.line)),
        "games": answer.games,
        "model": answer.model,
        "as_of": plain(answer.as_of),
        "data_through": plain(answer.data_through),
        "simulated": simulated,
        "notes": list(answer.notes),
    }


def record(found: PlayerRecord) -> Json:
    """How published forecasts of players have done, as `nbabot record --players --json` prints it."""
    shown: Json = plain(asdict(found))
    return shown


def backtest(result: PlayerBacktest) -> Json:
    """A backtest of player forecasts, as `nbabot backtest player --json` prints it."""
    found: Json = plain(asdict(result))
    return found
