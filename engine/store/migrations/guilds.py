"""Servers' wishes, channels that take no posts, posts that change after they are sent, picks that moved."""

GUILDS = """
CREATE TABLE guilds (
    guild_id INTEGER PRIMARY KEY, settings TEXT NOT NULL, previous TEXT, changed TEXT NOT NULL
) STRICT;

CREATE TABLE closed_channels (channel TEXT PRIMARY KEY, reason TEXT NOT NULL, since TEXT NOT NULL) STRICT;

ALTER TABLE outbox ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
CREATE INDEX outbox_waiting ON outbox (id) WHERE state = 'waiting';
CREATE INDEX outbox_by_kind ON outbox (kind, league_day);
CREATE INDEX runs_by_start ON runs (started);

CREATE TABLE pick_updates (
    game_id TEXT NOT NULL REFERENCES games, league_day TEXT NOT NULL, made_at TEXT NOT NULL, home_id INTEGER NOT NULL,
    away_id INTEGER NOT NULL, before REAL NOT NULL, after REAL NOT NULL, margin REAL NOT NULL, total REAL NOT NULL,
    reasons TEXT NOT NULL, availability TEXT NOT NULL, model TEXT NOT NULL, PRIMARY KEY (game_id, league_day, made_at)
) STRICT;
CREATE INDEX pick_updates_by_day ON pick_updates (league_day);
"""
