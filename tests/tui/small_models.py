"""The part of the small engine that keeps model versions: two of games, one of players, and how they compare."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from engine.core.backtests import Difference
from engine.core.calendar import noon_of
from engine.core.errors import BundleError
from engine.core.model_reports import Basis, Comparison, Gate, VersionScore
from engine.core.reports import AuditEntry, ModelStatus, ModelVersion

TODAY = date(2025, 1, 15)


def version(number: int, status: ModelStatus, family: str = "logistic") -> ModelVersion:
    """A version of a game model."""
    metrics = {"log_loss": 0.6400 - number / 1000, "brier": 0.2240, "accuracy": 0.641, "margin_mae": 10.9}
    made = datetime(2025, 1, number, 9, 30, tzinfo=UTC)
    return ModelVersion(
        f"game-{family}",
        str(number),
        "game",
        family,
        status,
        made,
        "2023-24",
        12_345,
        False,
        {**metrics, "ece": 0.0123, "n": 7056.0},
    )


def player_version() -> ModelVersion:
    """The champion of the player models."""
    metrics = {"pts_mae": 4.3686, "pts_r2": 0.5698, "reb_mae": 1.8085, "ast_mae": 1.254, "n": 25_697.0}
    made = datetime(2025, 1, 4, 9, 30, tzinfo=UTC)
    return ModelVersion(
        "player-ridge", "1", "player", "ridge", ModelStatus.CHAMPION, made, "2023-24", 98_765, False, metrics
    )


class SmallModels:
    """Model versions in memory. `objections` are the gate's, `unloadable` is what it says of files it cannot read."""

    def __init__(self) -> None:
        self.objections: tuple[str, ...] = ()
        self.unloadable = ""
        self.promoted: list[tuple[str, str, str, str]] = []
        self.versions = [
            version(3, ModelStatus.CANDIDATE),
            version(2, ModelStatus.CHAMPION, "elo"),
            player_version(),
        ]
        self.audit = [AuditEntry(noon_of(TODAY), "game", "ada", "first model", None, "game-elo@2")]

    def _asked(self) -> None:
        """Take note of a question."""

    @property
    def champion(self) -> ModelVersion:
        return next(one for one in self.versions if one.status is ModelStatus.CHAMPION)

    def _version(self, name: str, version: str) -> ModelVersion:
        return next(one for one in self.versions if (one.name, one.version) == (name, version))

    def models(self, task: str | None = "game") -> tuple[ModelVersion, ...]:
        self._asked()
        return tuple(one for one in self.versions if task in (None, one.task))

    def model_audit(self, limit: int = 50) -> tuple[AuditEntry, ...]:
        self._asked()
        return tuple(self.audit)

    def model_manifest(self, name: str, version: str) -> dict[str, object]:
        self._asked()
        return {
            "data": {"first_day": "2007-10-30", "last_day": "2024-06-17"},
            "metrics_seasons": ["2021-22", "2022-23", "2023-24"],
            "features": ["elo", "rest", "absences"],
            "libraries": {"numpy": "2.4.6", "scipy": "1.17.1"},
            "python": "3.11.7",
            "files": {"model.json": "6d7968982a1cba005c31d78491ee4fcb906f9da7983d7f8e15a8ac156a8b2114"},
        }

    def compare_models(self, first: tuple[str, str], second: tuple[str, str]) -> Comparison:
        self._asked()
        one, two = (
            VersionScore(
                f"{name}@{number}", 0.6238 if name == "game-logistic" else 0.6004, 0.21, 0.66, 1.0, 0.05, 80_000
            )
            for name, number in (first, second)
        )
        sign = 1 if first[0] == "game-logistic" else -1
        apart = Difference(3046, 0.0233 * sign, *sorted((0.0161 * sign, 0.0304 * sign)))
        days = date(2022, 10, 18), date(2025, 1, 14)
        return Comparison(one, two, Basis.WALK, 3046, *days, apart, None)

    def model_gate(self, name: str, version: str) -> Gate:
        self._asked()
        if self.unloadable:
            raise BundleError(self.unloadable)
        found = self._version(name, version)
        champion = next(
            (one for one in self.versions if (one.status, one.task) == (ModelStatus.CHAMPION, found.task)), None
        )
        rival = (champion.name, champion.version) if champion else None
        comparison = self.compare_models((name, version), rival) if rival and found.task == "game" else None
        return Gate(found, champion, comparison, self.objections)

    def roll_back(self, who: str, why: str, task: str = "game") -> ModelVersion:
        self._asked()
        previous = next(one for one in self.versions if one.status is ModelStatus.PREVIOUS)
        return self.promote(previous.name, previous.version, who, why)

    def promote(self, name: str, version: str, who: str, why: str, force: bool = False) -> ModelVersion:
        self._asked()
        self.promoted.append((name, version, who, why))
        label, before = f"{name}@{version}", self.champion.label
        new = {label: ModelStatus.CHAMPION, before: ModelStatus.PREVIOUS}
        self.versions = [replace(one, status=new.get(one.label, one.status)) for one in self.versions]
        self.audit.insert(0, AuditEntry(noon_of(TODAY), "game", who, why, before, label))
        return self.champion

    def challenge(self, name: str, version: str, who: str, why: str) -> ModelVersion:
        return self._move(ModelStatus.CHALLENGER, (name, version), who, why)

    def retire(self, name: str, version: str, who: str, why: str) -> ModelVersion:
        return self._move(ModelStatus.ARCHIVED, (name, version), who, why)

    def _move(self, status: ModelStatus, named: tuple[str, str], who: str, why: str) -> ModelVersion:
        self._asked()
        moved = replace(self._version(*named), status=status)
        self.versions = [moved if one.label == moved.label else one for one in self.versions]
        self.audit.insert(0, AuditEntry(noon_of(TODAY), "game", who, why, None, moved.label, status.value))
        return moved
