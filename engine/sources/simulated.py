"""A simulated league: the 30 real teams with invented players, as files that are imported like real ones.

It exists so that the demo and the tests can run on a machine without data. Each file carries a column SIMULATED, and
whatever shows such data says SIMULATED. How closely it resembles the real league is measured by
`bench/simulated_league.py` and held by a test.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine.core.errors import UsageError
from engine.core.progress import Progress, silent
from engine.sources.simulated_files import write_season
from engine.sources.simulated_people import draw_names
from engine.sources.simulated_schedule import FULL_SEASON
from engine.sources.simulated_season import after_summer, new_league, play_season

SEASONS = (2021, 2022, 2023, 2024)
HOME_EDGE = 2.4


def write_league(
    folder: Path,
    seed: int = 2026,
    seasons: Sequence[int] = SEASONS,
    progress: Progress = silent,
    games_per_team: int = FULL_SEASON,
    home_edge: float = HOME_EDGE,
) -> tuple[Path, ...]:
    """Simulate consecutive seasons and write four csv files for each under `folder`; returns their paths.

    The same arguments give the same bytes. `seasons` are starting years in order; fewer `games_per_team` than 82 end
    each season earlier in the year; `home_edge` is in points. Raises UsageError for arguments that make no league,
    SourceError when a file cannot be written.
    """
    if not seasons or list(seasons) != list(range(seasons[0], seasons[0] + len(seasons))):
        raise UsageError("A simulated league needs consecutive seasons in order, such as 2023 and 2024.")
    if not 2 <= games_per_team <= FULL_SEASON:
        raise UsageError(f"A simulated team plays 2 to {FULL_SEASON} games a season, not {games_per_team}.")
    rng = np.random.default_rng(seed)
    names = draw_names(rng)
    league = new_league(rng, names)
    paths: list[Path] = []
    for done, season in enumerate(seasons):
        progress("simulating seasons", done, len(seasons))
        if done:
            league = after_summer(rng, names, league)
        league, played = play_season(rng, names, league, season, games_per_team, home_edge)
        paths += write_season(folder, played)
    progress("simulating seasons", len(seasons), len(seasons))
    return tuple(paths)
