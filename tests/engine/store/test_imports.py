"""Importing files: what is stored, what is counted, what is refused, and what survives a crash."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.core.errors import SourceError
from engine.core.reports import UNREADABLE, FileReport
from engine.core.teams import BY_ABBREVIATION
from engine.store.database import Database
from engine.store.imports import import_paths
from engine.store.state import changed_from

BOS, NYK = BY_ABBREVIATION["BOS"].team_id, BY_ABBREVIATION["NYK"].team_id
NOT_STORED = "the game is not stored: import the team log of its season first"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "home" / "nbabot.db")
    yield database
    database.close()


def only(database: Database, *paths: Path) -> FileReport:
    """The report of the last of these files."""
    return import_paths(database, paths).files[-1]


def counts(report: FileReport) -> tuple[int, int, int, int]:
    return report.read, report.new, report.changed, report.unchanged


def stored(database: Database, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in database.rows(sql)]


def whole_league(logs: Any) -> Path:
    """Two games with players, timelines and odds, in files whose names sort against the order of import."""
    games = [logs.game(), logs.game(2, "LAL", "DEN", (99, 120), day="2024-10-23")]
    logs.write([row for game in games for row in game], "d.csv.gz")
    logs.write([row for game in games for row in logs.players(game)], "c.csv")
    logs.write([row for game in games for row in logs.timeline(game)], "b.parquet")
    logs.write([row for game in games for row in logs.odds(game)], "a.csv")
    return Path(logs.folder)


def test_folder_is_imported_in_the_order_in_which_kinds_refer_to_each_other(logs: Any, database: Database) -> None:
    report = import_paths(database, [whole_league(logs)])
    assert [(one.kind, one.season, *counts(one)) for one in report.files] == [
        ("team log", "2024-25", 4, 4, 0, 0),
        ("player log", "2024-25", 8, 8, 0, 0),
        ("score timeline", "2024-25", 8, 8, 0, 0),
        ("closing odds", "2024-25", 2, 2, 0, 0),
    ]
    assert not any(one.rejected or one.notes for one in report.files)
    assert stored(database, "SELECT * FROM games ORDER BY game_id LIMIT 1") == [
        ("0022400001", 2024, "regular", "2024-10-22", None, BOS, NYK, 0, "final", 111, 100, 0)
    ]
    assert stored(database, "SELECT sum(pts) FROM team_boxes") == stored(database, "SELECT sum(pts) FROM player_boxes")
    assert stored(database, "SELECT count(*) FROM players") == [(8,)]
    assert stored(database, "SELECT * FROM closing_lines LIMIT 1") == [("0022400001", -5.5, 221.0, -220, 180)]
    assert stored(database, "SELECT max(seq), max(home_score) FROM scores") == [(4, 111)]


def test_second_import_changes_nothing_and_says_so(logs: Any, database: Database) -> None:
    folder = whole_league(logs)
    import_paths(database, [folder])
    with database.write() as connection:
        connection.execute("DELETE FROM meta")
    before = database.connection.total_changes
    again = import_paths(database, [folder, folder])
    assert [counts(one)[1:] for one in again.files] == [(0, 0, 4), (0, 0, 8), (0, 0, 8), (0, 0, 2)]
    assert database.connection.total_changes == before
    assert stored(database, "SELECT * FROM meta") == []


def test_corrected_row_is_counted_as_changed_and_alone_is_rewritten(logs: Any, database: Database) -> None:
    games = logs.game() + logs.game(2, "LAL", "DEN", day="2024-10-23")
    import_paths(database, [logs.write(games)])
    with database.write() as connection:
        connection.execute("DELETE FROM meta")
    games[2]["AST"] += 1
    assert counts(only(database, logs.write(games))) == (4, 0, 1, 3)
    assert changed_from(database) == date(2024, 10, 23)


def test_facts_are_marked_as_changed_from_the_earliest_day(logs: Any, database: Database) -> None:
    late, early = logs.game(2, "LAL", "DEN", day="2024-11-05"), logs.game(day="2024-10-22")
    for game in (late, early, logs.game(3, "MIA", "CHI", day="2024-12-01")):
        import_paths(database, [logs.write(game)])
    assert changed_from(database) == date(2024, 10, 22)


def test_game_that_moves_marks_both_days_and_counts_both_rows(logs: Any, database: Database) -> None:
    import_paths(database, [logs.write(logs.game(day="2024-11-01"))])
    with database.write() as connection:
        connection.execute("DELETE FROM meta")
    assert counts(only(database, logs.write(logs.game(day="2024-11-09")))) == (2, 0, 2, 0)
    assert changed_from(database) == date(2024, 11, 1)


def test_a_corrected_home_side_turns_the_line_and_the_timeline_with_it(logs: Any, database: Database) -> None:
    neutral = logs.game(score=(100, 111))
    for row in neutral:
        row["MATCHUP"] = row["MATCHUP"].replace("vs.", "@")
    line = {**logs.odds(neutral)[0], "HOME_SPREAD": 5.5, "ML_HOME": 180, "ML_AWAY": -220}
    for rows in (neutral, logs.timeline(neutral), [line]):
        import_paths(database, [logs.write(rows)])
    home = logs.game(home="NYK", away="BOS", score=(111, 100))
    report = only(database, logs.write(home))
    assert "home and away were corrected in 1 stored game: odds and timelines turned too" in report.notes
    assert stored(database, "SELECT home_id, home_points FROM games") == [(NYK, 111)]
    assert stored(database, "SELECT spread, moneyline_home, moneyline_away FROM closing_lines") == [(-5.5, -220, 180)]
    assert stored(database, "SELECT home_score, away_score FROM scores ORDER BY seq DESC LIMIT 1") == [(111, 100)]


def test_scheduled_game_becomes_final_and_keeps_its_tip_off_and_neutral_home_side(
    logs: Any, database: Database
) -> None:
    with database.write() as connection:
        connection.execute(
            "INSERT INTO games (game_id, season, season_type, league_day, tip_utc, home_id, away_id, neutral, status) "
            "VALUES ('0022400001', 2024, 'regular', '2024-10-22', '2024-10-23T00:00:00+00:00', ?, ?, 1, 'scheduled')",
            (NYK, BOS),
        )
    report = only(database, logs.write(logs.game(MATCHUP="BOS @ NYK")))
    assert counts(report) == (2, 2, 0, 0)
    assert report.notes == ("1 neutral-site game (both rows read '@')",)
    sql = "SELECT tip_utc, home_id, away_id, neutral, status, home_points, away_points FROM games"
    assert stored(database, sql) == [("2024-10-23T00:00:00+00:00", NYK, BOS, 1, "final", 100, 111)]


def test_other_teams_in_a_corrected_game_leave_no_stray_box_score(logs: Any, database: Database) -> None:
    import_paths(database, [logs.write(logs.game())])
    import_paths(database, [logs.write(logs.game(home="LAL", away="DEN"))])
    teams = stored(database, "SELECT team_id FROM team_boxes ORDER BY team_id")
    assert teams == [(BY_ABBREVIATION["DEN"].team_id,), (BY_ABBREVIATION["LAL"].team_id,)]


def test_rows_of_unknown_games_say_what_to_import_first(logs: Any, database: Database) -> None:
    game = logs.game()
    for rows in (logs.players(game), logs.timeline(game), logs.odds(game)):
        report = only(database, logs.write(rows))
        assert report.rejected == {NOT_STORED: len(rows)}
        assert counts(report) == (len(rows), 0, 0, 0)


def test_player_of_a_third_team_and_odds_of_other_teams_are_rejected(logs: Any, database: Database) -> None:
    game = logs.game()
    import_paths(database, [logs.write(game)])
    players = logs.players(game)
    players[0]["TEAM_ID"] = BY_ABBREVIATION["LAL"].team_id
    assert only(database, logs.write(players)).rejected == {"TEAM_ID did not play in the game": 1}
    for sides in ({"HOME": "LAL"}, {"HOME": "NYK", "AWAY": "BOS"}):
        report = only(database, logs.write(logs.odds(game, **sides)))
        assert report.rejected == {"HOME and AWAY are not the teams of the game": 1}


def test_players_who_do_not_add_up_to_their_team_are_kept_and_noted(logs: Any, database: Database) -> None:
    game = logs.game()
    import_paths(database, [logs.write(game)])
    report = only(database, logs.write(logs.players(game)[1:]))
    assert report.new == 3
    assert report.notes == ("the players do not add up to the team in 1 team row (kept)",)


def test_name_of_the_newest_game_stands_whatever_the_order_of_files(logs: Any, database: Database) -> None:
    old, new = logs.game(day="2024-10-22"), logs.game(2, day="2024-11-22")
    import_paths(database, [logs.write(old + new)])
    renamed = [row | {"PLAYER_NAME": "New Name"} for row in logs.players(new)]
    for rows in (renamed, logs.players(old), renamed):
        import_paths(database, [logs.write(rows)])
        assert stored(database, "SELECT DISTINCT name FROM players") == [("New Name",)]


def test_neutral_game_may_list_its_sides_the_other_way_round(logs: Any, database: Database) -> None:
    game = logs.game(home="NYK", away="BOS", score=(111, 100), MATCHUP="BOS @ NYK")
    paths = [logs.write(rows, f"{n}.csv") for n, rows in enumerate((game, logs.timeline(game), logs.odds(game)))]
    reports = import_paths(database, paths).files
    assert stored(database, "SELECT home_id, home_points FROM games") == [(BOS, 100)]
    assert stored(database, "SELECT home_score, away_score FROM scores WHERE seq = 4") == [(100, 111)]
    assert stored(database, "SELECT * FROM closing_lines") == [("0022400001", 5.5, 221.0, 180, -220)]
    assert reports[1].notes == ("the two sides were listed the other way round in 1 game (turned)",)
    assert [counts(one)[3] for one in import_paths(database, paths).files] == [2, 4, 1]


def test_timeline_is_replaced_whole_and_noise_is_kept_with_a_note(logs: Any, database: Database) -> None:
    game = logs.game()
    rows = logs.timeline(game)
    import_paths(database, [logs.write(game), logs.write(rows, "scores.csv")])
    report = only(database, logs.write([*rows[:2], rows[3] | {"HOME_SCORE": 110}], "scores.csv"))
    assert counts(report) == (3, 0, 1, 2)
    assert report.notes == (
        "the last score is not the box score in 1 game (kept)",
        "1 stored row no longer in the file, removed",
    )
    assert stored(database, "SELECT seq, home_score FROM scores") == [(1, 2), (2, 50), (3, 110)]


def test_rows_rejected_by_the_file_and_by_the_store_are_added_up(logs: Any, database: Database) -> None:
    game, other = logs.game(), logs.game(2)
    import_paths(database, [logs.write(game)])
    bad = logs.players(game)[:1]
    bad[0]["PTS"] += 1
    report = only(database, logs.write(bad + logs.players(game)[1:] + logs.players(other)))
    assert report.rejected == {"PTS is not the sum of the shots made": 1, NOT_STORED: 4}
    assert report.read == report.new + sum(report.rejected.values()) == 8


def test_bad_file_is_reported_and_the_others_are_imported(logs: Any, database: Database) -> None:
    good = logs.write(logs.game(), "good.csv")
    bad = logs.folder / "bad.csv.gz"
    bad.write_bytes(b"\x1f\x8b broken")
    report = import_paths(database, [logs.folder / "missing.csv", logs.folder])
    assert [(one.kind, one.path) for one in report.files] == [
        (UNREADABLE, str(logs.folder / "missing.csv")),
        (UNREADABLE, str(bad)),
        ("team log", str(good)),
    ]
    assert "damaged or cut off" in report.files[1].notes[0]
    assert stored(database, "SELECT count(*) FROM games") == [(1,)]


def test_only_file_that_cannot_be_read_is_an_error(logs: Any, database: Database) -> None:
    with pytest.raises(SourceError, match="does not exist"):
        import_paths(database, [logs.folder / "missing.csv"])
    path = logs.write(logs.game())
    path.write_bytes(path.read_bytes() + b"\xff\xfe")
    with pytest.raises(SourceError, match="not UTF-8"):
        import_paths(database, [path])
    assert stored(database, "SELECT count(*) FROM games") == [(0,)]


def test_simulated_and_real_data_are_never_mixed(logs: Any, tmp_path: Path) -> None:
    real = logs.write(logs.game(2), "real.csv")
    simulated = logs.write(logs.game(SIMULATED=1), "simulated.csv")
    first, second = Database(tmp_path / "1.db"), Database(tmp_path / "2.db")
    with pytest.raises(SourceError, match="is simulated and .* is real: import them apart"):
        import_paths(first, [simulated, real])
    assert stored(first, "SELECT count(*) FROM games") == [(0,)]
    import_paths(first, [simulated])
    assert stored(first, "SELECT value FROM meta WHERE key = 'simulated'") == [("1",)]
    with pytest.raises(SourceError, match="are real and this database holds simulated games"):
        import_paths(first, [real])
    import_paths(second, [real])
    with pytest.raises(SourceError, match="are simulated and this database holds real games"):
        import_paths(second, [simulated])
    assert stored(second, "SELECT count(*) FROM games") == [(1,)]
    assert stored(second, "SELECT count(*) FROM meta WHERE key = 'simulated'") == [(0,)]
    first.close()
    second.close()


def test_progress_names_each_kind_and_ends_full(logs: Any, database: Database) -> None:
    seen: list[tuple[str, int, int]] = []
    import_paths(database, [whole_league(logs)], lambda stage, done, total: seen.append((stage, done, total)))
    stages = ("team logs", "player logs", "score timelines", "closing odds")
    assert seen == [(stage, done, 1) for stage in stages for done in (0, 1)]


def test_files_of_other_types_are_counted(logs: Any, database: Database) -> None:
    logs.write(logs.game())
    (logs.folder / "notes.json").write_text("{}")
    assert import_paths(database, [logs.folder]).ignored == 1


KILLED_IN_MID_WRITE = """
import os, signal, sys
from datetime import date
from pathlib import Path
from engine.store import facts
from engine.store.database import Database
from engine.store.imports import import_paths

