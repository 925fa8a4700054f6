"""The game model under watch: the games since its training, its published picks, and a verdict in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from engine.core.calendar import league_day
from engine.core.errors import BundleError
from engine.core.records import Outcome, Pick
from engine.core.reports import FeatureDrift, MonitorReport, Verdict
from engine.features.contract import GAME_FEATURES, names
from engine.features.game import LeagueState
from engine.features.rolling import walk
from engine.models.registry import Registry, learned_through
from engine.monitoring.drift import WINDOW, Reference, drift_of, reference_of
from engine.monitoring.performance import Performance, performance_of
from engine.predictions.state import StateKeeper
from engine.store import games, picks
from engine.store.database import Database

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ALARM = 3.0
"""Standard deviations above expectation at which the picks' log loss is no longer put down to chance (1 in 700)."""
_DAY_ONE = date(1900, 1, 1)


def monitor_game(database: Database, registry: Registry, states: StateKeeper, now: datetime) -> MonitorReport:
    """Watch the champion as of a moment. Raises NoModelError, BundleError where its manifest has no reference."""
    champion = registry.champion("game")
    manifest = registry.manifest(champion.name, champion.version)
    reference = Reference.from_json(manifest.get("reference"))
    today = league_day(now)
    rows = _rows_since(database, states, _trained_through(manifest), today)
    published = picks.picks_between(database, _DAY_ONE, today, now)
    graded = [_graded(pick) for pick in published if pick.model == champion.label and _is_graded(pick)]
    return monitor(rows, names(GAME_FEATURES), reference, graded[-WINDOW:])


def monitor(
    rows: Floats, feature_names: Sequence[str], reference: Reference, graded: Sequence[tuple[float, bool]]
) -> MonitorReport:
    """Judge games that the model has not learned from (games x features, in order of time) and its graded picks.

    `graded` are (home win probability, whether the home side won). Only the last `reference.window` of each count;
    with fewer of either, that side is not judged.
    """
    enough = len(rows) >= reference.window and bool(reference.limits)
    window = rows[-reference.window :]
    features = drift_of(window, feature_names, reference) if enough else ()
    performance = performance_of(graded[-reference.window :])
    judged = performance if performance and performance.n >= reference.window else None
    moved = [one for one in features if one.drifting]
    worse = judged is not None and judged.excess > ALARM
    verdict = Verdict.STABLE if enough else Verdict.NOT_ENOUGH_DATA
    return MonitorReport(
        verdict=Verdict.DRIFTING if moved or worse else verdict,
        n=len(window),
        needed=reference.window,
        features=features,
        log_loss=performance.log_loss if performance else None,
        expected_log_loss=performance.expected_log_loss if performance else None,
        summary=f"{_inputs(enough, len(window), reference, moved)} {_picks(performance, judged)}",
    )


def describe(rows: Floats) -> dict[str, object]:
    """What a manifest keeps of training rows (games x GAME_FEATURES, in order of time) as `reference`."""
    return reference_of(rows, names(GAME_FEATURES)).to_json()


def _inputs(enough: bool, n: int, reference: Reference, moved: Sequence[FeatureDrift]) -> str:
    if not reference.limits:
        return "The model learned from too few games to say what is usual; train it on more seasons."
    if not enough:
        return f"{n} games were played since the model's training, {reference.window} are needed to judge the inputs."
    if not moved:
        return f"The last {n} games look like those the model learned from."
    return (
        f"The last {n} games differ from those the model learned from in {', '.join(one.feature for one in moved)}; "
        "compare a newly trained version with it."
    )


def _picks(performance: Performance | None, judged: Performance | None) -> str:
    if performance is None:
        return "None of its picks has been graded yet."
    if judged is None:
        return f"Only {performance.n} of its picks have been graded, too few to judge them."
    if judged.excess > ALARM:
        return (
            f"Its last {judged.n} picks did worse than its percentages promise, beyond chance "
            f"({judged.excess:.1f} standard deviations)."
        )
    return f"Its last {judged.n} picks did as well as its percentages promise, within chance."


def _trained_through(manifest: Mapping[str, object]) -> date:
    day = learned_through(manifest)
    if day is None:
        raise BundleError(
            "The model's manifest does not say through which day it learned: train a new one with nbabot train game."
        )
    return day


def _rows_since(database: Database, states: StateKeeper, trained_through: date, today: date) -> Floats:
    """The features, as known before each game, of the last WINDOW games after the training and before today."""
    import numpy as np

    played = list(games.played_games(database, before=today, after=trained_through))
    if not played:
        return np.empty((0, len(GAME_FEATURES)))
    first_day = played[-WINDOW:][0].game.league_day
    state = LeagueState.from_payload(states.at(first_day).to_payload())
    walked = walk((one for one in played if one.game.league_day >= first_day), state)
    return np.array([row for _, row in walked][-WINDOW:])


def _is_graded(pick: Pick) -> bool:
    return pick.outcome in (Outcome.HIT, Outcome.MISS)


def _graded(pick: Pick) -> tuple[float, bool]:
    favoured_home = pick.home_win_prob >= 0.5
    return pick.home_win_prob, (pick.outcome is Outcome.HIT) == favoured_home
