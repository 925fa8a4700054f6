"""What each group of features is worth: a family on the yardstick seasons with one group left out at a time.

    python -m bench.ablation [--seasons 2017-18..2022-23] [--families margin,...]

Reads the real seasons in NBABOT_DATA (default ../shared/data) into a temporary folder.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from bench.tables import data_folder, show
from engine.core.calendar import parse_seasons
from engine.engine import DATABASE, Engine
from engine.features.contract import GAME_FEATURES
from engine.models.evaluation import Plan, ablation
from engine.models.training import TrainingSet, build_training_set
from engine.store import games
from engine.store.database import Database

YARDSTICK = "2017-18..2022-23"


def main() -> int:
    """Print the table; 0 also where there is no real data to measure on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seasons", type=parse_seasons, default=parse_seasons(YARDSTICK))
    parser.add_argument("--families", default="margin")
    options = parser.parse_args()
    folder = data_folder()
    if folder is None:
        print("no real seasons here (NBABOT_DATA): nothing measured")
        return 0
    data = read(folder)
    plan = Plan(options.seasons, options.families.split(","))
    whole = ablation(data, plan, "")
    rows = [("none", one.family, f"{one.log_loss:.4f}", "", f"{one.margin_mae:.3f}") for one in whole]
    for group in dict.fromkeys(feature.group for feature in GAME_FEATURES):
        for one, beside in zip(ablation(data, plan, group), whole, strict=True):
            cost = f"{one.log_loss - beside.log_loss:+.4f}"
            rows.append((group, one.family, f"{one.log_loss:.4f}", cost, f"{one.margin_mae:.3f}"))
    show(f"Left out, {whole[0].n:,} games", ("group", "family", "log loss", "its cost", "margin MAE"), rows)
    return 0


def read(folder: Path) -> TrainingSet:
    """The features of every stored game, by way of a temporary home."""
    with tempfile.TemporaryDirectory() as home:
        engine = Engine(Path(home))
        engine.import_paths([folder])
        engine.close()
        database = Database(Path(home) / DATABASE)
        data = build_training_set(games.played_games(database))
        database.close()
    return data


if __name__ == "__main__":
    raise SystemExit(main())
