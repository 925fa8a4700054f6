"""Files found in ruins: what each command says of them, and what a backup brings back.

    python -m bench.ruins

A home is saved, then its database is spoilt; `nbabot status`, `nbabot doctor` and the start of `nbabot run` are asked
about it, and the backup is put in its place. Rows lost are those of the backup that are not there in the end: none.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from bench.recovery import KEYS, rows
from bench.tables import show
from engine.core.calendar import noon_of
from engine.engine import DATABASE, Engine
from engine.sources.simulated import write_league

DAY = date(2025, 1, 15)
COMMANDS = (("status",), ("doctor",), ("run", "--console"))
Harm = Callable[[Path], None]


def half(home: Path) -> None:
    """The second half of the file is gone."""
    os.truncate(home / DATABASE, (home / DATABASE).stat().st_size // 2 // 4096 * 4096)


def noise(home: Path) -> None:
    """A stretch in the middle was overwritten."""
    with (home / DATABASE).open("r+b") as file:
        file.seek((home / DATABASE).stat().st_size // 2)
        file.write(os.urandom(200_000))


def zeros(home: Path) -> None:
    """The first page is empty, as after a crash of the file system."""
    with (home / DATABASE).open("r+b") as file:
        file.write(bytes(4096))


def newer(home: Path) -> None:
    """The home was used by a newer program."""
    connection = sqlite3.connect(home / DATABASE)
    connection.execute("PRAGMA user_version = 10000")
    connection.close()


def gone(home: Path) -> None:
    """The database was deleted."""
    (home / DATABASE).unlink()


HARMS: dict[str, Harm] = {
    "half of the database is gone": half,
    "the database is overwritten in the middle": noise,
    "the database's first page is empty": zeros,
    "the database is of a newer program": newer,
    "the database was deleted": gone,
}


def said(home: Path, words: tuple[str, ...]) -> str:
    """What a command says of a home: its complaint, else that it has none; one that keeps running has none."""
    environment = {**os.environ, "NBABOT_SOURCES__ENABLED": "false", "COLUMNS": "300", "NBABOT_WEB__PORT": "0"}
    command = [sys.executable, "-m", "nbabot", *words, "--home", str(home)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=home
    )
    try:
        out, complaint = process.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        process.terminate()
        process.communicate()
        return "runs"
    if words == ("doctor",):
        return " ".join(next((line for line in out.splitlines() if line.startswith("database")), complaint).split())
    return (complaint.strip().splitlines() or ["no complaint"])[-1]


def main() -> int:
    """Print the table; 1 when rows are lost."""
    lines, lost = [], 0
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        write_league(folder / "league", seed=7, seasons=(2024,))
        engine = Engine(folder / "base", now=lambda: noon_of(DAY))
        engine.import_paths([folder / "league"])
        saved = Path(engine.back_up(folder / "kept", 1).backup.path)
        engine.close()
        truth = rows(folder / "base", KEYS)
        for name, harm in HARMS.items():
            home = Path(shutil.copytree(folder / "base", folder / "home"))
            harm(home)
            heard = [said(home, words).replace(str(home), "HOME") for words in COMMANDS]
            Engine.restore(saved, home)
            missing = len(truth - rows(home, KEYS))
            lines.append((name, *heard, str(missing)))
            lost += missing
            shutil.rmtree(home)
    headings = ("found", *(f"`nbabot {' '.join(words)}`" for words in COMMANDS), "rows lost after `nbabot restore`")
    show("Files in ruins", headings, lines)
    return int(lost > 0)


if __name__ == "__main__":
    sys.exit(main())
