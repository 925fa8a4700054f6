"""Build the folder `models/`: bundles trained on every imported season, and the starter state.

    python -m bench.ship [--task game|halftime|live|player] [--data PATH | --home HOME] [--to models]

Imports real seasons (default: NBABOT_DATA), or takes those that a home folder holds, and puts the next version of each
model in the place of the present one, for a version never changes. One task can be built without the others. Prints
what it made.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from bench.tables import data_folder
from engine.core.reports import ModelVersion
from engine.engine import DATABASE, Engine
from engine.features.contract import GAME_FEATURES, contract_hash
from engine.predictions.availability import NewsDesk
from engine.predictions.people import People
from engine.predictions.player_states import PlayerStates, players_contract
from engine.predictions.starter import (
    PLAYERS_STARTER,
    STARTER,
    PlayersStarter,
    Starter,
    write_players_starter,
    write_starter,
)
from engine.predictions.state import StateKeeper
from engine.store.database import Database

GAME_FAMILIES = ("margin", "elo", "ensemble")
HALFTIME_FAMILIES = ("linear",)
PLAYER_FAMILIES = ("xgboost", "mean")
"""Of these tasks: the one that answers, and plain ones to compare it with."""
SHIPPED_SEASONS = 2
"""Players seen in so many last seasons come with the program."""


def main() -> None:
    """Import, train, and copy the results into place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--task", choices=sorted(_SHIPPED), action="append")
    parser.add_argument("--data", type=Path, default=data_folder())
    parser.add_argument("--home", type=Path, help="a home folder with the seasons, instead of importing them")
    parser.add_argument("--to", type=Path, default=Path("models"))
    options = parser.parse_args()
    if options.home is None and options.data is None:
        parser.error("name the real seasons with --data or NBABOT_DATA, or a home that holds them with --home")
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(options.home or Path(folder))
        if options.home is None:
            engine.import_paths([options.data])
        for task in options.task or _SHIPPED:
            _SHIPPED[task](engine, options.to)
        engine.close()
    size = sum(path.stat().st_size for path in options.to.rglob("*") if path.is_file())
    print(f"{options.to}: {size / 1e6:.2f} MB")


def _ship_game(engine: Engine, target: Path) -> None:
    _copy(engine, engine.train_game(GAME_FAMILIES), target)
    database = Database(engine.home / DATABASE)
    people = People(database, StateKeeper(database, target), NewsDesk(database))
    players = people.everybody(engine.today())
    state = engine.team_numbers()
    write_starter(target / STARTER, Starter(contract_hash(GAME_FEATURES), state.to_payload(), players))
    print(f"starter state of {state.data_through}: {len(players)} players")
    database.close()


def _ship_player(engine: Engine, target: Path) -> None:
    """The players' numbers go on from the team numbers of the same day, which come with the game models."""
    database = Database(engine.home / DATABASE)
    found = PlayerStates(database, StateKeeper(database, target)).at(engine.today())
    payload, through = found.to_payload(SHIPPED_SEASONS), found.league.data_through
    if through is None:
        raise SystemExit("No results were imported: nothing to ship.")
    write_players_starter(target / PLAYERS_STARTER, PlayersStarter(players_contract(), through, payload))
    print(f"players' numbers of {through}")
    database.close()
    _copy(engine, engine.train_player(PLAYER_FAMILIES), target)


def _ship_halftime(engine: Engine, target: Path) -> None:
    _copy(engine, engine.train_halftime(HALFTIME_FAMILIES), target)


def _ship_live(engine: Engine, target: Path) -> None:
    _copy(engine, [engine.train_live()], target)


def _copy(engine: Engine, made: Iterable[ModelVersion], target: Path) -> None:
    for version in made:
        shutil.rmtree(target / version.name, ignore_errors=True)
        folder = Path(version.name) / version.version
        shutil.copytree(engine.home / "models" / folder, target / folder)
        print(version.label, version.trained_through, version.metrics)


_SHIPPED: Mapping[str, Callable[[Engine, Path], None]] = {
    "game": _ship_game,
    "player": _ship_player,
    "live": _ship_live,
    "halftime": _ship_halftime,
}


if __name__ == "__main__":
    main()
