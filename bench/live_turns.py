"""How often games take the turns that channels are told of: big swings, upsets in the air, upsets.

    python -m bench.live_turns [--home HOME] [--season 2023]

Every regular-season game of a season with a stored course, as the models that come with the program see it. Without
--home the real seasons are imported first (NBABOT_DATA). These models have learned from the season: for counting only.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

from bench.tables import data_folder, show
from engine.core.calendar import season_label
from engine.core.live_swings import TurnKind, turns
from engine.engine import DATABASE, Engine
from engine.store import games
from engine.store.database import Database

SEASON = 2023


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--season", type=int, default=SEASON)
    options = parser.parse_args()
    if options.home is not None:
        count(options.home, options.season)
        return
    data = data_folder()
    if data is None:
        print("no real seasons here (NBABOT_DATA): nothing measured")
        return
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(Path(folder))
        engine.import_paths([data])
        engine.close()
        count(Path(folder), options.season)


def count(home: Path, season: int) -> None:
    """Print how many games took each turn, and how many turns a game took."""
    engine, database = Engine(home), Database(home / DATABASE)
    taken = [
        Counter(one.kind for one in turns(engine.live(game.game_id)))
        for game in games.season_results(database, season, engine.today())
        if engine.timeline(game.game_id).scores
    ]
    engine.close()
    database.close()
    n = len(taken)
    rows = [(kind.value, f"{sum(kind in one for one in taken):,}") for kind in TurnKind]
    both = sum(one[TurnKind.SWING] == 2 for one in taken)
    came = sum(TurnKind.BREWING in one and TurnKind.UPSET in one for one in taken)
    show(
        f"Turns of {n:,} games of {season_label(season)}",
        ("what", "games"),
        [*rows, ("swings to both sides", f"{both:,}"), ("in the air, and came about", f"{came:,}")],
    )
    totals = [one.total() for one in taken]
    print(f"\n{sum(totals) / max(n, 1):.2f} turns a game, {max(totals, default=0)} at most")


if __name__ == "__main__":
    main()
