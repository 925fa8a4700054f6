"""Where the constants of the player ratings come from: fitted on 2015-16 and 2016-17, before every season reported.

    python -m bench.ratings

Prints the credits per box-score event, the share of rotation players who appeared by games missed in a row, and how a
team's own rating shows in its line-up. Real seasons are read from NBABOT_DATA.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from bench.real_seasons import PLAYERS, TEAMS, read
from bench.tables import data_folder, show
from engine.core.calendar import SeasonType
from engine.core.records import PlayedGame
from engine.features import ratings
from engine.features.availability import CHANCES, lineup
from engine.features.contract import Matchup
from engine.features.game import LeagueState
from engine.features.ratings import DEFENCE, OFFENCE, Players

FIRST_DAY, LAST_DAY = date(2015, 7, 1), date(2017, 7, 1)
BURN_IN_GAMES = 300
PENALTY = 300.0

Floats = NDArray[np.float64]


def main() -> None:
    """Import the seasons, fit and print."""
    folder = data_folder()
    if folder is None:
        print("no real seasons here (NBABOT_DATA): nothing measured")
        return
    played = read([folder / TEAMS, folder / PLAYERS], FIRST_DAY, LAST_DAY).played
    offence, defence, n = credits_of(played)
    rows = [(event, f"{offence[event]:.2f}", f"{defence[event]:.2f}") for event in OFFENCE]
    show(f"Credits per event and 36 minutes, n = {n} games", ("event", "offence", "defence"), rows)
    appeared, counted = appearances(played)
    shares = [(str(missed), f"{appeared[missed] / counted[missed]:.3f}", str(counted[missed])) for missed in counted]
    show("Rotation players who appeared, by games missed in a row", ("missed", "share", "n"), sorted(shares, key=_key))
    print(f"points of line-up per point of the team's rating: {results_in_lineup(played):.2f}")


def credits_of(played: Sequence[PlayedGame]) -> tuple[dict[str, float], dict[str, float], int]:
    """Offensive and defensive credits by ridge regression of both sides' offensive ratings, and the games used.

    Each side's rating is explained by its own line-up's rates and the opponent's, both as of that morning and of the
    rotation players who were available.
    """
    home, away = np.empty((len(played), len(OFFENCE))), np.empty((len(played), len(OFFENCE)))
    known = np.ones(len(played), dtype=bool)
    for column, event in enumerate(OFFENCE):
        home[:, column], away[:, column], seen = _lineups(played, event)
        known &= seen
    regular = np.array([one.game.season_type is SeasonType.REGULAR for one in played])
    used = known & regular & (np.arange(len(played)) >= BURN_IN_GAMES)
    edge = np.array([0.0 if one.game.neutral else 0.5 for one in played])[:, None]
    sides = np.hstack([edge, home, -away])[used], np.hstack([-edge, away, -home])[used]
    coefficients = _ridge(np.vstack(sides), np.concatenate([rates[used] for rates in _offensive_ratings(played)]))
    split = len(OFFENCE) + 1
    offence = dict(zip(OFFENCE, coefficients[1:split], strict=True))
    return offence, dict(zip(DEFENCE, coefficients[split:], strict=True)), int(used.sum())


def appearances(played: Sequence[PlayedGame]) -> tuple[Counter[int], Counter[int]]:
    """How many rotation players appeared, and how many there were, by games missed in a row."""
    players, appeared, counted = Players(), Counter[int](), Counter[int]()
    longest = len(CHANCES) - 1
    for _, today in groupby(played, key=_day):
        day = list(today)
        for one in day:
            present = {line.player_id for line in one.lines}
            for team_id in (one.game.home_id, one.game.away_id):
                for member in players.rotation(team_id, one.game.season):
                    missed = min(member.missed, longest)
                    counted[missed] += 1
                    appeared[missed] += member.player_id in present
        for one in day:
            players.advance(one)
    return appeared, counted


def results_in_lineup(played: Sequence[PlayedGame]) -> float:
    """Slope of a line-up's value against the team's adjusted rating, both as deviations from their means."""
    state, points = LeagueState(), []
    for one in played:
        if one.lines:
            for side in state.sides(Matchup.of(one.game)):
                if side.members and side.form.games >= 20:
                    points.append((side.form.mean("offence") + side.form.mean("defence"), side.full.value))
        state.advance(one)
    x, y = np.array(points).T
    return float(np.polyfit(x, y, 1)[0])


def _lineups(played: Sequence[PlayedGame], event: str) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Both sides' line-up rates of one event per 36 minutes above replacement, and where both rotations are known."""
    players, rows = Players(), []
    lines = [line for one in played for line in one.lines]
    usual = sum(getattr(line, event) for line in lines) / sum(line.minutes for line in lines)
    constants = {"OFFENCE": {event: 1.0}, "DEFENCE": {}, "REPLACEMENT_START": {"offence": usual, "defence": 0.0}}
    with mock.patch.multiple(ratings, **constants):
        for _, today in groupby(played, key=_day):
            day = list(today)
            rows += [_pair(players, one) for one in day]
            for one in day:
                players.advance(one)
    table = np.array(rows)
    return table[:, 0], table[:, 1], table[:, 2] > 0


def _pair(players: Players, played: PlayedGame) -> tuple[float, float, bool]:
    present = {line.player_id for line in played.lines}
    rotations = [players.rotation(team, played.game.season) for team in (played.game.home_id, played.game.away_id)]
    rates = [lineup(one, [float(member.player_id in present) for member in one]).offence for one in rotations]
    return rates[0], rates[1], all(rotations)


def _offensive_ratings(played: Sequence[PlayedGame]) -> tuple[Floats, Floats]:
    possessions = np.array([(one.home.possessions + one.away.possessions) / 2 for one in played])
    points = np.array([(one.home.pts, one.away.pts) for one in played], dtype=float)
    return 100 * points[:, 0] / possessions, 100 * points[:, 1] / possessions


def _ridge(x: Floats, y: Floats) -> Floats:
    from sklearn.linear_model import Ridge

    scale = x.std(axis=0)
    scale[0] = 0.01
    fitted: Floats = Ridge(alpha=PENALTY).fit(x / scale, y).coef_ / scale
    return fitted


def _day(played: PlayedGame) -> date:
    return played.game.league_day


def _key(row: tuple[str, ...]) -> int:
    return int(row[0])


if __name__ == "__main__":
    main()
