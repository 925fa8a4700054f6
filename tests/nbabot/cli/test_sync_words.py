"""What `nbabot sync` refuses at once, and how its table is printed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.core.sync_reports import SyncReport, SyncTask
from nbabot.cli.sync import show_report

Run = Callable[..., Any]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--only", ","), "There is no task ''"),
        (("--only", ""), "There is no task ''"),
        (("--seasons", ""), "is not a season"),
        (("--seasons", "2024-25", "--date", "2022-01-01"), "lies in 2021-22, not in the seasons named"),
    ],
)
def test_what_can_only_be_a_slip_is_refused_before_anything_is_fetched(
    words: tuple[str, ...], said: str, run: Run, tmp_path: Path
) -> None:
    refused = run("sync", *words, "--home", tmp_path)
    assert refused.code == 2
    assert said in refused.err


def test_the_table_of_a_long_run_fits_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    moment = datetime(2025, 1, 1, tzinfo=UTC)
    counts = {"calls": 1_200, "new": 123_456, "changed": 123_456, "unchanged": 123_456, "seconds": 1234.5}
    rest = {"state": "skipped", "started": moment, "rejected": {"a reason": 123_456}, **counts}
    hosts = ("stats.nba.com and cdn.nba.com", "api.the-odds-api.com", "ak-static.cms.nba.com")
    tasks = tuple(SyncTask("schedule", source=host, **rest) for host in hosts)  # type: ignore[arg-type]
    show_report(SyncReport(tasks, 1234.5, 3))
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= 80
    assert printed.endswith("1234.5 s, 3,600 calls; 3 picks graded.\n")
