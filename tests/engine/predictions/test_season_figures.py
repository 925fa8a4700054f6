"""A season's figures are those that one gets by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.core.calendar import SeasonType
from engine.core.records import Game, GameStatus, TeamBox
from engine.core.team_cards import Ranked, TeamTotals, WinLoss
from engine.core.teams import BY_ABBREVIATION
from engine.predictions.season_figures import four_factors, ratings, season_record

BOS, NYK, LAL = (BY_ABBREVIATION[code].team_id for code in ("BOS", "NYK", "LAL"))
FIRST = date(2024, 10, 22)


def result(number: int, home: int, away: int, margin: int, neutral: bool = False) -> Game:
    game = Game(f"002240{number:04d}", 2024, SeasonType.REGULAR, FIRST + timedelta(days=number), home, away, neutral)
    return replace(game, status=GameStatus.FINAL, home_points=100 + margin, away_points=100)


RESULTS = (
    result(0, BOS, NYK, 5),
    result(1, NYK, BOS, 3),
    result(2, BOS, LAL, -2, neutral=True),
    result(3, LAL, BOS, -4),
    result(4, BOS, LAL, 1),
)


def test_wins_losses_and_streak_are_counted_from_the_teams_own_side() -> None:
    record = season_record(RESULTS, BOS)
    assert (record.total, record.home, record.away) == (WinLoss(3, 2), WinLoss(2, 0), WinLoss(1, 1))
    assert record.streak == 2
    assert season_record(RESULTS, LAL).streak == -2
    assert season_record(RESULTS[:2], BOS).last_ten == WinLoss(1, 1)


def test_a_team_that_has_not_played_has_no_streak() -> None:
    record = season_record((), BOS)
    assert (record.total, record.streak) == (WinLoss(0, 0), 0)


def test_the_place_in_the_conference_is_by_share_of_wins_among_its_own_teams() -> None:
    assert season_record((result(0, BOS, LAL, 5),), BOS).conference_rank == 1
    assert season_record((result(0, BOS, LAL, -5),), BOS).conference_rank == 15
    assert season_record((result(0, BOS, LAL, -5),), LAL).conference_rank == 1


def totals() -> dict[int, TeamTotals]:
    """One game, 110 possessions a side by the usual estimate: Boston scores 121 and New York 99."""
    strong = TeamBox("", BOS, 240, 121, 45, 90, 15, 40, 16, 25, 11, 33, 25, 8, 5, 20, 18)
    weak = TeamBox("", NYK, 240, 99, 40, 98, 9, 30, 10, 25, 9, 30, 20, 6, 4, 10, 20)
    return {BOS: TeamTotals(1, strong, weak), NYK: TeamTotals(1, weak, strong)}


def test_ratings_are_points_per_100_possessions_and_ranked_from_the_best() -> None:
    found = ratings(totals(), BOS)
    assert found is not None
    assert found.offence == Ranked(pytest.approx(110.0), 1)
    assert found.defence == Ranked(pytest.approx(90.0), 1)
    assert found.net == Ranked(pytest.approx(20.0), 1)
    assert found.pace == Ranked(pytest.approx(110.0), 1)
    other = ratings(totals(), NYK)
    assert other is not None
    assert (other.offence.rank, other.defence.rank, other.net.rank, other.pace.rank) == (2, 2, 2, 1)


def test_the_four_factors_are_olivers_and_low_turnovers_are_best() -> None:
    own, allowed = four_factors(totals(), BOS), four_factors(totals(), BOS, allowed=True)
    assert own is not None
    assert allowed is not None
    assert own.shooting == Ranked(pytest.approx(100 * (45 + 7.5) / 90), 1)
    assert own.turnovers == Ranked(pytest.approx(100 * 20 / 110), 2)
    assert own.rebounding == Ranked(pytest.approx(100 * 11 / (11 + 30)), 1)
    assert own.free_throws == Ranked(pytest.approx(100 * 16 / 90), 1)
    assert allowed.shooting == Ranked(pytest.approx(100 * 44.5 / 98), 1)
    assert allowed.turnovers == Ranked(pytest.approx(100 * 10 / 110), 2), "opponents who lose few balls are no praise"


def test_a_team_without_box_scores_has_no_figures() -> None:
    assert ratings(totals(), LAL) is None
    assert four_factors(totals(), LAL) is None
