"""What surrounds a forecast, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from engine.core import outlook_words
from engine.core.outlooks import PlayerOutlook
from engine.core.records import ClosingLine, GameForecast
from engine.core.teams import BY_ABBREVIATION

BOS, LAL = BY_ABBREVIATION["BOS"].team_id, BY_ABBREVIATION["LAL"].team_id
NOON = datetime(2025, 1, 15, 17, tzinfo=UTC)
FORECAST = GameForecast(BOS, LAL, date(2025, 1, 15), False, True, 0.64, 5.2, 223.4, (), "m@1", NOON, None)


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        ((2.2, 11.8), "BOS by 2 to 12"),
        ((-3.4, 9.1), "LAL by 3 to BOS by 9"),
        ((-14.0, -4.4), "LAL by 4 to 14"),
        ((0.2, 8.0), "BOS by 0 to 8"),
    ],
)
def test_a_range_is_told_from_whoever_is_ahead(interval: tuple[float, float], words: str) -> None:
    said = outlook_words.margin_range(replace(FORECAST, margin_50=interval))
    assert said == f"{words} in half of such games"


def test_without_an_interval_or_a_line_nothing_is_said() -> None:
    assert outlook_words.margin_range(FORECAST) == outlook_words.line(FORECAST) == outlook_words.edge(FORECAST) == ""


def test_a_chance_is_told_only_where_it_is_open() -> None:
    sure = PlayerOutlook(1, "Jayson Tatum", BOS, "out", 0.0, 36.0, -4.1)
    assert outlook_words.outlook(sure) == "Jayson Tatum out"
    assert outlook_words.outlook(replace(sure, status="doubtful", chance=0.24)) == "Jayson Tatum doubtful (24% to play)"


def test_those_who_are_missing_are_named_dearest_first_and_whoever_may_play_is_not_called_out() -> None:
    players = (
        PlayerOutlook(1, "Al Ho", BOS, "out", 0.0, 20.0, -0.5),
        PlayerOutlook(2, "Jabari Smith Jr.", BOS, "doubtful", 0.2, 30.0, -2.5),
        PlayerOutlook(3, "May Play", BOS, "questionable", 0.5, 30.0, -1.5),
        PlayerOutlook(4, "Other Side", LAL, "out", 0.0, 30.0, -3.5),
        PlayerOutlook(5, "Jayson Tatum", BOS, "out", 0.0, 36.0, -4.1),
    )
    said = outlook_words.absences(replace(FORECAST, availability=players), BOS)
    assert said == "Tatum and Ho out, Smith Jr. probably out"


def test_a_line_with_a_side_missing_says_what_it_knows() -> None:
    said = replace(FORECAST, line=ClosingLine("g", 3.5, None, -120, None))
    assert outlook_words.line(said) == "LAL by 3.5"
    assert outlook_words.edge(said) == "+8.7 points of margin for BOS"
    assert outlook_words.line(replace(FORECAST, line=ClosingLine("g", 0.0, 220.0, None, None))) == "even, total 220"
