"""Checks of team logs and player logs, one by one: what is rejected, and in which words."""

from __future__ import annotations

from typing import Any

import pytest

from engine.core.teams import BY_ABBREVIATION
from engine.sources.files import Batch, read

MISSING = "the row of the other team is missing"


def _balance(batch: Batch, table: str) -> None:
    kept = len(batch.tables[table]["game_id"])
    assert kept + batch.repeated + batch.replaced + sum(batch.rejected.values()) == batch.read


def test_a_game_is_one_game_and_two_boxes(logs: Any) -> None:
    batch = read(logs.write(logs.game(score=(100, 111), MIN=290)[::-1]))
    assert batch.tables["games"] == {
        "game_id": ["0022400001"],
        "season": [2024],
        "season_type": ["regular"],
        "league_day": ["2024-10-22"],
        "home_id": [BY_ABBREVIATION["BOS"].team_id],
        "away_id": [BY_ABBREVIATION["NYK"].team_id],
        "neutral": [0],
        "home_points": [100],
        "away_points": [111],
        "overtimes": [2],
    }
    assert batch.tables["team_boxes"]["pts"] == [111, 100]
    assert batch.tables["team_boxes"]["minutes"] == [290, 290]


def test_two_away_rows_are_a_neutral_game_with_the_lower_id_first(logs: Any) -> None:
    game = logs.game(home="NYK", away="BOS", score=(99, 90))
    game[0]["MATCHUP"] = "NYK @ BOS"
    batch = read(logs.write(game))
    assert batch.tables["games"]["neutral"] == [1]
    assert batch.tables["games"]["home_id"] == [BY_ABBREVIATION["BOS"].team_id]
    assert batch.tables["games"]["home_points"] == [90]
    assert batch.notes == ("1 neutral-site game (both rows read '@')",)


@pytest.mark.parametrize(
    ("game_id", "kind"),
    [("0022400001", "regular"), ("0042400101", "playoffs"), ("0052400101", "play-in"), ("0062400001", "cup-final")],
)
def test_counted_types_come_from_the_game_id(logs: Any, game_id: str, kind: str) -> None:
    assert read(logs.write(logs.game(game_id=game_id))).tables["games"]["season_type"] == [kind]


@pytest.mark.parametrize(("game_id", "season"), [("0029600001", 1996), ("0020000001", 2000), ("0024600001", 1946)])
def test_season_comes_from_the_game_id(logs: Any, game_id: str, season: int) -> None:
    rows = logs.game(game_id=game_id, day=f"{season}-11-05", SEASON_ID=f"2{season}")
    assert read(logs.write(rows)).seasons == (season,)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"GAME_ID": "abc"}, "GAME_ID is not a game id"),
        ({"GAME_ID": "0012400001"}, "pre-season game: not counted"),
        ({"GAME_ID": "0032400001"}, "all-star game: not counted"),
        ({"GAME_ID": "1022400001"}, "GAME_ID names an unknown kind of game"),
        ({"SEASON_ID": "22023"}, "SEASON_ID is not the season of the GAME_ID"),
        ({"SEASON_ID": "spring"}, "SEASON_ID is not a season"),
        ({"SEASON_ID": "2²²²²"}, "SEASON_ID is not a season"),
        ({"GAME_DATE": "soon"}, "GAME_DATE is not a date"),
        ({"GAME_DATE": "2023-10-22"}, "GAME_DATE lies outside the season of the GAME_ID"),
        ({"MATCHUP": "BOS NYK"}, "MATCHUP says neither 'vs.' nor '@'"),
        ({"MATCHUP": "BOS vs. NYK"}, "both rows of the game say 'vs.'"),
        ({"WL": None}, "the game has no result yet (WL is neither W nor L)"),
        ({"WL": "W"}, "WL does not fit the two scores"),
        ({"MIN": 48}, ""),
        ({"MIN": 100}, "MIN is less than a whole game"),
        ({"MIN": None}, "MIN is missing or not a number"),
        ({"PTS": "many"}, "PTS is missing or not a number"),
        ({"FGA": 251}, "FGA is out of range (0 to 250)"),
        ({"AST": -1}, "AST is out of range (0 to 100)"),
        ({"TOV": 12.5}, "TOV is not a whole number"),
        ({"FGM": 99}, "FGM is more than FGA"),
        ({"FTA": 5}, "FTM is more than FTA"),
        ({"FG3M": 11}, "PTS is not the sum of the shots made"),
        ({"REB": 44}, "REB is not OREB + DREB"),
        ({"PLUS_MINUS": 12}, "PLUS_MINUS does not fit the two scores"),
        ({"TEAM_ID": 12321}, "TEAM_ID is not one of the 30 teams"),
    ],
)
def test_team_rows_are_rejected_for_the_stated_reason(logs: Any, change: dict[str, Any], reason: str) -> None:
    batch = read(logs.write(logs.game(**change) + logs.game(2, "LAL", "DEN")))
    assert dict(batch.rejected) == ({reason: 2} if reason else {})
    assert "0022400002" in batch.tables["games"]["game_id"]
    _balance(batch, "team_boxes")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"GAME_DATE": "2024-10-23"}, "the two rows of the game name different days"),
        ({"MIN": 265}, "the two rows differ in overtimes (MIN)"),
    ],
)
def test_rows_that_contradict_each_other_are_both_rejected(logs: Any, change: dict[str, Any], reason: str) -> None:
    game = logs.game()
    game[1] |= change
    assert dict(read(logs.write(game)).rejected) == {reason: 2}


