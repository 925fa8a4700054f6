"""Score timelines: one row per change of score, in the order of the game's clock."""

from __future__ import annotations

import numpy as np

from engine.sources.files.batch import Batch, Kind, counted
from engine.sources.files.sieve import REPEATED, REPLACED, Column, Sieve

_CLOCK = ("period", "seconds_left", "home_score", "away_score")
_MOST_PERIODS = 20
_OVERTIME_SECONDS = 300


def timeline(sieve: Sieve) -> Batch:
    """`scores`: the rows of a game are numbered from 1 in the order in which they stand.

    Real timelines are noisy: a score may drop for a moment (a corrected basket). Such rows are kept, and noted.
    """
    sieve.games()
    columns = sieve.columns
    columns["period"] = sieve.whole("PERIOD", 1, _MOST_PERIODS)
    columns["seconds_left"] = sieve.whole("SECONDS_LEFT_IN_PERIOD", 0, 720)
    columns["home_score"] = sieve.whole("HOME_SCORE", 0, 300)
    columns["away_score"] = sieve.whole("AWAY_SCORE", 0, 300)
    late = (columns["period"] > 4) & (columns["seconds_left"] > _OVERTIME_SECONDS)
    sieve.reject(late, f"SECONDS_LEFT_IN_PERIOD is out of range in overtime (0 to {_OVERTIME_SECONDS})")
    _keep_last_copy(sieve)
    columns["seq"] = _numbered(sieve)
    rows = sieve.take(("game_id", "seq", *_CLOCK))
    dropping = _games_that_drop(sieve)
    notes = (
        (f"a score drops for a moment in {counted(dropping, 'game')} (a corrected basket; kept)",) if dropping else ()
    )
    return sieve.batch(Kind.TIMELINE, {"scores": rows}, notes)


def _runs(sieve: Sieve) -> tuple[Column, Column]:
    """Rows that passed, and where among them a run begins: another game, or the clock of the game turned back."""
    where = np.flatnonzero(sieve.passed)
    games = sieve.columns["game_id"][where]
    clock = sieve.columns["period"][where] * 1000 - sieve.columns["seconds_left"][where]
    begins = np.ones(len(where), dtype=np.bool_)
    begins[1:] = (games[1:] != games[:-1]) | (clock[1:] < clock[:-1])
    return where, np.flatnonzero(begins)


def _keep_last_copy(sieve: Sieve) -> None:
    """Of a game that stands in the file more than once keep the last copy; pieces out of order are rejected."""
    where, starts = _runs(sieve)
    runs: dict[str, list[Column]] = {}
    for run in np.split(where, starts[1:]) if len(where) else []:
        runs.setdefault(sieve.columns["game_id"][run[0]], []).append(run)
    for copies in runs.values():
        if len(copies) == 1:
            continue
        if any(sieve.columns["period"][run[0]] != 1 for run in copies):
            sieve.reject_rows(np.concatenate(copies), "the rows of the game are not in the order of its clock")
            continue
        last = _content(sieve, copies[-1])
        for run in copies[:-1]:
            sieve.reject_rows(run, REPEATED if _content(sieve, run) == last else REPLACED)


def _content(sieve: Sieve, run: Column) -> list[object]:
    return [sieve.columns[name][run].tolist() for name in _CLOCK]


def _numbered(sieve: Sieve) -> Column:
    where, starts = _runs(sieve)
    lengths = np.diff(np.append(starts, len(where)))
    numbers = np.zeros(len(sieve), dtype=np.int64)
    numbers[where] = np.arange(len(where)) - np.repeat(starts, lengths) + 1
    return numbers


def _games_that_drop(sieve: Sieve) -> int:
    columns, where = sieve.columns, np.flatnonzero(sieve.passed)
    later, earlier = where[1:], where[:-1]
    drops = np.zeros(len(later), dtype=np.bool_)
    for name in ("home_score", "away_score"):
        drops |= columns[name][later] < columns[name][earlier]
    same = columns["game_id"][later] == columns["game_id"][earlier]
    return len(set(columns["game_id"][later[drops & same]].tolist()))
