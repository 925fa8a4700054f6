"""What the engine does for its own survival: backups, putting one back, looking for damage."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.core.progress import Progress, silent
from engine.store.database import Database

if TYPE_CHECKING:
    from engine.core.backups import BackupReport, RestoreReport


class UpkeepDesk:
    """The part of the engine that keeps the home folder safe; `Engine` brings the store."""

    home: Path
    _database: Database

    def damage(self, seconds: float | None = None) -> str | None:
        """What is wrong with the database file, or None; with `seconds` as far as a quick look gets in that time."""
        return self._database.damage(seconds)

    def back_up(self, to: Path | None = None, keep: int = 7, progress: Progress = silent) -> BackupReport:
        """Save the database and the models made here as one file, then keep only the `keep` newest in its folder.

        Without `to` it goes to `backups` in the home. Nobody has to wait meanwhile. Raises BusyError, DatabaseError and
        BackupError; older backups are as they were then.
        """
        from engine.store.backup import FOLDER, back_up

        return back_up(self._database.path, to or self.home / FOLDER, keep, progress)

    @staticmethod
    def restore(backup: Path, home: Path, dry_run: bool = False, progress: Progress = silent) -> RestoreReport:
        """Check a backup whole and put it in place in a home that nobody uses, even where no engine can be opened.

        With `dry_run` it is only checked, whoever uses the home. What was there is kept beside it. Raises BackupError,
        BusyError and DatabaseError; nothing has changed then.
        """
        from engine.store.restore import restore

        return restore(backup, home, dry_run, progress)
