from __future__ import annotations

import pytest

from engine.core.player_names import KnownPlayer, match_player, plain_name, spoken

HERE, THERE = 1610612738, 1610612747
SQUAD = (
    KnownPlayer(1, "Nikola Vučković", HERE),
    KnownPlayer(2, "Trent Marlow Jr.", HERE),
    KnownPlayer(3, "A.J. Storm", HERE),
    KnownPlayer(4, "Cameron O'Dell", HERE),
    KnownPlayer(5, "Marcus Hale", HERE),
    KnownPlayer(6, "Marcus Hale", THERE),
    KnownPlayer(7, "Ty-Shon Alexander-Reed", HERE),
    KnownPlayer(8, "Søren Bjørk", HERE),
    KnownPlayer(9, "Kenyon Vance Jr.", HERE),
    KnownPlayer(10, "Ray J Dune", HERE),
    KnownPlayer(11, "Nenê", HERE),
    KnownPlayer(12, "Jaylin Wells", HERE),
    KnownPlayer(13, "Stephen Falk", THERE),
)


def found(name: str, team_id: int = HERE) -> int | None:
    player = match_player(name, team_id, SQUAD).player
    return player.player_id if player else None


@pytest.mark.parametrize(
    ("name", "player_id"),
    [
        ("Vuckovic, Nikola", 1),
        ("Nikola Vučković", 1),
        ("Marlow Jr., Trent", 2),
        ("Marlow, Trent", 2),
        ("Storm, AJ", 3),
        ("O’Dell, Cam", 4),
        ("ODell, Cameron", 4),
        ("Hale, Marcus", 5),
        ("Alexander Reed, TyShon", 7),
        ("Bjork, Soren", 8),
        ("Vance, KJ", 9),
        ("Vance Jr., Kenyon", 9),
        ("Dune, RayJ", 10),
        ("Nene", 11),
        ("Vuckovich, Nikola", 1),
    ],
)
def test_one_player_goes_by_all_the_spellings_of_his_name(name: str, player_id: int) -> None:
    assert found(name) == player_id


@pytest.mark.parametrize(
    "name",
    ["Marlow III, Trent", "Wells, Jalen", "Hale, Darius", "Somebody, Else", "", ",", "Jr.", "Storm", "Falk, S"],
)
def test_nothing_is_guessed(name: str) -> None:
    assert found(name) is None


def test_the_own_team_comes_first_and_another_team_only_on_an_equal_name() -> None:
    assert (found("Hale, Marcus", HERE), found("Hale, Marcus", THERE)) == (5, 6)
    assert found("Storm, A.J.", THERE) == 3, "traded since"
    assert found("Storm, Aj", THERE) == 3
    assert found("O'Dell, Cam", THERE) is None


def test_two_players_whom_a_name_fits_equally_well_are_not_told_apart_by_chance() -> None:
    twins = (KnownPlayer(1, "Jonas Reed", HERE), KnownPlayer(2, "Joshua Reed", HERE))
    assert match_player("Reed, Jo", HERE, twins).player is None
    namesakes = (KnownPlayer(1, "Jonas Reed", HERE), KnownPlayer(2, "Jonas Reed Jr.", HERE))
    assert match_player("Reed, Jonas", HERE, namesakes).player == namesakes[0]
    assert match_player("Reed Jr., Jonas", HERE, namesakes).player == namesakes[1]


def test_a_name_that_is_not_near_enough_names_the_nearest() -> None:
    assert match_player("Wells, Jalen", HERE, SQUAD).nearest == "Jaylin Wells"
    assert match_player("Xqz, Qqq", HERE, SQUAD).nearest is None
    assert match_player("Wells, Jalen", HERE, ()).nearest is None


def test_the_parts_of_a_name() -> None:
    assert plain_name("de la Cruz III, José") == plain_name("José de la Cruz III")
    assert plain_name("de la Cruz III, José").last == "de la cruz"
    assert spoken("Marlow Jr., Trent") == "Trent Marlow Jr."
    assert spoken("Nenê") == "Nenê"
