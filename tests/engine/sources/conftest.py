"""Small made-up files in the stats.nba.com column format, for the tests of reading and importing files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from engine.core.teams import BY_ABBREVIATION

Rows = list[dict[str, Any]]
_HALVED = ("FGM", "FGA", "FG3M", "FG3A", "FTM", "FTA", "OREB", "DREB", "AST", "STL", "BLK", "TOV", "PF")


class Logs:
    """Makes rows of made-up games and writes them to files of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def game(
        self,
        number: int = 1,
        home: str = "BOS",
        away: str = "NYK",
        score: tuple[int, int] = (111, 100),
        day: str = "2024-10-22",
        game_id: str | None = None,
        **changes: Any,
    ) -> Rows:
        """Both team rows of a game, the home side first; `changes` are put into both rows."""
        identity = game_id or f"00224{number:05d}"
        texts = (f"{home} vs. {away}", f"{away} @ {home}")
        rows = []
        for side, other in ((0, 1), (1, 0)):
            team = BY_ABBREVIATION[(home, away)[side]]
            row = {
                "SEASON_ID": f"2{2000 + int(identity[3:5])}",
                "TEAM_ID": team.team_id,
                "TEAM_ABBREVIATION": team.abbreviation,
                "GAME_ID": identity,
                "GAME_DATE": day,
                "MATCHUP": texts[side],
                "WL": "W" if score[side] > score[other] else "L",
                "MIN": 240,
                **_box(score[side]),
                "PLUS_MINUS": score[side] - score[other],
            }
            rows.append(row | changes)
        return rows

    def players(self, game: Rows) -> Rows:
        """Two players for each team row; they add up to it. Ids are the team's last two digits times ten plus 1, 2."""
        rows = []
        for team in game:
            first = {name: team[name] // 2 for name in _HALVED}
            for place, part in enumerate((first, {name: team[name] - first[name] for name in _HALVED}), start=1):
                rows.append(
                    team
                    | part
                    | {
                        "PLAYER_ID": (team["TEAM_ID"] % 100) * 10 + place,
                        "PLAYER_NAME": f"{team['TEAM_ABBREVIATION']} Player {place}",
                        "MIN": 30.5,
                        "PTS": 2 * part["FGM"] + part["FG3M"] + part["FTM"],
                        "REB": part["OREB"] + part["DREB"],
                        "PLUS_MINUS": team["PLUS_MINUS"],
                    }
                )
        return rows

    def timeline(self, game: Rows) -> Rows:
        """Four changes of score that end at the box score."""
        home, away = game[0]["PTS"], game[1]["PTS"]
        steps = ((1, 700, 2, 0), (2, 300, 50, 48), (4, 60, home, away - 2), (4, 0, home, away))
        names = ("PERIOD", "SECONDS_LEFT_IN_PERIOD", "HOME_SCORE", "AWAY_SCORE")
        return [{"GAME_ID": game[0]["GAME_ID"], **dict(zip(names, step, strict=True))} for step in steps]

    def odds(self, game: Rows, **changes: Any) -> Rows:
        """One row of closing odds: the home side favoured by 5.5."""
        line = {"HOME_SPREAD": -5.5, "TOTAL": 221.0, "ML_HOME": -220, "ML_AWAY": 180}
        sides = {"HOME": game[0]["TEAM_ABBREVIATION"], "AWAY": game[1]["TEAM_ABBREVIATION"]}
        return [{"GAME_ID": game[0]["GAME_ID"], "GAME_DATE": game[0]["GAME_DATE"], **sides, **line, **changes}]

    def write(self, rows: Rows, name: str = "log.csv") -> Path:
        """A file with these rows; csv, csv.gz or parquet by its name."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        frame = pd.DataFrame(rows)
        if name.endswith(".parquet"):
            frame.to_parquet(path)
        else:
            frame.to_csv(path, index=False)
        return path


def _box(points: int) -> dict[str, int]:
    free = 10 + points % 2
    box = {"FGM": (points - 10 - free) // 2, "FGA": 92, "FG3M": 10, "FG3A": 33, "FTM": free, "FTA": 18}
    rest = {"OREB": 11, "DREB": 34, "REB": 45, "AST": 26, "STL": 8, "BLK": 5, "TOV": 13, "PF": 19, "PTS": points}
    return box | rest


@pytest.fixture
def logs(tmp_path: Path) -> Logs:
    """A maker of log files in a folder of their own."""
    return Logs(tmp_path / "logs")
