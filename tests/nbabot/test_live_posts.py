"""Games under way in channels: one message each, edited seldom enough, ended with the result, whatever dies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from engine.core import words
from engine.core.live_games import LiveStatus
from engine.core.live_swings import TurnKind, turns
from engine.engine import DATABASE, Engine
from engine.store.database import Database
from nbabot.channels import CONSOLE
from nbabot.live_posts import EDIT_EVERY, SETTLED
from tests.nbabot.live_evening import Evening, Wall

HERE, THERE = "wall:1", "wall:2"
HALF = EDIT_EVERY.total_seconds() / 2


@pytest.fixture
def evening(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Evening]:
    found = Evening(home, monkeypatch)
    yield found
    found.engine.close()


async def test_a_card_begins_before_tip_off_is_edited_seldom_enough_and_ends_with_the_result(evening: Evening) -> None:
    one, wall = evening.games[0], evening.wall
    evening.follow(HERE, one)
    await evening.goes_on()
    assert "had" not in wall.read("live", HERE)
    assert len(wall.sent) == 1
    evening.now += timedelta(minutes=31)
    evening.shows(one, 20, 2, 0)
    await evening.goes_on()
    assert len(wall.edited) == 1, "the tip-off is told at once"
    for step in range(1, 11):
        evening.shows(one, 20 + 6 * step, 2, 0)
        await evening.goes_on(6)
    assert len(wall.edited) == 1 + 60 // EDIT_EVERY.total_seconds()
    evening.shows(one, 2880, 104, 90, over=True)
    await evening.goes_on()
    assert "Final" in wall.read("live", HERE)
    assert words.nickname(one.home_id) in wall.read("live", HERE)
    edits = len(wall.edited)
    await evening.goes_on(60)
    assert (len(wall.sent), len(wall.edited)) == (1, edits)


async def test_a_card_is_kept_right_for_a_while_after_the_end_then_its_game_is_no_longer_followed(
    evening: Evening,
) -> None:
    one, wall = evening.games[0], evening.wall
    evening.follow(HERE, one)
    evening.now += timedelta(minutes=31)
    for home, over in ((100, False), (104, True), (102, True)):
        evening.shows(one, 2880 if over else 2800, home, 90, over)
        await evening.goes_on(60)
    assert f"{words.nickname(one.home_id)} 102" in wall.read("live", HERE), "a basket after the buzzer does not count"
    edits = len(wall.edited)
    await evening.goes_on(SETTLED.total_seconds())
    assert evening.engine.follows.of_channel(HERE) == ()
    assert (len(wall.sent), len(wall.edited)) == (1, edits)


async def test_where_all_games_are_put_off_the_evening_says_so_and_a_card_goes_on_with_its_game(
    evening: Evening,
) -> None:
    one, wall = evening.games[0], evening.wall
    evening.places.append(THERE)
    evening.follow(HERE, one)
    evening.now += timedelta(minutes=31)
    for game in evening.games:
        evening.shows(game, 300, 10, 12)
    await evening.goes_on()
    for _ in range(10):
        shown = evening.feed.games
        evening.feed.games = {key: replace(was, status=LiveStatus.PUT_OFF) for key, was in shown.items()}
        await evening.goes_on(10)
    assert "Put off" in wall.read("live 00", HERE)
    assert wall.read("live board", THERE).count("· Put off") == len(evening.games)
    evening.shows(one, 400, 14, 12)
    await evening.goes_on(31)
    assert f"{words.nickname(one.home_id)} 14" in wall.read("live 00", HERE)


async def test_a_jump_of_the_chance_is_edited_at_once_and_what_stands_still_not_at_all(evening: Evening) -> None:
    one, wall = evening.games[0], evening.wall
    evening.follow(HERE, one)
    evening.now += timedelta(minutes=31)
    evening.shows(one, 2700, 90, 90)
    await evening.goes_on()
    edits = len(wall.edited)
    evening.shows(one, 2706, 93, 90)
    await evening.goes_on(6)
    assert len(wall.edited) == edits + 1
    for _ in range(10):
        await evening.goes_on(40)
    assert len(wall.edited) == edits + 1


async def test_channels_get_the_same_card_and_it_is_made_once_and_only_for_games_that_are_followed(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    real = Engine.live
    monkeypatch.setattr(Engine, "live", lambda self, game_id: (made.append(game_id), real(self, game_id))[1])
    one, other = evening.games[:2]
    for channel in (HERE, THERE):
        evening.follow(channel, one)
    evening.now += timedelta(minutes=31)
    for game in (one, other):
        evening.shows(game, 700, 20, 18)
    await evening.goes_on()
    assert made == [one.game_id]
    here, there = (evening.wall.read("live", channel) for channel in (HERE, THERE))
    assert here == there
    assert len(evening.wall.sent) == 2


async def test_a_program_that_died_in_the_middle_doubles_nothing_and_goes_on_in_the_same_message(
    evening: Evening,
) -> None:
    one, wall = evening.games[0], evening.wall
    evening.places.append(THERE)
    evening.follow(HERE, one)
    evening.now += timedelta(minutes=31)
    evening.shows(one, 300, 4, 20)
    await evening.goes_on()
    sent = list(wall.sent)
    assert [kind.split()[0] for kind in sent] == ["swing", "swing", "live", "live"]
    for played in (340, 380):
        evening.restart()
        evening.shows(one, played, 4, 22)
        await evening.goes_on(HALF)
    assert wall.sent == sent
    assert "22" in wall.read("live 00", HERE)
    evening.restart()
    evening.shows(one, 2880, 80, 99, over=True)
    await evening.goes_on()
    assert "Final" in wall.read("live 00", HERE)
    await evening.goes_on(31)
    assert "80-99" in wall.read("live board", THERE) or "99-80" in wall.read("live board", THERE)


async def test_a_card_that_was_deleted_is_not_posted_again_until_it_is_asked_for_anew(evening: Evening) -> None:
    one, wall = evening.games[0], evening.wall
    evening.follow(HERE, one)
    evening.now += timedelta(minutes=31)
    evening.shows(one, 300, 10, 12)
    await evening.goes_on()
    wall.torn_down.add("1")
    for played in (360, 420, 480, 540):
        evening.shows(one, played, 12, 12)
        await evening.goes_on(31)
    assert len(wall.sent) == 1
    assert evening.engine.follows.of_channel(HERE) == ()
    evening.follow(HERE, one)
    await evening.goes_on()
    assert len(wall.sent) == 2


async def test_an_evening_has_one_message_from_the_first_tip_off_to_the_last_result(evening: Evening) -> None:
    wall, one = evening.wall, evening.games[0]
    evening.places.append(HERE)
    await evening.goes_on()
    assert wall.sent == []
    evening.now += timedelta(minutes=31)
    evening.shows(one, 300, 10, 12)
    await evening.goes_on()
    assert wall.kinds(HERE) == ["live"]
    board = wall.read("live board", HERE)
    assert all(words.code(game.home_id) in board for game in evening.games)
    assert "Still to come" in board
    evening.now += timedelta(hours=5, minutes=30)
    for game in evening.games:
        evening.shows(game, 2880, 100, 95, over=True)
    await evening.goes_on()
    after = wall.read("live board", HERE)
    assert "On now" not in after
    assert after.count("· Final") == len(evening.games)
    assert wall.kinds(HERE).count("live") == 1
    assert evening.engine.today() > one.league_day, "the last game ended after midnight"


async def test_no_evening_is_told_that_is_over_before_anybody_wanted_it(evening: Evening) -> None:
    evening.now += timedelta(hours=3)
    for game in evening.games:
        evening.shows(game, 2880, 100, 95, over=True)
    await evening.goes_on()
    evening.places.append(HERE)
    await evening.goes_on(600)
    assert evening.wall.sent == []


async def test_a_swing_and_an_upset_are_told_once_each_and_only_where_the_game_is_followed(evening: Evening) -> None:
    wall = evening.wall
    one = evening.games[0]
    before = evening.engine.predict(words.code(one.home_id), words.code(one.away_id), one.league_day)
    evening.follow(HERE, one)
    evening.follow(THERE, evening.games[1])
    evening.now += timedelta(minutes=31)
    up, down = (10, 34) if before.home_win_prob > 0.5 else (34, 10)
    evening.shows(one, 20, 2, 2)
    await evening.goes_on()
    evening.shows(one, 320, up, down)
    for _ in range(3):
        await evening.goes_on()
    told = [kind for kind, channel in wall.reads if kind.startswith("swing") and channel == HERE]
    assert len(told) == 1
    assert "Big swing" in wall.read("swing", HERE)
    assert "swing" not in wall.kinds(THERE)


async def test_a_turn_that_nobody_could_be_told_in_time_is_dropped_without_a_word(evening: Evening) -> None:
    one = evening.games[0]
    evening.follow(HERE, one)
    evening.now += timedelta(minutes=31)
    evening.shows(one, 300, 4, 24)
    evening.engine.poll_live()
    evening.posts.publish()
    await evening.goes_on(6 * 60)
    assert "swing" not in evening.wall.kinds(HERE)
    assert [post.kind.split()[0] for post in evening.engine.outbox.recent()] == ["live", "swing"]


async def test_a_turn_that_was_taken_while_the_program_was_down_is_no_news(evening: Evening) -> None:
    one = evening.games[0]
    evening.follow(HERE, one)
    evening.now += timedelta(minutes=31)
    evening.shows(one, 300, 4, 24)
    evening.shows(one, 900, 30, 50)
    await evening.goes_on()
    assert evening.wall.kinds(HERE) == ["live"]


async def test_a_channel_that_takes_no_card_follows_nothing_and_one_that_takes_no_evening_is_closed(
    evening: Evening,
) -> None:
    one, other = evening.games[:2]
    for game in (one, other):
        evening.follow(HERE, game)
    evening.places.append(THERE)
    evening.wall.shut = {HERE, THERE}
    await evening.goes_on()
    assert evening.engine.follows.of_channel(HERE) == ()
    assert evening.engine.guilds.closed_channels() == {}, "nobody set that channel up, so nobody could open it again"
    evening.now += timedelta(minutes=31)
    evening.shows(one, 60, 2, 0)
    await evening.goes_on()
    assert [*evening.engine.guilds.closed_channels()] == [THERE]


async def test_a_game_that_is_moved_to_another_day_is_followed_no_longer_and_its_card_says_so(evening: Evening) -> None:
    one = evening.games[0]
    evening.follow(HERE, one)
    await evening.goes_on()
    database = Database(evening.home / DATABASE)
    with database.write() as connection:
        connection.execute("UPDATE games SET league_day = '2025-03-01' WHERE game_id = ?", (one.game_id,))
    database.close()
    await evening.goes_on()
    assert "No longer followed" in evening.wall.read("live", HERE)
    assert evening.engine.follows.of_channel(HERE) == ()


async def test_an_upset_of_the_day_before_whose_tip_off_is_not_known_is_no_news(evening: Evening) -> None:
    upset = "0022400593"
    yesterday = evening.games[0].league_day - timedelta(days=1)
    database = Database(evening.home / DATABASE)
    with database.write() as connection:
        connection.execute(
            "UPDATE games SET league_day = ?, tip_utc = NULL WHERE game_id = ?", (yesterday.isoformat(), upset)
        )
    database.close()
    assert TurnKind.UPSET in [one.kind for one in turns(evening.engine.live(upset))]
    evening.places.append(HERE)
    await evening.goes_on()
    assert evening.wall.sent == []


async def test_on_a_terminal_the_evening_is_printed_now_and_then_and_at_its_end(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Wall, "scheme", CONSOLE)
    evening.places.append(CONSOLE)
    evening.now += timedelta(minutes=31)
    for minute in range(29):
        evening.shows(evening.games[0], 60 * minute, minute, 3 * minute)
        await evening.goes_on(60)
    boards = [one for one in (*evening.wall.sent, *evening.wall.edited) if one.startswith("live board")]
    assert len(boards) == 1
    for game in evening.games:
        evening.shows(game, 2880, 100, 95, over=True)
    await evening.goes_on(60)
    assert "On now" not in evening.wall.read("live board", CONSOLE)
