"""Kept payloads read again: the rows that they hold, without a trace of what was corrected in between."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.core.progress import silent
from engine.core.source_access import SourceAccess
from engine.sources.feed import STATS
from engine.store import corrections
from engine.sync.replay import replay_raw
from engine.sync.sources import archive_of

ACCESS = SourceAccess()
FIRST = datetime(2024, 10, 23, 12, tzinfo=UTC)
EVER = datetime(2100, 1, 1, tzinfo=UTC)


def keep(league: Any, kind: str, key: str, rows: list[dict[str, Any]], moment: datetime) -> None:
    headers = list(rows[0])
    table = {"name": "LeagueGameLog", "headers": headers, "rowSet": [[row[name] for name in headers] for row in rows]}
    body = json.dumps({"resultSets": [table]}).encode()
    archive_of(league.database, ACCESS).keep(STATS, kind, key, body, moment)


def corrected(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row | {"AST": row["AST"] + 1} for row in rows]


def test_kept_payloads_give_the_rows_again_and_the_newest_word_stands(league: Any, logs: Any) -> None:
    game = logs.game()
    keep(league, "team_log", "2024-25_regular", game, FIRST)
    keep(league, "team_log", "2024-25_regular", corrected(game), FIRST + timedelta(hours=5))
    (report,) = replay_raw(league.database, ACCESS, silent)
    assert (report.state, report.new, report.changed) == ("done", 2, 2)
    assert report.notes[-1] == "2 payloads read"
    assert {row["ast"] for row in league.database.rows("SELECT ast FROM team_boxes")} == {27}
    again = replay_raw(league.database, ACCESS, silent)[0]
    assert again.new == 0


def test_a_replay_of_what_is_stored_corrects_nothing(league: Any, logs: Any) -> None:
    game = logs.game()
    for number, rows in enumerate((game, corrected(game))):
        keep(league, "team_log", "2024-25_regular", rows, FIRST + timedelta(hours=number))
    replay_raw(league.database, ACCESS, silent)
    before = corrections.recent(league.database, EVER, 50)
    replay_raw(league.database, ACCESS, silent)
    assert corrections.recent(league.database, EVER, 50) == before


def test_a_payload_that_cannot_be_read_is_noted_and_stops_no_other(league: Any, logs: Any) -> None:
    archive_of(league.database, ACCESS).keep(STATS, "team_log", "2023-24_regular", b"<html>", FIRST)
    keep(league, "team_log", "2024-25_regular", logs.game(), FIRST)
    (report,) = replay_raw(league.database, ACCESS, silent)
    assert report.new == 2
    assert any("was passed over: stats.nba.com sent a web page" in note for note in report.notes)
