"""Past games that went like one under way: only those known on the day, never itself, and what became of them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bench.tables import data_folder
from engine.core.live_games import Alike, Outcomes
from engine.core.minutes import minute_margins
from engine.core.teams import TEAMS
from engine.core.timelines import Score, Timeline
from engine.engine import Engine
from engine.predictions.dejavu import Dejavu
from engine.store import timelines
from engine.store.database import Database

FIRST = date(2024, 11, 1)
HOME, AWAY = TEAMS[0].team_id, TEAMS[1].team_id
ASKED = "asked"


def play(database: Database, game_id: str, day: date, lead: int, final: int) -> None:
    """A game in which the home side leads by `lead` from the first minute to half-time and in the end by `final`."""
    course = ((1, 690, 50, 50 - lead), (2, 0, 60, 60 - lead), (4, 0, 100, 100 - final))
    with database.write() as connection:
        connection.execute(
            "INSERT INTO games (game_id, season, season_type, league_day, home_id, away_id, status, home_points, "
            "away_points) VALUES (?, 2024, 'regular', ?, ?, ?, 'final', 100, ?)",
            (game_id, day.isoformat(), HOME, AWAY, 100 - final),
        )
        rows = [(game_id, seq, *score) for seq, score in enumerate(course, start=1)]
        connection.executemany("INSERT INTO scores VALUES (?, ?, ?, ?, ?, ?)", rows)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A game a day with leads of 0 to 29 points, each won by five points fewer than that and one."""
    database = Database(tmp_path / "nbabot.db")
    for lead in range(30):
        play(database, f"led-{lead:02d}", FIRST + timedelta(days=lead), lead, lead - 4 or 1)
    yield database
    database.close()


@pytest.fixture
def dejavu(database: Database) -> Dejavu:
    found = Dejavu(database)
    found.prepare()
    return found


LATER = FIRST + timedelta(days=90)


def test_the_likest_game_is_told_as_it_stood_then_at_half_time_and_in_the_end(dejavu: Dejavu) -> None:
    likest, *others = dejavu.alike(ASKED, (12,) * 18, LATER, 3)
    assert likest == Alike("led-12", FIRST + timedelta(days=12), HOME, AWAY, 12, 12, 8, 0.0, minute=18)
    assert [(one.game_id, one.distance) for one in others] == [("led-13", 1.0), ("led-11", 1.0)]


def test_of_each_game_the_margin_at_the_same_minute_is_told(dejavu: Dejavu) -> None:
    (after_three_quarters,) = dejavu.alike(ASKED, (*(12,) * 23, *(12,) * 13), LATER, 1)
    assert (after_three_quarters.margin, after_three_quarters.minute) == (12, 36)
    (in_overtime,) = dejavu.alike(ASKED, (*(12,) * 47, 8, 30, 31), LATER, 1)
    assert (in_overtime.game_id, in_overtime.margin, in_overtime.minute) == ("led-12", 8, 48)


def test_a_game_of_the_same_day_or_later_is_not_known_yet_and_none_is_like_itself(dejavu: Dejavu) -> None:
    day = FIRST + timedelta(days=12)
    assert [one.game_id for one in dejavu.alike(ASKED, (12,) * 18, day, 2)] == ["led-11", "led-10"]
    assert dejavu.alike("led-12", (12,) * 18, LATER, 1)[0].game_id == "led-13"
    assert dejavu.alike(ASKED, (12,) * 18, FIRST) == ()


def test_outcomes_are_counted_over_all_that_are_alike_and_need_enough_of_them(dejavu: Dejavu) -> None:
    assert dejavu.outcomes(ASKED, (12,) * 18, LATER) == Outcomes(
        n=30, home_won=26, final_margin=pytest.approx((sum(range(30)) - 30 * 4 + 1) / 30), low=-2, high=23
    )
    assert dejavu.outcomes(ASKED, (12,) * 18, FIRST + timedelta(days=19)) is None


def test_nothing_can_become_of_what_was_decided_in_regulation(database: Database) -> None:
    for number in range(20):
        play(database, f"level-{number}", FIRST, 3, 0)
    dejavu = Dejavu(database)
    dejavu.prepare()
    assert dejavu.outcomes(ASKED, (*(3,) * 47, 1), LATER) is None
    level = dejavu.outcomes(ASKED, (*(3,) * 47, 0), LATER)
    assert level is not None
    assert level.n == 20


