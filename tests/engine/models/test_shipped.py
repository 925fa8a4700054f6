"""The models that come with the program: every task is answered in a home without any data, and in an older one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.core.live import Moment, Pregame
from engine.engine import DATABASE, Engine, shipped_models
from engine.models.live.model import LiveModel
from engine.models.registry import SHIPPED_CHAMPIONS, Registry
from engine.store.database import Database


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Engine]:
    engine = Engine(tmp_path)
    yield engine
    engine.close()


def champions(engine: Engine) -> dict[str, str]:
    return {task: engine.champion(task).name for task in SHIPPED_CHAMPIONS}


def test_every_task_has_a_model_in_production_in_a_fresh_home(fresh: Engine) -> None:
    assert champions(fresh) == SHIPPED_CHAMPIONS
    assert not any(one.problem for one in fresh.verify_models())


def test_a_home_of_a_version_without_live_models_gets_them(fresh: Engine) -> None:
    with Database(fresh.home / DATABASE).write() as connection:
        for table in ("model_aliases", "model_versions"):
            connection.execute(f"DELETE FROM {table} WHERE name IN ('live-curves', 'halftime-linear')")
    upgraded = Engine(fresh.home)
    assert champions(upgraded) == SHIPPED_CHAMPIONS
    upgraded.close()


def test_the_shipped_live_model_holds_numbers_only_and_is_sure_of_a_lead_in_the_last_second(fresh: Engine) -> None:
    label = fresh.champion("live").label
    model = Registry(Database(fresh.home / DATABASE), shipped_models(), fresh.home).load_as(label, LiveModel).model
    assert len(b"".join(model.to_files().values())) < 10_000
    even = Pregame(0.5, 0.0)
    assert model.predict(Moment(4, 1, 100, 94), even).home_win_prob > 0.99
    assert 0.4 < model.predict(Moment(1, 720), even).home_win_prob < 0.6
