"""Team logs (two rows per game) and player logs (one row per player who appeared)."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from engine.core.calendar import season_type_of
from engine.sources.files.batch import BOX_COLUMNS, Batch, Kind, counted
from engine.sources.files.marks import day_of
from engine.sources.files.sieve import Column, Sieve

_BOX = tuple(name.lower() for name in BOX_COLUMNS)
_GAME_MINUTES = 240
_OVERTIME_MINUTES = 25
_LONGEST_SEASON = 487  # days from 1 July to 31 October of the next year: 2019-20 ended on 11 October 2020
_AWAY, _HOME = 0, 1


def team_log(sieve: Sieve) -> Batch:
    """`games` and `team_boxes` from LeagueGameLog, LeagueGameFinder or TeamGameLogs rows.

    A game needs both its rows. The home side is the row with `vs.`; where both rows read `@` the game was played at a
    neutral site, and the team with the lower id is listed first.
    """
    sieve.games()
    sieve.teams()
    _result(sieve)
    sieve.box_score(team=True)
    _day_and_side(sieve)
    sieve.keep_last(("game_id", "team_id"), ("day", "side", "overtimes", "margin", *_BOX))
    pairs = _pairs(sieve)
    _check_pairs(sieve, pairs)
    games = _games(sieve, pairs[sieve.passed[pairs[:, 0]]])
    neutral = sum(1 for flag in games["neutral"] if flag)
    boxes = sieve.take(("game_id", "team_id", "minutes", *_BOX))
    notes = (f"{counted(neutral, 'neutral-site game')} (both rows read '@')",) if neutral else ()
    return sieve.batch(Kind.TEAM_LOG, {"team_boxes": boxes, "games": games}, notes)


def player_log(sieve: Sieve) -> Batch:
    """`player_boxes` (with the players' names) from PlayerGameLogs or LeagueGameLog rows of players."""
    sieve.games()
    sieve.teams()
    sieve.columns["player_id"] = sieve.whole("PLAYER_ID", 1, 2**53 - 1)
    sieve.columns["name"] = sieve.mapped("PLAYER_NAME", lambda text: text or None, "PLAYER_NAME is missing")
    sieve.columns["minutes"] = sieve.number("MIN", 0, 100)
    sieve.columns["plus_minus"] = sieve.whole("PLUS_MINUS", -150, 150)
    sieve.box_score(team=False)
    columns = ("game_id", "player_id", "team_id", "minutes", *_BOX, "plus_minus", "name")
    sieve.keep_last(("game_id", "player_id"), columns)
    return sieve.batch(Kind.PLAYER_LOG, {"player_boxes": sieve.take(columns)})


def _result(sieve: Sieve) -> None:
    """`won`, `margin` (NaN where not given), `overtimes` and nominal `minutes`; games without a result go out."""
    result = sieve.frame["WL"].fillna("").astype(str).str.strip().str.upper().to_numpy(dtype=object)
    minutes, points = sieve.figures("MIN"), sieve.figures("PTS")
    undecided = (result != "W") & (result != "L")
    idle = (np.nan_to_num(points) == 0) & (np.nan_to_num(minutes) == 0)
    sieve.reject(undecided & idle, "the game was never played")
    sieve.reject(undecided, "the game has no result yet (WL is neither W nor L)")
    minutes = sieve.number("MIN", 0, 700)
    minutes = np.where(minutes < 100, minutes * 5, minutes)
    overtimes = np.nan_to_num(np.round((minutes - _GAME_MINUTES) / _OVERTIME_MINUTES))
    sieve.reject(overtimes < 0, "MIN is less than a whole game")
    given = "PLUS_MINUS" in sieve.frame
    margin = sieve.number("PLUS_MINUS", -200, 200, blank=True) if given else np.full(len(sieve), np.nan)
    sieve.columns |= {
        "won": result == "W",
        "margin": margin,
        "overtimes": overtimes.astype(np.int64),
        "minutes": (_GAME_MINUTES + _OVERTIME_MINUTES * overtimes).astype(np.int64),
    }


def _day_and_side(sieve: Sieve) -> None:
    """`day` (ISO text) and `side` from GAME_DATE and MATCHUP."""
    codes, days = pd.factorize(sieve.mapped("GAME_DATE", day_of, "GAME_DATE is not a date"))
    ordinals = np.array([*(day.toordinal() for day in days), 0], dtype=np.int64)[codes]
    seasons = sieve.columns["season"]
    first = {year: date(year, 7, 1).toordinal() for year in np.unique(seasons).tolist() if year}
    opening = np.array([first.get(year, 0) for year in seasons.tolist()], dtype=np.int64)
    outside = (ordinals < opening) | (ordinals > opening + _LONGEST_SEASON)
    sieve.reject(outside, "GAME_DATE lies outside the season of the GAME_ID")
    sieve.columns["day"] = np.array([*(day.isoformat() for day in days), ""], dtype=object)[codes]
    sieve.columns["side"] = sieve.mapped("MATCHUP", _side, "MATCHUP says neither 'vs.' nor '@'")


def _side(matchup: str) -> int | None:
    words = matchup.lower().split()
    if "vs." in words or "vs" in words:
        return _HOME
    return _AWAY if "@" in words else None


def _pairs(sieve: Sieve) -> Column:
    """Positions of both rows of each whole game, the home side (neutral: the lower id) first; shape (games, 2)."""
    where = np.flatnonzero(sieve.passed)
    games, sizes = np.unique(sieve.columns["game_id"][where].astype(str), return_inverse=True, return_counts=True)[1:]
    rows_of_game = sizes[games]
    sieve.reject_rows(where[rows_of_game < 2], "the row of the other team is missing")
    sieve.reject_rows(where[rows_of_game > 2], "the game has more than two teams")
    kept = rows_of_game == 2
    where, games = where[kept], games[kept]
    away = sieve.columns["side"][where] == _AWAY
    order = np.lexsort((sieve.columns["team_id"][where], away, games))
    pairs: Column = where[order].reshape(-1, 2)
    return pairs


def _check_pairs(sieve: Sieve, pairs: Column) -> None:
    """Take out both rows of a game whose two rows contradict each other."""
    columns = sieve.columns
    first, second = pairs[:, 0], pairs[:, 1]
    lead = columns["pts"][first] - columns["pts"][second]
    both_home = (columns["side"][first] == _HOME) & (columns["side"][second] == _HOME)
    winner = (columns["won"][first] != (lead > 0)) | (columns["won"][second] != (lead < 0))
    stated, other = columns["margin"][first], columns["margin"][second]
    margin = (~np.isnan(stated) & (stated != lead)) | (~np.isnan(other) & (other != -lead))
    for bad, reason in (
        (both_home, "both rows of the game say 'vs.'"),
        (columns["day"][first] != columns["day"][second], "the two rows of the game name different days"),
        (columns["overtimes"][first] != columns["overtimes"][second], "the two rows differ in overtimes (MIN)"),
        (lead == 0, "the game ends in a tie"),
        (winner, "WL does not fit the two scores"),
        (margin, "PLUS_MINUS does not fit the two scores"),
    ):
        sieve.reject_rows(pairs[bad].ravel(), reason)


def _games(sieve: Sieve, pairs: Column) -> dict[str, list[object]]:
    columns, home, away = sieve.columns, pairs[:, 0], pairs[:, 1]
    game_ids: list[object] = columns["game_id"][home].tolist()
    return {
        "game_id": game_ids,
        "season": columns["season"][home].tolist(),
        "season_type": [str(season_type_of(str(game_id))) for game_id in game_ids],
        "league_day": columns["day"][home].tolist(),
        "home_id": columns["team_id"][home].tolist(),
        "away_id": columns["team_id"][away].tolist(),
        "neutral": (columns["side"][home] == _AWAY).astype(np.int64).tolist(),
        "home_points": columns["pts"][home].tolist(),
        "away_points": columns["pts"][away].tolist(),
        "overtimes": columns["overtimes"][home].tolist(),
    }
