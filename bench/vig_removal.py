"""How best to take the bookmakers' margin out of a moneyline, judged by who won on the real closing lines.

    python -m bench.vig_removal

Each method turns two prices into a home win probability; the log loss and Brier score are over all games, and the
difference to removal in proportion comes with a 95% interval from the paired games. The last columns compare the
favourites of at least 80% by each method with how often they won.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from bench.real_seasons import LINES, TEAMS, read
from bench.tables import data_folder, show
from engine.core.odds import decimal_of, fair_probability

STRONG = 0.8
Floats = NDArray[np.float64]


def main() -> int:
    """Print the table; 0 also where there is no real data to measure on."""
    folder = data_folder()
    if folder is None:
        print("no real seasons here (NBABOT_DATA): nothing measured")
        return 0
    prices, won = prices_of(folder)
    plain = losses(np.array([fair_probability(home, away) for home, away in prices]), won)
    rows = [row(name, method, prices, won, plain) for name, method in METHODS.items()]
    columns = ("method", "log loss", "difference", "Brier", f"favourites of {STRONG:.0%}", "mean", "won")
    show(f"Margin removal on {len(won):,} closing moneylines", columns, rows)
    return 0


def prices_of(folder: Path) -> tuple[list[tuple[float, float]], Floats]:
    """Decimal prices (home, away) of every game with both closing moneylines and a margin, and whether home won."""
    played, lines = read([folder / TEAMS, folder / LINES])
    prices, won = [], []
    for one in played:
        line = lines.get(one.game.game_id)
        if line and line.moneyline_home and line.moneyline_away:
            home, away = decimal_of(line.moneyline_home), decimal_of(line.moneyline_away)
            if 1 / home + 1 / away > 1:
                prices.append((home, away))
                won.append(float((one.game.margin or 0) > 0))
    return prices, np.array(won)


def power(home: float, away: float) -> float:
    """The k for which the implied probabilities to the power of k add up to one."""
    k = brentq(lambda k: home**-k + away**-k - 1, 0.5, 20.0)
    return float(home**-k)


def shin(home: float, away: float) -> float:
    """Shin (1993): the margin is the bookmaker's shield against a share z of insiders."""
    booked = 1 / home + 1 / away

    def probability(price: float, z: float) -> float:
        return float((np.sqrt(z**2 + 4 * (1 - z) / (price**2 * booked)) - z) / (2 * (1 - z)))

    z = brentq(lambda z: probability(home, z) + probability(away, z) - 1, 0.0, 0.5)
    return probability(home, z)


METHODS: dict[str, Callable[[float, float], float]] = {
    "in proportion": fair_probability,
    "Shin": shin,
    "power": power,
}


def row(
    name: str, method: Callable[[float, float], float], prices: list[tuple[float, float]], won: Floats, plain: Floats
) -> tuple[str, ...]:
    """The figures of one method."""
    chance = np.array([method(home, away) for home, away in prices])
    difference = losses(chance, won) - plain
    half = 1.96 * difference.std() / np.sqrt(len(won))
    favourite, hit = np.maximum(chance, 1 - chance), np.where(chance >= 0.5, won, 1 - won)
    strong = favourite >= STRONG
    return (
        name,
        f"{losses(chance, won).mean():.5f}",
        f"{difference.mean():+.5f} ± {half:.5f}",
        f"{((chance - won) ** 2).mean():.5f}",
        f"{strong.sum():,}",
        f"{favourite[strong].mean():.3f}",
        f"{hit[strong].mean():.3f}",
    )


def losses(chance: Floats, won: Floats) -> Floats:
    """Log loss of each game."""
    return -np.log(np.where(won == 1, chance, 1 - chance))


if __name__ == "__main__":
    sys.exit(main())
