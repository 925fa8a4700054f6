"""What speaks against putting a version into production: each objection is a sentence, none means that it may."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed

from engine.core.model_reports import Basis, Comparison
from engine.core.reports import ModelStatus, ModelVersion
from engine.models.entries import learned_through
from engine.models.recipes import MARKET

_AT_BEST_ABOVE = {"log_loss": 0.59, "brier": 0.20}
_AT_BEST_BELOW = {"accuracy": 0.69, "pts_r2": 0.70}
"""A whole season forecast better than this without odds would beat every bookmaker: a leak until proven otherwise."""
_YARDSTICK = {
    "game": ("log_loss", "log loss"),
    "halftime": ("margin_mae", "mean miss of the margin at half-time"),
    "live": ("log_loss_24", "log loss at half-time"),
    "player": ("pts_mae", "mean miss of points"),
}
"""For each task the figure, less being better, that versions without common games are held against each other by."""
_TWINS = {"xgboost": "xgboost-cpu", "xgboost-cpu": "xgboost"}
"""Packages that hold the same library for different machines."""
_SEASON = 1000
"""Games from which figures are held against those."""
ON_BASIS = {
    Basis.LIVE: "published or made in the shadow before the games",
    Basis.UNSEEN: "that neither has learned from",
    Basis.WALK: "of each one's walk forward",
    Basis.NONE: "in common",
}
"""How the games of a comparison are called, as the end of "on 300 games"."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is known when a version is to be promoted.

    `manifest` is its own; `champion` the version to be replaced and `comparison` (candidate first) with it, None where
    there is none; `simulated` says of which league the stored games are, `today` is the engine's league day.
    """

    version: ModelVersion
    manifest: Mapping[str, object]
    champion: ModelVersion | None
    comparison: Comparison | None
    simulated: bool
    today: date


def objections(case: Case) -> tuple[str, ...]:
    """Everything that speaks against the promotion, in sentences."""
    return (*_status(case), *_league(case), *_leaks(case), *_libraries(case.manifest), *_worse(case))


def strange_libraries(manifest: Mapping[str, object]) -> Iterator[str]:
    """Libraries that a version was made with and that are unknown here, or of a newer generation than here."""
    listed = manifest.get("libraries")
    for name, made_with in listed.items() if isinstance(listed, dict) else ():
        here = _installed(str(name)) or _installed(_TWINS.get(str(name), ""))
        if here is None or _generation(str(made_with)) > _generation(here):
            yield f"{name} {made_with} (here: {here or 'none'})"


def _status(case: Case) -> Iterator[str]:
    if case.version.status is ModelStatus.ARCHIVED:
        yield f"{case.version.label} was retired."


def _league(case: Case) -> Iterator[str]:
    if case.version.simulated and not case.simulated:
        yield f"{case.version.label} has learned from a SIMULATED league, and real games are stored here."
    if case.simulated and not case.version.simulated:
        yield f"{case.version.label} has learned from real games, and the league stored here is SIMULATED."


def _leaks(case: Case) -> Iterator[str]:
    through, label = learned_through(case.manifest), case.version.label
    if through is None:
        yield f"The manifest of {label} does not say through which day it has learned."
    elif through >= case.today:
        yield f"{label} has learned from games up to {through}, which is not before today ({case.today})."
    metrics = case.version.metrics
    if case.version.simulated or case.version.family == MARKET or metrics.get("n", 0) < _SEASON:
        return
    too_good = [(key, limit) for key, limit in _AT_BEST_ABOVE.items() if metrics.get(key, limit) < limit]
    too_good += [(key, limit) for key, limit in _AT_BEST_BELOW.items() if metrics.get(key, limit) > limit]
    for key, limit in too_good:
        yield f"Its {key.replace('_', ' ')} of {metrics[key]:.4f} is too good to be true ({limit:g} at best): a leak?"


def _libraries(manifest: Mapping[str, object]) -> Iterator[str]:
    strange = list(strange_libraries(manifest))
    if strange:
        yield f"It was made with {', '.join(strange)}."


def _worse(case: Case) -> Iterator[str]:
    champion, found = case.champion, case.comparison
    if champion is None or champion.simulated != case.simulated:
        return
    if found is None or found.n == 0:
        yield from _without_games(case.version, champion)
        return
    for name, difference in (("log loss", found.log_loss), ("Brier score", found.brier)):
        if difference is not None and difference.low > 0:
            yield (
                f"It is worse than {champion.label}: {name} {difference.mean:+.4f} (95%: {difference.low:+.4f} to "
                f"{difference.high:+.4f}) on {found.n:,} games {ON_BASIS[found.basis]}."
            )
            return


def _without_games(version: ModelVersion, champion: ModelVersion) -> Iterator[str]:
    """Where no game can be paired, figures of equally many games must do."""
    key, name = _YARDSTICK.get(version.task, ("log_loss", "log loss"))
    mine, theirs = version.metrics.get(key), champion.metrics.get(key)
    if mine is None or theirs is None or version.metrics.get("n") != champion.metrics.get("n"):
        yield f"It cannot be compared with {champion.label}: no game is stored of which both have forecasts."
    elif mine > theirs:
        yield (
            f"Its walk-forward {name} is worse than that of {champion.label} ({mine:.4f} against {theirs:.4f}), and "
            "there are no games in common that would say how sure that is."
        )


def _installed(name: str) -> str | None:
    try:
        return installed(name) if name else None
    except PackageNotFoundError:
        return None


def _generation(version: str) -> int:
    major = version.split(".")[0]
    return int(major) if major.isdigit() else 10**6
