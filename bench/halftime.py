"""What else could know the margin at half-time: ideas beside the line on the margin at 18:00 and the pregame forecast.

    python -m bench.halftime

Everything is fitted forward, on the seasons on which the families of `nbabot train halftime` were chosen; none of them
is among those that their figures are reported on. Prints also what a forecast costs: the target is 5 ms.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import QuantileRegressor

from bench.real_seasons import LINES, PLAYERS, TEAMS
from bench.tables import data_folder, show
from engine.core.live import Moment, moment_at
from engine.engine import DATABASE, Engine
from engine.models.dejavu import weights
from engine.models.evaluation import SEED
from engine.models.halftime.data import HalftimeSet
from engine.models.halftime.fitting import HalftimeFitter, families_here
from engine.models.halftime.forms import NEIGHBOURS, PATTERN
from engine.models.halftime.production import known_games
from engine.models.live.model import fresh
from engine.models.scores import resampled_mean
from engine.store import games, timelines
from engine.store.database import Database

CHOSEN_ON = (2015, 2016, 2017, 2018, 2020)
TIMELINES = "score_timelines"
HALF_LIFE = 6.0
"""Seasons after which a game counts half, where newer ones count more."""
MEMORY = 0.97
"""What is left of a team's memory of how it ended first halves after one more game."""
USUAL_POINTS = 80.0
"""Points of both sides in 18 minutes."""

Floats = NDArray[np.float64]
Fit = Callable[[Floats, Floats, Floats], Callable[[Floats], Floats]]


def main() -> None:
    """Import, try everything and print."""
    folder = data_folder()
    if folder is None:
        print("no real seasons here (NBABOT_DATA): nothing measured")
        return
    with tempfile.TemporaryDirectory() as home:
        engine = Engine(Path(home))
        engine.import_paths([folder / part for part in (TEAMS, PLAYERS, TIMELINES, LINES)])
        database = Database(Path(home) / DATABASE)
        data = known_games(database, engine.today())
        show(
            "On 2015-16 to 2020-21 without 2019-20, each season by earlier ones",
            ("idea", "n", "MAE", "less the line's (95%)"),
            list(compared(data, columns_of(database, engine, data))),
        )
        show("A forecast", ("family", "ms", "bytes of the bundle"), list(costs(data)))
        engine.close()
        database.close()


def compared(data: HalftimeSet, extra: Mapping[str, Floats]) -> Iterator[tuple[str, ...]]:
    """A row for each idea: its mean miss, and the difference to the line's on the same games."""
    plain = np.column_stack([data.patterns[:, -1], data.pregame])
    line = misses(data, plain, least_squares)
    yield row("the line", data, line, line)
    for name, columns in extra.items():
        yield row(name, data, misses(data, np.column_stack([plain, columns]), least_squares), line)
    every = np.column_stack([plain, data.patterns])
    yield row("newer seasons count more", data, misses(data, plain, newer), line)
    yield row("least absolute misses", data, misses(data, plain, least_absolute), line)
    yield row("boosted trees on all margins", data, misses(data, every, trees), line)
    yield row("past games by their course alone", data, misses(data, data.patterns.astype(np.float64), alike), line)


def row(name: str, data: HalftimeSet, found: Floats, line: Floats) -> tuple[str, ...]:
    """An idea's line of the table."""
    tested = ~np.isnan(found)
    less = resampled_mean((found - line)[tested], data.league_day[tested], SEED)
    return name, f"{less.n:,}", f"{found[tested].mean():.4f}", f"{less.mean:+.4f} ({less.low:+.4f} to {less.high:+.4f})"


def misses(data: HalftimeSet, x: Floats, fit: Fit) -> Floats:
    """How far forecasts of the tested seasons were from the margin at half-time, each by earlier seasons; else NaN."""
    found = np.full(len(data), np.nan)
    for season in CHOSEN_ON:
        known, own = data.season < season, data.season == season
        found[own] = np.abs(data.change[own] - fit(x[known], data.change[known], season - data.season[known])(x[own]))
    return found


def least_squares(x: Floats, y: Floats, age: Floats) -> Callable[[Floats], Floats]:
    """A line with a level, every game alike."""
    return _line(x, y, np.ones(len(y)))


def newer(x: Floats, y: Floats, age: Floats) -> Callable[[Floats], Floats]:
    """A line with a level, games counting less with the seasons."""
    return _line(x, y, 0.5 ** (age / HALF_LIFE))


