"""Walking forward through seasons: each is forecast by models that saw earlier ones only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from engine.core import calendar
from engine.core.player_backtests import Coverage, MinutesScore, PlayerBacktest, PlayerScore
from engine.core.player_records import Stat
from engine.core.progress import Progress, silent
from engine.models.player.fitting import FAMILIES, PlayerFitter, check_families
from engine.models.player.misses import BANDS, SHARES, band_of
from engine.models.player.model import Expectation, PlayerModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]
    Mask = NDArray[np.bool_]

REGULAR_MINUTES = 20.0
"""Expected minutes from which a player counts as one of the regulars."""


def backtest_players(
    fitter: PlayerFitter,
    seasons: Sequence[int],
    families: Sequence[str] = (),
    progress: Progress = silent,
    simulated: bool = False,
) -> PlayerBacktest:
    """Scores of each family (none named = all) in each season."""
    chosen = tuple(families) or FAMILIES
    check_families(chosen)
    rows: list[PlayerScore] = []
    minutes: list[MinutesScore] = []
    steps = [(season, family) for season in sorted(seasons) for family in chosen]
    for done, (season, family) in enumerate(steps):
        progress("backtest", done, len(steps))
        model = fitter.model(family, fitter.data.before(season))
        scored, missed = season_scores(fitter, model, season)
        rows += scored
        minutes.append(missed)
    progress("backtest", len(steps), len(steps))
    labels = tuple(calendar.season_label(season) for season in sorted(seasons))
    return PlayerBacktest(labels, chosen, tuple(rows), tuple(minutes), simulated)


def season_scores(fitter: PlayerFitter, model: PlayerModel, season: int) -> tuple[list[PlayerScore], MinutesScore]:
    """A model's scores of every stat in one season, and of its minutes."""
    import numpy as np

    data, label = fitter.data, calendar.season_label(season)
    rows = slice(data.before(season), data.before(season + 1))
    expected = model.expect_all(data.x[rows])
    scores = [_score(model, stat, label, expected, data.of(stat)[rows]) for stat in Stat]
    missed = float(np.abs(data.minutes[rows] - expected.minutes).mean())
    return scores, MinutesScore(model.family, label, len(expected.minutes), missed)


def _score(model: PlayerModel, stat: Stat, season: str, expected: Expectation, outcomes: Floats) -> PlayerScore:
    import numpy as np

    minutes, means, misses = expected.minutes, expected.means[stat], model.misses[stat]
    medians = misses.medians(minutes, means)
    inside = {share: misses.held(minutes, means, outcomes, share) for share in SHARES}
    regular = minutes >= REGULAR_MINUTES
    band, bounds = band_of(minutes), (0.0, *BANDS, None)
    return PlayerScore(
        family=model.family,
        season=season,
        stat=stat,
        n=len(outcomes),
        mae=float(np.abs(outcomes - medians).mean()),
        mae_of_mean=float(np.abs(outcomes - means).mean()),
        r2=_explained(outcomes, means),
        overall=_coverage((0.0, None), inside, np.ones(len(outcomes), dtype=bool)),
        bands=tuple(
            _coverage((bounds[at] or 0.0, bounds[at + 1]), inside, band == at)
            for at in range(len(BANDS) + 1)
            if (band == at).any()
        ),
        n_regular=int(regular.sum()),
        regular_mae=float(np.abs(outcomes - medians)[regular].mean()) if regular.any() else None,
        regular_r2=_explained(outcomes[regular], means[regular]) if regular.any() else None,
        regular_share_80=float(inside[0.8][regular].mean()) if regular.any() else None,
    )


def _coverage(bounds: tuple[float, float | None], inside: dict[float, Mask], rows: Mask) -> Coverage:
    return Coverage(*bounds, int(rows.sum()), *(float(inside[share][rows].mean()) for share in SHARES))


def _explained(outcomes: Floats, means: Floats) -> float:
    """Share of the variance that the means explain (R2); 0 where there is no variance."""
    total = float(((outcomes - outcomes.mean()) ** 2).sum())
    return 1 - float(((outcomes - means) ** 2).sum()) / total if total else 0.0
