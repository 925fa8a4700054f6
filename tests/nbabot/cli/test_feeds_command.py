"""`nbabot feeds`: how the feeds have fared, as remembered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine.core.calendar import machine_clock
from engine.core.sync_reports import SyncTask
from engine.engine import DATABASE
from engine.sources.breaker import Breaker
from engine.sources.pacing import Patience
from engine.store import sync
from engine.store.database import Database
from engine.sync.standing import HostMemory


def test_feeds_and_hosts_are_told_as_remembered_and_every_key_is_documented(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    assert (
        run("feeds", "--home", tmp_path).out == "Nothing was ever fetched: nbabot sync fetches the league's results.\n"
    )
    database = Database(tmp_path / DATABASE)
    down = "cdn.nba.com is down: try again later."
    for state, detail in (("done", ""), ("failed", down)):
        sync.put_report(
            database,
            machine_clock(),
            SyncTask("results", state, "cdn.nba.com", 1, 2, 0, 0, 0.5, machine_clock(), detail=detail),
        )
    breaker = Breaker(HostMemory(database), machine_clock, Patience(failures=2))
    for host in ("a.example", "b.example", "b.example"):
        breaker.failed(host)
    database.close()
    text = " ".join(run("feeds", "--home", tmp_path).out.split())
    assert "results failed" in text
    assert "b.example: 2 failures in a row, left alone until" in text
    assert "a.example: 1 failure." in text
    found = run("feeds", "--home", tmp_path, "--json").json
    assert (found["feeds"][0]["task"], found["feeds"][0]["reason"]) == ("results", down)
    assert found["feeds"][0]["last_success"] is not None
    page = (Path(__file__).resolve().parents[3] / "docs" / "json.md").read_text().partition("\n## feeds")[2]
    section = page.partition("\n## ")[0]
    assert all(f"`{key}`" in section for row in (found["feeds"][0], found["hosts"][0]) for key in row)
