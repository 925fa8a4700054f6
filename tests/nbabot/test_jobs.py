from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from engine.core import words
from engine.core.calendar import LEAGUE_ZONE, noon_of
from engine.core.guilds import GuildSettings
from engine.core.posts import Post
from engine.core.records import Slate
from engine.core.usage import Ending, Use
from engine.engine import Engine
from nbabot import embeds, jobs
from nbabot.destinations import Destination
from nbabot.job_runs import HandedIn, hand_in, run_work
from nbabot.jobs import JOBS
from nbabot.messages import Message
from nbabot.sections import ScheduleSettings
from nbabot.settings import Settings
from nbabot.work import JobResult

DAY = date(2025, 1, 15)
NEXT = DAY + timedelta(days=1)
HERE = Destination("console")
EngineAt = Callable[[date], Engine]


def do(engine: Engine, name: str) -> JobResult:
    """Do a job's work and hand in its post to the terminal."""
    turn = JOBS[name].by_hand(engine.now(), Settings())
    result = run_work(engine, Settings(), JOBS[name], turn)
    hand_in(engine, JOBS[name], turn, [HERE], hurry=True)
    assert result is not None
    return result


def test_the_days_picks_are_frozen_and_one_post_waits(engine: Engine) -> None:
    assert do(engine, "picks").done
    assert len(engine.picks(DAY)) == len(engine.slate(DAY).games) > 0
    post = engine.outbox.recent()[0]
    assert (post.league_day, post.kind, post.channel) == (DAY, "picks", "console")
    shown = str(embeds.unpacked(post.payload)[0].to_dict())
    assert all(words.slate_line(item, bold="**") in shown for item in engine.slate(DAY).games)
    assert words.SIMULATED in shown


def test_doing_a_jobs_work_and_composing_its_post_again_changes_nothing(engine: Engine) -> None:
    do(engine, "picks")
    before = engine.outbox.recent(), engine.picks(DAY), JOBS["picks"].compose(engine, DAY)
    JOBS["picks"].work(engine, Settings())
    assert (engine.outbox.recent(), engine.picks(DAY), JOBS["picks"].compose(engine, DAY)) == before


def test_forecasts_of_players_are_frozen_with_the_picks(players_home: Path) -> None:
    with closing(Engine(players_home, now=lambda: noon_of(DAY))) as engine:
        elo = engine.train_game(["elo"])[0]
        engine.promote(elo.name, elo.version, "tests", "it has not learned from that day", force=True)
        result = JOBS["picks"].work(engine, Settings())
        frozen = sum(one.n for one in engine.player_record().stats)
    assert frozen
    assert result.detail.endswith(f"picks frozen for Wed 15 Jan 2025, and {frozen:,} figures of players")


def test_without_a_place_picks_are_frozen_but_not_posted(engine: Engine) -> None:
    JOBS["picks"].work(engine, Settings())
    assert engine.picks(DAY)
    assert engine.outbox.recent() == ()


def test_the_recap_grades_and_posts_yesterday(engine_at: EngineAt) -> None:
    JOBS["picks"].work(engine_at(DAY), Settings())
    tomorrow = engine_at(NEXT)
    assert do(tomorrow, "recap").done
    picks = tomorrow.picks(DAY)
    shown = embeds.unpacked(tomorrow.outbox.recent()[0].payload)[0]
    assert shown.title == f"Wed 15 Jan 2025: {words.tally([pick.outcome for pick in picks])}"
    assert all(pick.outcome != "pending" for pick in picks)


def test_a_day_without_picks_has_no_recap(engine: Engine) -> None:
    assert do(engine, "recap").done
    assert engine.outbox.recent() == ()


