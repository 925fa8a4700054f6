"""Which games two versions are compared on: live forecasts, games that neither has learned from, walks forward."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from engine.core.errors import BundleError, NoDataError, NoModelError, UsageError
from engine.core.model_reports import Basis, Comparison, Gate
from engine.core.reports import ModelVersion
from engine.features.game import LeagueState
from engine.features.rolling import walk
from engine.models.comparison import ENOUGH, Contender, Evidence, compare, paired, walk_in
from engine.models.entries import learned_through
from engine.models.estimators import GameModel
from engine.models.gate import Case, objections
from engine.models.registry import Registry
from engine.predictions.state import StateKeeper
from engine.store import games, shadow, state
from engine.store.database import Database


@dataclass(frozen=True, slots=True)
class Comparer:
    """Compares game versions on what is stored, knowing no result of `today` or later."""

    database: Database
    registry: Registry
    states: StateKeeper
    today: date

    def compare(self, first: ModelVersion, second: ModelVersion) -> Comparison:
        """Two versions on the same games. Raises BundleError for damaged files, UsageError for other tasks."""
        one, two = self._contender(first), self._contender(second)
        return compare(one, two, self._evidence(one, two))

    def gate(self, version: ModelVersion) -> Gate:
        """What speaks against making a version champion. Raises BundleError where it cannot be loaded at all."""
        row = self.registry.row(version.name, version.version)
        self.registry.verified(row)
        champion = self._champion(version.task)
        simulated = state.is_simulated(self.database)
        rivals = champion is not None and champion.simulated == simulated and champion.task == "game"
        comparison = self._against(version, champion) if champion is not None and rivals else None
        case = Case(version, row.manifest, champion, comparison, simulated, self.today)
        return Gate(version, champion, comparison, objections(case))

    def _against(self, version: ModelVersion, champion: ModelVersion) -> Comparison | None:
        """The comparison with the champion; None where its own files are damaged, for then anything is better."""
        try:
            self.registry.verified(self.registry.row(champion.name, champion.version))
        except BundleError:
            return None
        return self.compare(version, champion)

    def _champion(self, task: str) -> ModelVersion | None:
        try:
            return self.registry.champion(task)
        except NoModelError:
            return None

    def _contender(self, version: ModelVersion) -> Contender:
        if version.task != "game":
            raise UsageError(f"{version.label} is a {version.task} model: only game models can be compared.")
        bundle, model = self.registry.verified(self.registry.row(version.name, version.version))
        if not isinstance(model, GameModel):
            raise UsageError(f"{version.label} is no game model: only game models can be compared.")
        return Contender(version.label, bundle, model)

    def _evidence(self, one: Contender, two: Contender) -> Evidence:
        """The first basis that has ENOUGH games, else the one that has most."""
        played = shadow.played(self.database, self.today)
        outcomes = {game: (result.league_day, result.home_won) for game, result in played.items()}
        live = (shadow.said_by(self.database, one.label), shadow.said_by(self.database, two.label))
        found = [paired(Basis.LIVE, live, outcomes)]
        if len(found[0].won) < ENOUGH:
            found.append(paired(Basis.UNSEEN, self._unseen(one, two), outcomes))
            found.append(paired(Basis.WALK, (walk_in(one.bundle), walk_in(two.bundle)), outcomes))
        enough = [evidence for evidence in found if len(evidence.won) >= ENOUGH]
        return enough[0] if enough else max(found, key=lambda evidence: len(evidence.won))

    def _unseen(self, one: Contender, two: Contender) -> tuple[dict[str, float], dict[str, float]]:
        """What both say now of the games after the newest that either has learned from, as known before each game."""
        import numpy as np

        days = [learned_through(one.bundle.manifest), learned_through(two.bundle.manifest)]
        if None in days:
            return {}, {}
        first_day = max(day for day in days if day is not None) + timedelta(days=1)
        played = list(games.played_games(self.database, before=self.today, after=first_day - timedelta(days=1)))
        if not played:
            return {}, {}
        try:
            current = LeagueState.from_payload(self.states.at(first_day).to_payload())
        except NoDataError:
            return {}, {}
        walked = list(walk(played, current))
        x, ids = np.array([row for _, row in walked]), [one.game.game_id for one, _ in walked]
        said = [dict(zip(ids, side.model.predict_many(x).probability.tolist(), strict=True)) for side in (one, two)]
        return said[0], said[1]
