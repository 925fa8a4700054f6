"""Roles move whole or not at all, a broken champion does not silence a running bot, and no retraining harms it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.core.calendar import noon_of
from engine.core.errors import BusyError, GateError, NoModelError, UsageError
from engine.core.model_reports import Decision, ModelPolicy
from engine.core.reports import ModelStatus, ModelVersion
from engine.engine import Engine
from engine.models.registry import RETRY_SECONDS
from engine.models.roles import Roles
from engine.store.database import Database

EngineAt = Callable[[date], Engine]
DAY = date(2025, 1, 15)


def elo(engine: Engine) -> ModelVersion:
    return next(one for one in engine.models() if one.family == "elo" and one.simulated)


def force(engine: Engine, version: ModelVersion) -> ModelVersion:
    return engine.promote(version.name, version.version, "ada", "a trial", force=True)


def damage(engine: Engine, version: ModelVersion) -> bytes:
    """Flip a byte of a version's file; returns what it was."""
    file = engine.home / "models" / version.name / version.version / "model.json"
    content = file.read_bytes()
    file.write_bytes(content.replace(b"1", b"2", 1))
    return content


def statuses(engine: Engine) -> dict[str, ModelStatus]:
    return {one.label: one.status for one in engine.models()}


def test_a_rollback_lets_champion_and_previous_change_places(engine: Engine) -> None:
    before, other = engine.champion(), elo(engine)
    force(engine, other)
    assert engine.roll_back("bob", "it was better").label == before.label
    assert statuses(engine)[other.label] is ModelStatus.PREVIOUS
    assert engine.roll_back("bob", "on second thoughts").label == other.label
    entry = engine.model_audit()[0]
    assert (entry.who, entry.why, entry.from_label, entry.to_label) == (
        "bob",
        "on second thoughts",
        before.label,
        other.label,
    )


def test_a_rollback_without_a_previous_version_is_refused(tmp_path: Path) -> None:
    engine = Engine(tmp_path)
    with pytest.raises(NoModelError, match="nothing to go back to"):
        engine.roll_back("bob", "")
    engine.close()


def test_the_champion_is_neither_retired_nor_made_its_own_challenger(engine: Engine) -> None:
    champion = engine.champion()
    with pytest.raises(UsageError, match="is in production"):
        engine.retire(champion.name, champion.version, "bob", "")
    with pytest.raises(UsageError, match="needs no shadow"):
        engine.challenge(champion.name, champion.version, "bob", "")


def test_a_retired_version_loses_its_roles_and_is_promoted_only_by_force(engine: Engine) -> None:
    other = elo(engine)
    engine.challenge(other.name, other.version, "bob", "to compare")
    assert statuses(engine)[other.label] is ModelStatus.CHALLENGER
    assert engine.retire(other.name, other.version, "bob", "old").status is ModelStatus.ARCHIVED
    with pytest.raises(GateError, match="was retired") as refused:
        engine.promote(other.name, other.version, "bob", "why not")
    assert force(engine, other).status is ModelStatus.CHAMPION
    entry = engine.model_audit()[0]
    assert entry.despite == " ".join(refused.value.objections)
    assert [one.role for one in engine.model_audit(3)] == ["champion", "archived", "challenger"]


def test_of_two_promotions_at_once_one_takes_place(engine_at: EngineAt) -> None:
    engines = [engine_at(DAY), engine_at(DAY)]
    champion = engines[0].champion().label
    rivals = [one for one in engines[0].models() if one.label != champion][:2]

    def promote(pair: tuple[Engine, ModelVersion]) -> str:
        engine, version = pair
        roles = Roles(engine._database, engine._registry)
        try:
            return roles.promote(version, Decision("ada", "at once"), champion).label
        except BusyError as error:
            return str(error)

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(promote, zip(engines, rivals, strict=True)))
    won = [one for one in said if one in {rival.label for rival in rivals}]
    assert len(won) == 1
    assert "somebody else promoted meanwhile" in next(one for one in said if one not in won)
    assert engines[1].champion().label == won[0]
    assert engines[0].model_audit()[0].to_label == won[0]
    assert engines[0].model_audit()[1].to_label == champion


