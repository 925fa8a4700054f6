"""The sieve through which every row of a file goes: a row fails for the first reason found, and reasons are counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from engine.core import calendar
from engine.core.calendar import COUNTED_TYPES
from engine.core.teams import BY_ID
from engine.sources.files.batch import BOX_COLUMNS, Batch, Kind, counted
from engine.sources.files.marks import game_id, season_number, season_of_game

Mask = npt.NDArray[np.bool_]
Column = npt.NDArray[Any]

REPEATED = "the same row again"
REPLACED = "the same key with other figures"
_MOST_OF_A_TEAM = (300, 120, 250, 80, 160, 100, 150, 80, 120, 100, 60, 60, 80, 100)
_MOST_OF_A_PLAYER = (120, 60, 100, 40, 80, 60, 80, 50, 60, 50, 30, 30, 30, 10)


class Sieve:
    """The rows of one file while they are checked.

    `columns` collects checked columns, all as long as the file; values of rejected rows in them mean nothing.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame.reset_index(drop=True)
        self.columns: dict[str, Column] = {}
        self._reasons: list[str] = []
        self._reason_of_row = np.zeros(len(frame), dtype=np.int32)

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def passed(self) -> Mask:
        """Rows that no check has rejected so far."""
        passed: Mask = self._reason_of_row == 0
        return passed

    def reject(self, bad: Mask, reason: str) -> None:
        """Take out the rows of a mask, unless they are out already."""
        rows = bad & self.passed
        if not rows.any():
            return
        if reason not in self._reasons:
            self._reasons.append(reason)
        self._reason_of_row[rows] = self._reasons.index(reason) + 1

    def reject_rows(self, positions: Column, reason: str) -> None:
        """Take out rows by position."""
        bad = np.zeros(len(self), dtype=np.bool_)
        bad[positions] = True
        self.reject(bad, reason)

    def counts(self) -> dict[str, int]:
        """Rows taken out, by reason."""
        totals = np.bincount(self._reason_of_row, minlength=len(self._reasons) + 1)
        return {reason: int(total) for reason, total in zip(self._reasons, totals[1:], strict=True) if total}

    def take(self, names: Sequence[str]) -> dict[str, list[object]]:
        """The named columns of the rows that passed."""
        return {name: self.columns[name][self.passed].tolist() for name in names}

    def seasons(self) -> tuple[int, ...]:
        """Seasons of the rows that passed."""
        return tuple(int(season) for season in np.unique(self.columns["season"][self.passed]))

    def batch(self, kind: Kind, tables: dict[str, dict[str, list[object]]], notes: tuple[str, ...] = ()) -> Batch:
        """The tables with an account of every row; repetitions are told apart from rejections."""
        rejected = self.counts()
        repeated, replaced = rejected.pop(REPEATED, 0), rejected.pop(REPLACED, 0)
        if repeated:
            notes += (f"{counted(repeated, 'row')} stood in the file before, word for word",)
        if replaced:
            notes += (f"{counted(replaced, 'row')} came again with other figures: the last one stands",)
        return Batch(kind, self.seasons(), len(self), tables, repeated, replaced, rejected, notes)

    def mapped(self, name: str, convert: Callable[[str], object | None], reason: str) -> Column:
        """A text column converted value by value (each distinct text once); None from `convert` rejects the row."""
        codes, distinct = pd.factorize(self.frame[name])
        values = np.empty(len(distinct) + 1, dtype=object)
        values[:-1] = [convert(str(text).strip()) for text in distinct]
        column: Column = values[codes]
        self.reject(np.array([value is None for value in values], dtype=np.bool_)[codes], reason)
        return column

    def figures(self, name: str) -> Column:
        """A column as numbers without any check: NaN where it is blank or no number."""
        column = self.frame[name]
        if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
            column = pd.to_numeric(column.astype(str), errors="coerce")
        figures: Column = column.to_numpy(dtype=np.float64, na_value=np.nan)
        return figures

    def number(self, name: str, low: float, high: float, blank: bool = False) -> Column:
        """A column of numbers from `low` to `high`, NaN elsewhere; blanks are rejected unless they are allowed."""
        values, empty = self.figures(name), self.frame[name].isna().to_numpy()
        missing = np.isnan(values)
        self.reject(missing & ~empty if blank else missing, f"{name} is missing or not a number")
        outside = ~missing & ((values < low) | (values > high))
        self.reject(outside, f"{name} is out of range ({low:g} to {high:g})")
        return np.where(outside, np.nan, values)

    def whole(self, name: str, low: int, high: int) -> Column:
        """A column of whole numbers from `low` to `high`."""
        values = self.number(name, low, high)
        sound = ~np.isnan(values)
        self.reject(sound & (values != np.round(values)), f"{name} is not a whole number")
        return np.where(sound, values, 0).astype(np.int64)

    def games(self) -> None:
        """`game_id` (10 characters) and `season`, of the types of game that count."""
        ids = self.mapped("GAME_ID", game_id, "GAME_ID is not a game id")
        codes, distinct = pd.factorize(ids)
        kinds = [calendar.season_type_of(text) for text in distinct]
        for kind in {kind for kind in kinds if kind not in COUNTED_TYPES}:
            reason = f"{kind} game: not counted" if kind else "GAME_ID names an unknown kind of game"
            self.reject(np.array([*(other is kind for other in kinds), False], dtype=np.bool_)[codes], reason)
        seasons = np.array([*(season_of_game(text) for text in distinct), 0], dtype=np.int64)
        self.columns["game_id"], self.columns["season"] = ids, seasons[codes]
        for name in ("SEASON_ID", "SEASON_YEAR"):
            if name in self.frame:
                stated = self.mapped(name, season_number, f"{name} is not a season")
                self.reject(stated != self.columns["season"], f"{name} is not the season of the GAME_ID")

    def teams(self) -> None:
        """`team_id`, one of the 30."""
        self.columns["team_id"] = self.whole("TEAM_ID", 0, 2**53)
        self.reject(~np.isin(self.columns["team_id"], list(BY_ID)), "TEAM_ID is not one of the 30 teams")

    def box_score(self, team: bool) -> None:
        """The counts of a box score, within their ranges and consistent with each other."""
        most = _MOST_OF_A_TEAM if team else _MOST_OF_A_PLAYER
        box = {name: self.whole(name, 0, high) for name, high in zip(BOX_COLUMNS, most, strict=True)}
        for made, tried in (("FGM", "FGA"), ("FG3M", "FG3A"), ("FTM", "FTA"), ("FG3M", "FGM"), ("FG3A", "FGA")):
            self.reject(box[made] > box[tried], f"{made} is more than {tried}")
        points = 2 * (box["FGM"] - box["FG3M"]) + 3 * box["FG3M"] + box["FTM"]
        self.reject(box["PTS"] != points, "PTS is not the sum of the shots made")
        if "REB" in self.frame:
            rebounds = self.whole("REB", 0, 200)
            self.reject(rebounds != box["OREB"] + box["DREB"], "REB is not OREB + DREB")
        self.columns.update({name.lower(): column for name, column in box.items()})

    def keep_last(self, keys: Sequence[str], names: Sequence[str]) -> None:
        """Where a key stands more than once, keep the last row; tell repetitions from rows with other figures."""
        where = np.flatnonzero(self.passed)
        rows = pd.DataFrame({name: self.columns[name][where] for name in dict.fromkeys([*keys, *names])})
        earlier = rows.duplicated(list(keys), keep="last").to_numpy()
        if earlier.any():
            same = rows.duplicated(keep="last").to_numpy()
            self.reject_rows(where[earlier & same], REPEATED)
            self.reject_rows(where[earlier & ~same], REPLACED)
