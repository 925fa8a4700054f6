from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from engine.core import words
from engine.core.calendar import noon_of
from engine.engine import Engine
from nbabot import embeds, jobs
from nbabot.sections import DiscordSettings, ScheduleSettings
from nbabot.settings import Settings

DAY = date(2025, 1, 15)
NEXT = DAY + timedelta(days=1)
EngineAt = Callable[[date], Engine]


async def test_the_days_picks_are_frozen_and_one_post_waits(engine: Engine) -> None:
    result = await jobs.post_picks(engine, "console")
    assert result.done
    assert len(engine.picks(DAY)) == len(engine.slate(DAY).games) > 0
    post = engine.outbox.recent()[0]
    assert (post.league_day, post.kind, post.channel) == (DAY, "picks", "console")
    shown = str(embeds.unpacked(post.payload)[0].to_dict())
    assert all(words.slate_line(item, bold="**") in shown for item in engine.slate(DAY).games)
    assert words.SIMULATED in shown


async def test_running_the_job_again_changes_nothing(engine: Engine) -> None:
    await jobs.post_picks(engine, "console")
    before = engine.outbox.recent(), engine.picks(DAY)
    await jobs.post_picks(engine, "console")
    assert (engine.outbox.recent(), engine.picks(DAY)) == before


async def test_forecasts_of_players_are_frozen_with_the_picks(players_home: Path) -> None:
    with closing(Engine(players_home, now=lambda: noon_of(DAY))) as engine:
        elo = engine.train_game(["elo"])[0]
        engine.promote(elo.name, elo.version, "tests", "it has not learned from that day", force=True)
        result = await jobs.post_picks(engine, None)
        frozen = sum(one.n for one in engine.player_record().stats)
    assert frozen
    assert result.detail.endswith(f"picks frozen for Wed 15 Jan 2025, and {frozen:,} figures of players")


async def test_without_a_channel_picks_are_frozen_but_not_posted(engine: Engine) -> None:
    await jobs.post_picks(engine, None)
    assert engine.picks(DAY)
    assert engine.outbox.recent() == ()


async def test_the_recap_grades_and_posts_yesterday(engine_at: EngineAt) -> None:
    await jobs.post_picks(engine_at(DAY), None)
    tomorrow = engine_at(NEXT)
    result = await jobs.post_recap(tomorrow, "console")
    assert result.done
    picks = tomorrow.picks(DAY)
    shown = embeds.unpacked(tomorrow.outbox.recent()[0].payload)[0]
    assert shown.title == f"Wed 15 Jan 2025: {words.tally([pick.outcome for pick in picks])}"
    assert all(pick.outcome != "pending" for pick in picks)


async def test_a_day_without_picks_has_no_recap(engine: Engine) -> None:
    result = await jobs.post_recap(engine, "console")
    assert result.done
    assert engine.outbox.recent() == ()


async def test_missing_results_are_waited_for_in_the_morning_and_not_after_noon(
    engine_at: EngineAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = engine_at(DAY)
    await jobs.post_picks(today, None)
    later = engine_at(NEXT)
    monkeypatch.setattr(later, "grade", lambda: 0)
    monkeypatch.setattr(later, "now", lambda: noon_of(NEXT) - timedelta(hours=2))
    assert not (await jobs.post_recap(later, "console")).done
    monkeypatch.setattr(later, "now", lambda: noon_of(NEXT))
    assert (await jobs.post_recap(later, "console")).done
    assert later.outbox.recent() == (), "a recap without a single result says nothing"


async def test_picks_expire_at_the_usual_first_tip_when_tips_are_unknown(engine: Engine) -> None:
    await jobs.post_picks(engine, "console")
    assert engine.outbox.recent()[0].expires == datetime(2025, 1, 16, 0, tzinfo=UTC), "19:00 in New York"


async def test_a_day_without_games_puts_no_post_and_says_so(engine_at: EngineAt) -> None:
    idle = engine_at(date(2024, 12, 24))
    assert not idle.slate().games
    result = await jobs.post_picks(idle, "console")
    assert (result.done, result.posted, result.detail) == (True, False, "no games to pick on Tue 24 Dec 2024")
    assert idle.outbox.recent() == ()


def test_a_job_without_a_channel_of_its_own_posts_to_the_picks_channel() -> None:
    settings = Settings(discord=DiscordSettings(picks_channel_id=1))
    assert [job.channel_key(settings) for job in jobs.JOBS.values()] == ["discord:1", "discord:1"]
    settings = Settings(discord=DiscordSettings(picks_channel_id=1, recap_channel_id=2))
    assert {name: job.channel_key(settings) for name, job in jobs.JOBS.items()} == {
        "recap": "discord:2",
        "picks": "discord:1",
    }
    assert [job.channel_key(Settings()) for job in jobs.JOBS.values()] == [None, None]


def test_every_job_has_a_time_in_the_settings() -> None:
    settings = Settings(schedule=ScheduleSettings(picks_time="12:30", recap_time="08:15"))
    assert {name: job.at(settings) for name, job in jobs.JOBS.items()} == {"recap": time(8, 15), "picks": time(12, 30)}
