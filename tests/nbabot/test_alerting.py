"""An alert reaches the log and the channel once, whatever dies in between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from structlog.testing import capture_logs

from engine.core.alerts import Alert, Finding, Severity
from engine.core.calendar import LEAGUE_ZONE
from engine.core.errors import DatabaseError
from engine.core.guilds import Topic
from engine.core.posts import Draft, Post
from engine.engine import Engine
from nbabot import alerting, embeds, jobs, scheduler
from nbabot.alerting import Watch
from nbabot.channels import Delivered, Delivery, Unreachable
from nbabot.destinations import Destination
from nbabot.posting import Courier
from nbabot.scheduler import Schedule
from nbabot.sections import DiscordSettings
from nbabot.settings import Settings

DAY = date(2025, 1, 15)
FAULT = Finding("job", "picks", Severity.WARNING, "The picks job was not done.")


PLACES = (Destination("shelf"),)


def watch_on(engine: Engine, *places: Destination) -> Watch:
    return Watch(engine, Settings(), lambda topic: places)


class Shelf:
    """A way to a channel that keeps what it is given; it loses the first `lost` answers on the way back."""

    scheme = "shelf"

    def __init__(self, lost: int = 0) -> None:
        self.posts: dict[str, Post] = {}
        self.lost = lost

    async def deliver(self, post: Post) -> Delivery:
        self.posts.setdefault(post.nonce, post)
        if self.lost:
            self.lost -= 1
            return Unreachable("the answer was lost")
        return Delivered(post.nonce)


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    """What the checks find; change the list to change the world."""
    found = [FAULT]
    monkeypatch.setattr(alerting, "missed", lambda engine, settings, expected: iter(found))
    return found


async def test_an_alert_is_posted_once_however_often_it_is_found(engine: Engine, faulty: list[Finding]) -> None:
    shelf = Shelf()
    for _ in range(3):
        await watch_on(engine, *PLACES).check(())
        await Courier(engine, shelf).flush()
    assert [post.kind for post in shelf.posts.values()] == ["alert 1 warning"]


async def test_a_crash_between_the_alert_and_its_post_loses_nothing(engine: Engine, faulty: list[Finding]) -> None:
    engine.alerts.check(faulty, ("job",))
    assert engine.outbox.recent() == ()
    await watch_on(engine, *PLACES).check(())
    assert [post.kind for post in engine.outbox.recent()] == ["alert 1 warning"]


async def test_a_lost_answer_does_not_post_twice(
    engine: Engine, faulty: list[Finding], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nbabot.posting.FIRST_WAIT", timedelta(0))
    shelf = Shelf(lost=2)
    await watch_on(engine, *PLACES).check(())
    for _ in range(3):
        await Courier(engine, shelf).flush()
    assert len(shelf.posts) == 1
    assert engine.outbox.recent()[0].attempts == 3


async def test_an_alert_that_gets_worse_is_posted_again_and_one_that_is_acknowledged_is_not(
    engine: Engine, faulty: list[Finding]
) -> None:
    await watch_on(engine, *PLACES).check(())
    engine.alerts.acknowledge(1, "ann")
    faulty[0] = replace(FAULT, severity=Severity.CRITICAL)
    await watch_on(engine, *PLACES).check(())
    assert len(engine.outbox.recent()) == 1
    faulty.append(replace(FAULT, subject="recap"))
    await watch_on(engine, *PLACES).check(())
    faulty[1] = replace(faulty[1], severity=Severity.CRITICAL)
    await watch_on(engine, *PLACES).check(())
    kinds = [post.kind for post in engine.outbox.recent()]
    assert kinds == ["alert 2 critical", "alert 2 warning", "alert 1 warning"]


async def test_without_a_channel_it_is_logged_once_and_kept(engine: Engine, faulty: list[Finding]) -> None:
    watch = watch_on(engine)
    with capture_logs() as logs:
        for _ in range(3):
            assert [one.number for one in await watch.check(())] == [1]
    assert [(one["log_level"], one["subject"]) for one in logs if one["event"] == "alert"] == [("warning", "picks")]
    assert engine.outbox.recent() == ()


def test_a_post_says_what_is_wrong_since_when_and_how_to_answer(engine: Engine) -> None:
    moment = datetime(2025, 1, 15, 17, tzinfo=UTC)
    alert = Alert(3, "feed", "odds", Severity.CRITICAL, "Fetching odds failed.", moment, moment, None, None, None, None)
    post = alerting.draft(alert, "shelf", engine)
    shown = embeds.unpacked(post.payload)[0]
    assert shown.title == "Alert 3, critical: feed odds"
    assert shown.description == "Fetching odds failed."
    assert "nbabot alerts ack 3" in str(shown.fields)
    assert shown.footer.text == "nbabot · alert 3 critical · 2025-01-15"
    assert post.league_day == DAY


def at(hour: int, day: date = DAY) -> datetime:
    return datetime.combine(day, time(hour), LEAGUE_ZONE)


@pytest.fixture
def missed_at(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], list[tuple[str, str]]]:
    """Which jobs are missed at a moment, and why."""

    def ask(moment: datetime) -> list[tuple[str, str]]:
        monkeypatch.setattr(engine, "now", lambda: moment)
        found = alerting.missed(engine, Settings(), [jobs.JOBS[name] for name in ("picks", "recap")])
        return [(one.subject, one.text) for one in found]

    return ask


def test_a_service_that_never_ran_has_missed_nothing(missed_at: Callable[[datetime], list[tuple[str, str]]]) -> None:
    assert missed_at(at(23)) == []


def test_picks_are_missed_from_the_first_tip_on_and_the_recap_from_the_next_day(
    engine: Engine, missed_at: Callable[[datetime], list[tuple[str, str]]]
) -> None:
    for name in ("picks", "recap"):
        due = str(DAY - timedelta(days=1))
        engine.runs.begin(name, due, at(9, DAY - timedelta(days=1)), jobs.RETRY)
        engine.runs.finish(name, due, at(9, DAY - timedelta(days=1)), "done")
    assert missed_at(at(18)) == []
    assert [name for name, _ in missed_at(at(20))] == ["picks"]
    assert {name for name, _ in missed_at(at(1, DAY + timedelta(days=1)))} == {"picks", "recap"}


def test_a_job_that_failed_all_day_is_missed_with_its_reason(
    engine: Engine, missed_at: Callable[[datetime], list[tuple[str, str]]]
) -> None:
    due = str(DAY)
    engine.runs.begin("picks", due, at(11), jobs.RETRY)
    engine.runs.fail("picks", due, at(11), "No games are stored.")
    found = dict(missed_at(at(20)))
    assert found["picks"].startswith("The picks job of Wed 15 Jan 2025 was not done: No games are stored.")
    engine.runs.begin("picks", due, at(12), timedelta(0))
    engine.runs.finish("picks", due, at(12), "done")
    assert missed_at(at(20)) == []


@pytest.fixture
def schedule(engine: Engine) -> Schedule:
    return Schedule(engine, Settings(), lambda topic: PLACES if topic is Topic.ALERTS else (), Shelf())


async def test_the_schedule_checks_once_an_hour_and_delivers(
    schedule: Schedule, engine: Engine, faulty: list[Finding], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [datetime(2025, 1, 15, 17, tzinfo=UTC)]
    monkeypatch.setattr(scheduler, "machine_clock", lambda: clock[0])
    await schedule.catch_up()
    assert [post.state for post in engine.outbox.recent() if post.kind.startswith("alert")] == ["sent"]
    faulty.append(replace(FAULT, subject="recap"))
    clock[0] += timedelta(minutes=59)
    await schedule.catch_up()
    assert len(engine.alerts.open()) == 1
    clock[0] += timedelta(minutes=1)
    await schedule.catch_up()
    assert len(engine.alerts.open()) == 2


async def test_checks_that_fail_do_not_stop_the_schedule(
    schedule: Schedule, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*words: object) -> None:
        raise DatabaseError("The database is in use.")

    monkeypatch.setattr(engine.alerts, "check", locked)
    with capture_logs() as logs:
        await schedule.catch_up()
    assert [log["reason"] for log in logs if log["event"] == "checks_failed"] == ["The database is in use."]


def test_a_job_that_did_not_reach_a_channel_is_missed_though_its_work_is_done(
    engine: Engine, missed_at: Callable[[datetime], list[tuple[str, str]]]
) -> None:
    engine.runs.begin("picks", str(DAY), at(11), jobs.RETRY)
    engine.runs.finish("picks", str(DAY), at(11), "done")
    engine.runs.begin("picks", f"{DAY} discord:5", at(11), jobs.RETRY)
    engine.runs.fail("picks", f"{DAY} discord:5", at(11), "The disk is full.")
    assert [text for _, text in missed_at(at(20))] == [
        "The picks of Wed 15 Jan 2025 did not reach 1 channel: The disk is full. nbabot jobs history shows them."
    ]


def test_posts_that_came_too_late_and_channels_that_take_none_are_alerts_until_they_are_mended(engine: Engine) -> None:
    settings = Settings(discord=DiscordSettings(picks_channel_id=1))
    engine.outbox.put(Draft(DAY, "picks", "discord:9", "[]", engine.now()))
    engine.outbox.expire("discord", engine.now())
    for number in (1, 8, 9):
        engine.guilds.close_channel(f"discord:{number}", "Allow it.")
    assert [one.text for one in alerting.late(engine)] == [
        "1 post of kind picks could not be sent in time: look in the log for what Discord answered."
    ]
    assert {one.subject: one.severity for one in alerting.closed(engine, settings)} == {
        "discord:1": Severity.WARNING, "servers": Severity.INFO
    }  # fmt: skip
    for number in (1, 8, 9):
        engine.guilds.reopen_channel(f"discord:{number}")
    assert list(alerting.closed(engine, settings)) == []
