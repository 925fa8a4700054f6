import pytest

from engine.core.errors import AmbiguousTeamError, UnknownTeamError, UsageError
from engine.core.teams import TEAMS, resolve_matchup, resolve_team, suggest_teams


@pytest.mark.parametrize(
    ("name", "abbreviation"),
    [
        ("celtics", "BOS"),
        ("BOS", "BOS"),
        ("Boston", "BOS"),
        ("la clippers", "LAC"),
        ("Los Angeles Clippers", "LAC"),
        ("LA Lakers", "LAL"),
        ("GS", "GSW"),
        ("BRK", "BKN"),
        ("CHO", "CHA"),
        ("pho", "PHX"),
        ("NOH", "NOP"),
        ("NJN", "BKN"),
        ("SEA", "OKC"),
        ("VAN", "MEM"),
        ("76ers", "PHI"),
        ("  trail   blazers ", "POR"),
        ("Bóston Celtics", "BOS"),
    ],
)
def test_every_name_a_team_goes_by_is_understood(name: str, abbreviation: str) -> None:
    assert resolve_team(name).abbreviation == abbreviation


def test_every_team_answers_to_its_own_names() -> None:
    for team in TEAMS:
        for name in (team.abbreviation, team.abbreviation.lower(), team.nickname, team.name):
            assert resolve_team(name) is team


def test_a_name_of_two_teams_is_refused_with_both_candidates() -> None:
    with pytest.raises(AmbiguousTeamError, match="LAC .*LAL") as caught:
        resolve_team("LA")
    assert caught.value.candidates == ("LAC", "LAL")


def test_a_name_that_only_resembles_a_team_is_refused_with_that_team() -> None:
    with pytest.raises(UnknownTeamError, match="NYK") as caught:
        resolve_team("New York-ish")
    assert caught.value.candidates[0] == "NYK"


@pytest.mark.parametrize(
    "name", ["", "   ", "zzzzzz", "'; DROP TABLE games; --", "@everyone", "x" * 6000, "ラプターズ"]
)
def test_what_is_no_team_is_refused_in_one_short_sentence(name: str) -> None:
    with pytest.raises(UnknownTeamError) as caught:
        resolve_team(name)
    assert len(str(caught.value)) < 200


def test_a_team_cannot_play_itself() -> None:
    with pytest.raises(UsageError, match="both the Boston Celtics"):
        resolve_matchup("BOS", "celtics")


def test_suggestions_begin_with_what_was_typed() -> None:
    assert [team.abbreviation for team in suggest_teams("cel")] == ["BOS"]
    assert {team.abbreviation for team in suggest_teams("los an")} == {"LAC", "LAL"}
    assert len(suggest_teams("")) == 25
    assert suggest_teams("lakerz")[0].abbreviation == "LAL"
