"""How finished games stood at the end of each minute of regulation: 48 signed bytes, home minus away, clipped."""

MINUTES = """
CREATE TABLE minute_margins (
    game_id TEXT PRIMARY KEY REFERENCES games, margins BLOB NOT NULL
) STRICT, WITHOUT ROWID;
"""
