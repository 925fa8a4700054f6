"""Who is in a team's rotation, and what each player does per game, as of a moment."""

from __future__ import annotations

from collections.abc import Iterable

from engine.core.records import Appearance, RotationPlayer
from engine.features.rolling import DecayedMean, Memory

TEAM_GAMES = 12
"""A rotation player appeared in one of his team's last games, this many."""
EXPECTED_MINUTES = 12.0
"""A rotation player is expected to play at least this long."""
MEMORY = Memory(half_life=10.0, prior_games=0.0)


def rotation(team_id: int, appearances: Iterable[Appearance]) -> tuple[RotationPlayer, ...]:
    """The rotation of a team, most minutes first.

    `appearances` are, oldest first, all of a season by players who appeared in one of the team's last 12 games,
    for any team; a player whose newest appearance was for another team has left and does not count.
    """
    by_player: dict[int, list[Appearance]] = {}
    for one in appearances:
        by_player.setdefault(one.player_id, []).append(one)
    players = [_summary(lines) for lines in by_player.values() if lines[-1].team_id == team_id]
    return tuple(
        sorted((one for one in players if one.minutes >= EXPECTED_MINUTES), key=lambda one: (-one.minutes, one.name))
    )


def _summary(lines: list[Appearance]) -> RotationPlayer:
    last = lines[-1]
    return RotationPlayer(
        player_id=last.player_id,
        name=last.name,
        team_id=last.team_id,
        games=len(lines),
        minutes=_decayed(one.minutes for one in lines),
        pts=_decayed(one.pts for one in lines),
        reb=_decayed(one.reb for one in lines),
        ast=_decayed(one.ast for one in lines),
        last_day=last.league_day,
    )


def _decayed(values: Iterable[float]) -> float:
    mean = DecayedMean()
    for value in values:
        mean.add(value, MEMORY)
    return round(mean.mean(MEMORY), 1)
