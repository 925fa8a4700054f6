"""Build the folder `models/`: bundles trained on every imported season, and the starter state.

    python -m bench.ship [--data PATH] [--to models]

Reads real seasons (default: NBABOT_DATA) and puts the next version of each model in the place of the present one, for a
version never changes. Prints what it made.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from bench.tables import data_folder
from engine.engine import DATABASE, Engine
from engine.features.contract import GAME_FEATURES, contract_hash
from engine.predictions.availability import NewsDesk
from engine.predictions.people import People
from engine.predictions.starter import STARTER, Starter, write_starter
from engine.predictions.state import StateKeeper
from engine.store.database import Database

FAMILIES = ("elo", "margin", "ensemble")
"""What comes with the program: the one that answers, and two plain ones to compare it with."""


def main() -> None:
    """Import, train, and copy the results into place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=data_folder(), required=data_folder() is None)
    parser.add_argument("--to", type=Path, default=Path("models"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(Path(folder))
        engine.import_paths([options.data])
        for version in engine.train_game(FAMILIES):
            shutil.rmtree(options.to / version.name, ignore_errors=True)
            target = options.to / version.name / version.version
            shutil.copytree(Path(folder) / "models" / version.name / version.version, target)
            print(version.label, version.trained_through, version.metrics)
        database = Database(engine.home / DATABASE)
        people = People(database, StateKeeper(database, options.to), NewsDesk(database))
        players = people.everybody(engine.today())
        state = engine.team_numbers()
        write_starter(options.to / STARTER, Starter(contract_hash(GAME_FEATURES), state.to_payload(), players))
        print(f"starter state of {state.data_through}: {len(players)} players")
        database.close()
        engine.close()
    size = sum(path.stat().st_size for path in options.to.rglob("*") if path.is_file())
    print(f"{options.to}: {size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
