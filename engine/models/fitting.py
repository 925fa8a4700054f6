"""Fitting families on the games before a moment, with folds that only ever run forward.

How sharp a score is, how members are weighed and how far outcomes fall from forecasts are learned from forecasts of
games that their makers had not seen: each of the last seasons before the moment, forecast by a score that was learned
from the games before that season. The same forecasts serve every later moment, so a walk forward makes each only once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.core.errors import NoDataError
from engine.core.records import ClosingLine
from engine.models.estimators import GameModel
from engine.models.market import FEWEST_LINES, Lines, MarketBlend, fit_market
from engine.models.recipes import ENSEMBLE, FAMILIES, MARKET, RECIPES, Sample, check_family, total_of
from engine.models.scorers import Blend, Scorer, Term
from engine.models.spread import Spread
from engine.models.training import BURN_IN_GAMES, TrainingSet
from engine.models.weights import fitted_weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.intp]

MIN_ROWS = 100
"""Fewer settled games than this fit no model."""
HALF_LIFE = 2.0
"""Seasons after which a game counts half. On the forward folds two to six are level in all; two is best on the last
fold, the first for which players are known, and what a feature means goes on changing with the league."""
FOLD_SEASONS = 5
"""Seasons before the moment whose forecasts the links, weights and intervals are learned from."""
STACK_PENALTY = 1.0
"""How strongly the ensemble's weights hold to equal shares, per unit of squared log-odds."""
LEAST_WEIGHT = 0.01
"""Members with a smaller weight are left out of the ensemble: they would cost time and change nothing."""


@dataclass(frozen=True, slots=True)
class _Fold:
    """Rows [start, stop) of a training set, to be forecast from the rows before them."""

    start: int
    stop: int