def test_missing_results_are_waited_for_in_the_morning_and_not_after_noon(
    engine_at: EngineAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    JOBS["picks"].work(engine_at(DAY), Settings())
    later = engine_at(NEXT)
    monkeypatch.setattr(later, "grade", lambda: 0)
    monkeypatch.setattr(later, "now", lambda: noon_of(NEXT) - timedelta(hours=2))
    assert not JOBS["recap"].work(later, Settings()).done
    monkeypatch.setattr(later, "now", lambda: noon_of(NEXT))
    assert JOBS["recap"].work(later, Settings()).done
    assert JOBS["recap"].compose(later, NEXT) is None, "a recap without a single result says nothing"


def test_picks_expire_at_the_usual_first_tip_when_tips_are_unknown(engine: Engine) -> None:
    do(engine, "picks")
    assert engine.outbox.recent()[0].expires == datetime(2025, 1, 16, 0, tzinfo=UTC), "19:00 in New York"


def test_a_day_without_games_puts_no_post_and_says_so(engine_at: EngineAt) -> None:
    idle = engine_at(date(2024, 12, 24))
    assert not idle.slate().games
    result = do(idle, "picks")
    assert (result.done, result.detail) == (True, "no games to pick on Tue 24 Dec 2024")
    assert idle.outbox.recent() == ()
    assert idle.runs.done("picks", idle.today()) == {"2024-12-24", "2024-12-24 console"}


def test_the_weekly_report_counts_the_seven_days_before_monday(engine_at: EngineAt) -> None:
    for back in range(9, 1, -1):
        JOBS["picks"].work(engine_at(date(2025, 1, 27) - timedelta(days=back)), Settings())
    monday = engine_at(date(2025, 1, 27))
    do(monday, "weekly")
    published = [pick for pick in monday.published() if pick.league_day >= date(2025, 1, 20)]
    shown = embeds.unpacked(monday.outbox.recent()[0].payload)[0]
    assert shown.title == f"The week: {words.tally([pick.outcome for pick in published])}"
    assert shown.description == "Mon 20 Jan 2025 to Sun 26 Jan 2025"
    assert "coin flips (0.250)" in str(shown.fields[0].value)
    later = engine_at(date(2025, 1, 29))
    assert JOBS["weekly"].turn(later.now(), Settings()) == JOBS["weekly"].turn(monday.now(), Settings())
    assert JOBS["weekly"].turn(noon_of(date(2025, 1, 30)), Settings()) is None


def test_old_runs_and_posts_are_deleted_and_picks_never(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    do(engine, "picks")
    frozen = engine.picks(DAY)
    post = engine.outbox.claim("console", datetime.now(UTC), timedelta(0))
    assert post is not None
    engine.outbox.sent(post, "1")
    engine.usage.record([Use(datetime.now(UTC) - timedelta(days=91), 1, None, "predict", 1, Ending.ANSWERED)])
    assert JOBS["cleanup"].work(engine, Settings()).detail.endswith(" deleted, 1 uses older than 90")
    engine.usage.record([Use(datetime.now(UTC), 1, None, "predict", 1, Ending.ANSWERED)])
    assert JOBS["cleanup"].work(engine, Settings()).detail.startswith("0 posts and 0 runs")
    monkeypatch.setattr("nbabot.work.machine_clock", lambda: datetime.now(UTC) + timedelta(days=91))
    assert JOBS["cleanup"].work(engine, Settings()).detail == (
        "1 posts and 2 runs older than 90 days deleted, 0 uses older than 90"
    )
    assert (engine.outbox.recent(), engine.runs.recent(), engine.picks(DAY)) == ((), (), frozen)


# when

ET = LEAGUE_ZONE


def at(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    return datetime.combine(day, time(hour, minute), ET)


@pytest.mark.parametrize("name", sorted(JOBS))
@pytest.mark.parametrize("day", [date(2025, 3, 8), date(2025, 11, 1), DAY])
def test_however_the_clocks_change_each_occurrence_has_its_turn_once(name: str, day: date) -> None:
    first = datetime.combine(day, time(0), ET).astimezone(UTC)
    seen = [JOBS[name].turn(first + timedelta(minutes=10 * step), Settings()) for step in range(6 * 24 * 9)]
    named = [one.due for one in seen if one]
    assert len(set(named)) == len([due for due, before in zip(named, ["", *named], strict=False) if due != before])
    daily = 1 if name == "weekly" else 9 * len(JOBS[name].times(Settings()))
    assert daily <= len(set(named)) <= daily + 1
    assert not any(one and one.begins.astimezone(ET).hour in (1, 2) for one in seen)


def test_of_several_times_of_a_day_only_the_latest_one_is_due() -> None:
    refresh = JOBS["refresh"]
    moments = [at(13), at(13, 30), at(16, 29), at(22)]
    assert [turn and turn.due for turn in (refresh.turn(moment, Settings()) for moment in moments)] == [
        None, "2025-01-15T13:30", "2025-01-15T13:30", "2025-01-15T21:10"
    ]  # fmt: skip
    assert refresh.next(at(22), Settings()) == at(13, 30, NEXT)
    assert refresh.by_hand(at(12), Settings()).due == "2025-01-15T12:00"


def test_every_job_has_a_time_in_the_settings() -> None:
    settings = Settings(schedule=ScheduleSettings(picks_time="12:30", recap_time="08:15"))
    assert JOBS["picks"].times(settings) == (time(12, 30),)
    assert JOBS["recap"].times(settings) == (time(8, 15),)
    assert all(job.times(settings) for job in JOBS.values())


# where


def place(number: int, hour: int | None = None) -> Destination:
    wishes = GuildSettings(number, picks_channel=number, at=None if hour is None else time(hour), zone="Europe/London")
    return Destination(f"discord:{number}", wishes)


def handed(engine: Engine, monkeypatch: pytest.MonkeyPatch, moment: datetime, *places: Destination) -> list[str]:
    """The channels that have a post in the outbox after a look at a moment."""
    monkeypatch.setattr(engine, "now", lambda: moment)
    turn = JOBS["picks"].turn(moment, Settings())
    if turn:
        run_work(engine, Settings(), JOBS["picks"], turn)
        hand_in(engine, JOBS["picks"], turn, places)
    return [post.channel for post in reversed(engine.outbox.recent())]


def test_each_server_gets_the_picks_at_its_own_time(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    places = [place(1), place(2, 18), place(3, 23), Destination("console")]
    assert handed(engine, monkeypatch, at(10, 59), *places) == []
    assert handed(engine, monkeypatch, at(11), *places) == ["discord:1", "console"]
    assert handed(engine, monkeypatch, at(12, 59), *places) == ["discord:1", "console"]
    assert handed(engine, monkeypatch, at(13), *places)[2:] == ["discord:2"]
    assert handed(engine, monkeypatch, at(18), *places)[3:] == ["discord:3"]
    assert len(engine.runs.done("picks", DAY)) == 5


def test_on_a_day_with_an_early_game_nobody_waits_beyond_half_an_hour_before_it(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = engine.slate

    def early(day: date | None = None) -> Slate:
        slate = whole(day)
        first = replace(slate.games[0], game=replace(slate.games[0].game, tip_utc=at(13)))
        return replace(slate, games=(first, *slate.games[1:]))

    monkeypatch.setattr(engine, "slate", early)
    assert handed(engine, monkeypatch, at(12, 29), place(2, 18)) == []
    assert handed(engine, monkeypatch, at(12, 30), place(2, 18)) == ["discord:2"]
    assert engine.outbox.recent()[0].expires == at(13)


def test_a_place_that_fails_leaves_the_others_alone_and_is_tried_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = JOBS["picks"].by_hand(engine.now(), Settings())
    run_work(engine, Settings(), JOBS["picks"], turn)
    real = engine.outbox.put

    def broken(draft: object) -> bool:
        if getattr(draft, "channel", "") == "discord:2":
            raise ZeroDivisionError("two")
        return real(draft)  # type: ignore[arg-type]

    places = [place(1), place(2), place(3)]
    with monkeypatch.context() as patch:
        patch.setattr(engine.outbox, "put", broken)
        assert hand_in(engine, JOBS["picks"], turn, places) == HandedIn(2, (("discord:2", "two"),))
    assert [run.due for run in engine.runs.unfinished("picks", DAY)] == ["2025-01-15 discord:2"]
    monkeypatch.setattr(jobs, "RETRY", timedelta(0))
    assert hand_in(engine, JOBS["picks"], turn, places) == HandedIn(1)


def test_nothing_is_handed_in_before_the_work_is_done(engine: Engine) -> None:
    turn = JOBS["picks"].by_hand(engine.now(), Settings())
    assert hand_in(engine, JOBS["picks"], turn, [HERE], hurry=True) == HandedIn(0)


def posts(engine: Engine) -> list[Post]:
    return list(engine.outbox.recent())


def test_a_message_is_one_post_for_each_channel_with_a_nonce_of_its_own(engine: Engine) -> None:
    message = Message("picks", DAY, "[]", at(19))
    assert [engine.outbox.put(message.draft(f"discord:{number}")) for number in (1, 2, 1)] == [True, True, False]
    assert len({post.nonce for post in posts(engine)}) == 2
