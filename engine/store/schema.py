"""The tables, as a list of migrations: each runs once, in order, inside one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from engine.store.migrations.guild_live import GUILD_LIVE
from engine.store.migrations.guilds import GUILDS
from engine.store.migrations.live import LIVE
from engine.store.migrations.minutes import MINUTES
from engine.store.migrations.outbox_turns import OUTBOX_TURNS
from engine.store.migrations.usage import USAGE

if TYPE_CHECKING:
    from sqlite_utils import Database

LEAGUE = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE games (
    game_id TEXT PRIMARY KEY, season INTEGER NOT NULL, season_type TEXT NOT NULL, league_day TEXT NOT NULL,
    tip_utc TEXT, home_id INTEGER NOT NULL, away_id INTEGER NOT NULL, neutral INTEGER NOT NULL DEFAULT 0,
    status TEXT NOT NULL, home_points INTEGER, away_points INTEGER, overtimes INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX games_by_day ON games (league_day);
CREATE INDEX games_by_season ON games (season);

CREATE TABLE team_boxes (
    game_id TEXT NOT NULL REFERENCES games, team_id INTEGER NOT NULL, minutes INTEGER NOT NULL, pts INTEGER NOT NULL,
    fgm INTEGER NOT NULL, fga INTEGER NOT NULL, fg3m INTEGER NOT NULL, fg3a INTEGER NOT NULL, ftm INTEGER NOT NULL,
    fta INTEGER NOT NULL, oreb INTEGER NOT NULL, dreb INTEGER NOT NULL, ast INTEGER NOT NULL, stl INTEGER NOT NULL,
    blk INTEGER NOT NULL, tov INTEGER NOT NULL, pf INTEGER NOT NULL, PRIMARY KEY (game_id, team_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE players (player_id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;

CREATE TABLE player_boxes (
    game_id TEXT NOT NULL REFERENCES games, player_id INTEGER NOT NULL REFERENCES players, team_id INTEGER NOT NULL,
    minutes REAL NOT NULL, pts INTEGER NOT NULL, fgm INTEGER NOT NULL, fga INTEGER NOT NULL, fg3m INTEGER NOT NULL,
    fg3a INTEGER NOT NULL, ftm INTEGER NOT NULL, fta INTEGER NOT NULL, oreb INTEGER NOT NULL, dreb INTEGER NOT NULL,
    ast INTEGER NOT NULL, stl INTEGER NOT NULL, blk INTEGER NOT NULL, tov INTEGER NOT NULL, pf INTEGER NOT NULL,
    plus_minus INTEGER NOT NULL, PRIMARY KEY (game_id, player_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX player_boxes_by_player ON player_boxes (player_id);

CREATE TABLE scores (
    game_id TEXT NOT NULL REFERENCES games, seq INTEGER NOT NULL, period INTEGER NOT NULL,
    seconds_left INTEGER NOT NULL, home_score INTEGER NOT NULL, away_score INTEGER NOT NULL,
    PRIMARY KEY (game_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE closing_lines (
    game_id TEXT PRIMARY KEY REFERENCES games, spread REAL, total REAL, moneyline_home INTEGER, moneyline_away INTEGER
) STRICT;
"""

FORECASTS = """
CREATE TABLE state_snapshots (
    league_day TEXT PRIMARY KEY, contract TEXT NOT NULL, payload BLOB NOT NULL
) STRICT;

CREATE TABLE model_versions (
    name TEXT NOT NULL, version TEXT NOT NULL, task TEXT NOT NULL, family TEXT NOT NULL, created TEXT NOT NULL,
    path TEXT NOT NULL, manifest TEXT NOT NULL, PRIMARY KEY (name, version)
) STRICT;

CREATE TABLE model_aliases (
    task TEXT NOT NULL, alias TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL, PRIMARY KEY (task, alias),
    FOREIGN KEY (name, version) REFERENCES model_versions
) STRICT;

CREATE TABLE model_audit (
    id INTEGER PRIMARY KEY, moment TEXT NOT NULL, task TEXT NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL,
    from_label TEXT, to_label TEXT NOT NULL
) STRICT;

CREATE TABLE picks (
    game_id TEXT NOT NULL REFERENCES games, league_day TEXT NOT NULL, home_id INTEGER NOT NULL,
    away_id INTEGER NOT NULL, neutral INTEGER NOT NULL, home_win_prob REAL NOT NULL, margin REAL NOT NULL,
    total REAL NOT NULL, drivers TEXT NOT NULL, notes TEXT NOT NULL, model TEXT NOT NULL, published_at TEXT NOT NULL,
    data_through TEXT, outcome TEXT NOT NULL DEFAULT 'pending', graded_at TEXT, PRIMARY KEY (game_id, league_day)
) STRICT;
CREATE INDEX picks_by_day ON picks (league_day);
"""

