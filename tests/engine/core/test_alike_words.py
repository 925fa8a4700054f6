"""Past games that went like one under way, as a fan reads them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from engine.core.live_games import Alike, Outcomes
from engine.core.live_words import alike_line, outcomes_line
from engine.core.teams import BY_ID

BOS, NYK = (next(team_id for team_id, team in BY_ID.items() if team.abbreviation == code) for code in ("BOS", "NYK"))
GAME = Alike("0021800001", date(2019, 2, 1), BOS, NYK, 7, halftime_margin=-3, final_margin=9, distance=1.4, minute=18)


def test_half_time_is_told_in_the_first_half_alone() -> None:
    told = "NYK at BOS, 1 Feb 2019: BOS by 7 then"
    assert alike_line(GAME) == f"{told}, NYK by 3 at half-time, BOS by 9 in the end"
    assert alike_line(replace(GAME, minute=24)) == f"{told}, BOS by 9 in the end"
    lost = replace(GAME, margin=0, halftime_margin=0, final_margin=-1)
    assert alike_line(lost).endswith("level then, level at half-time, NYK by 1 in the end")


def test_outcomes_are_told_for_the_home_side() -> None:
    assert outcomes_line(Outcomes(100, 71, 5.6, -6, 19)) == (
        "Of the 100 past games most like this one, the home side won 71; 8 in 10 ended from -6 to +19 for it"
    )
