"""Endpoints of stats.nba.com as recorded, asked for with nba_api's own parameters and read by our parsers."""

from __future__ import annotations

import csv
import gzip
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.core.calendar import SeasonType
from engine.core.records import Game
from engine.sources.files import Batch, read
from engine.sources.files.batch import BOX_COLUMNS
from engine.sources.pacing import Patience

pytestmark = pytest.mark.end_to_end

APRIL = datetime(2025, 4, 14, 16, tzinfo=UTC)
DATA = Path(os.environ.get("NBABOT_DATA", "../shared/data"))


@pytest.fixture
def stats(tool: Any, make_feed: Any) -> Any:
    """The feed of stats.nba.com on the recordings alone."""
    with tool.ReplayNBA() as server, tool.pointed_at(server):
        yield make_feed(server).feeds[0]


def test_the_list_of_players_knows_who_is_on_which_team(stats: Any) -> None:
    parsed = stats.players(2025)
    active = [player for player in parsed.rows if player.active]
    assert parsed.read == len(parsed.rows) == 5111
    assert 450 < len(active) < 650
    assert len({player.team_id for player in active if player.team_id}) == 30
    assert all(player.name for player in parsed.rows)


def test_a_recorded_day_has_its_games_and_a_day_of_summer_has_none(stats: Any) -> None:
    assert len(stats.scoreboard(date(2025, 11, 5)).rows) == 11
    assert stats.scoreboard(date(2025, 7, 15)).rows == ()


def test_the_plays_of_a_recorded_game_are_one_timeline(stats: Any) -> None:
    delivery = stats.plays("0022200552")
    assert delivery.batches[0].rejected == {}
    assert len(delivery.batches[0].tables["scores"]["seq"]) > 90


@pytest.mark.real_data
def test_a_box_score_asked_for_as_that_of_a_cup_final_is_the_row_of_the_log(stats: Any) -> None:
    path = DATA / "team_game_logs" / "2022-23.csv.gz"
    if not path.is_file():
        pytest.skip(f"real seasons are absent: {path} (set NBABOT_DATA)")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        log = {int(row["TEAM_ID"]): row for row in csv.DictReader(file) if row["GAME_ID"].zfill(10) == "0022200552"}
    day = date.fromisoformat(next(iter(log.values()))["GAME_DATE"][:10])
    game = Game("0022200552", 2022, SeasonType.CUP_FINAL, day, *log)
    delivery = stats.boxes([game])
    columns = delivery.batches[0].tables["team_boxes"]
    for place, team_id in enumerate(columns["team_id"]):
        for column in BOX_COLUMNS:
            assert columns[column.lower()][place] == int(log[team_id][column]), column
    assert delivery.missing == ()


@pytest.mark.real_data
def test_a_season_over_the_wire_is_the_season_of_the_files_row_by_row(tool: Any, make_feed: Any) -> None:
    import pandas as pd

    paths = [DATA / folder / "2024-25.csv.gz" for folder in ("team_game_logs", "player_game_logs")]
    if not all(path.is_file() for path in paths):
        pytest.skip(f"real seasons are absent: {DATA} (set NBABOT_DATA)")
    with tool.ReplayNBA(today="2025-04-14") as server, tool.pointed_at(server):
        server.serve_team_games(pd.read_csv(paths[0], dtype={"GAME_ID": str}))
        server.serve_player_games(pd.read_csv(paths[1], dtype={"GAME_ID": str}))
        delivery = make_feed(server, patience=Patience(gaps={}, gap_s=0), now=APRIL).feeds[0].season_boxes(2024)
        assert len(server.requests) <= 9
    for batch, path in zip(delivery.batches, paths, strict=True):
        assert rows_of(batch) == rows_of(read(path))
        assert dict(batch.rejected) == {}


def rows_of(batch: Batch) -> dict[str, set[tuple[object, ...]]]:
    """The rows of each table of a batch, whatever their order."""
    return {name: set(batch.rows(name, tuple(columns))) for name, columns in batch.tables.items()}