WORK = """
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY, league_day TEXT NOT NULL, kind TEXT NOT NULL, channel TEXT NOT NULL, nonce TEXT NOT NULL,
    payload TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'waiting', attempts INTEGER NOT NULL DEFAULT 0,
    created TEXT NOT NULL, expires TEXT NOT NULL, not_before TEXT, sent_at TEXT, message_id TEXT, error TEXT,
    UNIQUE (league_day, kind, channel), UNIQUE (nonce)
) STRICT;

CREATE TABLE runs (
    job TEXT NOT NULL, due TEXT NOT NULL, state TEXT NOT NULL, started TEXT NOT NULL, finished TEXT,
    detail TEXT NOT NULL DEFAULT '', PRIMARY KEY (job, due)
) STRICT;
"""

SYNC = """
CREATE TABLE sync_tasks (
    id INTEGER PRIMARY KEY, run TEXT NOT NULL, task TEXT NOT NULL, state TEXT NOT NULL, started TEXT NOT NULL,
    seconds REAL NOT NULL, source TEXT NOT NULL, calls INTEGER NOT NULL, new INTEGER NOT NULL, changed INTEGER NOT NULL,
    unchanged INTEGER NOT NULL, rejected TEXT NOT NULL, notes TEXT NOT NULL, detail TEXT NOT NULL
) STRICT;
CREATE INDEX sync_tasks_by_task ON sync_tasks (task, id);

CREATE TABLE sync_cursors (
    task TEXT NOT NULL, subject TEXT NOT NULL, moment TEXT NOT NULL, PRIMARY KEY (task, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE corrections (
    id INTEGER PRIMARY KEY, moment TEXT NOT NULL, game_id TEXT NOT NULL REFERENCES games, what TEXT NOT NULL,
    who INTEGER, changes TEXT NOT NULL
) STRICT;
"""

MARKET_AND_AVAILABILITY = """
CREATE TABLE odds_quotes (
    game_id TEXT NOT NULL REFERENCES games, fetched_at TEXT NOT NULL, book TEXT NOT NULL, market TEXT NOT NULL,
    side TEXT NOT NULL, player TEXT NOT NULL DEFAULT '', point REAL NOT NULL DEFAULT 0, price REAL NOT NULL,
    PRIMARY KEY (game_id, fetched_at, book, market, side, player, point)
) STRICT, WITHOUT ROWID;

CREATE TABLE injury_reports (
    reported_at TEXT NOT NULL, league_day TEXT NOT NULL, team_id INTEGER NOT NULL, opponent_id INTEGER NOT NULL,
    tip_utc TEXT, submitted INTEGER NOT NULL, PRIMARY KEY (league_day, team_id, reported_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE injuries (
    reported_at TEXT NOT NULL, league_day TEXT NOT NULL, team_id INTEGER NOT NULL, name TEXT NOT NULL,
    status TEXT NOT NULL, reason TEXT NOT NULL, player_id INTEGER,
    PRIMARY KEY (league_day, team_id, reported_at, name),
    FOREIGN KEY (league_day, team_id, reported_at) REFERENCES injury_reports
) STRICT, WITHOUT ROWID;
"""

ROSTERS = """
CREATE TABLE rosters (
    season INTEGER NOT NULL, player_id INTEGER NOT NULL REFERENCES players, team_id INTEGER NOT NULL,
    PRIMARY KEY (season, player_id)
) STRICT, WITHOUT ROWID;
"""

ALERTS = """
CREATE TABLE alerts (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, subject TEXT NOT NULL, severity TEXT NOT NULL, text TEXT NOT NULL,
    raised TEXT NOT NULL, seen TEXT NOT NULL, acknowledged TEXT, acknowledged_by TEXT, resolved TEXT, resolved_by TEXT
) STRICT;
CREATE UNIQUE INDEX alerts_open ON alerts (source, subject) WHERE resolved IS NULL;

ALTER TABLE picks ADD COLUMN intervals TEXT;
"""

