"""What the engine says of teams, on the simulated league."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from engine.core.errors import AmbiguousTeamError, NoDataError, UsageError
from engine.core.records import Game
from engine.core.team_cards import TeamCard
from engine.core.teams import BY_ABBREVIATION, TEAMS
from engine.engine import Engine

DAY = date(2025, 1, 15)
BOS = BY_ABBREVIATION["BOS"].team_id


def change(home: Path, sql: str) -> None:
    with closing(sqlite3.connect(home / "nbabot.db")) as connection, connection:
        connection.execute(sql)


def test_the_last_games_of_a_card_are_part_of_its_record(engine: Engine) -> None:
    card = engine.team("celtics")
    assert card.team_id == BOS
    every = engine.recent_games(BOS, 82)
    played = [game for game in every if game.season == 2024]
    assert card.record.total.won + card.record.total.lost == len(played)
    assert card.last_games == tuple(played[:5])
    assert card.record.last_ten.won == sum(won(game) for game in played[:10])


def won(game: Game) -> bool:
    assert game.margin is not None
    return (game.margin > 0) == (game.home_id == BOS)


def test_wins_and_losses_of_the_league_balance_and_every_rank_is_given(engine: Engine) -> None:
    cards = [engine.team(team.abbreviation) for team in TEAMS]
    assert sum(card.record.total.won for card in cards) == sum(card.record.total.lost for card in cards)
    for rank in (ranks(cards, "net"), ranks(cards, "offence"), sorted(card.elo.rank for card in cards)):
        assert rank == list(range(1, 31))


def ranks(cards: list[TeamCard], figure: str) -> list[int]:
    return sorted(getattr(card.ratings, figure).rank for card in cards)


def test_the_next_games_are_forecast_as_predict_does(engine: Engine) -> None:
    card = engine.team("BOS")
    first = card.next_games[0]
    code = {team.team_id: team.abbreviation for team in TEAMS}
    assert first == engine.predict(code[first.home_id], code[first.away_id], first.league_day)
    assert card.doubtful == tuple(one for one in first.availability if one.team_id == BOS)
    assert [one.league_day for one in card.next_games] == sorted(one.league_day for one in card.next_games)
    assert first.league_day >= DAY


def test_a_card_does_not_know_the_results_of_its_own_day_and_later(engine: Engine, home: Path) -> None:
    before = engine.team("BOS")
    change(home, f"UPDATE games SET home_points = 200, away_points = 50 WHERE league_day >= '{DAY}'")
    change(
        home,
        "UPDATE team_boxes SET pts = 200, fgm = 90 WHERE game_id IN "
        f"(SELECT game_id FROM games WHERE league_day >= '{DAY}')",
    )
    assert engine.team("BOS") == before


def test_the_card_of_an_earlier_day_is_the_one_that_was_given_then(
    engine: Engine, engine_at: Callable[[date], Engine]
) -> None:
    day = date(2025, 1, 8)
    assert engine.team("BOS", before=day) == engine_at(day).team("BOS")
    assert engine.team("BOS", before=date(2025, 3, 1)) == engine.team("BOS")


def test_before_the_first_result_of_a_season_the_figures_are_those_of_the_last_and_say_so(
    engine_at: Callable[[date], Engine],
) -> None:
    card = engine_at(date(2024, 9, 1)).team("BOS")
    assert card.season == 2023
    assert card.notes[0] == "No result of 2024-25 is known yet: these are the figures of 2023-24."
    assert sum((card.record.total.won, card.record.total.lost)) == 82


def test_without_any_result_the_next_step_is_named(engine_at: Callable[[date], Engine]) -> None:
    with pytest.raises(NoDataError, match=r"No results of the Celtics are stored.*nbabot sync"):
        engine_at(date(2020, 1, 1)).team("BOS")


def test_a_card_without_box_scores_shows_what_is_known(engine: Engine, home: Path) -> None:
    change(home, "DELETE FROM team_boxes WHERE game_id LIKE '00224%'")
    card = engine.team("BOS")
    assert (card.ratings, card.factors, card.factors_allowed) == (None, None, None)
    assert card.record.total.won


def test_an_unclear_name_is_refused(engine: Engine) -> None:
    with pytest.raises(AmbiguousTeamError):
        engine.team("LA")


def test_the_model_in_production_is_the_first_of_those_side_by_side(engine: Engine) -> None:
    first, *others = engine.side_by_side("BOS", "LAL")
    assert first == engine.predict("BOS", "LAL")
    assert [one.model for one in others] == [
        version.label for version in engine.models() if version.family == "elo" and version.simulated
    ]
    assert all((one.home_id, one.away_id, one.as_of) == (first.home_id, first.away_id, first.as_of) for one in others)


def test_of_every_other_model_the_newest_version_that_can_be_used_answers(engine: Engine, home: Path) -> None:
    engine.train_game(["elo"])
    newest, older = (one for one in engine.models() if one.family == "elo" and one.simulated)
    assert engine.side_by_side("BOS", "LAL")[1].model == newest.label
    (home / "models" / newest.name / newest.version / "model.json").write_text("{}")
    fresh = Engine(home, now=engine.now)
    assert fresh.side_by_side("BOS", "LAL")[1].model == older.label
    fresh.retire(older.name, older.version, "ada", "not wanted")
    assert [one.model for one in fresh.side_by_side("BOS", "LAL")] == [engine.champion().label]
    fresh.close()


def test_side_by_side_refuses_what_predict_refuses(engine: Engine) -> None:
    with pytest.raises(UsageError, match="are both the Boston Celtics"):
        engine.side_by_side("BOS", "celtics")
