"""A bot that runs notices who is in production, and says so once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from engine.core.alerts import Severity
from engine.core.calendar import noon_of
from engine.core.errors import NoModelError
from engine.engine import DATABASE, Engine
from engine.features.player_league import PlayerLeague
from engine.store.database import Database
from nbabot import jobs
from nbabot.alerting import damaged
from nbabot.settings import RetrainSettings, Settings
from nbabot.warm import keep_models_warm, keep_warm


async def until(found: Callable[[], bool]) -> None:
    async with asyncio.timeout(120):  # a busy machine is no failure
        while not found():
            await asyncio.sleep(0.02)


async def test_a_moved_role_is_noticed_and_the_model_loaded_before_anybody_asks(engine: Engine) -> None:
    other = next(one for one in engine.models() if one.family == "elo" and one.simulated)
    with capture_logs() as logs:
        warming = asyncio.create_task(keep_models_warm(engine, seconds=0.05))
        await until(lambda: len(logs) == 1)
        engine.promote(other.name, other.version, "ada", "a trial", force=True)
        await until(lambda: len(logs) == 2)
        warming.cancel()
    assert [log["event"] for log in logs] == ["models_answer", "models_answer"]
    assert logs[1]["models"].split(", ") == [
        other.label,
        *(engine.champion(task).label for task in ("halftime", "live", "player")),
    ]


async def test_the_players_numbers_are_built_before_anybody_asks_for_a_player(
    players_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the first question would walk through whole seasons."""
    database = Database(players_home / DATABASE)
    with database.write() as connection:
        connection.execute("DELETE FROM player_snapshots")
    engine = Engine(players_home, now=lambda: noon_of(date(2026, 1, 1)))
    warming = asyncio.create_task(keep_warm(engine))
    await until(lambda: bool(database.rows("SELECT 1 FROM player_snapshots")))
    warming.cancel()
    await asyncio.gather(warming, return_exceptions=True)
    monkeypatch.setattr(PlayerLeague, "advance", None)
    later = Engine(players_home, now=engine.now)
    assert later.player(later.players("", 1)[0].name, "BOS").games > 0
    for one in (later, engine, database):
        one.close()


async def test_that_there_is_no_model_is_logged_once(engine: Engine, monkeypatch) -> None:
    asked = []

    def nobody() -> tuple[str, ...]:
        asked.append(1)
        raise NoModelError("No model is in production.")

    monkeypatch.setattr(engine, "refresh_models", nobody)
    with capture_logs() as logs:
        warming = asyncio.create_task(keep_models_warm(engine, seconds=0.01))
        await until(lambda: len(asked) > 3)
        warming.cancel()
    assert [log["event"] for log in logs] == ["no_model"]


def test_the_weekly_training_is_a_job_where_the_settings_say_so(engine: Engine) -> None:
    weekly, retrain = Settings(retrain=RetrainSettings(weekly=True)), jobs.JOBS["retrain"]
    assert retrain not in jobs.scheduled(engine, Settings())
    assert jobs.scheduled(engine, weekly)[-1] is retrain
    assert retrain.work(engine, weekly) == jobs.JobResult("trained within a week, or nothing new to learn")


def test_a_damaged_champion_is_an_alert_and_a_damaged_candidate_is_none(engine: Engine) -> None:
    assert list(damaged(engine)) == []
    champion = engine.champion()
    for version in engine.models():
        if version.simulated:
            (engine.home / "models" / version.name / version.version / "model.json").write_text("{}")
    found = list(damaged(engine))
    assert [(one.subject, one.severity) for one in found] == [(champion.label, Severity.CRITICAL)]
    assert "SHA-256 differs" in found[0].text
