"""Charts: a record becomes the bytes of a PNG. Figures are made without pyplot, so threads do not share any."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING

from engine.core.backtests import Backtest, TrainingCurve

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INCHES = (6.4, 4.8)
_DPI = 120
_GREY = "#888888"
_FEWEST_GAMES = 20
"""Bins with fewer games are not drawn: their share is chance."""


def reliability_png(result: Backtest) -> bytes:
    """How often the home sides won to whom each family gave a like chance, beside what would be right."""

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=_GREY, linestyle="--", linewidth=1, label="exactly right")
        for one in result.reliability:
            points = [(bin_.mean_forecast, bin_.observed) for bin_ in one.bins if bin_.n >= _FEWEST_GAMES]
            forecast, observed = [at for at, _ in points], [share for _, share in points]
            axes.plot(forecast, observed, marker="o", markersize=3, linewidth=1.2, label=one.family)
        axes.set(
            title=f"Home wins, {_span(result)}",
            xlabel="chance given to the home side",
            ylabel="share of those games that it won",
            xlim=(0, 1),
            ylim=(0, 1),
            aspect="equal",
        )
        axes.legend(fontsize="small", frameon=False)

    return _png(draw)


def training_curve_png(curve: TrainingCurve) -> bytes:
    """XGBoost's error on the games it learned from and on later ones, round by round, and where it stopped."""

    def draw(axes: Axes) -> None:
        for label, errors in (("games learned from", curve.train), ("later games", curve.validation)):
            axes.plot(range(1, len(errors) + 1), errors, linewidth=1.2, label=label)
        axes.axvline(curve.best, color=_GREY, linestyle="--", linewidth=1, label=f"stopped at {curve.best}")
        axes.set(
            title=f"XGBoost's training before {curve.season}",
            xlabel="rounds",
            ylabel="root mean square error of the margin (points)",
        )
        axes.legend(fontsize="small", frameon=False)

    return _png(draw)


def _span(result: Backtest) -> str:
    return result.seasons[0] if len(result.seasons) == 1 else f"{result.seasons[0]} to {result.seasons[-1]}"


def _png(draw: Callable[[Axes], None]) -> bytes:
    from matplotlib.figure import Figure

    figure = Figure(figsize=_INCHES, dpi=_DPI, layout="constrained")
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    draw(axes)
    target = BytesIO()
    figure.savefig(target, format="png", metadata={"Software": None})
    return target.getvalue()
