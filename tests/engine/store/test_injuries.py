from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from engine.core.injuries import PRIOR_CHANCE, InjuryStatus, ListedPlayer, TeamReport
from engine.core.player_names import plain_name
from engine.core.progress import silent
from engine.sources.injuries import parse_injuries
from engine.store.database import Database, utc_text
from engine.store.imports import import_paths
from engine.store.injuries import PRIOR_LISTED, known_players, newest_report, play_rates, reported, store_injuries

BOSTON, LAKERS = 1610612738, 1610612747
SEASONS = ("2023-24", "2024-25")
DAY = date(2026, 1, 15)
FIVE = datetime(2026, 1, 15, 17, tzinfo=UTC)
TIP = datetime(2026, 1, 16, 0, 30, tzinfo=UTC)
OUT, QUESTIONABLE = InjuryStatus.OUT, InjuryStatus.QUESTIONABLE
SQUAD = {1: ("Tom Ash", BOSTON), 2: ("Al Birch Jr.", BOSTON), 3: ("Xavi Çole", LAKERS)}
FIGURES = "pts, fgm, fga, fg3m, fg3a, ftm, fta, oreb, dreb, ast, stl, blk, tov, pf, plus_minus"


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """The day's game, a game of the week before in which everyone played, and a roster with a rookie."""
    found = Database(tmp_path / "nbabot.db")
    with found.write() as connection:
        for game_id, day, tip in (("g0", "2026-01-08", None), ("g1", DAY.isoformat(), utc_text(TIP))):
            connection.execute(
                """INSERT INTO games (game_id, season, season_type, league_day, tip_utc, home_id, away_id, status)
                   VALUES (?, 2025, 'regular', ?, ?, ?, ?, 'final')""",
                (game_id, day, tip, BOSTON, LAKERS),
            )
        names = [(player_id, name) for player_id, (name, _) in SQUAD.items()]
        connection.executemany("INSERT INTO players VALUES (?, ?)", [*names, (9, "Rook E. Newman")])
        connection.execute("INSERT INTO rosters VALUES (2025, 9, ?)", (BOSTON,))
    for player_id in SQUAD:
        play(found, "g0", player_id)
    return found


def play(database: Database, game_id: str, player_id: int, minutes: float = 20.0) -> None:
    with database.write() as connection:
        connection.execute(
            f"INSERT INTO player_boxes (game_id, player_id, team_id, minutes, {FIGURES}) "
            f"VALUES (?, ?, ?, ?{', 0' * 15})",
            (game_id, player_id, SQUAD[player_id][1], minutes),
        )


def boston(moment: datetime = FIVE, submitted: bool = True, **statuses: InjuryStatus) -> TeamReport:
    """Boston's part of a report; players by their last names."""
    names = {"Ash": "Ash, Tom", "Birch": "Birch, Al", "Newman": "Newman, Rook E.", "Nobody": "Nobody, Known"}
    players = tuple(ListedPlayer(names[name], status, "Knee") for name, status in statuses.items())
    return TeamReport(moment, DAY, BOSTON, LAKERS, TIP, submitted, players)


def lakers(moment: datetime = FIVE, submitted: bool = False) -> TeamReport:
    return TeamReport(moment, DAY, LAKERS, BOSTON, TIP, submitted)


def test_a_report_comes_back_with_its_players_matched(database: Database) -> None:
    stored = store_injuries(database, [boston(Ash=OUT, Birch=QUESTIONABLE, Newman=OUT), lakers()])
    assert (stored.tally.new, stored.unmatched) == (3, None)
    found = reported(database, DAY, FIVE)
    assert found.statuses == {1: OUT, 2: QUESTIONABLE, 9: OUT}
    assert found.not_submitted == {LAKERS}
    assert found.reported_at == FIVE
    assert {team.team_id: team.tip_utc for team in found.teams} == {BOSTON: TIP, LAKERS: TIP}
    assert [team.team_id for team in found.of_team(BOSTON).teams] == [BOSTON]


def test_a_name_that_matches_nobody_is_kept_and_reported(database: Database) -> None:
    stored = store_injuries(database, [boston(Nobody=OUT)])
    assert stored.unmatched is not None
    assert [(one.shown, one.team_id) for one in stored.unmatched.names] == [("Nobody, Known", BOSTON)]
    assert replace(stored.unmatched.names[0], nearest="Noel Bodie").shown == "Nobody, Known (nearest: Noel Bodie)"
    found = reported(database, DAY, FIVE)
    assert [(team_id, player.name) for team_id, player in found.unmatched] == [(BOSTON, "Nobody, Known")]
    assert found.statuses == {}


def test_a_name_gets_its_id_once_the_player_is_known_and_keeps_it(database: Database) -> None:
    store_injuries(database, [boston(Nobody=OUT)])
    with database.write() as connection:
        connection.execute("INSERT INTO players VALUES (10, 'Known Nobody')")
        connection.execute("INSERT INTO rosters VALUES (2025, 10, ?)", (BOSTON,))
    stored = store_injuries(database, [boston(Nobody=OUT)])
    assert (stored.tally.new, stored.tally.changed, stored.tally.unchanged) == (0, 1, 0)
    with database.write() as connection:
        connection.execute("DELETE FROM rosters")
    assert store_injuries(database, [boston(Nobody=OUT)]).tally.unchanged == 1
    assert reported(database, DAY, FIVE).statuses == {10: OUT}


