"""Past games that went like one under way, as a fan reads them: the home side's course in the order it happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from engine.core import dejavu_words
from engine.core.live import Moment
from engine.core.live_games import Alike, LiveCard, LiveState, LiveStatus, LiveView, Outcomes
from engine.core.teams import BY_ID

BOS, NYK = (next(team_id for team_id, team in BY_ID.items() if team.abbreviation == code) for code in ("BOS", "NYK"))
NOW = datetime(2025, 1, 16, 1, tzinfo=UTC)
GAME = Alike("0021800001", date(2019, 2, 1), BOS, NYK, margin=7, halftime_margin=-3, final_margin=9, distance=1.4)


def test_a_game_is_told_in_the_order_in_which_it_went() -> None:
    told = "NYK at BOS, 1 Feb 2019: BOS"
    assert dejavu_words.game(GAME, 18) == f"{told} up 7 then, down 3 at half-time, won by 9"
    assert dejavu_words.game(GAME, 36) == f"{told} down 3 at half-time, up 7 then, won by 9"
    assert dejavu_words.game(replace(GAME, margin=-3), 24) == f"{told} down 3 at half-time, won by 9"
    lost = replace(GAME, margin=0, halftime_margin=0, final_margin=-1)
    assert dejavu_words.likest(lost, 6) == f"Most like {told} level then, level at half-time, lost by 1"


def test_outcomes_are_counted_for_the_home_side() -> None:
    assert dejavu_words.summary(Outcomes(100, 71, 5.6, -6, 19)) == (
        "Of the 100 games most like this one, the home side won 71; four in five ended from a loss by 6 to a win by 19."
    )
    assert dejavu_words.summary(Outcomes(40, 40, 22.0, 22, 22)).endswith("won 40; four in five ended in a win by 22.")


def test_a_card_tells_the_outcomes_first_and_nothing_where_nothing_is_known() -> None:
    state = LiveState("g", date(2025, 1, 15), BOS, NYK, None, LiveStatus.LIVE, Moment(5, 30), "OT 0:30", NOW, NOW)
    card = LiveCard(LiveView(state), ())
    assert dejavu_words.lines(card) == ()
    outcomes = Outcomes(100, 71, 5.6, -6, 19)
    assert dejavu_words.lines(replace(card, alike=(GAME,), alike_outcomes=outcomes)) == (
        dejavu_words.summary(outcomes),
        dejavu_words.game(GAME, 48),
    )
