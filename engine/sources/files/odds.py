"""Closing odds: the handicap of the home side, the total, and both American moneylines of a game."""

from __future__ import annotations

import numpy as np

from engine.core.errors import UsageError
from engine.core.teams import resolve_team
from engine.sources.files.batch import Batch, Kind
from engine.sources.files.sieve import Column, Sieve

_LINES = ("spread", "total", "moneyline_home", "moneyline_away")


def closing_odds(sieve: Sieve) -> Batch:
    """`closing_lines`, with the teams as the file lists them (`home_id`, `away_id`); blanks are None."""
    sieve.games()
    columns = sieve.columns
    columns["home_id"] = sieve.mapped("HOME", _team_id, "HOME is not a team")
    columns["away_id"] = sieve.mapped("AWAY", _team_id, "AWAY is not a team")
    columns["spread"] = _blanks_as_none(sieve.number("HOME_SPREAD", -80, 80, blank=True))
    columns["total"] = _blanks_as_none(sieve.number("TOTAL", 100, 400, blank=True))
    columns["moneyline_home"] = _moneyline(sieve, "ML_HOME")
    columns["moneyline_away"] = _moneyline(sieve, "ML_AWAY")
    blank: Column = np.array([columns[name] == None for name in _LINES])  # noqa: E711 - element by element
    sieve.reject(np.logical_and.reduce(blank), "the row holds no odds")
    names = ("game_id", "home_id", "away_id", *_LINES)
    sieve.keep_last(("game_id",), names)
    return sieve.batch(Kind.ODDS, {"closing_lines": sieve.take(names)})


def _team_id(text: str) -> int | None:
    try:
        return resolve_team(text).team_id
    except UsageError:
        return None


def _moneyline(sieve: Sieve, name: str) -> Column:
    values = sieve.number(name, -1_000_000, 1_000_000, blank=True)
    sieve.reject(np.abs(values) < 100, f"{name} is not an American moneyline (-100 and below, or 100 and above)")
    sieve.reject(~np.isnan(values) & (values != np.round(values)), f"{name} is not a whole number")
    return _blanks_as_none(values, whole=True)


def _blanks_as_none(values: Column, whole: bool = False) -> Column:
    found: Column = np.empty(len(values), dtype=object)
    found[:] = [None if number != number else int(number) if whole else number for number in values.tolist()]
    return found
