"""Small facts that outlive a process: one text per key, such as the fingerprint of the registered commands."""

from __future__ import annotations

from engine.store.database import Database


class Meta:
    """A dictionary of texts in the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, key: str) -> str | None:
        """The text under `key`, or None."""
        row = self._database.row("SELECT value FROM meta WHERE key = ?", (key,))
        return None if row is None else str(row["value"])

    def keys(self, prefix: str) -> tuple[str, ...]:
        """The keys that begin so, in order."""
        rows = self._database.rows(
            "SELECT key FROM meta WHERE substr(key, 1, length(:p)) = :p ORDER BY key", {"p": prefix}
        )
        return tuple(row["key"] for row in rows)

    def put(self, key: str, value: str) -> None:
        """Remember a text, in place of what stood under `key`."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (key, value),
            )
