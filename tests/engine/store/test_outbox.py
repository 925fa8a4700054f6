from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from engine.core.posts import Draft, Post, PostState
from engine.store.database import Database
from engine.store.outbox import Outbox

NOW = datetime(2025, 1, 15, 16, tzinfo=UTC)
LEASE = timedelta(seconds=90)
DRAFT = Draft(date(2025, 1, 15), "picks", "discord:1", "[]", NOW + timedelta(hours=8))


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(Database(tmp_path / "nbabot.db"))


def test_a_day_kind_and_channel_have_one_post_and_the_first_one_stays(outbox: Outbox) -> None:
    assert outbox.put(DRAFT)
    assert not outbox.put(replace(DRAFT, payload='["other"]'))
    assert [post.payload for post in outbox.recent()] == ["[]"]


def test_another_day_kind_or_channel_is_another_post_with_another_nonce(outbox: Outbox) -> None:
    others = [
        replace(DRAFT, kind="recap"),
        replace(DRAFT, channel="console"),
        replace(DRAFT, league_day=date(2025, 1, 16)),
    ]
    assert all(outbox.put(draft) for draft in [DRAFT, *others])
    nonces = {post.nonce for post in outbox.recent()}
    assert len(nonces) == 4
    assert all(len(nonce) <= 25 for nonce in nonces), "Discord takes at most 25 characters"


def test_the_nonce_of_a_post_is_the_same_in_every_process_and_database(tmp_path: Path) -> None:
    first, second = (Outbox(Database(tmp_path / name)) for name in ("a.db", "b.db"))
    first.put(DRAFT)
    second.put(DRAFT)
    assert first.recent()[0].nonce == second.recent()[0].nonce


def test_a_claimed_post_is_nobody_elses_until_the_lease_runs_out(outbox: Outbox) -> None:
    outbox.put(DRAFT)
    post = outbox.claim("discord:1", NOW, LEASE)
    assert post is not None
    assert post.attempts == 1
    assert outbox.claim("discord:1", NOW + LEASE - timedelta(seconds=1), LEASE) is None
    again = outbox.claim("discord:1", NOW + LEASE, LEASE)
    assert again is not None
    assert again.attempts == 2


def test_of_many_processes_that_claim_at_once_one_gets_the_post(tmp_path: Path) -> None:
    path = tmp_path / "nbabot.db"
    Outbox(Database(path)).put(DRAFT)
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda _: Outbox(Database(path)).claim("discord:1", NOW, LEASE), range(16)))
    assert sum(claim is not None for claim in claims) == 1


def test_a_channel_is_given_only_its_own_posts(outbox: Outbox) -> None:
    outbox.put(DRAFT)
    assert outbox.claim("console", NOW, LEASE) is None


def test_a_sent_post_is_never_claimed_again(outbox: Outbox) -> None:
    outbox.put(DRAFT)
    post = outbox.claim("discord:1", NOW, LEASE)
    assert post is not None
    outbox.sent(post, "77")
    assert outbox.claim("discord:1", NOW + timedelta(days=1), LEASE) is None
    assert (outbox.recent()[0].state, outbox.recent()[0].message_id) == (PostState.SENT, "77")


def test_a_post_put_off_waits_for_its_moment_and_says_why(outbox: Outbox) -> None:
    outbox.put(DRAFT)
    post = outbox.claim("discord:1", NOW, LEASE)
    assert post is not None
    outbox.retry(post, NOW + timedelta(minutes=5), "Discord answered 500")
    assert outbox.claim("discord:1", NOW + timedelta(minutes=4), LEASE) is None
    assert outbox.recent()[0].error == "Discord answered 500"
    assert outbox.claim("discord:1", NOW + timedelta(minutes=5), LEASE) is not None


def test_a_refused_post_is_not_tried_again(outbox: Outbox) -> None:
    outbox.put(DRAFT)
    post = outbox.claim("discord:1", NOW, LEASE)
    assert post is not None
    outbox.failed(post, "no such channel")
    assert outbox.claim("discord:1", NOW + timedelta(days=1), LEASE) is None
    assert outbox.recent()[0].state is PostState.FAILED


def test_a_post_expires_when_it_is_of_no_use_and_not_before(outbox: Outbox) -> None:
    outbox.put(DRAFT)
    assert outbox.expire(DRAFT.channel, DRAFT.expires - timedelta(seconds=1)) == ()
    assert [post.kind for post in outbox.expire(DRAFT.channel, DRAFT.expires)] == ["picks"]
    assert outbox.claim("discord:1", NOW, LEASE) is None


def test_the_posts_of_other_channels_never_expire_along(outbox: Outbox) -> None:
    outbox.put(DRAFT)
    assert outbox.expire("console", DRAFT.expires + timedelta(days=300)) == ()
    assert outbox.recent()[0].state is PostState.WAITING