def test_in_the_first_minute_and_without_timelines_nothing_is_alike(dejavu: Dejavu, tmp_path: Path) -> None:
    assert (dejavu.alike(ASKED, (), LATER), dejavu.outcomes(ASKED, (), LATER)) == ((), None)
    empty = Dejavu(Database(tmp_path / "empty.db"))
    empty.prepare()
    assert (empty.alike(ASKED, (1, 2), LATER), empty.outcomes(ASKED, (1, 2), LATER)) == ((), None)


def test_what_another_process_adds_is_found_by_the_next_question(database: Database, dejavu: Dejavu) -> None:
    assert dejavu.alike(ASKED, (12,) * 18, LATER, 1)[0].game_id == "led-12"
    play(database, "new", LATER - timedelta(days=1), 12, 3)
    Dejavu(database).prepare()
    assert dejavu.alike(ASKED, (12,) * 18, LATER, 1)[0].game_id == "new"


def test_a_preparation_that_was_stopped_goes_on_where_it_was(database: Database) -> None:
    def stop(stage: str, done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    for lead in range(100):
        play(database, f"more-{lead:03d}", FIRST - timedelta(days=400 - lead), 0, 1)
    dejavu = Dejavu(database)
    with pytest.raises(KeyboardInterrupt):
        dejavu.prepare(stop)
    seen: list[tuple[int, int]] = []
    dejavu.prepare(lambda stage, done, total: seen.append((done, total)))
    assert seen == [(0, 30), (30, 30)]
    assert dejavu.alike(ASKED, (12,) * 18, LATER, 1)[0].game_id == "led-12"


def test_in_the_simulated_league_the_nearest_game_is_the_one_that_a_plain_search_finds(home: Path) -> None:
    database = Database(home / "nbabot.db")
    dejavu = Dejavu(database)
    dejavu.prepare()
    every = list(timelines.all_timelines(database, date(2023, 12, 20)))
    asked = every[-1]
    day = next(row["league_day"] for row in database.rows("SELECT * FROM games WHERE game_id = ?", (asked.game_id,)))
    known = {row["game_id"] for row in database.rows("SELECT game_id FROM games WHERE league_day < ?", (day,))}
    so_far = minute_margins(asked.scores, 1500)
    likest = dejavu.alike(asked.game_id, so_far, date.fromisoformat(day), 1)[0]
    plain = min(apart(so_far, one) for one in every if one.game_id in known)
    assert len(so_far) == 25
    assert likest.distance == pytest.approx(plain)
    assert likest.game_id in known


def apart(so_far: tuple[int, ...], other: Timeline) -> float:
    """Half of the squared difference is of the last minute, the other half of all minutes alike."""
    squares = [(one - two) ** 2 for one, two in zip(so_far, minute_margins(other.scores), strict=False)]
    return math.sqrt(squares[-1] / 2 + sum(squares) / len(squares) / 2)


@pytest.mark.real_data
def test_of_real_games_all_but_a_few_are_kept_and_a_hundred_neighbours_know_who_wins(tmp_path: Path) -> None:
    data = data_folder()
    if data is None:
        pytest.skip("real seasons are absent (NBABOT_DATA)")
    engine = Engine(tmp_path)
    engine.import_paths([*data.glob("team_game_logs/2018-19.*"), *data.glob("score_timelines/2018-19.*")])
    engine.close()
    database = Database(next(tmp_path.glob("*.db")))
    dejavu = Dejavu(database)
    dejavu.prepare()
    kept = database.rows(
        "SELECT g.game_id, g.league_day, g.home_points > g.away_points AS home_won FROM minute_margins m "
        "JOIN games g ON g.game_id = m.game_id ORDER BY g.league_day"
    )
    assert len(kept) >= 0.995 * 1230
    losses = []
    for row in kept[-200:]:
        day = date.fromisoformat(row["league_day"])
        scores: tuple[Score, ...] = timelines.timeline(database, row["game_id"], day + timedelta(days=1)).scores
        outcomes = dejavu.outcomes(row["game_id"], minute_margins(scores, 2160), day)
        assert outcomes is not None
        share = (outcomes.home_won + 1) / (outcomes.n + 2)
        losses.append(-math.log(share if row["home_won"] else 1 - share))
    assert sum(losses) / len(losses) < 0.5
