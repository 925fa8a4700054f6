"""Pictures that stand in messages: files that a message can carry, drawn alike in any thread, told in words too."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from engine.core.records import Outcome
from engine.core.reports import CalibrationBin, TrackRecord
from engine.core.teams import TEAMS
from nbabot import chart_style
from nbabot.calibration_chart import calibration_png, calibration_words
from nbabot.slate_chart import MOST_ROWS, Row, slate_png, slate_words

SIGNATURE = b"\x89PNG\r\n\x1a\n"
ROWS = tuple(
    Row(TEAMS[2 * i].team_id, TEAMS[2 * i + 1].team_id, i == 3, 0.2 + 0.06 * i, Outcome.PENDING)
    for i in range(MOST_ROWS)
)
BINS = (CalibrationBin(0.3, 0.4, 1, 0.36, 1.0), CalibrationBin(0.9, 1.0, 300, 0.95, 1.0))
RECORD = TrackRecord(date(2025, 1, 1), date(2025, 1, 2), 301, 301, 0, 0, 0, 1.0, 0.1, 0.1, 9.0, BINS)


@pytest.mark.parametrize("png", [slate_png(ROWS), slate_png(ROWS[:1]), calibration_png(RECORD)])
def test_a_picture_is_a_png_of_a_phones_width(png: bytes) -> None:
    assert png.startswith(SIGNATURE)
    assert int.from_bytes(png[16:20]) == chart_style.WIDTH * chart_style.DPI
    assert len(png) < 300_000


def test_the_same_games_give_the_same_picture_in_any_thread() -> None:
    drawn = slate_png.__wrapped__
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(drawn, [ROWS[:2]] * 8)) == {drawn(ROWS[:2])}


def test_a_picture_tells_pick_and_outcome_of_every_game_in_words() -> None:
    over = (replace(ROWS[0], outcome=Outcome.HIT), replace(ROWS[9], outcome=Outcome.MISS))
    said = slate_words((*over, ROWS[3]))
    assert "BOS at ATL: Celtics 80% (right)" in said
    assert "(wrong)" in said
    assert " vs " in said, "a neutral site has no home"
    assert calibration_words(RECORD).endswith("given about 36%, won 1 of 1; given about 95%, won 300 of 300.")


@pytest.mark.parametrize("team", TEAMS, ids=lambda team: team.abbreviation)
def test_every_teams_colour_stands_out_from_the_ground(team) -> None:
    def brightness(colour: str) -> float:
        return chart_style.luminance([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])

    shown = chart_style.on_ground(team.colour)
    assert (brightness(shown) + 0.05) / (brightness(chart_style.GROUND) + 0.05) >= 2.95
