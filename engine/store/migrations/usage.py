"""Who asked the bot what: `asker` and `server` are salted hashes, nothing that was typed is stored."""

USAGE = """
CREATE TABLE usage (
    id INTEGER PRIMARY KEY, moment TEXT NOT NULL, asker TEXT NOT NULL, server TEXT, command TEXT NOT NULL,
    milliseconds REAL NOT NULL, ending TEXT NOT NULL
) STRICT;
CREATE INDEX usage_by_moment ON usage (moment);
"""
