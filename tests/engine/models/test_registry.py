import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from engine.core.errors import BundleError, NoModelError
from engine.core.reports import ModelStatus
from engine.engine import Engine

EngineAt = Callable[[date], Engine]


def _statuses(engine: Engine) -> dict[str, ModelStatus]:
    return {one.label: one.status for one in engine.models()}


def test_promotion_moves_the_champion_and_says_who_did_it(engine: Engine) -> None:
    before = engine.champion()
    other = next(one for one in engine.models() if one.family == "elo")
    engine.promote(other.name, other.version, "ada", "to compare")
    assert engine.champion().label == other.label
    assert _statuses(engine)[before.label] is ModelStatus.PREVIOUS
    newest = engine.model_audit()[0]
    assert (newest.who, newest.why, newest.from_label, newest.to_label) == (
        "ada",
        "to compare",
        before.label,
        other.label,
    )


def test_promotion_is_seen_by_another_engine_on_the_same_folder_at_once(engine_at: EngineAt) -> None:
    one, other = engine_at(date(2025, 1, 15)), engine_at(date(2025, 1, 15))
    assert other.predict("BOS", "LAL").model == one.champion().label
    elo = next(version for version in one.models() if version.family == "elo" and version.simulated)
    one.promote(elo.name, elo.version, "ada", "to compare")
    assert other.predict("BOS", "LAL").model == elo.label


def test_an_altered_bundle_is_not_promoted_and_the_champion_stays(engine: Engine) -> None:
    champion = engine.champion().label
    elo = next(one for one in engine.models() if one.family == "elo" and one.simulated)
    file = engine.home / "models" / elo.name / elo.version / "model.json"
    file.write_text(file.read_text().replace("1", "2", 1))
    with pytest.raises(BundleError, match="SHA-256 differs"):
        engine.promote(elo.name, elo.version, "ada", "to compare")
    assert engine.champion().label == champion
    assert engine.predict("BOS", "LAL").model == champion


def test_a_version_that_does_not_exist_cannot_be_promoted(engine: Engine) -> None:
    with pytest.raises(NoModelError, match="models list"):
        engine.promote("game-elo", "9.9.9", "ada", "why not")


def test_training_again_gives_the_next_version_and_promotes_nothing(engine: Engine) -> None:
    champion = engine.champion().label
    before = {one.label for one in engine.models()}
    made = engine.train_game(["elo"])[0]
    assert made.label not in before
    assert made.status is ModelStatus.CANDIDATE
    assert engine.champion().label == champion


def test_a_missing_champion_bundle_is_named_in_the_answer(engine: Engine) -> None:
    champion = engine.champion()
    shutil.rmtree(engine.home / "models" / champion.name)
    with pytest.raises(BundleError, match="manifest.json is missing"):
        engine.predict("BOS", "LAL")


def test_a_fresh_folder_has_the_shipped_champion(tmp_path: Path) -> None:
    engine = Engine(tmp_path)
    champion = engine.champion()
    assert (champion.name, champion.simulated) == ("game-margin", False)
    assert engine.model_audit()[0].who == "nbabot"


def test_another_bundle_in_the_champions_place_is_not_served_under_its_name(engine: Engine) -> None:
    champion = engine.champion()
    elo = next(one for one in engine.models() if one.family == "elo" and one.simulated)
    place = engine.home / "models" / champion.name / champion.version
    shutil.rmtree(place)
    shutil.copytree(engine.home / "models" / elo.name / elo.version, place)
    with pytest.raises(BundleError, match="not the bundle that was registered"):
        engine.predict("BOS", "LAL")


def test_an_upgrade_that_takes_the_shipped_champion_away_puts_the_new_one_in_its_role(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import engine.engine as module

    shipped = tmp_path / "shipped"
    shutil.copytree(module.shipped_models(), shipped)
    monkeypatch.setattr(module, "shipped_models", lambda: shipped)
    home = tmp_path / "home"
    before = Engine(home).champion()
    old = shipped / before.name / before.version
    manifest = json.loads((old / "manifest.json").read_text())
    new = old.parent / "9.0.0"
    old.rename(new)
    (new / "manifest.json").write_text(json.dumps({**manifest, "version": "9.0.0"}))
    assert Engine(home).champion().label == f"{before.name}@9.0.0"
    assert Engine(home).predict("BOS", "LAL").model == f"{before.name}@9.0.0"


def test_a_champion_made_here_stays_when_the_shipped_ones_change(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import engine.engine as module

    champion = Engine(home).champion().label
    empty = tmp_path / "nothing shipped"
    empty.mkdir()
    monkeypatch.setattr(module, "shipped_models", lambda: empty)
    assert Engine(home).champion().label == champion


def test_a_damaged_shipped_bundle_is_left_out_and_named_while_the_others_serve(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import engine.engine as module

    shipped = tmp_path / "shipped"
    shutil.copytree(module.shipped_models(), shipped)
    (shipped / "game-new" / "1.0.0").mkdir(parents=True)
    (shipped / "game-new" / "1.0.0" / "manifest.json").write_text("{}")
    monkeypatch.setattr(module, "shipped_models", lambda: shipped)
    engine = Engine(home)
    assert engine.champion().simulated
    assert {one.label for one in engine.verify_models() if "not an nbabot model bundle" in one.problem} == {
        "game-new@1.0.0"
    }
    engine.close()