class Fitter:
    """Fits models on the first games of one training set; scores and forecasts once made are kept for the next model.

    `lines` are closing lines by game id, which only the family `market` needs.
    """

    def __init__(self, data: TrainingSet, lines: Mapping[str, ClosingLine] | None = None) -> None:
        self.data = data
        self.lines = Lines.of(lines or {}, data.game_id)
        self._scores: dict[tuple[str, int], Scorer] = {}
        self._totals: dict[int, Scorer] = {}
        self._unseen: dict[tuple[str, _Fold], Floats] = {}

    def families(self, rows: int) -> tuple[str, ...]:
        """The families that the first `rows` games can make: all, but `market` only where they have enough lines."""
        import numpy as np

        self.check(rows)
        lined = int((~np.isnan(self.lines.logits(1.0)[self._outcomes(rows)[0]])).sum())
        return FAMILIES if lined >= FEWEST_LINES else tuple(family for family in FAMILIES if family != MARKET)

    def model(self, family: str, rows: int) -> GameModel:
        """Fit a family on the first `rows` games, without the store's first ones.

        Raises UsageError for an unknown family and NoDataError for games that are too few, all won by one side, or show
        no difference between teams.
        """
        check_family(family)
        self.check(rows)
        tested, margin, total = self._outcomes(rows)
        logits, edge = self._ensemble(rows) if family in (ENSEMBLE, MARKET) else self._calibrated(family, rows)
        if logits @ margin <= 0:
            raise NoDataError(f"The {rows} stored games do not tell stronger teams from weaker ones: {_IMPORT}")
        points_per_logit = float(logits @ margin / (logits @ logits))
        totals = self._unseen_totals(rows)
        return GameModel(
            family=family,
            edge=edge,
            total=self._total(rows),
            points_per_logit=points_per_logit,
            spread=Spread.of(margin - points_per_logit * logits, total - totals),
            market=self._market(tested, logits, totals, points_per_logit) if family == MARKET else None,
        )

    def check(self, rows: int) -> None:
        """Raise NoDataError where the first `rows` games are too few to learn from."""
        settled = self._settled(0, rows)
        wins = self.data.home_win[settled]
        if len(settled) < MIN_ROWS or wins.min() == wins.max():
            raise NoDataError(
                f"{len(settled)} settled games are too few to fit on (at least {MIN_ROWS}, after the first "
                f"{BURN_IN_GAMES} of the store): {_IMPORT}"
            )

    def _calibrated(self, family: str, rows: int) -> tuple[Floats, Scorer]:
        """A recipe's log-odds of games it had not seen, and its score of games to come in log-odds."""
        import numpy as np

        unseen, scorer = self._unseen_scores(family, rows), self._score(family, rows)
        if RECIPES[family].log_odds:
            return unseen, scorer
        tested = self._outcomes(rows)[0]
        spread = float(np.sqrt(np.mean(unseen**2))) or 1.0
        slope = float(fitted_weights(unseen[:, None] / spread, self.data.home_win[tested], np.ones(1), 0.0)[0])
        return slope / spread * unseen, Blend((Term(family, slope / spread, scorer),))

    def _ensemble(self, rows: int) -> tuple[Floats, Scorer]:
        """The recipes' log-odds weighed by what they were worth on games that they had not seen."""
        import numpy as np

        found = {family: self._calibrated(family, rows) for family in RECIPES}
        columns = np.column_stack([logits for logits, _ in found.values()])
        tested = self._outcomes(rows)[0]
        equal = np.full(len(found), 1 / len(found))
        wins, importance = self.data.home_win[tested], self._importance(tested)
        weights = fitted_weights(columns, wins, equal, STACK_PENALTY, importance)
        weights = np.where(weights < LEAST_WEIGHT, 0.0, weights)
        terms = [
            Term(family, float(weight), scorer)
            for (family, (_, scorer)), weight in zip(found.items(), weights, strict=True)
            if weight
        ]
        return columns @ weights, Blend(tuple(terms))

    def _market(self, tested: Indices, logits: Floats, totals: Floats, points_per_logit: float) -> MarketBlend:
        return fit_market(
            logits,
            self.lines.logits(points_per_logit)[tested],
            self.data.margin[tested],
            (totals, self.lines.total[tested], self.data.total[tested]),
        )

    def _folds(self, rows: int) -> list[_Fold]:
        """The last seasons that have enough games before them; where none has, the last third of the games."""
        import numpy as np

        starts = [int(start) for start in np.flatnonzero(np.diff(self.data.season[:rows], prepend=-1))]
        seasons = zip(starts, [*starts[1:], rows], strict=True)
        folds = [_Fold(start, stop) for start, stop in seasons if len(self._settled(0, start)) >= MIN_ROWS]
        if folds:
            return folds[-FOLD_SEASONS:]
        settled = self._settled(0, rows)
        return [_Fold(int(settled[len(settled) * 2 // 3]), rows)]

    def _outcomes(self, rows: int) -> tuple[Indices, Floats, Floats]:
        """The rows of the folds, their margins and totals."""
        import numpy as np

        tested = np.concatenate([self._settled(fold.start, fold.stop) for fold in self._folds(rows)])
        return tested, self.data.margin[tested], self.data.total[tested]

    def _unseen_scores(self, family: str, rows: int) -> Floats:
        """A recipe's scores of the folds' games."""
        import numpy as np

        return np.concatenate([self._unseen_fold(family, fold) for fold in self._folds(rows)])

    def _unseen_fold(self, family: str, fold: _Fold) -> Floats:
        key = (family, fold)
        if key not in self._unseen:
            x = self.data.x[self._settled(fold.start, fold.stop)]
            self._unseen[key] = self._score(family, fold.start).values(x)
        return self._unseen[key]

    def _unseen_totals(self, rows: int) -> Floats:
        import numpy as np

        x = self.data.x
        return np.concatenate(
            [self._total(fold.start).values(x[self._settled(fold.start, fold.stop)]) for fold in self._folds(rows)]
        )

    def _score(self, family: str, rows: int) -> Scorer:
        key = (family, rows)
        if key not in self._scores:
            self._scores[key] = RECIPES[family].score(self._sample(rows))
        return self._scores[key]

    def _total(self, rows: int) -> Scorer:
        if rows not in self._totals:
            self._totals[rows] = total_of(self._sample(rows))
        return self._totals[rows]

    def _sample(self, rows: int) -> Sample:
        """The settled games among the first `rows`, older seasons counting less."""
        used, data = self._settled(0, rows), self.data
        return Sample(data.x[used], data.margin[used], data.total[used], self._importance(used))

    def _importance(self, used: Indices) -> Floats:
        """What each of these games counts beside the newest of them."""
        seasons = self.data.season[used]
        importance: Floats = 0.5 ** ((seasons.max() - seasons) / HALF_LIFE)
        return importance

    def _settled(self, start: int, stop: int) -> Indices:
        """The rows from `start` up to `stop` that may be learned from."""
        settled: Indices = start + self.data.settled[start:stop].nonzero()[0]
        return settled


_IMPORT = "import more seasons with `nbabot import PATH`."
