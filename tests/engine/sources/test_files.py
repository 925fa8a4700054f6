"""Finding, recognising and opening files."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from engine.core.errors import SourceError
from engine.sources.files import Kind, discover, inspect, read


def test_folder_yields_tables_of_every_depth_in_order_and_counts_the_rest(logs: Any) -> None:
    game = logs.game()
    paths = [logs.write(game, name) for name in ("a/1.csv", "a/b/2.csv.gz", "c.parquet")]
    (logs.folder / "sample.json").write_text("{}")
    (logs.folder / "report.pdf").write_bytes(b"%PDF")
    found = discover(logs.folder)
    assert found.files == tuple(paths)
    assert found.ignored == 2


def test_kind_comes_from_the_columns_and_not_from_the_name(logs: Any) -> None:
    game = logs.game()
    misnamed = {
        Kind.TEAM_LOG: logs.write(game, "closing_odds.csv"),
        Kind.PLAYER_LOG: logs.write(logs.players(game), "team_log.csv"),
        Kind.TIMELINE: logs.write(logs.timeline(game), "players.csv"),
        Kind.ODDS: logs.write(logs.odds(game), "scores.csv"),
    }
    assert {kind: inspect(path).kind for kind, path in misnamed.items()} == {kind: kind for kind in Kind}


@pytest.mark.parametrize("name", ["log.csv", "log.csv.gz", "log.parquet", "LOG.CSV"])
def test_every_format_gives_the_same_rows(logs: Any, name: str) -> None:
    batch = read(logs.write(logs.game(), name))
    assert batch.tables["games"]["game_id"] == ["0022400001"]
    assert batch.tables["team_boxes"]["pts"] == [111, 100]
    assert batch.seasons == (2024,)


def test_parquet_with_dates_and_numeric_game_ids_is_read(logs: Any) -> None:
    path = logs.folder / "log.parquet"
    logs.folder.mkdir()
    frame = pd.DataFrame(logs.game())
    frame["GAME_ID"] = frame["GAME_ID"].astype(int)
    frame["GAME_DATE"] = pd.to_datetime(frame["GAME_DATE"])
    frame.to_parquet(path)
    games = read(path).tables["games"]
    assert (games["game_id"], games["league_day"]) == (["0022400001"], ["2024-10-22"])


def test_playergamelogs_and_mixed_case_columns_are_recognised(logs: Any) -> None:
    rows = [
        {"SEASON_YEAR": "2024-25", "Game_ID": row.pop("GAME_ID"), **row, "NBA_FANTASY_PTS": 1.5, "DD2": 0}
        for row in logs.players(logs.game())
    ]
    for row in rows:
        del row["SEASON_ID"]
    batch = read(logs.write(rows))
    assert (batch.kind, batch.read, dict(batch.rejected)) == (Kind.PLAYER_LOG, 4, {})


def test_teamgamelogs_with_game_minutes_and_timestamps_is_read(logs: Any) -> None:
    rows = [{"SEASON_YEAR": "2024-25", **row} for row in logs.game(MIN=53.0, GAME_DATE="2024-10-22T00:00:00")]
    for row in rows:
        del row["SEASON_ID"]
    batch = read(logs.write(rows))
    assert batch.tables["games"]["overtimes"] == [1]
    assert batch.tables["team_boxes"]["minutes"] == [265, 265]


def test_simulated_column_is_seen_and_a_half_simulated_file_refused(logs: Any) -> None:
    assert not inspect(logs.write(logs.game())).simulated
    assert inspect(logs.write(logs.game(SIMULATED=1))).simulated
    assert not inspect(logs.write(logs.game(SIMULATED=0))).simulated
    with pytest.raises(SourceError, match="mixes simulated and real rows"):
        inspect(logs.write(logs.game(SIMULATED=1) + logs.game(2)))


@pytest.mark.parametrize("junk", ["inf", "1e308", pytest.param("9" * 400, id="400 digits"), "1e16", "x"])
def test_absurd_figures_reject_the_rows_and_break_nothing(logs: Any, junk: str) -> None:
    game = logs.game()
    for rows in (game, logs.players(game), logs.timeline(game), logs.odds(game)):
        for name in (name for name, value in rows[0].items() if isinstance(value, (int, float))):
            batch = read(logs.write([{**row, name: junk} for row in rows]))
            assert sum(batch.rejected.values()) == batch.read, name


def test_lost_column_is_named_with_the_four_kinds(logs: Any) -> None:
    frame = pd.DataFrame(logs.players(logs.game())).drop(columns=["PLAYER_NAME", "PTS"])
    path = logs.write(frame.to_dict("records"))
    with pytest.raises(SourceError) as error:
        inspect(path)
    for word in (str(path), "player log", "PTS", "PLAYER_NAME", "team log", "score timeline", "closing odds"):
        assert word in str(error.value)


def _truncated(path: Path) -> None:
    whole = gzip.compress("\n".join(["GAME_ID,PERIOD", *(f"00224{n:05d},{n % 4}" for n in range(9000))]).encode())
    path.write_bytes(whole[: len(whole) // 2])


@pytest.mark.parametrize(
    ("name", "spoil", "sentence"),
    [
        ("a.csv", lambda path: None, "does not exist: check the path"),
        ("a.xlsx", lambda path: path.write_bytes(b"PK"), "is not a .csv, .csv.gz or .parquet file"),
        ("a.csv", lambda path: path.write_bytes(b""), "is empty: download it again"),
        ("a.csv", lambda path: path.write_text("a;b\n1;2\n"), "is in no known format"),
        ("a.csv", lambda path: path.write_bytes(b"GAME_ID,NAME\n1,Jos\xe9\n" * 9), "is not UTF-8 text"),
        ("a.csv", lambda path: path.write_text('GAME_ID\n"' + "x" * 99), "is not a sound table"),
        ("a.csv.gz", _truncated, "is damaged or cut off"),
        ("a.csv.gz", lambda path: path.write_text("GAME_ID"), "is damaged or cut off"),
        ("a.parquet", lambda path: path.write_text("GAME_ID"), "is not a sound table"),
        ("folder", lambda path: path.mkdir(), "holds no .csv, .csv.gz or .parquet file"),
    ],
)
def test_bad_file_is_one_sentence_that_names_it(
    tmp_path: Path, name: str, spoil: Callable[[Path], object], sentence: str
) -> None:
    path = tmp_path / name
    spoil(path)
    with pytest.raises(SourceError) as error:
        read(discover(path).files[0])
    assert str(path) in str(error.value)
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


def test_truncated_parquet_is_a_sentence(logs: Any) -> None:
    path = logs.write(logs.game(), "log.parquet")
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(SourceError, match=r"log\.parquet"):
        read(path)


def test_header_without_rows_is_not_taken_for_an_empty_season(logs: Any) -> None:
    path = logs.write(logs.game())
    path.write_text(path.read_text().splitlines()[0] + "\n")
    with pytest.raises(SourceError, match="has a header but no rows"):
        read(path)


def test_same_column_twice_is_refused(logs: Any) -> None:
    path = logs.write([{**row, "game_id": 1} for row in logs.game()])
    with pytest.raises(SourceError, match="same column twice"):
        read(path)
