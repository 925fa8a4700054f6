"""Box scores of final games as batches: from LeagueGameLog tables, the CDN's box scores, or BoxScoreTraditionalV3.

A box score is put into the columns of a log first, so that every row goes through the same sieve as a file's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from engine.core.calendar import league_day
from engine.core.errors import FeedEmptyError, FeedMissingError, FeedShapeError
from engine.core.teams import BY_ID
from engine.sources.feed import Delivery, undelivered
from engine.sources.files import counted, logs
from engine.sources.files.batch import Batch
from engine.sources.files.sieve import Sieve
from engine.sources.nba.shape import (
    Payload,
    clock_seconds,
    moment,
    number,
    objects,
    part,
    record,
    same_game,
    text,
    truth,
    wrong_shape,
)

ALONE = "no sound team rows of the game came with it"
_FINAL = 3
_SIDES = ("homeTeam", "awayTeam")
_STATISTICS = {
    "FGM": "fieldGoalsMade", "FGA": "fieldGoalsAttempted", "FG3M": "threePointersMade",
    "FG3A": "threePointersAttempted", "FTM": "freeThrowsMade", "FTA": "freeThrowsAttempted",
    "OREB": "reboundsOffensive", "DREB": "reboundsDefensive", "AST": "assists", "STL": "steals", "BLK": "blocks",
    "TOV": "turnovers", "PF": "foulsPersonal", "PTS": "points",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of teams and of players in the columns of a LeagueGameLog, before they are checked."""

    teams: pd.DataFrame
    players: pd.DataFrame


def read_live_box(host: str, payload: Payload, game_id: str) -> Rows:
    """The CDN's box score of one game. Raises FeedMissingError while the game is not final."""
    game = record(host, payload, "game")
    same_game(host, game, game_id)
    if number(part(host, game, "gameStatus")) != _FINAL:
        raise FeedMissingError(host, f"{host} has no final box score for {game_id} yet: ask again later.")
    tip = moment(part(host, game, "gameTimeUTC"))
    if tip is None:
        raise wrong_shape(host, "in which 'game.gameTimeUTC' is no moment")
    return _rows(host, game, game_id, league_day(tip))


def read_box(host: str, payload: Payload, game_id: str, day: date) -> Rows:
    """BoxScoreTraditionalV3 of one game, which does not say on which `day` it was played."""
    game = record(host, payload, "boxScoreTraditional")
    same_game(host, game, game_id)
    if not all(record(host, game, side).get("players") for side in _SIDES):
        raise FeedMissingError(host, f"{host} has no box score for {game_id} yet: ask again later.")
    return _rows(host, game, game_id, day)


def checked(rows: Rows) -> tuple[Batch, Batch]:
    """The team log and the player log; players of games without sound team rows are left out, and counted."""
    team_log = logs.team_log(Sieve(rows.teams))
    player_log = logs.player_log(Sieve(rows.players))
    sound = set(team_log.tables["games"]["game_id"])
    columns = player_log.tables["player_boxes"]
    kept = [place for place, game_id in enumerate(columns["game_id"]) if game_id in sound]
    alone = len(columns["game_id"]) - len(kept)
    if not alone:
        return team_log, player_log
    tables = {"player_boxes": {name: [column[place] for place in kept] for name, column in columns.items()}}
    return team_log, replace(player_log, tables=tables, rejected={**player_log.rejected, ALONE: alone})


def delivered(host: str, answers: Sequence[Rows], wanted: Iterable[str], notes: tuple[str, ...] = ()) -> Delivery:
    """The rows of all answers as a delivery.

    Raises FeedMissingError when there is no answer, and FeedShapeError when not one of the `wanted` games is among
    the rows that could be used.
    """
    asked = set(wanted)
    games = counted(len(asked), "game")
    if not answers:
        raise FeedMissingError(host, f"{host} has no box score of {games} yet: ask again later.")
    teams = pd.concat([answer.teams for answer in answers], ignore_index=True)
    players = pd.concat([answer.players for answer in answers], ignore_index=True)
    batches = checked(Rows(teams, players))
    missing = undelivered(asked, batches)
    if asked and len(missing) == len(asked):
        why = [f"{reason} ({rows})" for batch in batches for reason, rows in batch.rejected.items()]
        reason = f"{host} sent no usable box score of {games}, {'; '.join(why) or 'other games came'}"
        raise FeedShapeError(host, f"{reason}: try again later.")
    return Delivery(host, batches, missing, notes)


def _rows(host: str, game: Payload, game_id: str, day: date) -> Rows:
    sides = [record(host, game, side) for side in _SIDES]
    points = [_points(host, side) for side in sides]
    codes = [_code(part(host, side, "teamId")) for side in sides]
    matchups = (f"{codes[0]} vs. {codes[1]}", f"{codes[1]} @ {codes[0]}")
    teams: list[dict[str, object]] = []
    players: list[dict[str, object]] = []
    for place, side in enumerate(sides):
        margin = points[place] - points[1 - place]
        shared = {"GAME_ID": game_id, "TEAM_ID": number(side["teamId"])}
        result = {"GAME_DATE": day.isoformat(), "MATCHUP": matchups[place], "WL": "W" if margin > 0 else "L"}
        teams.append(shared | result | _team_line(host, record(host, side, "statistics"), margin))
        listed = [player for player in objects(host, side, "players") if _appeared(host, player)]
        if not listed:
            raise FeedEmptyError(host, f"{host} sent a box score of {game_id} without players: try again later.")
        players += [shared | _player_line(host, player) for player in listed]
    return Rows(pd.DataFrame(teams), pd.DataFrame(players))


def _points(host: str, side: Payload) -> int:
    """Points of a side: its `score` (the CDN), else those of its statistics."""
    points = number(side["score"] if "score" in side else part(host, side, "statistics", "points"))
    if points is None:
        raise wrong_shape(host, "in which a team has no points")
    return points


def _code(team_id: object) -> str:
    team = BY_ID.get(number(team_id) or 0)
    return team.abbreviation if team else "?"


def _team_line(host: str, statistics: Payload, margin: int) -> dict[str, object]:
    """Turnovers are those of the players and the team itself, as in the logs."""
    line = _line(host, statistics)
    return line | {"TOV": number(statistics.get("turnoversTotal", line["TOV"])), "PLUS_MINUS": margin}


def _player_line(host: str, player: Payload) -> dict[str, object]:
    name = (
        text(player.get("name")) or f"{text(part(host, player, 'firstName'))} {text(part(host, player, 'familyName'))}"
    )
    statistics = record(host, player, "statistics")
    identity = {"PLAYER_ID": number(part(host, player, "personId")), "PLAYER_NAME": name.strip()}
    return identity | _line(host, statistics) | {"PLUS_MINUS": number(part(host, statistics, "plusMinusPoints"))}


def _line(host: str, statistics: Payload) -> dict[str, object]:
    """Minutes, to the nearest whole one as in the logs, and the counts."""
    seconds = clock_seconds(part(host, statistics, "minutes"))
    minutes = None if seconds is None else int(seconds / 60 + 0.5)
    return {"MIN": minutes, **{column: number(part(host, statistics, key)) for column, key in _STATISTICS.items()}}


def _appeared(host: str, player: Payload) -> bool:
    """Whether the player was on court: the CDN says so, the other box score leaves the minutes of the rest blank."""
    return truth(player["played"]) if "played" in player else bool(text(part(host, player, "statistics", "minutes")))
