from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from engine.core.posts import Draft, PostState
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
