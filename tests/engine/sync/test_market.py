"""The tasks about odds and injuries, on a league of three games a day whose feeds answer from memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from runpy import run_path
from types import SimpleNamespace
from typing import Any

import pytest

from engine.core.errors import FeedDownError
from engine.core.odds import OddsAccess
from engine.core.progress import silent
from engine.core.source_access import SourceAccess
from engine.core.sync_reports import SyncTask
from engine.sources.odds import LIVE
from engine.store import games
from engine.store.injuries import reported
from engine.store.odds import odds_on
from engine.sync.run import chosen, synchronise
from engine.sync.scope import Scope

DAY = date(2024, 10, 25)
NOON = datetime(2024, 10, 25, 16, tzinfo=UTC)
HEAD = "10/25/24 11:30 AM"
EVENING = datetime(2024, 10, 26, 0, tzinfo=UTC)
report = run_path(str(Path(__file__).parents[1] / "sources" / "test_injuries.py"))["report"]

Ask = Callable[[str, datetime], SyncTask]


def event(home: str = "Boston Celtics", away: str = "New York Knicks", price: float = 1.5) -> dict[str, Any]:
    prices = [{"name": home, "price": price}, {"name": away, "price": 2.7}]
    books = [{"key": "bookie", "markets": [{"key": "h2h", "outcomes": prices}]}]
    when = "2024-10-25T23:10:00Z"
    return {"id": home, "sport_key": "basketball_nba", "commence_time": when, "home_team": home, "away_team": away,
            "bookmakers": books}  # fmt: skip


@pytest.fixture
def told(season: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the feeds answer: `events` of the odds feed after it `takes` so long, `left` of the quota, `pdf` the injury
    report in every place. `now` is the moment."""
    season.feed.today = DAY
    season.sync("schedule", "players")
    answers: dict[str, Any] = {"events": [], "takes": timedelta(), "left": 400, "pdf": None}

    def get(url: str, params: Mapping[str, str], secret: Mapping[str, str]) -> Any:
        season.feed.asked.append("get")
        answers["now"] += answers["takes"]
        if answers["events"] is None:
            raise FeedDownError("api.the-odds-api.com", "api.the-odds-api.com cut the connection: try again later.")
        headers = {"x-requests-remaining": str(answers["left"]), "x-requests-used": "100"}
        return SimpleNamespace(content=json.dumps(answers["events"]).encode(), headers=headers)

    monkeypatch.setattr(season.feed, "get", get)
    monkeypatch.setattr(season.feed, "find", lambda url: answers["pdf"])
    return answers


@pytest.fixture
def ask(season: Any, told: dict[str, Any]) -> Ask:
    """One task at one moment, with an account at the odds feed."""

    def run(task: str, moment: datetime) -> SyncTask:
        access = SourceAccess(odds=OddsAccess("key"))
        told["now"] = moment
        scope = Scope(season.database, season.feed, season.feed, access, lambda: told["now"], silent, (2024,))
        return {one.task: one for one in synchronise(scope, chosen((task,)))}[task]

    return run


def test_odds_are_stored_and_close_the_game_once_it_has_begun(season: Any, told: dict[str, Any], ask: Ask) -> None:
    told["events"] = [event(), event("Real Madrid", "FC Barcelona"), event("Utah Jazz", "Miami Heat")]
    first = ask("odds", NOON)
    assert (first.state, first.new, sum(first.rejected.values())) == ("done", 2, 1)
    assert "no stored game fits the odds of MIA at UTA on 2024-10-25" in first.notes
    assert "400 requests left of the account's quota" in first.notes
    assert len(odds_on(season.database, DAY, NOON).games) == 1
    told["events"] = [event(price=1.2)]
    second = ask("odds", EVENING)
    assert second.new == 0, "the game has begun"
    assert "1 closing line written" in second.notes
    assert [line.moneyline_home for line in games.closing_lines(season.database).values()] == [-200]


def test_odds_count_from_the_moment_when_they_came(season: Any, told: dict[str, Any], ask: Ask) -> None:
    told |= {"events": [event()], "takes": timedelta(minutes=5)}
    ask("odds", NOON)
    assert odds_on(season.database, DAY, NOON + timedelta(minutes=4)).games == ()
    assert odds_on(season.database, DAY, NOON + timedelta(minutes=5)).games[0].fetched_at == told["now"]
    just_before = datetime(2024, 10, 25, 23, 9, tzinfo=UTC)
    assert ask("odds", just_before).rejected == {LIVE: 1}, "the game began before the answer was there"


def test_games_close_also_when_the_odds_feed_is_down(season: Any, told: dict[str, Any], ask: Ask) -> None:
    told["events"] = [event()]
    ask("odds", NOON)
    told["events"] = None
    assert ask("odds", EVENING).state == "failed"
    assert len(games.closing_lines(season.database)) == 1


def test_under_the_floor_of_the_quota_nothing_is_asked(season: Any, told: dict[str, Any], ask: Ask) -> None:
    told["left"] = 21
    ask("odds", NOON)
    calls = season.feed.calls
    later = ask("odds", EVENING)
    assert (later.state, season.feed.calls) == ("skipped", calls)
    assert "21 more requests" in later.detail


def test_an_injury_report_is_stored_once_and_unmatched_names_are_told(
    season: Any, told: dict[str, Any], ask: Ask
) -> None:
    row = ("10/25/2024", "07:00 (ET)", "NYK@BOS", "Boston Celtics")
    told["pdf"] = report([(*row, "Rookie, A", "Out", "Rest"), ("", "", "", "", "Zzyzx, Q", "Out", "Rest")], head=HEAD)
    first = ask("injuries", NOON)
    assert (first.state, first.new) == ("done", 2)
    assert any("Zzyzx, Q" in note for note in first.notes)
    assert set(reported(season.database, DAY, NOON).statuses.values()) == {"Out"}
    assert ask("injuries", NOON).new == 0


def test_a_report_that_cannot_be_read_fails_and_the_next_one_heals_it(told: dict[str, Any], ask: Ask) -> None:
    told["pdf"] = b"<html>Access Denied</html>"
    failed = ask("injuries", NOON)
    assert failed.state == "failed"
    assert "no readable PDF" in failed.detail
    told["pdf"] = report(
        [("10/25/2024", "07:00 (ET)", "NYK@BOS", "Boston Celtics", "Rookie, A", "Out", "Rest")], head=HEAD
    )
    assert ask("injuries", NOON).new == 1
