from __future__ import annotations

from datetime import date

import pytest

from engine.core.errors import DateOutOfRangeError, UsageError
from engine.core.named_games import NamedGame, parse_game

TODAY = date(2025, 1, 15)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("LAL at BOS", NamedGame("BOS", "LAL")),
        ("LAL@BOS 2025-01-17", NamedGame("BOS", "LAL", date(2025, 1, 17))),
        ("Lakers @ Celtics tomorrow", NamedGame("Celtics", "Lakers", date(2025, 1, 16))),
        ("Celtics vs Lakers", NamedGame("Celtics", "Lakers")),
        ("boston v. la lakers", NamedGame("boston", "la lakers")),
        ("  trail blazers AT 76ers ", NamedGame("76ers", "trail blazers")),
    ],
)
def test_a_game_is_read_in_the_ways_in_which_people_write_it(typed: str, meant: NamedGame) -> None:
    assert parse_game(typed, TODAY) == meant


def test_a_game_as_it_is_written_is_read_back() -> None:
    game = NamedGame("BOS", "LAL", date(2025, 1, 17))
    assert parse_game(str(game), TODAY) == game


@pytest.mark.parametrize("typed", ["", "BOS", "at", "LAL BOS", "@", "2025-01-15", "x" * 6000])
def test_what_names_no_game_is_refused_in_one_short_sentence(typed: str) -> None:
    with pytest.raises(UsageError, match="LAL at BOS") as refused:
        parse_game(typed, TODAY)
    assert len(str(refused.value)) < 200


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(DateOutOfRangeError):
        parse_game("LAL at BOS 2025-13-45", TODAY)
