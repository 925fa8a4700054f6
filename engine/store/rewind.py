"""Making a copied database ready for a game of its past to be played again."""

from __future__ import annotations

from datetime import datetime

from engine.store.database import Database, utc_text

_NOBODY_FOLLOWS = (
    "DELETE FROM outbox",
    "DELETE FROM guilds",
    "DELETE FROM live_follows",
    "DELETE FROM live_feed",
    "DELETE FROM live_scores",
    "DELETE FROM live_forecasts",
    "DELETE FROM halftime_forecasts",
    "DELETE FROM live_games",
)


def rewind(database: Database, game_id: str, tip: datetime) -> None:
    """Forget whoever follows games under way and what was seen and said of any; the game will tip off at `tip`.

    For a copy only. Results stay: a question as of the game's own day does not see them.
    """
    with database.write() as connection:
        for sql in _NOBODY_FOLLOWS:
            connection.execute(sql)
        connection.execute("UPDATE games SET tip_utc = ? WHERE game_id = ?", (utc_text(tip), game_id))