facts.upserts.trim_scores = lambda connection, lengths: os.kill(os.getpid(), signal.SIGKILL)
import_paths(Database(Path(sys.argv[1])), [Path(sys.argv[2])])
"""


def test_process_killed_while_it_writes_a_file_leaves_nothing_of_that_file(logs: Any, database: Database) -> None:
    folder = whole_league(logs)
    command = [sys.executable, "-c", KILLED_IN_MID_WRITE, str(database.path), str(folder)]
    assert subprocess.run(command, check=False).returncode == -9
    assert stored(database, "SELECT count(*) FROM player_boxes") == [(8,)]
    assert stored(database, "SELECT count(*) FROM scores") == [(0,)]
    assert [counts(one)[1:] for one in import_paths(database, [folder]).files] == [
        (0, 0, 4),
        (0, 0, 8),
        (8, 0, 0),
        (2, 0, 0),
    ]


@pytest.mark.real_data
def test_every_row_of_the_real_seasons_is_accounted_for(tmp_path: Path) -> None:
    data = Path(os.environ.get("NBABOT_DATA", "../shared/data"))
    if not (data / "team_game_logs").is_dir():
        pytest.skip(f"real seasons are absent: {data} has no team_game_logs (set NBABOT_DATA)")
    database = Database(tmp_path / "nbabot.db")
    report = import_paths(database, [data])
    read: dict[str, int] = {}
    rejected: dict[str, int] = {}
    for one in report.files:
        assert one.read == one.new + sum(one.rejected.values()), one.path
        read[one.kind] = read.get(one.kind, 0) + one.read
        for reason, rows in one.rejected.items():
            rejected[reason] = rejected.get(reason, 0) + rows
    assert read == {"team log": 43_832, "player log": 254_513, "score timeline": 2_183_061, "closing odds": 19_259}
    assert rejected == {"the game was never played": 2}
    neutral = stored(database, "SELECT game_id FROM games WHERE neutral = 1 ORDER BY game_id")
    assert [row[0][-5:] for row in neutral] == ["00147", "00621", "00633", "01229", "01230"]
    assert stored(database, "SELECT count(*) FROM games") == [(21_915,)]
    assert stored(database, "SELECT count(*) FROM scores") == [(2_183_061,)]
    database.close()
