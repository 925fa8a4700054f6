"""Who follows which game: once each, not too many, and gone when it is over or forgotten."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from engine.core.errors import UsageError
from engine.core.live_games import Follow
from engine.store.database import Database
from engine.store.follows import MOST, Follows

DAY = date(2025, 1, 15)
NOW = datetime(2025, 1, 16, 0, 30, tzinfo=UTC)


@pytest.fixture
def follows(tmp_path: Path) -> Follows:
    return Follows(Database(tmp_path / "nbabot.db"))


def test_a_channel_follows_a_game_once_and_the_first_word_stays(follows: Follows) -> None:
    assert follows.add("discord:1", "0022400001", DAY, NOW)
    assert not follows.add("discord:1", "0022400001", DAY, NOW + timedelta(minutes=5))
    assert follows.of_channel("discord:1") == (Follow("discord:1", "0022400001", DAY, NOW),)


def test_no_channel_follows_more_games_of_a_day_than_can_be_read(follows: Follows) -> None:
    for number in range(MOST):
        follows.add("discord:1", f"002240000{number}", DAY, NOW)
    with pytest.raises(UsageError, match=f"follows {MOST} games already"):
        follows.add("discord:1", "0022400099", DAY, NOW)
    assert not follows.add("discord:1", "0022400000", DAY, NOW), "one of those that it follows is no further one"
    assert follows.add("discord:1", "0022400099", DAY + timedelta(days=1), NOW)
    assert follows.add("discord:2", "0022400099", DAY, NOW)


def test_what_ended_was_left_or_is_of_earlier_days_is_not_followed(follows: Follows) -> None:
    for channel, game, day in (("a:1", "g1", DAY), ("a:1", "g2", DAY), ("a:2", "g1", DAY), ("a:3", "g0", NOW.date())):
        follows.add(channel, game, day, NOW)
    assert follows.remove("a:1", "g2")
    assert not follows.remove("a:1", "g2")
    assert follows.leave("a:2") == 1
    assert [(one.channel, one.game_id) for one in follows.since(DAY)] == [("a:1", "g1"), ("a:3", "g0")]
    assert [one.game_id for one in follows.since(NOW.date())] == ["g0"]
