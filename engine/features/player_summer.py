"""Who of last season's rotation a team still counts on where nobody has told who came and who left in the summer."""

from __future__ import annotations

from collections.abc import Iterable

from engine.features.game import LeagueState
from engine.features.ratings import EXPECTED_MINUTES

STAYED = (0.23, 0.39, 0.52, 0.66, 0.73, 0.82)
"""Share of a rotation that appeared in the team's first game of the next season, by expected minutes from
EXPECTED_MINUTES in steps of STEP: 2,087 players of 2017-18 to 2022-23, printed by bench.player_summer."""
STEP = 4.0


def stayed(minutes: float) -> float:
    """The chance that a player of so many expected minutes is there when the next season begins."""
    return STAYED[min(max(int((minutes - EXPECTED_MINUTES) / STEP), 0), len(STAYED) - 1)]


def after_summer(league: LeagueState, teams: Iterable[int], season: int) -> dict[int, float]:
    """Chances by player id for the rotations of those teams that have not played yet in a season."""
    players = league.players
    waiting = (team_id for team_id in teams if not league.games_seen(team_id, season))
    return {one.player_id: stayed(one.minutes) for team_id in waiting for one in players.rotation(team_id, season)}
