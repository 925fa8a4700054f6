"""Every way in which the stand-in can go wrong, at both hosts: no row lost, none doubled, healed by asking again."""

from __future__ import annotations

from typing import Any

import pytest

from engine.core.errors import (
    FeedBlockedError,
    FeedDownError,
    FeedEmptyError,
    FeedError,
    FeedMissingError,
    FeedShapeError,
    FeedTimeoutError,
)
from engine.sources.breaker import ForgetfulMemory
from engine.sources.feed import CDN, STATS, Delivery
from engine.sources.files.batch import Kind
from engine.sources.pacing import Patience

pytestmark = pytest.mark.end_to_end

LOGS, BOXES, SCHEDULE = "leaguegamelog", "boxscore", "scheduleleague"
HARD = {
    "timeout": FeedTimeoutError, "drip": FeedTimeoutError, "reset": FeedDownError, "403": FeedBlockedError,
    "404": FeedMissingError, "429": FeedBlockedError, "500": FeedDownError, "502": FeedDownError, "503": FeedDownError,
    "message": FeedShapeError, "html": FeedShapeError, "blank": FeedShapeError, "truncated": FeedShapeError,
    "short": FeedDownError, "empty": FeedEmptyError, "nosets": FeedShapeError, "nokey": FeedShapeError,
    "renamed": FeedShapeError, "dropped": FeedShapeError, "null": FeedShapeError,
}  # fmt: skip
"""Faults after which an answer cannot be used, with the error that names each."""
HARMLESS = ("slow", "strings", "dup", "reordered")
"""Faults after which every row is there all the same."""
TABLES_ONLY = {"nosets", "dup", "partial", "reordered", "dropped", "null"}
ONE_GAME = {"404", "message", "html", "blank", "truncated", "empty", "nokey", "renamed"}


def ids(delivery: Delivery) -> list[list[object]]:
    """For each batch, the game ids of its rows in order."""
    tables = {"team log": "team_boxes", "player log": "player_boxes"}
    return [sorted(str(row[0]) for row in one.rows(tables[one.kind], ("game_id",))) for one in delivery.batches]


@pytest.fixture
def whole(league: Any) -> list[list[str]]:
    """The game ids of every row of a whole delivery."""
    teams = sorted(row["GAME_ID"] for game in league.games for row in game)
    return [teams, sorted(row["GAME_ID"] for row in league.players)]


@pytest.mark.parametrize("kind", sorted(HARD))
def test_a_fault_of_the_logs_has_its_name_and_the_other_host_delivers_every_row(
    kind: str, nba: Any, make_feed: Any, league: Any, whole: Any
) -> None:
    feed = make_feed(nba)
    nba.fail(kind, n=99, match=LOGS)
    with pytest.raises(HARD[kind]) as told:
        feed.feeds[0].boxes(league.asked)
    assert STATS in str(told.value)
    assert str(told.value).endswith(".")
    answer = make_feed(nba).boxes(league.asked)
    assert (answer.source, ids(answer), answer.missing) == (CDN, whole, ())
    nba.clear_faults()
    healed = make_feed(nba).boxes(league.asked)
    assert (healed.source, ids(healed), healed.missing) == (STATS, whole, ())


@pytest.mark.parametrize("kind", HARMLESS)
def test_a_harmless_fault_of_the_logs_costs_no_row_and_doubles_none(
    kind: str, nba: Any, make_feed: Any, league: Any, whole: Any
) -> None:
    nba.fail(kind, n=99, match=LOGS, **({"seconds": 0.1} if kind == "slow" else {}))
    answer = make_feed(nba).boxes(league.asked)
    assert (answer.source, ids(answer), answer.missing) == (STATS, whole, ())


def test_half_of_the_rows_are_not_taken_for_all_of_them(nba: Any, make_feed: Any, league: Any, whole: Any) -> None:
    nba.fail("partial", n=99, match=LOGS)
    first = make_feed(nba).feeds[0].boxes(league.asked)
    assert first.missing
    assert "the row of the other team is missing" in first.batches[0].rejected
    both = make_feed(nba).boxes(league.asked)
    assert both.missing == ()
    assert both.source == f"{STATS}, {CDN}"
    teams = [
        game_id for one in both.batches if one.kind is Kind.TEAM_LOG for game_id in one.tables["team_boxes"]["game_id"]
    ]
    assert sorted(map(str, teams)) == whole[0]


