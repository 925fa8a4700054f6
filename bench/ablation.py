"""What each group of features is worth: a family on the yardstick seasons with one group left out at a time.

    python -m bench.ablation [--seasons 2017-18..2022-23] [--families margin,...]

Reads the real seasons in NBABOT_DATA (default ../shared/data) into a temporary folder.
"""

from __future__ import annotations

import argparse

from bench.real_seasons import PLAYERS, TEAMS, read
from bench.tables import data_folder, show
from engine.core.calendar import parse_seasons
from engine.features.contract import GAME_FEATURES
from engine.models.evaluation import Plan, ablation
from engine.models.training import build_training_set

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
    data = build_training_set(read([folder / TEAMS, folder / PLAYERS]).played)
    plan = Plan(options.seasons, options.families.split(","))
    whole = ablation(data, plan, "")
    rows = [("none", one.family, f"{one.log_loss:.4f}", "", f"{one.margin_mae:.3f}") for one in whole]
    for group in dict.fromkeys(feature.group for feature in GAME_FEATURES):
        for one, beside in zip(ablation(data, plan, group), whole, strict=True):
            cost = f"{one.log_loss - beside.log_loss:+.4f}"
            rows.append((group, one.family, f"{one.log_loss:.4f}", cost, f"{one.margin_mae:.3f}"))
    show(f"Left out, {whole[0].n:,} games", ("group", "family", "log loss", "its cost", "margin MAE"), rows)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
