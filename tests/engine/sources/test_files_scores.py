"""Checks of score timelines and closing odds."""

from __future__ import annotations

from typing import Any

import pytest

from engine.core.teams import BY_ABBREVIATION
from engine.sources.files import read


def test_rows_are_numbered_within_each_game(logs: Any) -> None:
    rows = logs.timeline(logs.game()) + logs.timeline(logs.game(2))
    scores = read(logs.write(rows)).tables["scores"]
    assert scores["seq"] == [1, 2, 3, 4] * 2
    assert scores["game_id"] == ["0022400001"] * 4 + ["0022400002"] * 4


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"PERIOD": 0}, "PERIOD is out of range (1 to 20)"),
        ({"SECONDS_LEFT_IN_PERIOD": 721}, "SECONDS_LEFT_IN_PERIOD is out of range (0 to 720)"),
        ({"SECONDS_LEFT_IN_PERIOD": 1.5}, "SECONDS_LEFT_IN_PERIOD is not a whole number"),
        ({"PERIOD": 5, "SECONDS_LEFT_IN_PERIOD": 301}, "SECONDS_LEFT_IN_PERIOD is out of range in overtime (0 to 300)"),
        ({"HOME_SCORE": -1}, "HOME_SCORE is out of range (0 to 300)"),
        ({"AWAY_SCORE": None}, "AWAY_SCORE is missing or not a number"),
        ({"GAME_ID": "x"}, "GAME_ID is not a game id"),
    ],
)
def test_timeline_rows_are_rejected_for_the_stated_reason(logs: Any, change: dict[str, Any], reason: str) -> None:
    rows = logs.timeline(logs.game())
    rows[1] |= change
    batch = read(logs.write(rows))
    assert dict(batch.rejected) == {reason: 1}
    assert batch.tables["scores"]["seq"] == [1, 2, 3]


def test_score_that_drops_for_a_moment_is_kept_and_noted(logs: Any) -> None:
    rows = logs.timeline(logs.game())
    rows[1]["HOME_SCORE"] = 1
    batch = read(logs.write(rows))
    assert batch.tables["scores"]["home_score"] == [2, 1, 111, 111]
    assert batch.notes == ("a score drops for a moment in 1 game (a corrected basket; kept)",)


def test_game_that_stands_twice_is_read_once_and_the_later_copy_stands(logs: Any) -> None:
    rows = logs.timeline(logs.game())
    same = read(logs.write(rows + rows))
    assert (same.repeated, same.replaced, same.tables["scores"]["seq"]) == (4, 0, [1, 2, 3, 4])
    corrected = [row | {"HOME_SCORE": row["HOME_SCORE"] + 1} for row in rows]
    other = read(logs.write(rows + logs.timeline(logs.game(2)) + corrected))
    assert (other.repeated, other.replaced) == (0, 4)
    assert other.tables["scores"]["home_score"][-1] == rows[-1]["HOME_SCORE"] + 1
    assert other.tables["scores"]["seq"] == [1, 2, 3, 4] * 2


def test_rows_out_of_the_order_of_the_clock_are_rejected(logs: Any) -> None:
    rows = logs.timeline(logs.game())
    batch = read(logs.write(rows[::-1]))
    assert dict(batch.rejected) == {"the rows of the game are not in the order of its clock": 4}
    assert batch.tables["scores"]["seq"] == []


def test_odds_go_by_team_aliases_and_blanks_stay_blank(logs: Any) -> None:
    game = logs.game(home="BKN", away="OKC", game_id="0020700001", day="2007-10-30")
    lines = read(logs.write(logs.odds(game, HOME="NJN", AWAY="SEA", HOME_SPREAD=None))).tables["closing_lines"]
    assert lines == {
        "game_id": ["0020700001"],
        "home_id": [BY_ABBREVIATION["BKN"].team_id],
        "away_id": [BY_ABBREVIATION["OKC"].team_id],
        "spread": [None],
        "total": [221.0],
        "moneyline_home": [-220],
        "moneyline_away": [180],
    }


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"HOME": "LA"}, "HOME is not a team"),
        ({"AWAY": None}, "AWAY is not a team"),
        ({"HOME_SPREAD": 81}, "HOME_SPREAD is out of range (-80 to 80)"),
        ({"HOME_SPREAD": "PK"}, "HOME_SPREAD is missing or not a number"),
        ({"TOTAL": 22}, "TOTAL is out of range (100 to 400)"),
        ({"ML_HOME": 99}, "ML_HOME is not an American moneyline (-100 and below, or 100 and above)"),
        ({"ML_AWAY": 150.5}, "ML_AWAY is not a whole number"),
        ({"HOME_SPREAD": None, "TOTAL": None, "ML_HOME": None, "ML_AWAY": None}, "the row holds no odds"),
    ],
)
def test_odds_rows_are_rejected_for_the_stated_reason(logs: Any, change: dict[str, Any], reason: str) -> None:
    batch = read(logs.write(logs.odds(logs.game(), **change) + logs.odds(logs.game(2))))
    assert dict(batch.rejected) == {reason: 1}
    assert batch.tables["closing_lines"]["game_id"] == ["0022400002"]


def test_later_line_of_a_game_stands(logs: Any) -> None:
    batch = read(logs.write(logs.odds(logs.game()) + logs.odds(logs.game(), TOTAL=230.0)))
    assert (batch.replaced, batch.tables["closing_lines"]["total"]) == (1, [230.0])
