"""Writing a simulated season as files in the column format of the stats.nba.com feeds, with a column SIMULATED."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.core.calendar import season_label
from engine.core.errors import SourceError
from engine.core.teams import TEAMS
from engine.sources.simulated_boxes import Boxes
from engine.sources.simulated_season import Season

_BOX_COLUMNS = (
    *("MIN", "FGM", "FGA", "FG_PCT", "FG3M", "FG3A", "FG3_PCT", "FTM", "FTA", "FT_PCT"),
    *("OREB", "DREB", "REB", "AST", "STL", "BLK", "TOV", "PF", "PTS", "PLUS_MINUS"),
)
_SHARES = {"FG_PCT": ("FGM", "FGA"), "FG3_PCT": ("FG3M", "FG3A"), "FT_PCT": ("FTM", "FTA")}
_FANTASY = {"PTS": 1.0, "OREB": 1.2, "DREB": 1.2, "AST": 1.5, "STL": 3.0, "BLK": 3.0, "TOV": -1.0}

Ints = NDArray[np.int64]
Column = Sequence[object]


def write_season(folder: Path, season: Season) -> tuple[Path, ...]:
    """Write the four files of a season into their folders under `folder`; returns the paths."""
    kinds = {
        "team_game_logs": _team_rows,
        "player_game_logs": _player_rows,
        "score_timelines": _timeline_rows,
        "closing_odds": _odds_rows,
    }
    paths = []
    for kind, rows in kinds.items():
        path = folder / kind / f"{season_label(season.season)}.csv"
        _write(path, rows(season))
        paths.append(path)
    return tuple(paths)


def _write(path: Path, columns: dict[str, Column]) -> None:
    columns = {**columns, "SIMULATED": [1] * len(next(iter(columns.values())))}
    line = ",".join(["%s"] * len(columns))
    text = "\n".join([",".join(columns), *map(line.__mod__, zip(*columns.values(), strict=True)), ""])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        reason = error.strerror or error
        raise SourceError(f"{path} cannot be written ({reason}): name a folder that you may write to.") from error


def _game_ids(season: Season) -> list[str]:
    return [f"002{season.season % 100:02d}{number:05d}" for number in range(1, len(season.fixtures.day) + 1)]


def _shared_columns(season: Season) -> dict[str, Column]:
    """The columns that say whose row it is, one row a side, the home side's first."""
    fixtures = season.fixtures
    own = fixtures.sides.ravel()
    other = fixtures.sides[:, ::-1].ravel()
    hosts = (np.stack([~fixtures.neutral, np.zeros_like(fixtures.neutral)], axis=1)).ravel()
    won = season.boxes.team("PLUS_MINUS").ravel() > 0
    short = [team.abbreviation for team in TEAMS]
    matchups = [f"{short[a]} {'vs.' if host else '@'} {short[b]}" for a, b, host in zip(own, other, hosts, strict=True)]
    return {
        "SEASON_ID": [f"2{season.season}"] * len(own),
        "TEAM_ID": [TEAMS[index].team_id for index in own],
        "TEAM_ABBREVIATION": [short[index] for index in own],
        "TEAM_NAME": [TEAMS[index].name for index in own],
        "GAME_ID": _twice(_game_ids(season)),
        "GAME_DATE": _twice(fixtures.dates()),
        "MATCHUP": matchups,
        "WL": ["W" if win else "L" for win in won],
    }


def _twice(values: Iterable[str]) -> list[str]:
    return [value for value in values for _ in range(2)]


def _team_rows(season: Season) -> dict[str, Column]:
    boxes = season.boxes
    counts = {name: boxes.team(name).ravel() for name in boxes.columns}
    rows = _shared_columns(season) | _box_columns(counts)
    return rows | {"VIDEO_AVAILABLE": [0] * len(rows["MIN"])}


def _player_rows(season: Season) -> dict[str, Column]:
    boxes: Boxes = season.boxes
    played = np.flatnonzero(boxes.columns["MIN"].ravel() > 0)
    row = played // boxes.columns["MIN"].shape[2]
    who = boxes.rotations.players.ravel()[played]
    shared = {name: [values[index] for index in row] for name, values in _shared_columns(season).items()}
    counts = {name: values.ravel()[played] for name, values in boxes.columns.items()}
    fantasy = sum((weight * counts[name] for name, weight in _FANTASY.items()), np.zeros(len(played)))
    return {
        "SEASON_ID": shared.pop("SEASON_ID"),
        "PLAYER_ID": season.players.player_id[who].tolist(),
        "PLAYER_NAME": [season.players.name[index] for index in who],
        **shared,
        **_box_columns(counts),
        "FANTASY_PTS": np.round(fantasy, 1).tolist(),
        "VIDEO_AVAILABLE": [0] * len(played),
    }


def _box_columns(counts: dict[str, Ints]) -> dict[str, Column]:
    """The columns from MIN to PLUS_MINUS, with percentages (blank where nothing was attempted) and rebounds."""
    columns: dict[str, Column] = {name: values.tolist() for name, values in counts.items()}
    columns["REB"] = (counts["OREB"] + counts["DREB"]).tolist()
    for share, (made, tried) in _SHARES.items():
        values = np.round(counts[made] / np.maximum(counts[tried], 1), 3).tolist()
        columns[share] = [value if any_tried else "" for value, any_tried in zip(values, columns[tried], strict=True)]
    return {name: columns[name] for name in _BOX_COLUMNS}


def _timeline_rows(season: Season) -> dict[str, Column]:
    """Every change of the score: a basket in one row, each free throw in its own."""
    chances = season.chances
    basket = chances.points - chances.free_throws_made
    changes = (basket > 0) + chances.free_throws_made
    chance = np.repeat(np.arange(len(changes)), changes)
    first = np.concatenate([[True], chance[1:] != chance[:-1]])
    points = np.where(first & (basket[chance] > 0), basket[chance], 1)
    game, side = chances.game[chance], chances.side[chance]
    ids = _game_ids(season)
    return {
        "GAME_ID": [ids[index] for index in game],
        "PERIOD": chances.period[chance].tolist(),
        "SECONDS_LEFT_IN_PERIOD": chances.seconds_left[chance].tolist(),
        "HOME_SCORE": _running(points * (side == 0), game).tolist(),
        "AWAY_SCORE": _running(points * (side == 1), game).tolist(),
    }


def _running(points: Ints, game: Ints) -> Ints:
    """Sum of the points so far within each game."""
    total = np.cumsum(points)
    start = np.flatnonzero(np.concatenate([[True], game[1:] != game[:-1]]))
    before = np.repeat(total[start] - points[start], np.diff(np.append(start, len(game))))
    running: Ints = total - before
    return running


def _odds_rows(season: Season) -> dict[str, Column]:
    short = [team.abbreviation for team in TEAMS]
    lines = season.lines
    return {
        "GAME_ID": _game_ids(season),
        "GAME_DATE": season.fixtures.dates(),
        "HOME": [short[index] for index in season.fixtures.sides[:, 0]],
        "AWAY": [short[index] for index in season.fixtures.sides[:, 1]],
        "HOME_SPREAD": lines.spread.tolist(),
        "TOTAL": lines.total.tolist(),
        "ML_HOME": lines.moneyline[:, 0].tolist(),
        "ML_AWAY": lines.moneyline[:, 1].tolist(),
    }
