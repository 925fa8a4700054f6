"""Injury reports in the store: what was published, what is known at a moment, and how often listed players played.

A report counts as known from the moment it was published, whenever it was fetched.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from engine.core.calendar import league_day, season_of
from engine.core.injuries import (
    PRIOR_CHANCE,
    DayInjuries,
    InjuryStatus,
    ListedPlayer,
    PlayRate,
    TeamReport,
    UnmatchedName,
    UnmatchedNames,
)
from engine.core.player_names import KnownPlayer, match_player
from engine.store.database import Database, utc_text
from engine.store.state import count_news
from engine.store.upserts import Tally

PRIOR_LISTED = 20
"""How many listed players the prior chance of a status is worth against what was observed."""

_NEWEST = """
SELECT r.* FROM injury_reports r JOIN (
    SELECT team_id, max(reported_at) AS reported_at FROM injury_reports
    WHERE league_day = :day AND reported_at <= :now GROUP BY team_id
) newest ON newest.team_id = r.team_id AND newest.reported_at = r.reported_at
WHERE r.league_day = :day ORDER BY r.tip_utc, r.team_id
"""
_NEWEST_WORD = "SELECT max(reported_at) AS moment FROM injury_reports WHERE league_day = ? AND reported_at <= ?"
_PLAYERS = """
SELECT team_id, reported_at, name, status, reason, player_id FROM injuries
WHERE league_day = :day AND reported_at <= :now ORDER BY name
"""
_KNOWN = """
WITH last AS (
    SELECT b.player_id, b.team_id, max(g.league_day) AS day FROM player_boxes b JOIN games g ON g.game_id = b.game_id
    WHERE g.league_day < :today AND g.season >= :season - 1 GROUP BY b.player_id
), roster AS (SELECT player_id, team_id FROM rosters WHERE season = :season)
SELECT p.player_id, p.name, coalesce(roster.team_id, last.team_id) AS team_id FROM players p
LEFT JOIN last ON last.player_id = p.player_id LEFT JOIN roster ON roster.player_id = p.player_id
WHERE last.player_id IS NOT NULL OR roster.player_id IS NOT NULL
"""
_PLAYED = """
WITH last_word AS (
    SELECT r.league_day, r.team_id, max(r.reported_at) AS reported_at, g.game_id
    FROM injury_reports r JOIN games g ON g.league_day = r.league_day AND r.team_id IN (g.home_id, g.away_id)
    WHERE g.status = 'final' AND g.league_day < :today AND r.reported_at < coalesce(g.tip_utc, r.tip_utc, '9999')
    AND EXISTS (SELECT 1 FROM player_boxes b WHERE b.game_id = g.game_id AND b.team_id = r.team_id)
    GROUP BY r.league_day, r.team_id
)
SELECT i.status, count(*) AS listed, count(b.player_id) AS played
FROM last_word w JOIN injuries i USING (league_day, team_id, reported_at)
LEFT JOIN player_boxes b ON b.game_id = w.game_id AND b.player_id = i.player_id AND b.minutes > 0
WHERE i.player_id IS NOT NULL GROUP BY i.status
"""


@dataclass(frozen=True, slots=True)
class StoredInjuries:
    """What storing a report came to: players' rows counted, and the names that belong to nobody known."""

    tally: Tally
    unmatched: UnmatchedNames | None


def store_injuries(database: Database, reports: Sequence[TeamReport]) -> StoredInjuries:
    """Write one published report; a second time changes nothing but ids that were not known before.

    A name that matches no known player (see `known_players`) is kept without an id, and named in `unmatched`.
    """
    if not reports:
        return StoredInjuries(Tally(0, 0, 0, frozenset()), None)
    moment = reports[0].reported_at
    known = known_players(database, league_day(moment))
    unmatched: list[UnmatchedName] = []
    rows = []
    for team in reports:
        for player in team.players:
            match = match_player(player.name, team.team_id, known)
            if match.player is None:
                unmatched.append(UnmatchedName(player.name, team.team_id, match.nearest))
            rows.append(_row(team, replace(player, player_id=match.player.player_id if match.player else None)))
    with database.write() as connection:
        _write_reports(connection, reports)
        new, changed = _write_rows(connection, rows)
        count_news(connection)
    names = UnmatchedNames(moment, tuple(unmatched)) if unmatched else None
    return StoredInjuries(Tally(new, changed, len(rows) - new - changed, frozenset()), names)