@pytest.mark.parametrize("kind", sorted(set(HARD) - TABLES_ONLY))
def test_a_fault_of_the_cdn_has_its_name_and_the_other_host_delivers_every_row(
    kind: str, nba: Any, make_feed: Any, league: Any, whole: Any
) -> None:
    nba.fail(kind, n=99, match=BOXES)
    with pytest.raises(HARD[kind]) as told:
        make_feed(nba, "cdn").feeds[0].boxes(league.asked)
    assert CDN in str(told.value)
    answer = make_feed(nba, "cdn").boxes(league.asked)
    assert (answer.source, ids(answer)) == (STATS, whole)
    nba.clear_faults()
    healed = make_feed(nba, "cdn").boxes(league.asked)
    assert (healed.source, ids(healed), healed.missing) == (CDN, whole, ())


@pytest.mark.parametrize("kind", sorted(ONE_GAME))
def test_one_bad_file_of_the_cdn_costs_one_game_which_is_named(
    kind: str, nba: Any, make_feed: Any, league: Any
) -> None:
    bad = league.asked[1].game_id
    nba.fail(kind, n=99, match=f"boxscore_{bad}")
    answer = make_feed(nba, "cdn").feeds[0].boxes(league.asked)
    assert answer.missing == (bad,)
    assert any(CDN in note for note in answer.notes)


@pytest.mark.parametrize("kind", sorted(set(HARD) - TABLES_ONLY))
@pytest.mark.parametrize(("prefer", "first", "second"), [("stats", STATS, CDN), ("cdn", CDN, STATS)])
def test_a_schedule_is_never_empty_by_accident(
    kind: str, prefer: str, first: str, second: str, nba: Any, make_feed: Any
) -> None:
    path = "/stats/scheduleleaguev2" if first == STATS else "scheduleLeagueV2.json"
    nba.fail(kind, n=99, match=path)
    with pytest.raises(HARD[kind]):
        make_feed(nba, prefer).feeds[0].schedule(2024)
    answer = make_feed(nba, prefer).schedule(2024)
    assert (answer.source, len(answer.rows)) == (second, 3)


def test_an_empty_scoreboard_is_believed_only_when_no_game_is_expected(nba: Any, make_feed: Any, league: Any) -> None:
    day = league.asked[0].league_day
    nba.fail("empty", n=99, match="scoreboard")
    with pytest.raises(FeedEmptyError):
        make_feed(nba).feeds[0].scoreboard(day, expected=[game.game_id for game in league.asked])
    assert make_feed(nba).feeds[0].scoreboard(day).rows == ()


def test_a_host_that_hangs_is_passed_over_by_the_next_run_of_the_program(nba: Any, make_feed: Any, league: Any) -> None:
    memory = ForgetfulMemory()
    nba.fail("timeout", n=99, match=LOGS)
    for _ in range(2):
        assert make_feed(nba, memory=memory).boxes(league.asked).source == CDN
    asked = len(nba.requests_to(LOGS))
    answer = make_feed(nba, memory=memory).boxes(league.asked)
    assert answer.source == CDN
    assert any("is left alone until" in note for note in answer.notes)
    assert len(nba.requests_to(LOGS)) == asked


def test_when_both_hosts_were_down_the_next_run_asks_again_at_once(nba: Any, make_feed: Any, league: Any) -> None:
    memory = ForgetfulMemory()
    nba.fail("timeout", n=99)
    for _ in range(2):
        with pytest.raises(FeedError, match="No feed of the league answers"):
            make_feed(nba, memory=memory).boxes(league.asked)
    nba.clear_faults()
    assert make_feed(nba, memory=memory).boxes(league.asked).missing == ()


def test_a_night_costs_four_calls_at_one_host_and_two_more_than_its_games_at_the_other(
    nba: Any, make_feed: Any, league: Any
) -> None:
    for prefer, calls in (("stats", 4), ("cdn", 3 + len(league.asked))):
        before = len(nba.requests)
        feed = make_feed(nba, prefer)
        feed.schedule(2024)
        feed.scoreboard(league.asked[0].league_day, [game.game_id for game in league.asked])
        feed.boxes(league.asked)
        assert len(nba.requests) - before == calls


def test_the_host_of_the_logs_is_asked_once_a_second_at_most(nba: Any, make_feed: Any, league: Any) -> None:
    make_feed(nba, patience=Patience(gaps={}, jitter_s=0)).boxes(league.asked)
    assert nba.min_gap() >= 0.9  # by the clock of whom is asked: a busy machine delivers the first one late