def least_absolute(x: Floats, y: Floats, age: Floats) -> Callable[[Floats], Floats]:
    """A line through the median."""
    found: Callable[[Floats], Floats] = QuantileRegressor(quantile=0.5, alpha=0.0).fit(x, y).predict
    return found


def trees(x: Floats, y: Floats, age: Floats) -> Callable[[Floats], Floats]:
    """Shallow boosted trees."""
    model = HistGradientBoostingRegressor(
        max_depth=3, learning_rate=0.03, max_iter=80, l2_regularization=10, min_samples_leaf=100, random_state=SEED
    )
    found: Callable[[Floats], Floats] = model.fit(x, y).predict
    return found


def alike(x: Floats, y: Floats, age: Floats) -> Callable[[Floats], Floats]:
    """The mean of the games nearest by their margins."""
    known = x * np.sqrt(weights(PATTERN))

    def predict(asked: Floats) -> Floats:
        places = asked * np.sqrt(weights(PATTERN))
        apart = (places**2).sum(axis=1)[:, None] + (known**2).sum(axis=1) - 2 * places @ known.T
        means: Floats = y[np.argpartition(apart, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]].mean(axis=1)
        return means

    return predict


def columns_of(database: Database, engine: Engine, data: HalftimeSet) -> dict[str, Floats]:
    """What each idea adds to the line, game by game."""
    ids = [game.game_id for game in data.games]
    then = {
        one.game_id: moment_at(one.scores, 60 * PATTERN) for one in timelines.all_timelines(database, engine.today())
    }
    moments: list[Moment] = [then[game_id] for game_id in ids]
    pace = np.array([moment.home + moment.away for moment in moments]) / USUAL_POINTS
    lines = games.closing_lines(database)
    spreads = [lines[one].spread if one in lines else None for one in ids]
    return {
        "all 18 margins": data.patterns[:, :-1].astype(np.float64),
        "the pace so far": np.column_stack([pace * data.patterns[:, -1], pace * data.pregame]),
        "who scored last": np.array([fresh(moment) for moment in moments]),
        "how both teams ended earlier first halves": earlier_halves(database, engine, data),
        "the closing line": np.array(
            [-before if spread is None else spread for spread, before in zip(spreads, data.pregame, strict=True)]
        ),
    }


def earlier_halves(database: Database, engine: Engine, data: HalftimeSet) -> Floats:
    """The home side's memory of changes of the margin beyond the line in games before, less the away side's."""
    plain = np.column_stack([data.patterns[:, -1], data.pregame])
    first = data.season < CHOSEN_ON[0]
    beyond = data.change - least_squares(plain[first], data.change[first], data.season[first])(plain)
    sides = {
        one.game.game_id: (one.game.home_id, one.game.away_id)
        for one in games.played_games(database, before=engine.today())
    }
    memory: dict[int, float] = {}
    found = []
    for game, more in zip(data.games, beyond.tolist(), strict=True):
        home, away = sides[game.game_id]
        found.append(memory.get(home, 0.0) - memory.get(away, 0.0))
        memory[home] = MEMORY * memory.get(home, 0.0) + (1 - MEMORY) * more
        memory[away] = MEMORY * memory.get(away, 0.0) - (1 - MEMORY) * more
    return np.array(found)


def costs(data: HalftimeSet) -> Iterator[tuple[str, ...]]:
    """Of each family the milliseconds of a forecast, and the size of its bundle."""
    fitter, asked = HalftimeFitter(data), data.games[-200:]
    for family in families_here():
        model = fitter.model(family, int(data.season[-1]) + 1)
        model.predict(asked[0].minutes[:PATTERN], asked[0].pregame)
        began = time.perf_counter()
        for game in asked:
            model.predict(game.minutes[:PATTERN], game.pregame)
        took = 1000 * (time.perf_counter() - began) / len(asked)
        yield family, f"{took:.3f}", f"{sum(map(len, model.to_files().values())):,}"


def _line(x: Floats, y: Floats, importance: Floats) -> Callable[[Floats], Floats]:
    root = np.sqrt(importance)
    columns = np.column_stack([np.ones(len(x)), x])
    found = np.linalg.lstsq(columns * root[:, None], y * root, rcond=None)[0]
    return lambda asked: np.asarray(found[0] + asked @ found[1:])


if __name__ == "__main__":
    main()
