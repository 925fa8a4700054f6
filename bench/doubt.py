"""How much wider games end where line-ups are unsure or the season is young: what predictions.explain rounds from.

    python -m bench.doubt

Forecasts the margins of 2012-13 to 2024-25 by ridge regression, each season from the others, with the absences known
and unknown, and regresses the squared misses on the variance of both line-ups and on the season's first games.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from bench.real_seasons import PLAYERS, TEAMS, read
from bench.tables import data_folder, show
from engine.core.records import PlayedGame
from engine.features.availability import UNKNOWN
from engine.features.game import LeagueState
from engine.predictions.notes import EARLY_SEASON_GAMES

FIRST_SEASON = 2012
PENALTY = 300.0

Floats = NDArray[np.float64]


def main() -> None:
    """Import, walk, regress and print."""
    folder = data_folder()
    if folder is None:
        print("no real seasons here (NBABOT_DATA): nothing measured")
        return
    season, margin, known, unknown = walked(read([folder / TEAMS, folder / PLAYERS]).played)
    rows = [
        (name, *(f"{value:.1f}" for value in doubt(season, margin, table)))
        for name, table in (("known", known), ("unknown", unknown))
    ]
    columns = ("absences", "usual variance of the line-ups", "variance of a margin", "per line-up variance", "early")
    show(f"Squared misses of the margin in points, n = {len(margin):,} games", columns, rows)


def walked(played: Iterable[PlayedGame]) -> tuple[Floats, Floats, Floats, Floats]:
    """Season and margin of every game, and what was to be seen of it with the absences known and unknown.

    What is seen (games x columns): the variance of both line-ups, whether a side was in its first games, the row.
    """
    state, season, margin = LeagueState(), [], []
    seen: tuple[list[Floats], list[Floats]] = [], []
    for _, day in groupby(played, key=lambda one: one.game.league_day):
        today = list(day)
        for one in today:
            if one.game.season >= FIRST_SEASON:
                known = state.described(one)
                season.append(one.game.season)
                margin.append(one.home.pts - one.away.pts)
                for table, matchup in zip(seen, (known, replace(known, availability=UNKNOWN)), strict=True):
                    sides = state.sides(matchup)
                    early = min(side.form.games for side in sides) < EARLY_SEASON_GAMES
                    unsure = sum(side.expected.variance for side in sides)
                    table.append(np.array([unsure, early, *state.row(matchup)]))
        for one in today:
            state.advance(one)
    return np.array(season), np.array(margin, dtype=float), np.array(seen[0]), np.array(seen[1])


def doubt(season: Floats, margin: Floats, seen: Floats) -> tuple[float, float, float, float]:
    """Median variance of the line-ups; a margin's variance there, its growth with theirs, and with an early game."""
    rows = seen[:, 2:] / np.maximum(seen[:, 2:].std(axis=0), 1e-9)
    misses = np.empty_like(margin)
    for one in np.unique(season):
        others, own = rows[season != one], season == one
        weights = np.linalg.solve(others.T @ others + PENALTY * np.eye(rows.shape[1]), others.T @ margin[season != one])
        misses[own] = margin[own] - rows[own] @ weights
    usual = float(np.median(seen[:, 0]))
    design = np.column_stack([np.ones(len(margin)), seen[:, 0] - usual, seen[:, 1]])
    level, slope, early = np.linalg.lstsq(design, misses**2, rcond=None)[0]
    return usual, float(level), float(slope), float(early)


if __name__ == "__main__":
    main()