def test_a_late_word_of_failure_does_not_undo_that_a_post_was_sent(outbox: Outbox) -> None:
    outbox.put(DRAFT)
    slow = outbox.claim("discord:1", NOW, LEASE)
    quick = outbox.claim("discord:1", NOW + LEASE, LEASE)
    assert slow is not None
    assert quick is not None
    outbox.sent(quick, "77")
    outbox.retry(slow, NOW, "lost")
    outbox.failed(slow, "lost")
    assert outbox.recent()[0].state is PostState.SENT


def claimed(outbox: Outbox, now: datetime = NOW) -> Post:
    post = outbox.claim("discord", now, LEASE)
    assert post is not None
    return post


def test_a_scheme_is_given_the_posts_of_all_its_channels_and_no_others(outbox: Outbox) -> None:
    for channel in ("discord:1", "console", "discord:22", "discordant:3"):
        outbox.put(replace(DRAFT, channel=channel))
    assert [claimed(outbox).channel for _ in range(2)] == ["discord:1", "discord:22"]
    assert outbox.claim("discord", NOW, LEASE) is None
    assert [post.channel for post in outbox.expire("console", DRAFT.expires)] == ["console"]


def test_a_revised_post_waits_to_be_edited_and_the_same_words_again_change_nothing(outbox: Outbox) -> None:
    other = replace(DRAFT, payload='["new"]')
    assert not outbox.revise(other), "there is no post to change"
    outbox.put(DRAFT)
    outbox.sent(claimed(outbox), "77")
    assert outbox.revise(other)
    edit = claimed(outbox)
    assert (edit.message_id, edit.payload, edit.revision, edit.attempts) == ("77", '["new"]', 1, 1)
    outbox.sent(edit, "77")
    assert not outbox.revise(other)
    assert outbox.claim("discord", NOW + LEASE, LEASE) is None


def test_what_is_revised_while_it_is_sent_is_edited_afterwards_and_not_sent_twice(outbox: Outbox) -> None:
    outbox.put(DRAFT)
    first = claimed(outbox)
    outbox.revise(replace(DRAFT, payload='["new"]'))
    assert outbox.claim("discord", NOW, LEASE) is None, "it is still being sent"
    outbox.sent(first, "77")
    edit = claimed(outbox)
    assert (edit.message_id, edit.payload) == ("77", '["new"]')


def test_an_edit_that_comes_too_late_leaves_the_post_sent(outbox: Outbox) -> None:
    outbox.put(DRAFT)
    outbox.sent(claimed(outbox), "77")
    outbox.revise(replace(DRAFT, payload='["new"]'))
    assert len(outbox.expire("discord", DRAFT.expires)) == 1
    assert outbox.tally("picks", DRAFT.league_day) == {PostState.SENT: 1}


def test_a_post_given_up_is_not_revised(outbox: Outbox) -> None:
    outbox.put(DRAFT)
    outbox.put(replace(DRAFT, kind="recap"))
    assert outbox.give_up("discord:1", "no such channel") == 2
    assert not outbox.revise(replace(DRAFT, payload='["new"]'))


def test_a_clock_that_was_wrong_by_a_year_does_not_hold_a_post_back(outbox: Outbox) -> None:
    outbox.put(DRAFT)
    claimed(outbox, NOW + timedelta(days=365))
    assert claimed(outbox).attempts == 2


def test_old_posts_are_forgotten_but_never_one_that_waits(outbox: Outbox) -> None:
    outbox.put(DRAFT)
    outbox.put(replace(DRAFT, kind="recap"))
    outbox.sent(claimed(outbox), "77")
    assert outbox.forget(datetime.now(UTC) + timedelta(days=1)) == 1
    assert [post.kind for post in outbox.recent()] == ["recap"]


def test_new_posts_come_first_and_of_changes_the_one_whose_message_stood_unchanged_for_longest(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = NOW
    monkeypatch.setattr("engine.store.outbox.machine_clock", lambda: now)

    def send_one() -> str:
        nonlocal now
        now += timedelta(seconds=1)
        post = outbox.claim("discord", NOW, LEASE)
        assert post is not None
        outbox.sent(post, "1")
        return post.channel

    channels = [f"discord:{number}" for number in range(3)]
    for channel in channels:
        outbox.put(replace(DRAFT, channel=channel))
    assert [send_one() for _ in channels] == channels
    for channel in channels:
        outbox.revise(replace(DRAFT, channel=channel, payload="[1]"))
    outbox.put(replace(DRAFT, channel="discord:9"))
    assert [send_one(), send_one()] == ["discord:9", "discord:0"]
    outbox.revise(replace(DRAFT, channel="discord:0", payload="[2]"))
    assert [send_one() for _ in channels] == ["discord:1", "discord:2", "discord:0"]
