from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from engine.core.calendar import LEAGUE_ZONE
from engine.core.errors import UsageError
from engine.core.guilds import GuildSettings, Topic, posting_moment, times_offered
from engine.store.database import Database
from engine.store.guilds import Guilds

BUSY = GuildSettings(
    guild_id=2**62,
    picks_channel=1,
    recap_channel=2,
    alerts_channel=3,
    live_channel=4,
    at=time(16, 30),
    zone="Europe/London",
    topics=frozenset({Topic.PICKS, Topic.ALERTS}),
)


@pytest.fixture
def guilds(tmp_path: Path) -> Guilds:
    return Guilds(Database(tmp_path / "nbabot.db"))


def test_what_a_server_wants_is_kept_whole(guilds: Guilds) -> None:
    guilds.put(BUSY)
    guilds.put(GuildSettings(1))
    assert guilds.get(BUSY.guild_id) == BUSY
    assert guilds.every() == (GuildSettings(1), BUSY)


def test_a_server_that_never_said_anything_gets_no_posts(guilds: Guilds) -> None:
    assert [guilds.get(5).channel_of(topic) for topic in Topic] == [None] * len(Topic)


def test_a_change_can_be_undone_and_done_again(guilds: Guilds) -> None:
    guilds.put(BUSY)
    guilds.put(BUSY)
    with pytest.raises(UsageError, match="nothing to undo"):
        guilds.undo(BUSY.guild_id)
    later = replace(BUSY, off=True)
    guilds.put(later)
    assert guilds.undo(BUSY.guild_id) == BUSY
    assert guilds.undo(BUSY.guild_id) == later


@pytest.mark.parametrize("zone", ["Mars/Base", "", "../../etc/passwd", "America", "x" * 5000])
def test_a_zone_that_does_not_exist_is_refused_in_a_sentence(guilds: Guilds, zone: str) -> None:
    with pytest.raises(UsageError, match="no time zone") as refused:
        guilds.put(replace(BUSY, zone=zone))
    assert len(str(refused.value)) < 150
    assert guilds.every() == ()


def test_no_time_lies_in_the_hours_of_clock_changes(guilds: Guilds) -> None:
    with pytest.raises(UsageError, match="outside 01:00 to 03:00"):
        guilds.put(replace(BUSY, at=time(2, 30)))


def test_a_server_that_is_forgotten_leaves_nothing(guilds: Guilds) -> None:
    guilds.put(BUSY)
    assert guilds.forget(BUSY.guild_id)
    assert not guilds.forget(BUSY.guild_id)
    assert guilds.every() == ()


def test_a_topic_goes_where_it_is_wanted_and_nowhere_when_the_server_is_off() -> None:
    every = replace(BUSY, topics=frozenset(Topic))
    assert [every.channel_of(topic) for topic in Topic] == [1, 2, 2, 3, 4]
    assert replace(every, recap_channel=None).channel_of(Topic.WEEKLY) == 1
    assert BUSY.channel_of(Topic.RECAP) is None
    assert {replace(every, off=True).channel_of(topic) for topic in Topic} == {None}


def test_a_closed_channel_is_news_once_until_it_is_opened_again(guilds: Guilds) -> None:
    assert guilds.close_channel("discord:1", "gone")
    assert not guilds.close_channel("discord:1", "still gone")
    assert guilds.closed_channels()["discord:1"].reason == "gone"
    guilds.reopen_channel("discord:1")
    assert guilds.closed_channels() == {}


DAY = date(2025, 1, 15)


def moment(zone: str, at: time | None, day: date = DAY) -> str:
    """When a server's picks come, in the league's time."""
    made, last = (datetime.combine(day, clock, LEAGUE_ZONE) for clock in (time(11), time(18, 30)))
    return f"{posting_moment(day, GuildSettings(1, at=at, zone=zone), made, last).astimezone(LEAGUE_ZONE):%d %H:%M}"


@pytest.mark.parametrize(
    ("zone", "at", "expected"),
    [
        ("Europe/London", None, "15 11:00"),
        ("Europe/London", time(17), "15 12:00"),
        ("Europe/London", time(9), "15 11:00"),
        ("Asia/Tokyo", time(8), "15 18:00"),
        ("Australia/Sydney", time(10), "15 18:00"),
        ("Australia/Sydney", time(12), "15 18:30"),
        ("America/Los_Angeles", time(10), "15 13:00"),
    ],
)
def test_picks_come_at_the_local_time_but_never_before_they_are_made_nor_after_the_last_call(
    zone: str, at: time | None, expected: str
) -> None:
    assert moment(zone, at) == expected


@pytest.mark.parametrize("day", [date(2025, 3, 9), date(2025, 3, 30), date(2025, 10, 26), date(2025, 11, 2)])
@pytest.mark.parametrize("zone", ["Europe/London", "Australia/Sydney", "America/New_York", "Asia/Kathmandu"])
def test_a_change_of_clocks_neither_skips_nor_doubles_a_servers_picks(zone: str, day: date) -> None:
    for at in times_offered(zone, time(11), DAY):
        assert f"{day:%d} 11:00" <= moment(zone, at, day) <= f"{day:%d} 18:30"


def test_only_times_between_the_making_and_the_first_tip_off_are_offered() -> None:
    offered = times_offered("Europe/London", time(11), DAY)
    assert (offered[0], offered[-1], len(offered)) == (time(16), time(23, 30), 16)
    tokyo = times_offered("Asia/Tokyo", time(11), DAY)
    assert (tokyo[0], tokyo[-1]) == (time(3), time(8, 30))
    assert all(len(times_offered(zone, time(3), DAY)) <= 32 for zone in ("UTC", "Asia/Tokyo"))


def test_the_moment_of_a_posting_is_the_same_however_it_is_written() -> None:
    made = datetime(2025, 1, 15, 16, tzinfo=UTC)
    assert posting_moment(DAY, GuildSettings(1), made, made) == made
