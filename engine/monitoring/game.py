"""The game model under watch: the games since its training, its published picks, and a verdict in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from engine.core.calendar import SeasonType, league_day
from engine.core.errors import BundleError, NoModelError, UsageError
from engine.core.monitor_reports import FeatureDrift, MonitorReport, Performance, Verdict
from engine.core.records import Pick
from engine.core.reports import ModelVersion
from engine.features.contract import GAME_FEATURES, names
from engine.features.game import LeagueState
from engine.features.rolling import walk
from engine.models.entries import learned_through
from engine.models.registry import Registry
from engine.monitoring import phrases
from engine.monitoring.drift import HISTORY, STEP, WINDOW, Reference, drift_of, reference_of
from engine.monitoring.performance import performance_of
from engine.predictions.state import StateKeeper
from engine.store import games, picks
from engine.store.database import Database
from engine.store.state import standing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_DAY_ONE = date(1900, 1, 1)
_ALL = names(GAME_FEATURES)
_PLAYOFFS = _ALL.index("playoffs")
WATCHED = tuple(name for name in _ALL if name != "playoffs")
"""The features that are watched: what the calendar alone decides cannot drift."""


class GameMonitor:
    """Watches the game model in production. A report is worked out anew only when what it rests on has changed."""

    def __init__(self, database: Database, registry: Registry, states: StateKeeper) -> None:
        self._database = database
        self._registry = registry
        self._states = states
        self._kept: tuple[object, MonitorReport] | None = None

    def report(self, now: datetime, window: int) -> MonitorReport:
        """Watch the champion as of a moment; `window` is how many picks its performance is judged by.

        Raises UsageError for a window below WINDOW, NoModelError, and BundleError where the manifest has no reference.
        """
        if window < WINDOW:
            raise UsageError(
                f"A window of {window} says more about chance than about the model: take at least {WINDOW}."
            )
        champion, today = self._registry.champion("game"), league_day(now)
        published = picks.picks_between(self._database, _DAY_ONE, today, now)
        grounds = (champion.label, today, window, standing(self._database), published)
        if self._kept is None or self._kept[0] != grounds:
            self._kept = grounds, self._made(champion, today, window, published)
        return self._kept[1]

    def _made(self, champion: ModelVersion, today: date, window: int, published: Sequence[Pick]) -> MonitorReport:
        manifest = self._registry.manifest(champion.name, champion.version)
        reference = Reference.from_json(manifest.get("reference"))
        rows = _rows_since(self._database, self._states, _trained_through(manifest), today)
        performance = tuple(_performances(published, champion.label, self._registry, window))
        return monitor(champion.label, rows, reference, performance)


def monitor(model: str, rows: Floats, reference: Reference, performance: Sequence[Performance] = ()) -> MonitorReport:
    """Judge games that a model has not learned from (games x GAME_FEATURES, in order of time) and its picks.

    Only the last `reference.window` games of regular seasons and the windows before them count; with fewer the inputs
    are not judged. (In the playoffs the same few pairs meet again and again: those games are of a kind of their own.)
    """
    watched = _watched(rows)
    features = drift_of(watched, WATCHED, reference)
    own = next((one for one in performance if one.model == model), None)
    n = min(len(watched), reference.window)
    drifting = [one for one in features if one.drifting]
    return MonitorReport(
        verdict=_verdict(features, own),
        model=model,
        n=n,
        needed=reference.window,
        features=features,
        performance=tuple(performance),
        summary=f"{phrases.inputs(n, reference, features)} {phrases.picks(own, reference.window)}",
        recommendation=phrases.recommendation(drifting, own),
    )


def describe(rows: Floats, seasons: NDArray[np.int64]) -> dict[str, object]:
    """What a manifest keeps of training rows (games x GAME_FEATURES, in order of time) as `reference`.

    `seasons` holds the starting year of each game's season.
    """
    import numpy as np

    parts = [_watched(rows[seasons == season]) for season in np.unique(seasons)]
    return reference_of(parts, WATCHED).to_json()


def _watched(rows: Floats) -> Floats:
    """The regular-season games of some rows, without the column that says which they are."""
    import numpy as np

    return np.delete(rows[rows[:, _PLAYOFFS] == 0], _PLAYOFFS, axis=1)


def _verdict(features: Sequence[FeatureDrift], own: Performance | None) -> Verdict:
    if own is not None and own.alarming:
        return Verdict.DEGRADED
    if any(one.drifting for one in features):
        return Verdict.DRIFTING
    return Verdict.STABLE if features else Verdict.NOT_ENOUGH_DATA


def _performances(published: Sequence[Pick], champion: str, registry: Registry, window: int) -> Iterator[Performance]:
    """The champion's picks, then those of every other version, the one that published last coming first."""
    labels = dict.fromkeys([champion, *(pick.model for pick in reversed(published))])
    for label in labels:
        own = [pick for pick in published if pick.model == label]
        found = performance_of(label, own, _baseline(registry, label), window)
        if found is not None:
            yield found


def _baseline(registry: Registry, label: str) -> Mapping[str, float]:
    """The walk-forward figures of a version; none where it is not registered here any more."""
    try:
        metrics = registry.manifest(*label.split("@", 1)).get("metrics")
    except NoModelError:
        return {}
    return metrics if isinstance(metrics, dict) else {}


def _trained_through(manifest: Mapping[str, object]) -> date:
    day = learned_through(manifest)
    if day is None:
        raise BundleError(
            "The model's manifest does not say through which day it learned: train a new one with nbabot train game."
        )
    return day


def _rows_since(database: Database, states: StateKeeper, trained_through: date, today: date) -> Floats:
    """The features, as known before each game, of the games that matter after the training and before today.

    These are the last HISTORY windows of the regular season and what was played between and after.
    """
    import numpy as np

    played = list(games.played_games(database, before=today, after=trained_through))
    regular = [one.game.league_day for one in played if one.game.season_type is SeasonType.REGULAR]
    if not regular:
        return np.empty((0, len(GAME_FEATURES)))
    first_day = regular[-WINDOW - STEP * (HISTORY - 1) :][0]
    state = LeagueState.from_payload(states.at(first_day).to_payload())
    walked = walk((one for one in played if one.game.league_day >= first_day), state)
    return np.array([row for _, row in walked])