def test_a_tie_is_no_result(logs: Any) -> None:
    assert dict(read(logs.write(logs.game(score=(100, 100), WL="W"))).rejected) == {"the game ends in a tie": 2}


def test_half_a_game_is_rejected_whether_missing_or_bad(logs: Any) -> None:
    game = logs.game(2, "LAL", "DEN")
    game[0]["TEAM_ID"] = 1
    batch = read(logs.write(logs.game()[:1] + game))
    assert dict(batch.rejected) == {"TEAM_ID is not one of the 30 teams": 1, MISSING: 2}
    assert batch.tables["games"]["game_id"] == []


def test_three_teams_are_not_a_game(logs: Any) -> None:
    rows = logs.game() + logs.game(home="LAL", away="DEN")[:1]
    assert dict(read(logs.write(rows)).rejected) == {"the game has more than two teams": 3}


def test_cancelled_game_is_rejected_as_never_played(logs: Any) -> None:
    zeros = {name: 0 for name, value in logs.game()[0].items() if isinstance(value, int) and name != "TEAM_ID"}
    batch = read(logs.write(logs.game(**zeros, WL=None)))
    assert dict(batch.rejected) == {"the game was never played": 2}


def test_minutes_of_241_are_no_overtime(logs: Any) -> None:
    batch = read(logs.write(logs.game(MIN=241)))
    assert batch.tables["games"]["overtimes"] == [0]
    assert batch.tables["team_boxes"]["minutes"] == [240, 240]


def test_missing_plus_minus_is_no_contradiction(logs: Any) -> None:
    rows = logs.game()
    for row in rows:
        del row["PLUS_MINUS"]
    assert dict(read(logs.write(rows)).rejected) == {}


def test_season_that_stands_twice_in_a_file_counts_once(logs: Any) -> None:
    rows = logs.game() + logs.game(2, "LAL", "DEN")
    batch = read(logs.write(rows + rows))
    assert (batch.repeated, batch.replaced, dict(batch.rejected)) == (4, 0, {})
    assert len(batch.tables["games"]["game_id"]) == 2
    _balance(batch, "team_boxes")


def test_later_row_with_other_figures_stands(logs: Any) -> None:
    batch = read(logs.write(logs.game() + logs.game(AST=30)))
    assert batch.replaced == 2
    assert batch.tables["team_boxes"]["ast"] == [30, 30]
    assert batch.notes == ("2 rows came again with other figures: the last one stands",)


def test_player_rows_keep_names_and_minutes(logs: Any) -> None:
    boxes = read(logs.write(logs.players(logs.game()))).tables["player_boxes"]
    assert boxes["name"] == ["BOS Player 1", "BOS Player 2", "NYK Player 1", "NYK Player 2"]
    assert boxes["minutes"] == [30.5] * 4


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"PLAYER_ID": 0}, "PLAYER_ID is out of range (1 to 9.0072e+15)"),
        ({"PLAYER_NAME": None}, "PLAYER_NAME is missing"),
        ({"MIN": 101}, "MIN is out of range (0 to 100)"),
        ({"PLUS_MINUS": None}, "PLUS_MINUS is missing or not a number"),
        ({"PF": 11}, "PF is out of range (0 to 10)"),
        ({"PTS": 60}, "PTS is not the sum of the shots made"),
        ({"GAME_ID": "0032400001"}, "all-star game: not counted"),
    ],
)
def test_player_rows_are_rejected_for_the_stated_reason(logs: Any, change: dict[str, Any], reason: str) -> None:
    rows = logs.players(logs.game())
    rows[0] |= change
    batch = read(logs.write(rows))
    assert dict(batch.rejected) == {reason: 1}
    _balance(batch, "player_boxes")


def test_header_in_the_middle_of_joined_files_costs_one_row(logs: Any) -> None:
    path = logs.write(logs.game())
    second = logs.write(logs.game(2, "LAL", "DEN"), "second.csv")
    path.write_text(path.read_text() + second.read_text())
    batch = read(path)
    assert dict(batch.rejected) == {"GAME_ID is not a game id": 1}
    assert batch.tables["games"]["game_id"] == ["0022400001", "0022400002"]
