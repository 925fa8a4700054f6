"""Walk-forward backtest: every season is forecast by models that were fitted on earlier seasons only."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.core.calendar import season_label
from engine.core.errors import NoDataError
from engine.core.odds import fair_home_probability
from engine.core.progress import Progress, silent
from engine.core.records import ClosingLine
from engine.core.reports import Backtest, FamilyScore
from engine.models import scores
from engine.models.training import FAMILIES, TrainingSet, fit, recipe_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from engine.models.estimators import GameModel

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

MARKET = "market"
"""Name of the row that scores the closing line itself."""


@dataclass(frozen=True, slots=True)
class Forecasts:
    """Forecasts of one family for every game of a training set; NaN where the family says nothing."""

    probability: Floats
    margin: Floats
    total: Floats


def backtest(
    data: TrainingSet,
    lines: Mapping[str, ClosingLine],
    seasons: Sequence[int],
    families: Sequence[str] = (),
    progress: Progress = silent,
    simulated: bool = False,
) -> Backtest:
    """Score families (all by default) and the closing line on the regular-season games of `seasons`.

    `data` holds the games of those seasons and of all before them. Every season is forecast by models fitted on earlier
    ones only. Games with both closing moneylines make up the `*_on_market` figures of every family. Raises UsageError
    for an unknown family and NoDataError when a season has no games, or none before it to fit on.
    """
    chosen = tuple(dict.fromkeys(families)) or tuple(FAMILIES)
    for family in chosen:
        recipe_of(family)
    wanted = sorted(set(seasons))
    forecasts = walk_forward(data, wanted, chosen, progress)
    forecasts[MARKET] = market_forecasts(data, lines)
    tested = _tested(data, wanted)
    if not _known(forecasts[MARKET], tested).any():
        del forecasts[MARKET]
    return Backtest(
        task="game",
        seasons=tuple(season_label(season) for season in wanted),
        rows=_scores(data, forecasts, tested, None),
        by_season=tuple(
            score for season in wanted for score in _scores(data, forecasts, _tested(data, [season]), season)
        ),
        simulated=simulated,
        notes=_notes(MARKET in forecasts),
    )


def walk_forward(
    data: TrainingSet, seasons: Sequence[int], families: Sequence[str], progress: Progress = silent
) -> dict[str, Forecasts]:
    """Each family's forecasts for the regular-season games of `seasons`, every season fitted on those before it."""
    found = {family: _empty(data) for family in families}
    for done, season in enumerate(seasons):
        progress("backtest", done, len(seasons))
        rows = _tested(data, [season])
        if not rows.any():
            raise NoDataError(
                f"No regular-season games of {season_label(season)} are stored: import that season first."
            )
        for family in families:
            _fill(found[family], fit(family, data, data.season < season), data, rows)
    progress("backtest", len(seasons), len(seasons))
    return found


def market_forecasts(data: TrainingSet, lines: Mapping[str, ClosingLine]) -> Forecasts:
    """What the closing line says of each game: moneylines without the vig, the spread as margin, the total."""
    found = _empty(data)
    for index, game_id in enumerate(data.game_id):
        line = lines.get(game_id)
        probability = None if line is None else fair_home_probability(line)
        if line is None or probability is None:
            continue
        found.probability[index] = probability
        found.margin[index] = math.nan if line.spread is None else -line.spread
        found.total[index] = math.nan if line.total is None else line.total
    return found


def _fill(found: Forecasts, model: GameModel, data: TrainingSet, rows: Mask) -> None:
    for index in rows.nonzero()[0]:
        numbers = model.predict(data.x[index].tolist())
        found.probability[index] = numbers.home_win_prob
        found.margin[index], found.total[index] = numbers.margin, numbers.total


def _empty(data: TrainingSet) -> Forecasts:
    import numpy as np

    blank = np.full((3, len(data)), np.nan)
    return Forecasts(*blank)


def _tested(data: TrainingSet, seasons: Sequence[int]) -> Mask:
    import numpy as np

    return data.regular & np.isin(data.season, list(seasons))


def _known(forecasts: Forecasts, rows: Mask) -> Mask:
    import numpy as np

    known: Mask = rows & ~np.isnan(forecasts.probability)
    return known


def _scores(
    data: TrainingSet, forecasts: Mapping[str, Forecasts], tested: Mask, season: int | None
) -> tuple[FamilyScore, ...]:
    """One row per family; a family that says nothing of the tested games has none."""
    market = _known(forecasts[MARKET], tested) if MARKET in forecasts else tested & False
    rows = []
    for family, forecast in forecasts.items():
        known = _known(forecast, tested)
        if known.any():
            label = None if season is None else season_label(season)
            rows.append(_score(family, label, data, forecast, (known, known & market)))
    return tuple(rows)


def _score(
    family: str, season: str | None, data: TrainingSet, forecast: Forecasts, masks: tuple[Mask, Mask]
) -> FamilyScore:
    known, on_market = masks
    probability, wins = forecast.probability[known], data.home_win[known]
    n_market = int(on_market.sum())
    market_probability, market_wins = forecast.probability[on_market], data.home_win[on_market]
    return FamilyScore(
        family=family,
        season=season,
        n=int(known.sum()),
        log_loss=scores.log_loss(probability, wins),
        brier=scores.brier(probability, wins),
        accuracy=scores.accuracy(probability, wins),
        ece=scores.expected_calibration_error(probability, wins),
        calibration_slope=scores.calibration_slope(probability, wins),
        margin_mae=scores.mean_absolute_error(forecast.margin[known], data.margin[known]),
        total_mae=scores.mean_absolute_error(forecast.total[known], data.total[known]),
        n_market=n_market,
        log_loss_on_market=scores.log_loss(market_probability, market_wins) if n_market else None,
        brier_on_market=scores.brier(market_probability, market_wins) if n_market else None,
        accuracy_on_market=scores.accuracy(market_probability, market_wins) if n_market else None,
        margin_mae_on_market=scores.mean_absolute_error(forecast.margin[on_market], data.margin[on_market]),
        total_mae_on_market=scores.mean_absolute_error(forecast.total[on_market], data.total[on_market]),
    )


def _notes(market: bool) -> tuple[str, ...]:
    notes = ["Regular-season games only; each season is forecast by models fitted on earlier seasons only."]
    if market:
        notes.append(
            "market is the closing line without the vig; figures on market are of the games with both moneylines, "
            "its margin and total of those with a spread and a total."
        )
    else:
        notes.append("No closing lines are stored for these seasons, so there is no comparison with the market.")
    return tuple(notes)