MODEL_LIFE = """
CREATE TABLE model_roles (
    task TEXT NOT NULL, alias TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
    PRIMARY KEY (name, version, alias), FOREIGN KEY (name, version) REFERENCES model_versions
) STRICT, WITHOUT ROWID;
INSERT INTO model_roles SELECT task, alias, name, version FROM model_aliases;
DROP TABLE model_aliases;
ALTER TABLE model_roles RENAME TO model_aliases;
CREATE UNIQUE INDEX one_in_production ON model_aliases (task, alias) WHERE alias IN ('champion', 'previous');

ALTER TABLE model_audit ADD COLUMN alias TEXT NOT NULL DEFAULT 'champion';
ALTER TABLE model_audit ADD COLUMN despite TEXT NOT NULL DEFAULT '';

CREATE TABLE shadow_forecasts (
    game_id TEXT NOT NULL REFERENCES games, league_day TEXT NOT NULL, model TEXT NOT NULL, home_id INTEGER NOT NULL,
    home_win_prob REAL NOT NULL, margin REAL NOT NULL, total REAL NOT NULL, made_at TEXT NOT NULL,
    PRIMARY KEY (model, game_id, league_day)
) STRICT, WITHOUT ROWID;
CREATE INDEX picks_by_model ON picks (model);
"""

PICK_AVAILABILITY = """
ALTER TABLE picks ADD COLUMN availability TEXT NOT NULL DEFAULT '[]';
"""

PICK_LINES = """
ALTER TABLE picks ADD COLUMN line TEXT;
"""

PLAYER_SNAPSHOTS = """
CREATE TABLE player_snapshots (league_day TEXT PRIMARY KEY, contract TEXT NOT NULL, payload BLOB NOT NULL) STRICT;
"""

PLAYER_PICKS = """
CREATE TABLE player_picks (
    game_id TEXT NOT NULL REFERENCES games, league_day TEXT NOT NULL, player_id INTEGER NOT NULL REFERENCES players,
    stat TEXT NOT NULL, mean REAL NOT NULL, median REAL NOT NULL, low_50 REAL NOT NULL, high_50 REAL NOT NULL,
    low_80 REAL NOT NULL, high_80 REAL NOT NULL, low_95 REAL NOT NULL, high_95 REAL NOT NULL, minutes REAL NOT NULL,
    model TEXT NOT NULL, published_at TEXT NOT NULL, outcome TEXT NOT NULL DEFAULT 'pending', value INTEGER,
    graded_at TEXT, PRIMARY KEY (game_id, league_day, player_id, stat)
) STRICT, WITHOUT ROWID;
"""

MIGRATIONS: tuple[tuple[str, str], ...] = (
    ("league_facts", LEAGUE),
    ("forecasts_and_models", FORECASTS),
    ("posts_and_jobs", WORK),
    ("sync", SYNC),
    ("market_and_availability", MARKET_AND_AVAILABILITY),
    ("rosters", ROSTERS),
    ("alerts_and_intervals", ALERTS),
    ("pick_availability", PICK_AVAILABILITY),
    ("model_life", MODEL_LIFE),
    ("pick_lines", PICK_LINES),
    ("player_snapshots", PLAYER_SNAPSHOTS),
    ("player_picks", PLAYER_PICKS),
    ("usage", USAGE),
    ("guilds", GUILDS),
    ("live_games", LIVE),
    ("minute_margins", MINUTES),
    ("guild_live", GUILD_LIVE),
    ("outbox_turns", OUTBOX_TURNS),
)
LATEST = len(MIGRATIONS)


def migrate(connection: sqlite3.Connection, save: Callable[[int], Path]) -> None:
    """Bring a database to the latest format, all or nothing; a second process that comes late finds nothing to do.

    One that is not new is saved first: `save` is given its format and returns the copy, which is kept.
    sqlite-utils keeps the names of the migrations that ran; it is imported here because it takes 0.4 s.
    """
    from sqlite_utils import Database, Migrations

    migrations = Migrations("nbabot")
    for name, script in MIGRATIONS:
        migrations(name=name)(_runner(script))
    connection.execute("BEGIN IMMEDIATE")
    copy: Path | None = None
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if 0 < version < LATEST:
            copy = save(version)
        migrations.apply(Database(connection))
        connection.execute(f"PRAGMA user_version = {LATEST}")
    except BaseException:
        connection.rollback()
        if copy is not None:
            copy.unlink(missing_ok=True)
        raise
    connection.commit()


def _runner(script: str) -> Callable[[Database], None]:
    def run(database: Database) -> None:
        for statement in script.split(";"):
            if statement.strip():
                database.execute(statement)

    return run
