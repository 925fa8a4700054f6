"""Walk-forward backtest: every season is forecast by models that were fitted on earlier seasons only."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.core.backtests import Backtest, FamilyScore, TrainingCurve
from engine.core.calendar import season_label
from engine.core.errors import NoDataError
from engine.core.progress import Progress, silent
from engine.models.boosters import Booster
from engine.models.estimators import Forecasts, GameModel
from engine.models.fitting import Fitter
from engine.models.market import Lines
from engine.models.recipes import ENSEMBLE, XGBOOST, check_family
from engine.models.scorers import inside
from engine.models.scoring import LINE, Scoring
from engine.models.spread import WIDTH
from engine.models.training import TrainingSet

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

_SEASON_MONTHS = (10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9)
SEED = 1
"""Of the simulations behind bands and intervals, unless another is asked for."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to test: seasons by starting year, families (none = all), and the seed of bands and intervals.

    Without `injuries_known` every forecast is made as if nobody had said who is out. Raises
    UsageError for an unknown family.
    """

    seasons: Sequence[int]
    families: Sequence[str] = ()
    seed: int = SEED
    injuries_known: bool = True

    def __post_init__(self) -> None:
        for family in self.families:
            check_family(family)

    def families_for(self, fitter: Fitter, rows: int) -> tuple[str, ...]:
        """The families, each once; without a choice those that the first `rows` games can make."""
        return tuple(dict.fromkeys(self.families)) or fitter.families(rows)


@dataclass(frozen=True, slots=True)
class Walk:
    """What a walk forward gives: each family's forecasts for every game of the set, and the curves of boosting."""

    forecasts: dict[str, Forecasts]
    curves: tuple[TrainingCurve, ...] = ()


def backtest(fitter: Fitter, plan: Plan, progress: Progress = silent, simulated: bool = False) -> Backtest:
    """Score the families and the closing line on the regular-season games of the plan's seasons.

    The fitter's training set holds the games of those seasons and of all before them. Every season is forecast by
    models fitted on earlier ones only. Games with both closing moneylines make up the `*_on_market` figures of every
    family. Raises NoDataError when a season has no games, or none before it to fit on.
    """
    data, wanted = fitter.data, sorted(set(plan.seasons))
    line, tested = line_forecasts(fitter.lines), _tested(data, wanted)
    lined = bool(line.known[tested].any())
    walked = walk_forward(fitter, plan, progress)
    scorer = Scoring(data, {**walked.forecasts, **({LINE: line} if lined else {})}, plan.seed)
    months = data.months
    return Backtest(
        task="game",
        seasons=tuple(season_label(season) for season in wanted),
        rows=scorer.rows(tested),
        by_season=tuple(
            row for season in wanted for row in scorer.rows(_tested(data, [season]), season=season_label(season))
        ),
        by_month=tuple(
            row
            for number in _SEASON_MONTHS
            for row in scorer.rows(tested & (months == number), month=calendar.month_name[number])
        ),
        reliability=scorer.reliability(tested),
        curves=walked.curves,
        seed=plan.seed,
        simulated=simulated,
        notes=_notes(lined, plan.injuries_known),
    )


def walk_forward(fitter: Fitter, plan: Plan, progress: Progress = silent) -> Walk:
    """Each family's forecasts for the regular-season games of the plan, every season fitted on those before it."""
    data, seasons = fitter.data, sorted(set(plan.seasons))
    x = data.x if plan.injuries_known else data.unaware
    families = plan.families_for(fitter, data.before(seasons[0]))
    found = {family: _empty(data) for family in families}
    curves: list[TrainingCurve] = []
    for done, season in enumerate(seasons):
        progress("backtest", done, len(seasons))
        rows = _tested(data, [season])
        if not rows.any():
            raise NoDataError(
                f"No regular-season games of {season_label(season)} are stored: import that season first."
            )
        for family in families:
            model = fitter.model(family, data.before(season))
            found[family].put(rows, model.predict_many(x[rows], fitter.lines.of_rows(rows)))
            if family == XGBOOST:
                curves.append(_curve(model, season))
    progress("backtest", len(seasons), len(seasons))
    return Walk(found, tuple(curves))


def ablation(data: TrainingSet, plan: Plan, group: str) -> tuple[FamilyScore, ...]:
    """The plan's families over all its seasons without a group of features (`Feature.group`); "" leaves out none."""
    walked = walk_forward(Fitter(data.without(group)), replace(plan, families=plan.families or (ENSEMBLE,)))
    return Scoring(data, walked.forecasts, plan.seed).rows(_tested(data, plan.seasons))


def line_forecasts(lines: Lines) -> Forecasts:
    """What the closing lines say of each game: moneylines without the vig, the spread as margin, the total."""
    import numpy as np

    silence = np.full((len(lines.logit), WIDTH), np.nan)
    known = ~np.isnan(lines.logit)
    margin, total = np.where(known, lines.margin, np.nan), np.where(known, lines.total, np.nan)
    return Forecasts(1 / (1 + np.exp(-lines.logit)), margin, total, silence)


def _empty(data: TrainingSet) -> Forecasts:
    import numpy as np

    probability, margin, total = np.full((3, len(data)), np.nan)
    return Forecasts(probability, margin, total, np.full((len(data), WIDTH), np.nan))


def _tested(data: TrainingSet, seasons: Sequence[int]) -> Mask:
    import numpy as np

    return data.regular & np.isin(data.season, list(seasons))


def _curve(model: GameModel, season: int) -> TrainingCurve:
    booster = next(part for part in inside(model.edge) if isinstance(part, Booster))
    found = booster.anatomy["curve"]
    return TrainingCurve(season_label(season), tuple(found["train"]), tuple(found["validation"]), int(found["best"]))


def _notes(lined: bool, injuries_known: bool) -> tuple[str, ...]:
    notes = ["Regular-season games only; each season is forecast by models fitted on earlier seasons only."]
    if injuries_known:
        notes.append("Who of a rotation was out counts as known, as an injury report tells before tip-off.")
    else:
        notes.append("Nobody's absence counts as known: who plays is guessed from the games missed lately.")
    if lined:
        notes.append(
            "line is the closing line without the vig, market weighs it with the ensemble; figures on market are of "
            "the games with both moneylines, the line's margin and total of those with a spread and a total."
        )
    else:
        notes.append("No closing lines are stored for these seasons, so there is no comparison with the line.")
    return tuple(notes)
