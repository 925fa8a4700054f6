"""The made-up league with invented players: absences, a trade, rookies, garbage time."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from engine.core.records import PlayedGame, PlayerLine

SQUAD = 13
MINUTES = (35, 33, 31, 29, 27, 22, 19, 16, 14, 12, 2, 2, 2)
TRADE = 300
"""Number of the game from which two players have changed places."""
MISSED_AT_ONCE = 4
"""Games that an absence lasts."""


def player(team_id: int, place: int, season: int = 0) -> int:
    """Id of a team's player; the last of the rotation is a rookie in every season."""
    return (team_id % 1000) * 10_000 + place * 100 + (season % 100 if place == 9 else 0)


def with_lines(games: Sequence[PlayedGame]) -> list[PlayedGame]:
    """The same games with a line for everybody who appeared."""
    teams = sorted({team for one in games for team in (one.game.home_id, one.game.away_id)})
    away: dict[int, int] = {}
    found = []
    for number, one in enumerate(games):
        lines = []
        for team_id in (one.game.home_id, one.game.away_id):
            swap = (teams[0], teams[1]) if number >= TRADE else ()
            lines += _lines(one, team_id, swap, away)
        found.append(replace(one, lines=tuple(lines)))
    return found


def _lines(one: PlayedGame, team_id: int, swap: tuple[int, ...], away: dict[int, int]) -> list[PlayerLine]:
    game, lines = one.game, []
    margin = (game.margin or 0) * (1 if team_id == game.home_id else -1)
    dice = random.Random(f"{game.game_id}-{team_id}")
    for place in range(SQUAD):
        origin = swap[1 - swap.index(team_id)] if place == 2 and team_id in swap else team_id
        who = player(origin, place, game.season)
        if away.get(who, 0) > 0:
            away[who] -= 1
            continue
        if dice.random() < 0.03:
            away[who] = MISSED_AT_ONCE - 1
            continue
        if MINUTES[place] > 2 or abs(margin) > 15:
            lines.append(line(who, team_id, MINUTES[place] + dice.uniform(-2, 2), skill(who), margin))
    return lines


def skill(who: int) -> float:
    """How good a player is, 0..1, for ever."""
    return random.Random(who).random()


def line(who: int, team_id: int, minutes: float, ability: float, margin: int = 0) -> PlayerLine:
    """A line of so many minutes whose figures grow with ability."""
    shots = round(minutes * (0.25 + 0.2 * ability))
    made = round(shots * (0.38 + 0.18 * ability))
    return PlayerLine(
        player_id=who,
        team_id=team_id,
        minutes=round(max(1.0, minutes), 1),
        pts=2 * made + round(minutes * 0.1),
        fgm=made,
        fga=shots,
        fg3m=0,
        fg3a=0,
        ftm=round(minutes * 0.1),
        fta=round(minutes * 0.12),
        oreb=round(minutes * 0.04),
        dreb=round(minutes * 0.1),
        ast=round(minutes * (0.05 + 0.1 * ability)),
        stl=round(minutes * (0.01 + 0.04 * ability)),
        blk=round(minutes * 0.02),
        tov=round(minutes * 0.06),
        pf=round(minutes * 0.08),
        plus_minus=round(margin * minutes / 48),
    )


class Cast:
    """What the tests may do with the players."""

    TRADE = TRADE
    player = staticmethod(player)
    line = staticmethod(line)
    with_lines = staticmethod(with_lines)

    @staticmethod
    def without(one: PlayedGame, *players: int) -> PlayedGame:
        """The same game in which these players did not appear."""
        return replace(one, lines=tuple(line for line in one.lines if line.player_id not in players))

    @staticmethod
    def cameo(one: PlayedGame, who: int, team_id: int) -> PlayedGame:
        """The same game in which somebody played the last two minutes too."""
        return replace(one, lines=(*one.lines, line(who, team_id, 2.0, 0.5)))


@pytest.fixture(scope="session")
def cast() -> Cast:
    return Cast()


@pytest.fixture(scope="session")
def peopled(league: list[PlayedGame]) -> list[PlayedGame]:
    """The first three seasons of the league with a line for everybody who appeared."""
    return with_lines(league[:540])
