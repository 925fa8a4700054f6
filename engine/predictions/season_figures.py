"""A team's regular season in figures: wins, losses, ratings per 100 possessions, the four factors. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import takewhile

from engine.core.records import Game, TeamBox
from engine.core.team_cards import FourFactors, Ranked, Ratings, SeasonRecord, TeamTotals, WinLoss, ranked
from engine.core.teams import BY_ID, TEAMS
from engine.features.team import effective_field_goal_percentage, offensive_rebound_share

LAST_TEN = 10
_PLAYER_MINUTES = 240
"""Player minutes of one team in the 48 minutes of regulation."""


def season_record(results: Sequence[Game], team_id: int) -> SeasonRecord:
    """How a team stands after a season's results, which come oldest first."""
    own = [game for game in results if team_id in (game.home_id, game.away_id)]
    won = [_won(game, team_id) for game in own]
    streak = len(list(takewhile(lambda one: one is won[-1], reversed(won))))
    sided = [(game.home_id == team_id, one) for game, one in zip(own, won, strict=True) if not game.neutral]
    return SeasonRecord(
        total=_counted(won),
        home=_counted(one for at_home, one in sided if at_home),
        away=_counted(one for at_home, one in sided if not at_home),
        last_ten=_counted(won[-LAST_TEN:]),
        streak=streak if won and won[-1] else -streak,
        conference_rank=_conference_rank(results, team_id),
    )


def ratings(totals: Mapping[int, TeamTotals], team_id: int) -> Ratings | None:
    """Ratings and pace among the league's; None for a team without box scores."""
    if team_id not in totals:
        return None

    def among(figure: Callable[[TeamTotals], float], *, high_is_best: bool = True) -> Ranked:
        return ranked({one: figure(total) for one, total in totals.items()}, team_id, high_is_best=high_is_best)

    return Ratings(
        offence=among(_scored),
        defence=among(_allowed, high_is_best=False),
        net=among(lambda total: _scored(total) - _allowed(total)),
        pace=among(lambda total: _PLAYER_MINUTES * _possessions(total) / max(total.own.minutes, 1)),
    )


def four_factors(totals: Mapping[int, TeamTotals], team_id: int, *, allowed: bool = False) -> FourFactors | None:
    """A team's four factors among the league's, or with `allowed` those of its opponents, best where they are worst."""
    if team_id not in totals:
        return None
    sides = {
        one: (total.allowed, total.own) if allowed else (total.own, total.allowed) for one, total in totals.items()
    }

    def among(figure: Callable[[TeamBox, TeamBox], float], *, high_is_best: bool) -> Ranked:
        return ranked({one: figure(*boxes) for one, boxes in sides.items()}, team_id, high_is_best=high_is_best)

    return FourFactors(
        shooting=among(lambda own, _: effective_field_goal_percentage(own), high_is_best=not allowed),
        turnovers=among(lambda own, _: 100 * own.tov / max(own.possessions, 1.0), high_is_best=allowed),
        rebounding=among(lambda own, other: 100 * offensive_rebound_share(own, other), high_is_best=not allowed),
        free_throws=among(lambda own, _: 100 * own.ftm / max(own.fga, 1), high_is_best=not allowed),
    )


def _won(game: Game, team_id: int) -> bool:
    return ((game.margin or 0) > 0) == (game.home_id == team_id)


def _counted(won: Iterable[bool]) -> WinLoss:
    listed = list(won)
    return WinLoss(sum(listed), len(listed) - sum(listed))


def _conference_rank(results: Sequence[Game], team_id: int) -> int:
    won: dict[int, list[bool]] = {team.team_id: [] for team in TEAMS if team.conference == BY_ID[team_id].conference}
    for game in results:
        for side in (game.home_id, game.away_id):
            if side in won:
                won[side].append(_won(game, side))
    return ranked({one: _counted(games).share for one, games in won.items()}, team_id).rank


def _possessions(total: TeamTotals) -> float:
    """A side's possessions: both sides have as many, so the mean of the two estimates is the better one."""
    return max((total.own.possessions + total.allowed.possessions) / 2, 1.0)


def _scored(total: TeamTotals) -> float:
    return 100 * total.own.pts / _possessions(total)


def _allowed(total: TeamTotals) -> float:
    return 100 * total.allowed.pts / _possessions(total)
