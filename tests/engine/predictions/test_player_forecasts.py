"""Whom a name means, in which game he plays, and what his forecast says and admits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from engine.core.errors import AmbiguousPlayerError, NoDataError, NoModelError, UnknownPlayerError, UsageError
from engine.core.player_names import KnownPlayer
from engine.core.player_records import PlayerForecast, Stat
from engine.core.teams import BY_ID, TEAMS
from engine.engine import DATABASE, Engine
from engine.predictions.player_names import player_meant, players_like
from engine.store.database import Database

DAY = date(2024, 12, 12)
KNOWN = tuple(
    KnownPlayer(number, name, 1610612738)
    for number, name in enumerate(
        (
            "Nikola Jokić",
            "Shai Gilgeous-Alexander",
            "Luka Dončić",
            "Luka Garza",
            "Jayson Tatum",
            "Jalen Williams",
            "Jaylin Williams",
            "Kristaps Porziņģis",
        )
    )
)


@pytest.fixture
def asked(engine_on: Callable[[date], Engine]) -> Engine:
    return engine_on(DAY)


@pytest.fixture
def somebody(asked: Engine) -> str:
    """A regular whose team plays soon."""
    team = asked.slate(DAY).games[0].game.home_id
    return asked.rotation(team)[0].name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("jokic", "Nikola Jokić"),
        ("Joker", "Nikola Jokić"),
        ("SGA", "Shai Gilgeous-Alexander"),
        ("Luka", "Luka Dončić"),
        ("luka garza", "Luka Garza"),
        ("jason tatum", "Jayson Tatum"),
        ("PORZINGIS", "Kristaps Porziņģis"),
    ],
)
def test_a_player_is_found_by_what_people_call_him(typed: str, name: str) -> None:
    assert player_meant(typed, KNOWN).name == name


def test_two_players_who_fit_are_both_offered() -> None:
    with pytest.raises(AmbiguousPlayerError, match="Jalen Williams or Jaylin Williams"):
        player_meant("williams", KNOWN)


def test_namesakes_are_told_apart_by_their_teams() -> None:
    celtic, bull = (KnownPlayer(n, "Marcus Williams", one) for n, one in ((91, 1610612738), (92, 1610612741)))
    known = (*KNOWN, celtic, bull)
    with pytest.raises(AmbiguousPlayerError, match=r"add the team like this\.$") as error:
        player_meant("marcus williams", known)
    assert error.value.candidates == ("Marcus Williams (BOS)", "Marcus Williams (CHI)")
    assert [player_meant(one, known) for one in error.value.candidates] == [celtic, bull]
    assert {player_meant(one.called, known).player_id for one in players_like("marcus williams", known, 2)} == {91, 92}
    assert player_meant("m. williams (bulls)", known) == bull
    with pytest.raises(UnknownPlayerError, match="No player of that team"):
        player_meant("Jayson Tatum (CHI)", known)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "(BOS)",
        "()",
        "🏀",
        "x" * 6000,
        "Tatum (" * 900,
        "Robert'); DROP TABLE players;--",
        "\x00",
        "%",
        "@everyone",
    ],
    ids=range(11),
)
def test_what_is_no_name_is_refused_in_one_short_sentence(asked: Engine, typed: str) -> None:
    with pytest.raises(UnknownPlayerError) as error:
        asked.player(typed)
    assert len(str(error.value)) < 400
    assert "\n" not in str(error.value)
    asked.players(typed, 25)


def test_a_spelling_between_two_names_is_not_guessed() -> None:
    with pytest.raises((AmbiguousPlayerError, UnknownPlayerError)):
        player_meant("jalin williams", KNOWN)


def test_a_beginning_lists_those_who_may_be_meant() -> None:
    assert [one.name for one in players_like("ja", KNOWN, 3)] == ["Jalen Williams", "Jaylin Williams", "Jayson Tatum"]
    assert len(players_like("", KNOWN, 4)) == 4
    assert players_like("luka", KNOWN, 2)[0].name == "Luka Dončić"


def test_the_next_game_of_the_team_is_meant(asked: Engine, somebody: str) -> None:
    forecast = asked.player(somebody)
    assert forecast.league_day >= DAY
    assert forecast.game_id is not None
    assert forecast.model == asked.champion("player").label
    assert forecast.data_through == DAY - timedelta(days=1)
    assert 10 < forecast.minutes < 42
    assert forecast.stat(Stat.PRA).mean == pytest.approx(
        sum(forecast.stat(part).mean for part in Stat.PRA.parts), rel=0.1
    )


def test_an_opponent_without_a_scheduled_game_makes_a_what_if_game(asked: Engine, somebody: str) -> None:
    known = asked.player(somebody)
    other = next(team for team in BY_ID if team not in (known.team_id, known.opponent_id))
    forecast = asked.player(somebody, BY_ID[other].abbreviation, DAY)
    assert forecast.opponent_id == other
    assert forecast.game_id is None
    assert any(note.startswith("Hypothetical game") for note in forecast.notes)


def test_a_line_is_answered_with_chances_that_fit_the_forecast(asked: Engine, somebody: str) -> None:
    plain = asked.player(somebody)
    assert plain.line is None
    low, high = plain.stat(Stat.REB).interval_95
    under, over = (asked.player(somebody, stat=Stat.REB, line=line).line for line in (high + 0.5, max(low - 0.5, 0.5)))
    assert under is not None
    assert over is not None
    assert under.stat is Stat.REB
    assert under.over < 0.15
    assert over.over > under.over


def test_the_past_is_seen_as_it_was(engine_on: Callable[[date], Engine], somebody: str) -> None:
    """Asked later for that day, the answer is the one of that day, up to what is said of hindsight."""

    def numbers(one: PlayerForecast) -> object:
        return one.minutes, one.stats, one.chance, one.game_id

    day = engine_on(DAY).player(somebody).league_day
    then = engine_on(day).player(somebody, day=day)
    assert numbers(engine_on(day + timedelta(days=30)).player(somebody, day=day)) == numbers(then)


def test_a_player_who_is_not_there_is_told_so(asked: Engine) -> None:
    with pytest.raises(UnknownPlayerError, match="No player of the league is called 'zzyzx'"):
        asked.player("zzyzx")


def test_before_anybody_played_there_is_nothing_to_say(engine_on: Callable[[date], Engine], somebody: str) -> None:
    with pytest.raises((NoDataError, UnknownPlayerError)):
        engine_on(date(2024, 10, 1)).player(somebody)


def test_nobody_plays_against_his_own_team(asked: Engine, somebody: str) -> None:
    own = BY_ID[asked.player(somebody).team_id]
    with pytest.raises(UsageError, match="name another opponent"):
        asked.player(somebody, own.abbreviation)


def test_without_a_model_the_next_step_is_named(engine: Engine) -> None:
    database = Database(engine.home / DATABASE)
    with database.write() as connection:
        connection.execute("DELETE FROM model_aliases WHERE task = 'player'")
    database.close()
    hit = engine.players("", 1)[0]
    other = next(team.abbreviation for team in TEAMS if team.team_id != hit.team_id)
    with pytest.raises(NoModelError, match="nbabot train player"):
        engine.player(hit.name, other)


def test_backtests_need_seasons_before_the_tested_one(asked: Engine) -> None:
    with pytest.raises(UsageError, match="choose later seasons"):
        asked.backtest_player([2024], ["mean"])
    with pytest.raises(NoDataError, match="2019-20"):
        asked.backtest_player([2019], ["mean"])
