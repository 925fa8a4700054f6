"""The acts that are killed or starved by `bench.recovery`, each run by a process of its own.

    python -m bench.recovery_acts ACT HOME [ARGUMENT]

`begun` is printed when the act starts, `done` when it has been acknowledged; a refusal is one sentence, exit code 1.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from engine.core.calendar import noon_of
from engine.core.errors import NbabotError
from engine.core.source_access import SourceAccess
from engine.core.sync_reports import SyncRequest
from engine.engine import Engine

DAY = date(2025, 1, 15)
SYNC_DAY = date(2024, 10, 25)
TRAINED = "game-logistic"


def open_engine(home: Path, day: date, url: str = "") -> Engine:
    """The engine at noon of a day; with `url` its feeds are the stand-in's."""
    access = SourceAccess(
        stats_url=f"{url}/stats", cdn_url=f"{url}/static/json", injuries_url=f"{url}/static/injury", read_s=2
    )
    return Engine(home, lambda: noon_of(day), access=lambda: access)


def _import(home: Path, files: str) -> None:
    engine = open_engine(home, DAY)
    _say("begun")
    engine.import_paths([Path(files)])


def _sync(home: Path, url: str) -> None:
    engine = open_engine(home, SYNC_DAY, url)
    _say("begun")
    engine.sync(SyncRequest((2024,), only=("schedule", "results")))


def _picks(home: Path, _: str) -> None:
    engine = open_engine(home, DAY)
    _say("begun")
    engine.publish_picks()


def _grade(home: Path, _: str) -> None:
    engine = open_engine(home, DAY + timedelta(days=1))
    _say("begun")
    engine.grade()


def _train(home: Path, _: str) -> None:
    engine = open_engine(home, DAY)
    _say("begun")
    engine.train_game(["logistic"])


def _promote(home: Path, _: str) -> None:
    engine = open_engine(home, DAY)
    _say("begun")
    engine.promote(TRAINED, "1.0.0", "bench", "to be killed", force=True)


def _backup(home: Path, folder: str) -> None:
    engine = open_engine(home, DAY)
    _say("begun")
    engine.back_up(Path(folder) if folder else None, 3)


def _restore(home: Path, backup: str) -> None:
    _say("begun")
    Engine.restore(Path(backup), home)


def _migrate(home: Path, _: str) -> None:
    _say("begun")
    open_engine(home, DAY)


ACTS: dict[str, Callable[[Path, str], None]] = {
    "import": _import,
    "sync": _sync,
    "picks": _picks,
    "grade": _grade,
    "train": _train,
    "promote": _promote,
    "backup": _backup,
    "restore": _restore,
    "migrate": _migrate,
}


def _say(word: str) -> None:
    print(word, flush=True)


def main() -> int:
    """Do the act that the command line names."""
    act, home, argument = (*sys.argv[1:], "")[:3]
    try:
        ACTS[act](Path(home), argument)
    except NbabotError as error:
        print(error, file=sys.stderr)
        return 1
    _say("done")
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # as if the process were killed right after it has said so: nothing is tidied up
