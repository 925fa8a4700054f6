"""Backups of every real season while others write: how long they take, and how long a writer ever waits.

    python -m bench.backup [HOME]

Targets: a database of 20 seasons saved in under 20 s and no write that waits for it. Needs a home with the seasons
imported, else imports them from NBABOT_DATA (a minute).
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from bench.tables import data_folder, show
from engine.engine import DATABASE, Engine
from engine.store.database import Database

FOLDERS = ("team_game_logs", "player_game_logs", "score_timelines", "closing_odds")
PAUSE = 0.01


class Writer:
    """Another user of the database: a small transaction every hundredth of a second, each one timed."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write)
        self.waits: list[float] = []

    def __enter__(self) -> Writer:
        self._thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._stop.set()
        self._thread.join()
        self._database.close()

    def _write(self) -> None:
        while not self._stop.wait(PAUSE):
            start = time.perf_counter()
            with self._database.write() as connection:
                connection.execute("INSERT OR REPLACE INTO meta VALUES ('bench', ?)", (str(start),))
            self.waits.append(time.perf_counter() - start)


def filled(folder: Path) -> Path | None:
    """A private home with every real season in it."""
    home = folder / "home"
    if len(sys.argv) > 1:
        home.mkdir()
        shutil.copy(Path(sys.argv[1]) / DATABASE, home / DATABASE)
        return home
    data = data_folder()
    if data is None:
        print("no real seasons (NBABOT_DATA): nothing measured")
        return None
    engine = Engine(home)
    engine.import_paths([data / name for name in FOLDERS])
    engine.close()
    return home


def main() -> int:
    """Print the table; 1 when a target is missed."""
    with tempfile.TemporaryDirectory() as text:
        home = filled(Path(text))
        if home is None:
            return 0
        engine = Engine(home)
        seasons = len(engine.status().seasons)
        with Writer(home / DATABASE) as idle:
            time.sleep(2)
        with Writer(home / DATABASE) as busy:
            done = engine.back_up(Path(text) / "kept", 3)
        engine.close()
        dry = Engine.restore(Path(done.backup.path), home, dry_run=True)
        put_back = Engine.restore(Path(done.backup.path), home)
        same = Engine(home)
        sound = same.damage() is None and same.status().games == done.backup.counts["games"]
        same.close()
    for_20 = done.seconds * 20 / seasons
    rows = [
        (f"backup of {seasons} seasons, {done.backup.unpacked / 1e6:,.0f} MB", f"{done.seconds:.1f} s", "–"),
        ("the same for 20 seasons", f"{for_20:.1f} s", "20 s"),
        ("size of the file", f"{done.backup.size / 1e6:,.0f} MB", "–"),
        ("writes of another thread meanwhile", f"{len(busy.waits):,}", "more than 0"),
        ("longest write meanwhile (median)", _milliseconds(busy.waits), "–"),
        ("longest write without a backup (median)", _milliseconds(idle.waits), "–"),
        ("check of the backup (dry run)", f"{dry.seconds:.1f} s", "–"),
        ("restore", f"{put_back.seconds:.1f} s", "–"),
        ("the restored database", "sound, all rows" if sound else "NOT as saved", "sound"),
    ]
    show("Backup and restore", ("what", "measured", "target"), rows)
    return int(for_20 > 20 or not busy.waits or not sound)


def _milliseconds(waits: list[float]) -> str:
    return f"{1000 * max(waits):.0f} ms ({1000 * statistics.median(waits):.1f})"


if __name__ == "__main__":
    sys.exit(main())