def test_a_later_report_is_not_seen_earlier_and_takes_the_place_of_the_first(database: Database) -> None:
    later = FIVE + timedelta(hours=1)
    store_injuries(database, [boston(Ash=OUT, Birch=OUT), lakers()])
    store_injuries(database, [boston(later, Birch=QUESTIONABLE), lakers(later, submitted=True)])
    assert reported(database, DAY, FIVE - timedelta(seconds=1)).teams == ()
    assert reported(database, DAY, later - timedelta(seconds=1)).statuses == {1: OUT, 2: OUT}
    found = reported(database, DAY, later)
    assert (found.statuses, found.not_submitted) == ({2: QUESTIONABLE}, frozenset())
    assert newest_report(database, FIVE) == FIVE
    assert newest_report(database, FIVE - timedelta(days=1)) is None


def test_a_team_that_a_later_report_leaves_out_keeps_its_last_word(database: Database) -> None:
    store_injuries(database, [boston(Ash=OUT), lakers()])
    store_injuries(database, [replace(lakers(FIVE + timedelta(hours=1)), submitted=True)])
    found = reported(database, DAY, TIP)
    assert (found.statuses, found.not_submitted) == ({1: OUT}, frozenset())


def test_a_day_has_only_its_own_reports(database: Database) -> None:
    store_injuries(database, [boston(Ash=OUT)])
    assert reported(database, DAY + timedelta(days=1), TIP).teams == ()


def test_without_anything_observed_the_words_mean_what_they_usually_mean(database: Database) -> None:
    assert {status: rate.chance for status, rate in play_rates(database, FIVE).items()} == dict(PRIOR_CHANCE)


def test_rates_are_of_the_last_report_before_tip_off_and_of_games_known_by_then(database: Database) -> None:
    store_injuries(database, [boston(Ash=OUT, Birch=QUESTIONABLE)])
    store_injuries(database, [boston(TIP - timedelta(hours=1), Ash=QUESTIONABLE, Birch=QUESTIONABLE, Nobody=OUT)])
    store_injuries(database, [boston(TIP + timedelta(hours=1), Ash=InjuryStatus.AVAILABLE)])
    play(database, "g1", 1)
    play(database, "g1", 2, minutes=0)
    before, after = (play_rates(database, TIP + timedelta(hours=hours)) for hours in (3, 12))
    assert before[QUESTIONABLE].listed == 0, "the league day is not over"
    assert (after[QUESTIONABLE].listed, after[QUESTIONABLE].played) == (2, 1)
    assert after[QUESTIONABLE].chance == pytest.approx((1 + 0.5 * PRIOR_LISTED) / (2 + PRIOR_LISTED))
    assert (after[OUT].listed, after[InjuryStatus.AVAILABLE].listed) == (0, 0)


def test_a_game_whose_players_are_not_stored_yet_says_nothing_of_who_played(database: Database) -> None:
    store_injuries(database, [boston(Ash=QUESTIONABLE)])
    assert play_rates(database, TIP + timedelta(days=2))[QUESTIONABLE].listed == 0


@pytest.mark.real_data
def test_everyone_of_a_real_report_who_has_played_by_then_is_matched(tmp_path: Path) -> None:
    data = Path(os.environ.get("NBABOT_DATA", "../shared/data"))
    pdf = data / "api_samples/injury_report/Injury-Report_2025-01-10_05PM.pdf"
    logs = [data / kind / f"{season}.csv.gz" for kind in ("team_game_logs", "player_game_logs") for season in SEASONS]
    if not all(path.is_file() for path in (pdf, *logs)):
        pytest.skip(f"the real injury report or logs are absent in {data} (set NBABOT_DATA)")
    found = Database(tmp_path / "nbabot.db")
    import_paths(found, logs, silent)
    stored = store_injuries(found, parse_injuries(pdf.read_bytes()).rows)
    assert stored.unmatched is not None
    assert (stored.tally.new, len(stored.unmatched.names)) == (112, 9)
    names = {row["name"] for row in found.rows("SELECT name FROM players")}
    unknown = {plain_name(one.name) for one in stored.unmatched.names}
    by_then = {plain_name(player.name) for player in known_players(found, date(2025, 1, 10))}
    assert len({plain_name(name) for name in names} & unknown) > 4, "they came to play later that season"
    assert not by_then & unknown
    rates = play_rates(found, datetime(2025, 1, 13, tzinfo=UTC))
    assert (rates[OUT].played, rates[InjuryStatus.AVAILABLE].played) == (0, rates[InjuryStatus.AVAILABLE].listed)
    assert 0.5 < rates[QUESTIONABLE].chance < 0.75
    found.close()