@pytest.mark.parametrize("step", ["_drop", "_put", "_write_down"])
def test_a_kill_in_the_middle_of_a_promotion_leaves_the_champion(engine: Engine, step: str) -> None:
    champion, trail, other = engine.champion().label, engine.model_audit(), elo(engine)
    script = f"""
import os, signal
from pathlib import Path
from engine.engine import Engine
from engine.store import models
models.{step} = lambda *given: os.kill(os.getpid(), signal.SIGKILL)
Engine(Path({str(engine.home)!r})).promote({other.name!r}, {other.version!r}, "ada", "", force=True)
"""
    killed = subprocess.run([sys.executable, "-c", script], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert (engine.champion().label, engine.model_audit()) == (champion, trail)
    assert force(engine, other).status is ModelStatus.CHAMPION


def test_a_champion_that_cannot_be_loaded_leaves_the_one_before_answering(
    engine_at: EngineAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, bot = engine_at(DAY), engine_at(DAY)
    before, other = bot.predict("BOS", "LAL").model, elo(here)
    force(here, other)
    whole = damage(here, other)
    others = tuple(bot.champion(task).label for task in ("halftime", "live", "player"))
    assert bot.refresh_models() == (before, *others)
    assert bot.predict("BOS", "MIA").model == before
    (here.home / "models" / other.name / other.version / "model.json").write_bytes(whole)
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + RETRY_SECONDS)
    assert bot.refresh_models() == (other.label, *others)
    assert bot.predict("BOS", "MIA").model == other.label


def shadows(engine: Engine) -> list[tuple[str, str]]:
    rows = Database(engine.home / "nbabot.db").rows("SELECT game_id, model FROM shadow_forecasts ORDER BY game_id")
    return [tuple(row) for row in rows]


def test_every_published_forecast_is_made_by_each_challenger_too_and_never_shown(engine_at: EngineAt) -> None:
    engine, other = engine_at(DAY), elo(engine_at(DAY))
    assert engine.publish_picks(DAY - timedelta(days=1)) == ()
    engine.challenge(other.name, other.version, "bob", "to compare")
    picks = engine.publish_picks()
    assert picks
    assert shadows(engine) == sorted((pick.game_id, other.label) for pick in picks)
    assert engine.publish_picks() == picks
    assert len(shadows(engine)) == len(picks)
    assert {item.forecast.model for item in engine.slate().games} == {engine.champion().label}
    assert other.label not in repr(engine.slate()) + repr(engine.record())


def test_a_challenger_that_is_damaged_does_not_stop_the_picks(engine: Engine) -> None:
    other = elo(engine)
    engine.challenge(other.name, other.version, "bob", "to compare")
    damage(engine, other)
    assert engine.publish_picks()
    assert shadows(engine) == []


def test_a_split_by_game_is_the_same_everywhere_and_the_pick_says_who_made_it(engine: Engine) -> None:
    champion, other = engine.champion(), elo(engine)
    engine.challenge(other.name, other.version, "bob", "to compare")
    splitting = Engine(engine.home, lambda: noon_of(DAY), policy=ModelPolicy(split=0.5))
    days = [DAY + timedelta(days=after) for after in range(4)]
    made = {item.game.game_id: item.forecast.model for day in days for item in splitting.slate(day).games}
    assert set(made.values()) == {champion.label, other.label}
    again = Engine(engine.home, lambda: noon_of(DAY), policy=ModelPolicy(split=0.5))
    picks = again.publish_picks()
    assert all(pick.model == made[pick.game_id] for pick in picks)
    assert len(shadows(engine)) == len(picks), "the one that did not publish spoke in the shadow"
    splitting.close()
    again.close()


def test_live_forecasts_are_compared_once_results_are_in(engine_at: EngineAt, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.monitoring.comparing.ENOUGH", 1)
    other = elo(engine_at(DAY))
    engine_at(DAY).challenge(other.name, other.version, "bob", "to compare")
    picks = engine_at(DAY).publish_picks()
    later = engine_at(DAY + timedelta(days=1))
    champion = later.champion()
    found = later.compare_models((champion.name, champion.version), (other.name, other.version))
    assert (found.basis, found.n, found.first_day) == ("live", len(picks), DAY)
    assert found.log_loss is not None
    assert found.first.log_loss is not None
    assert found.second.log_loss is not None
    assert found.log_loss.mean == pytest.approx(found.first.log_loss - found.second.log_loss)


def test_walks_forward_are_paired_where_both_have_learned_from_every_game(engine: Engine) -> None:
    champion, other = engine.champion(), elo(engine)
    found = engine.compare_models((other.name, other.version), (champion.name, champion.version))
    assert (found.basis, found.n) == ("walk-forward", other.metrics["n"])
    assert found.first.log_loss == pytest.approx(other.metrics["log_loss"], abs=1e-4)


def test_games_that_neither_has_learned_from_are_forecast_for_a_comparison(engine_at: EngineAt) -> None:
    later = engine_at(date(2025, 4, 30))
    champion, other = later.champion(), elo(later)
    found = later.compare_models((other.name, other.version), (champion.name, champion.version))
    assert found.basis == "unseen"
    assert found.first_day is not None
    assert found.first_day >= DAY
    assert found.n > 200


def test_whether_it_is_time_to_train_is_said_without_training(engine_at: EngineAt) -> None:
    early, late = engine_at(DAY), engine_at(date(2025, 4, 30))
    versions = early.models(None)
    assert not early.retrain_check().due
    criteria = {one.name: one.met for one in late.retrain_check().criteria}
    assert criteria["new games"]
    assert not criteria["age"]
    assert late.models(None) == versions


def test_a_retraining_registers_a_candidate_and_promotes_nothing(engine_at: EngineAt) -> None:
    engine = engine_at(date(2025, 4, 30))
    champion = engine.champion()
    assert engine.retrain_weekly() is None, "the family was trained a moment ago"
    done = engine.retrain()
    assert (done.promoted, done.gate.version.family) == (False, champion.family)
    assert done.gate.version.status is ModelStatus.CANDIDATE
    assert engine.champion() == champion


def test_a_scheduled_retraining_promotes_where_the_policy_and_the_gate_say_so(engine: Engine) -> None:
    champion, later = engine.champion(), engine.now() + timedelta(days=3650)
    modest = Engine(engine.home, lambda: later)
    assert not (modest.retrain_weekly() or pytest.fail("a week has passed")).promoted
    assert modest.champion() == champion
    modest.close()
    bold = Engine(engine.home, lambda: later + timedelta(days=8), policy=ModelPolicy(auto_promote=True))
    assert bold.retrain_weekly() is None, "there is no new game"
    done = bold.retrain()
    assert done.gate.holds
    bold.close()


def test_two_trainings_at_once_are_one_too_many(engine: Engine) -> None:
    from engine.monitoring.retraining import one_at_a_time

    with one_at_a_time(engine.home), pytest.raises(BusyError, match="Another nbabot is training"):
        engine.retrain()


@pytest.mark.end_to_end
@pytest.mark.parametrize("seconds", [1.5, 4.0, 7.0])
def test_a_retraining_that_is_killed_leaves_the_champion_serving(engine: Engine, seconds: float) -> None:
    champion, known = engine.champion().label, {one.label for one in engine.models()}
    script = f"from pathlib import Path; from engine.engine import Engine; Engine(Path({str(engine.home)!r})).retrain()"
    training = subprocess.Popen([sys.executable, "-c", script])
    time.sleep(seconds)
    os.kill(training.pid, signal.SIGKILL)
    training.wait()
    assert engine.champion().label == champion
    assert engine.predict("BOS", "LAL").model == champion
    new = {one.label for one in engine.models()} - known
    assert all(not one.problem or one.label not in new for one in engine.verify_models())
    assert engine.retrain().gate.version.label not in known


def test_a_kill_between_files_and_entry_leaves_files_that_verify_names(engine: Engine) -> None:
    script = f"""
import os, signal
from pathlib import Path
from engine.engine import Engine
from engine.models.registry import Registry
engine = Engine(Path({str(engine.home)!r}))
Registry.register = lambda *given: os.kill(os.getpid(), signal.SIGKILL)
engine.train_game(["elo"])
"""
    killed = subprocess.run([sys.executable, "-c", script], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert [one.problem for one in engine.verify_models() if one.problem] == [
        "Not in the registry (a training that was cut short?): remove it."
    ]
    assert json.loads(json.dumps(engine.champion().label)) == engine.predict("BOS", "LAL").model
