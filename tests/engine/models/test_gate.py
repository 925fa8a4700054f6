from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from engine.core.backtests import Difference
from engine.core.model_reports import Basis, Comparison, VersionScore
from engine.core.reports import ModelStatus, ModelVersion
from engine.models.gate import Case, objections, strange_libraries

TODAY = date(2025, 1, 15)
FIGURES = {"n": 3600.0, "log_loss": 0.62, "brier": 0.215, "accuracy": 0.66}
MANIFEST = {"data": {"last_day": "2025-01-10"}}


def version(name: str, **changes: object) -> ModelVersion:
    made = datetime(2025, 1, 11, tzinfo=UTC)
    plain = ModelVersion(name, "1.0.0", "game", "logistic", ModelStatus.CANDIDATE, made, "2024-25", 9, False, FIGURES)
    return replace(plain, **changes)


def comparison(low: float, mean: float, high: float, n: int = 900) -> Comparison:
    side = VersionScore("x@1.0.0", 0.62, 0.21, 0.65, 1.0, 0.1, 9000)
    found = Difference(n, mean, low, high)
    return Comparison(side, side, Basis.UNSEEN if n else Basis.NONE, n, TODAY, TODAY, found, found)


NO_WORSE = Case(version("new"), MANIFEST, version("old"), comparison(-0.01, 0.001, 0.012), False, TODAY)


def test_a_version_that_is_no_worse_than_chance_explains_may_pass():
    assert objections(NO_WORSE) == ()
    assert objections(replace(NO_WORSE, champion=None, comparison=None)) == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"comparison": comparison(0.001, 0.004, 0.007)}, "worse than old@1.0.0: log loss +0.0040 (95%: +0.0010 to"),
        ({"comparison": None, "champion": version("old", metrics={})}, "cannot be compared with old@1.0.0"),
        (
            {"comparison": comparison(0, 0, 0, n=0), "champion": version("old", metrics={"n": 9.0})},
            "cannot be compared",
        ),
        ({"version": version("new", metrics={**FIGURES, "pts_r2": 0.94})}, "pts r2 of 0.9400 is too good"),
        ({"comparison": None, "champion": version("old", metrics={**FIGURES, "log_loss": 0.61})}, "is worse than that"),
        ({"manifest": {}}, "does not say through which day"),
        ({"manifest": {"data": {"last_day": "2025-01-15"}}}, "not before today"),
        ({"version": version("new", status=ModelStatus.ARCHIVED)}, "was retired"),
        ({"version": version("new", simulated=True)}, "SIMULATED league, and real games"),
        ({"simulated": True}, "the league stored here is SIMULATED"),
        ({"version": version("new", metrics={**FIGURES, "log_loss": 0.58})}, "log loss of 0.5800 is too good"),
        ({"version": version("new", metrics={**FIGURES, "brier": 0.19})}, "brier of 0.1900 is too good"),
        ({"version": version("new", metrics={**FIGURES, "accuracy": 0.70})}, "accuracy of 0.7000 is too good"),
        ({"manifest": {**MANIFEST, "libraries": {"numpy": "99.0"}}}, "made with numpy 99.0"),
    ],
)
def test_what_speaks_against_a_promotion_is_said(change, said):
    found = objections(replace(NO_WORSE, **change))
    assert len(found) == 1
    assert said in found[0]


def test_a_leak_is_not_suspected_where_odds_are_known_or_games_are_few_or_invented():
    good = {**FIGURES, "log_loss": 0.5}
    for allowed in ({"family": "market"}, {"metrics": {**good, "n": 200.0}}, {"simulated": True}):
        case = replace(NO_WORSE, version=version("new", **{"metrics": good, **allowed}), champion=None)
        assert not any("too good" in one for one in objections(case))


@pytest.mark.parametrize(
    ("task", "key", "name"),
    [
        ("player", "pts_mae", "mean miss of points"),
        ("live", "log_loss_24", "log loss at half-time"),
        ("halftime", "margin_mae", "mean miss of the margin at half-time"),
    ],
)
def test_where_no_game_can_be_paired_the_figures_of_equally_many_games_decide(task: str, key: str, name: str):
    assert objections(replace(NO_WORSE, comparison=None)) == ()
    worse, better = ({"n": 900.0, key: miss} for miss in (4.61, 4.60))
    rivals = [version(one, task=task, metrics=figures) for one, figures in (("new", worse), ("old", better))]
    case = replace(NO_WORSE, version=rivals[0], champion=rivals[1], comparison=None)
    assert f"{name} is worse than that of old@1.0.0 (4.6100 against 4.6000)" in objections(case)[0]


def test_a_champion_of_the_other_league_is_no_yardstick():
    case = replace(NO_WORSE, champion=version("old", simulated=True), comparison=None)
    assert objections(case) == ()


def test_libraries_of_this_generation_are_not_strange():
    from importlib.metadata import version as installed

    assert list(strange_libraries({"libraries": {"numpy": installed("numpy")}})) == []
    assert list(strange_libraries({"libraries": {"no-such-library": "1.0"}})) == ["no-such-library 1.0 (here: none)"]
    assert list(strange_libraries({"libraries": "nonsense"})) == []
