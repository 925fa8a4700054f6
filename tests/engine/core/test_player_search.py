"""Names as people type them."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.errors import AmbiguousPlayerError, UnknownPlayerError, UsageError
from engine.core.player_names import KnownPlayer
from engine.core.player_search import find_player

NAMES = ("Jayson Tatum", "Kristaps Porziņģis", "Jabari Smith Jr.", "Jabari Smith", "Jalen Brun", "Jaylin Brun", "Al Ho")
PLAYERS = [KnownPlayer(number, name, 1) for number, name in enumerate(NAMES)]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Jayson Tatum", "Jayson Tatum"),
        ("tatum", "Jayson Tatum"),
        ("Tatum, Jayson", "Jayson Tatum"),
        ("jay tat", "Jayson Tatum"),
        ("porzingis", "Kristaps Porziņģis"),
        ("PORZ", "Kristaps Porziņģis"),
        ("Jabari Smith", "Jabari Smith"),
        ("jabari smith jr", "Jabari Smith Jr."),
        ("jaylin brun", "Jaylin Brun"),
    ],
)
def test_a_player_is_found_by_whatever_part_of_his_name_is_his_alone(typed: str, name: str) -> None:
    assert find_player(typed, PLAYERS, "the team").name == name


def test_a_name_of_two_offers_both() -> None:
    with pytest.raises(AmbiguousPlayerError, match="'brun' could be Jalen Brun or Jaylin Brun") as error:
        find_player("brun", PLAYERS, "the team")
    assert error.value.candidates == ("Jalen Brun", "Jaylin Brun")


def test_a_misspelled_name_offers_the_nearest() -> None:
    with pytest.raises(
        UnknownPlayerError, match=r"No player of the team is called 'tatun': did you mean Jayson Tatum\?"
    ):
        find_player("tatun", PLAYERS, "the team")


@pytest.mark.parametrize("typed", ["", "   ", "?!", "zzzzzzz"])
def test_nothing_like_a_name_is_refused_without_a_guess(typed: str) -> None:
    with pytest.raises(UnknownPlayerError, match="check the spelling") as error:
        find_player(typed, PLAYERS, "the team")
    assert error.value.candidates == ()


@given(st.text(max_size=300))
def test_no_text_crashes_the_search(typed: str) -> None:
    with suppress(UsageError):
        assert find_player(typed, PLAYERS, "the team") in PLAYERS
