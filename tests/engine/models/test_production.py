from __future__ import annotations

from engine.engine import Engine
from engine.models.recipes import ENSEMBLE, FAMILIES, MARKET, RECIPES


def test_training_makes_every_family_but_the_one_that_needs_lines_and_records_what_each_is_made_of(
    engine: Engine,
) -> None:
    made = {one.family: one for one in engine.train_game()}
    assert set(made) == set(FAMILIES) - {MARKET}
    for family, version in made.items():
        manifest = engine.model_manifest(version.name, version.version)
        assert {"data", "metrics", "metrics_seasons", "libraries", "features", "reference", "contract"} <= set(manifest)
        assert ("members" in manifest) == (family == ENSEMBLE)
        assert version.metrics["margin_80_coverage"] > 0.5
    members = engine.model_manifest(made[ENSEMBLE].name, made[ENSEMBLE].version)["members"]
    assert isinstance(members, dict)
    assert set(members) <= set(RECIPES)
    boosted = engine.model_manifest(made["xgboost"].name, made["xgboost"].version)["xgboost"]
    assert isinstance(boosted, dict)
    assert set(boosted) == {"curve", "importances"}