def known_players(database: Database, today: date) -> tuple[KnownPlayer, ...]:
    """Who is on the season's rosters or played in this season or the last before a day.

    A player's team is that of the roster, else the one he last played for.
    """
    rows = database.rows(_KNOWN, {"today": today.isoformat(), "season": season_of(today)})
    return tuple(KnownPlayer(*row) for row in rows)


def reported(database: Database, day: date, now: datetime) -> DayInjuries:
    """The newest report of every team for a league day, as published by `now`; no teams where none is stored."""
    values = {"day": day.isoformat(), "now": utc_text(now)}
    players: dict[tuple[int, str], list[ListedPlayer]] = {}
    for row in database.rows(_PLAYERS, values):
        player = ListedPlayer(row["name"], InjuryStatus(row["status"]), row["reason"], row["player_id"])
        players.setdefault((row["team_id"], row["reported_at"]), []).append(player)
    teams = tuple(
        TeamReport(
            reported_at=datetime.fromisoformat(row["reported_at"]),
            league_day=day,
            team_id=row["team_id"],
            opponent_id=row["opponent_id"],
            tip_utc=datetime.fromisoformat(row["tip_utc"]) if row["tip_utc"] else None,
            submitted=bool(row["submitted"]),
            players=tuple(players.get((row["team_id"], row["reported_at"]), ())),
        )
        for row in database.rows(_NEWEST, values)
    )
    return DayInjuries(day, now, teams)


def newest_word(database: Database, day: date, now: datetime) -> datetime | None:
    """Moment of the newest report published by `now` that speaks of a league day, or None."""
    row = database.row(_NEWEST_WORD, (day.isoformat(), utc_text(now)))
    return datetime.fromisoformat(row["moment"]) if row and row["moment"] else None


def newest_report(database: Database, now: datetime) -> datetime | None:
    """Moment of the newest stored report published by `now`, or None."""
    row = database.row("SELECT max(reported_at) AS moment FROM injury_reports WHERE reported_at <= ?", (utc_text(now),))
    return datetime.fromisoformat(row["moment"]) if row and row["moment"] else None


def play_rates(database: Database, now: datetime) -> Mapping[InjuryStatus, PlayRate]:
    """How often players of each status played, by the last report before tip-off, in games known at `now`.

    The chance leans on PRIOR_CHANCE, which counts as PRIOR_LISTED listed players more.
    """
    rows = database.rows(_PLAYED, {"today": league_day(now).isoformat()})
    seen = {row["status"]: (row["listed"], row["played"]) for row in rows}
    rates = {}
    for status, prior in PRIOR_CHANCE.items():
        listed, played = seen.get(status, (0, 0))
        rates[status] = PlayRate(status, listed, played, (played + prior * PRIOR_LISTED) / (listed + PRIOR_LISTED))
    return rates


Row = tuple[str, str, int, str, str, str, int | None]


def _row(team: TeamReport, player: ListedPlayer) -> Row:
    day, moment = team.league_day.isoformat(), utc_text(team.reported_at)
    return moment, day, team.team_id, player.name, player.status.value, player.reason, player.player_id


def _write_reports(connection: sqlite3.Connection, reports: Iterable[TeamReport]) -> None:
    connection.executemany(
        "INSERT OR REPLACE INTO injury_reports VALUES (?, ?, ?, ?, ?, ?)",
        [
            (
                utc_text(team.reported_at),
                team.league_day.isoformat(),
                team.team_id,
                team.opponent_id,
                utc_text(team.tip_utc) if team.tip_utc else None,
                int(team.submitted),
            )
            for team in reports
        ],
    )


def _write_rows(connection: sqlite3.Connection, rows: Sequence[Row]) -> tuple[int, int]:
    """Write the rows that are new or differ; returns how many were which. An id once found is not lost again."""
    moments = json.dumps(sorted({row[0] for row in rows}))
    sql = "SELECT * FROM injuries WHERE reported_at IN (SELECT value FROM json_each(?))"
    stored = {tuple(row)[:4]: tuple(row) for row in connection.execute(sql, (moments,))}
    new = [row for row in rows if row[:4] not in stored]
    kept = [(*row[:6], row[6] or stored[row[:4]][6]) for row in rows if row[:4] in stored]
    changed = [row for row in kept if row != stored[row[:4]]]
    connection.executemany("INSERT OR REPLACE INTO injuries VALUES (?, ?, ?, ?, ?, ?, ?)", [*new, *changed])
    return len(new), len(changed)
