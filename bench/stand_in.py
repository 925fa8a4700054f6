"""The stand-in for stats.nba.com and cdn.nba.com (NBABOT_TOOLS), serving real seasons as if they were being played."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import Any

import pandas as pd
import structlog

from bench.tables import data_folder, tool
from engine.core.source_access import SourceAccess

STATISTICS = {
    "FGM": "fieldGoalsMade", "FGA": "fieldGoalsAttempted", "FG3M": "threePointersMade",
    "FG3A": "threePointersAttempted", "FTM": "freeThrowsMade", "FTA": "freeThrowsAttempted",
    "OREB": "reboundsOffensive", "DREB": "reboundsDefensive", "AST": "assists", "STL": "steals", "BLK": "blocks",
    "TOV": "turnovers", "PF": "foulsPersonal", "PTS": "points", "PLUS_MINUS": "plusMinusPoints",
}  # fmt: skip


def load_tool() -> Any | None:
    """The module replay_nba, or None where it or the real seasons are absent; says so."""
    module = tool("replay_nba")
    if module is None or data_folder() is None:
        print("no stand-in (NBABOT_TOOLS) or no real seasons (NBABOT_DATA): nothing measured")
        return None
    quiet(module)
    return module


def quiet(module: Any) -> None:
    """Let the table be all that is printed: neither events nor the stand-in's word on callers who hang up."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    module.ThreadingHTTPServer.handle_error = lambda *about: None


def season_rows(season: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The regular season's rows of teams and of players."""
    data = data_folder()
    assert data is not None
    teams, players = (
        pd.read_csv(data / folder / f"{season}.csv.gz", dtype={"GAME_ID": str})
        for folder in ("team_game_logs", "player_game_logs")
    )
    return teams, players


def serve(server: Any, teams: pd.DataFrame, players: pd.DataFrame) -> None:
    """Serve these rows on both hosts, as played. `server.today` makes games of that day and later ones to come."""
    server.serve_team_games(teams)
    server.serve_schedule(_schedule(teams))
    server.serve_player_games(players)
    known = players.drop_duplicates("PLAYER_ID", keep="last")
    rows = [[*row, 1] for row in known[["PLAYER_ID", "PLAYER_NAME", "TEAM_ID"]].to_numpy(dtype=object).tolist()]
    headers = ["PERSON_ID", "DISPLAY_FIRST_LAST", "TEAM_ID", "ROSTERSTATUS"]
    table = {"name": "CommonAllPlayers", "headers": headers, "rowSet": rows}
    server.add_response("commonallplayers", {"resultSets": [table]})
    of_game = dict(list(players.groupby("GAME_ID")))
    for game_id, rows in teams.groupby("GAME_ID"):
        server.add_live(f"boxscore/boxscore_{game_id}.json", live_box(rows, of_game[game_id]))


def _schedule(teams: pd.DataFrame) -> list[dict[str, Any]]:
    """The games that these rows tell of, each with both sides, though one of its rows may be missing."""
    ids = dict(zip(teams["TEAM_ABBREVIATION"], teams["TEAM_ID"], strict=True))
    games: dict[str, dict[str, Any]] = {}
    for row in teams.to_dict("records"):
        own, other = (row["TEAM_ID"], row["PTS"]), (ids[row["MATCHUP"].split()[-1]], row["PTS"] - row["PLUS_MINUS"])
        home, away = (own, other) if "vs." in row["MATCHUP"] else (other, own)
        game = {"HOME_TEAM_ID": home[0], "AWAY_TEAM_ID": away[0], "HOME_PTS": home[1], "AWAY_PTS": away[1]}
        games[row["GAME_ID"]] = {"GAME_ID": row["GAME_ID"], "GAME_DATE": row["GAME_DATE"], **game}
    return list(games.values())


def access(server: Any, **changes: Any) -> SourceAccess:
    """How to ask the stand-in in the place of the hosts."""
    addresses = {"stats_url": f"{server.url}/stats", "cdn_url": f"{server.url}/static/json"}
    return SourceAccess(**{**addresses, "injuries_url": f"{server.url}/static/injury", **changes})


def live_box(teams: pd.DataFrame, players: pd.DataFrame) -> dict[str, Any]:
    """The CDN's box score of one game, from the rows of its logs; it lacks a team that has no row."""
    home_first = sorted(teams.to_dict("records"), key=lambda row: "vs." not in row["MATCHUP"])
    sides = []
    for row in home_first:
        own = players[players["TEAM_ID"] == row["TEAM_ID"]].to_dict("records")
        listed = [
            {"personId": one["PLAYER_ID"], "name": one["PLAYER_NAME"], "played": "1", "statistics": _statistics(one)}
            for one in own
        ]
        team = _statistics(row) | {"turnovers": 0, "turnoversTotal": row["TOV"]}
        sides.append({"teamId": row["TEAM_ID"], "score": row["PTS"], "players": listed, "statistics": team})
    tip = date.fromisoformat(home_first[0]["GAME_DATE"]) + timedelta(days=1)
    head = {"gameId": home_first[0]["GAME_ID"], "gameStatus": 3, "gameTimeUTC": f"{tip}T00:30:00Z"}
    return {"game": head | dict(zip(("homeTeam", "awayTeam"), sides, strict=False))}


def _statistics(row: dict[str, Any]) -> dict[str, Any]:
    minutes = {"minutes": f"PT{int(row['MIN'])}M00.00S"}
    return {name: int(row[column]) for column, name in STATISTICS.items()} | minutes
