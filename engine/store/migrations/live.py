"""Games under way: what the feed showed, what was forecast, and which channels follow which game."""

LIVE = """
CREATE TABLE live_games (
    game_id TEXT PRIMARY KEY, league_day TEXT NOT NULL, home_id INTEGER NOT NULL, away_id INTEGER NOT NULL,
    tip_utc TEXT, status TEXT NOT NULL, period INTEGER NOT NULL, seconds_left INTEGER NOT NULL, home INTEGER NOT NULL,
    away INTEGER NOT NULL, possession INTEGER NOT NULL DEFAULT 0, text TEXT NOT NULL, seen_at TEXT NOT NULL,
    changed_at TEXT NOT NULL
) STRICT;
CREATE INDEX live_games_by_day ON live_games (league_day);

CREATE TABLE live_scores (
    game_id TEXT NOT NULL REFERENCES live_games, seq INTEGER NOT NULL, period INTEGER NOT NULL,
    seconds_left INTEGER NOT NULL, home INTEGER NOT NULL, away INTEGER NOT NULL, PRIMARY KEY (game_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE live_forecasts (
    game_id TEXT NOT NULL REFERENCES live_games, made_at TEXT NOT NULL, model TEXT NOT NULL, period INTEGER NOT NULL,
    seconds_left INTEGER NOT NULL, home INTEGER NOT NULL, away INTEGER NOT NULL, pregame_prob REAL NOT NULL,
    pregame_margin REAL NOT NULL, home_win_prob REAL NOT NULL, margin REAL NOT NULL, low_80 REAL NOT NULL,
    high_80 REAL NOT NULL, low_95 REAL NOT NULL, high_95 REAL NOT NULL, final_margin INTEGER,
    PRIMARY KEY (game_id, made_at, model)
) STRICT, WITHOUT ROWID;

CREATE TABLE halftime_forecasts (
    game_id TEXT NOT NULL REFERENCES live_games, model TEXT NOT NULL, made_at TEXT NOT NULL, margin REAL NOT NULL,
    low_80 REAL NOT NULL, high_80 REAL NOT NULL, low_95 REAL NOT NULL, high_95 REAL NOT NULL, parts TEXT NOT NULL,
    halftime_margin INTEGER, PRIMARY KEY (game_id, model)
) STRICT, WITHOUT ROWID;

CREATE TABLE live_feed (
    id INTEGER PRIMARY KEY CHECK (id = 1), next_poll TEXT NOT NULL, polled_at TEXT, problem TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE live_follows (
    channel TEXT NOT NULL, game_id TEXT NOT NULL, league_day TEXT NOT NULL, created TEXT NOT NULL,
    PRIMARY KEY (channel, game_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX live_follows_by_day ON live_follows (league_day);
"""
