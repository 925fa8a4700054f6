from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from engine.core.calendar import league_day
from engine.core.odds import OVER, UNDER, Market, OddsEvent, OddsQuota, Quote
from engine.core.records import ClosingLine
from engine.store import games
from engine.store.database import Database, utc_text
from engine.store.odds import close_lines, line_of, odds_on, quota, store_odds, store_quota

BOSTON, LAKERS, MIAMI = 1610612738, 1610612747, 1610612748
TIP = datetime(2026, 1, 16, 0, 30, tzinfo=UTC)
NOON = datetime(2026, 1, 15, 17, tzinfo=UTC)
DAY = date(2026, 1, 15)
HOUR = timedelta(hours=1)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "nbabot.db")


def put_game(
    database: Database,
    game_id: str,
    tip: datetime | None = TIP,
    teams: tuple[int, int] = (BOSTON, LAKERS),
    day: date = DAY,
) -> str:
    with database.write() as connection:
        connection.execute(
            """INSERT INTO games (game_id, season, season_type, league_day, tip_utc, home_id, away_id, status)
               VALUES (?, 2025, 'regular', ?, ?, ?, ?, 'scheduled')""",
            (game_id, day.isoformat(), utc_text(tip) if tip else None, *teams),
        )
    return game_id


def quotes(
    home: float = 1.5, away: float = 2.7, spread: float = -5.5, total: float = 221.5, book: str = "one"
) -> tuple[Quote, ...]:
    return (
        Quote(book, Market.MONEYLINE, str(BOSTON), home),
        Quote(book, Market.MONEYLINE, str(LAKERS), away),
        Quote(book, Market.SPREAD, str(BOSTON), 1.91, spread),
        Quote(book, Market.SPREAD, str(LAKERS), 1.91, -spread),
        Quote(book, Market.TOTAL, OVER, 1.91, total),
        Quote(book, Market.TOTAL, UNDER, 1.91, total),
    )


def event(tip: datetime = TIP, home: int = BOSTON, away: int = LAKERS, said: Sequence[Quote] = quotes()) -> OddsEvent:
    return OddsEvent("e", home, away, tip, tuple(said))


def closing_of(database: Database, game_id: str) -> ClosingLine | None:
    return games.closing_lines(database).get(game_id)


def test_quotes_come_back_as_they_were_fetched(database: Database) -> None:
    put_game(database, "g1")
    assert store_odds(database, [event()], NOON).tally.new == 6
    again = store_odds(database, [event()], NOON)
    assert (again.tally.new, again.tally.unchanged) == (0, 6)
    board = odds_on(database, DAY, NOON)
    assert [item.game.game_id for item in board.games] == ["g1"]
    assert board.games[0].fetched_at == NOON
    assert (board.games[0].consensus.spread, board.games[0].consensus.total) == (-5.5, 221.5)
    assert set(board.games[0].best) == set(quotes())


def test_what_was_fetched_later_is_not_seen_earlier(database: Database) -> None:
    put_game(database, "g1")
    store_odds(database, [event()], NOON)
    store_odds(database, [event(said=quotes(spread=-9.5))], NOON + HOUR)
    assert odds_on(database, DAY, NOON - timedelta(seconds=1)).games == ()
    assert odds_on(database, DAY, NOON + timedelta(minutes=59)).games[0].consensus.spread == -5.5
    assert odds_on(database, DAY, NOON + HOUR).games[0].consensus.spread == -9.5


@pytest.mark.parametrize("home", [BOSTON, LAKERS])
def test_which_side_the_feed_calls_home_changes_nothing(database: Database, home: int) -> None:
    put_game(database, "g1")
    away = LAKERS if home == BOSTON else BOSTON
    assert store_odds(database, [event(home=home, away=away)], NOON).unmatched == ()
    agreed = odds_on(database, DAY, NOON).games[0].consensus
    assert (agreed.spread, agreed.moneyline_home) == (-5.5, -200)


def test_two_games_of_the_same_teams_on_two_days_are_told_apart_by_tip_off_in_any_order(database: Database) -> None:
    put_game(database, "g1")
    put_game(database, "g2", TIP + timedelta(days=1), (LAKERS, BOSTON), DAY + timedelta(days=1))
    second = event(TIP + timedelta(days=1, minutes=10), said=quotes(spread=2.5))
    store_odds(database, [second, event(TIP + timedelta(minutes=10))], NOON)
    assert odds_on(database, DAY, NOON).games[0].consensus.spread == -5.5
    assert odds_on(database, DAY + timedelta(days=1), NOON).games[0].consensus.spread == -2.5


def test_a_game_without_a_stored_tip_off_is_found_by_its_day(database: Database) -> None:
    put_game(database, "g1", tip=None)
    assert store_odds(database, [event()], NOON).unmatched == ()
    assert len(store_odds(database, [event(TIP + timedelta(days=1))], NOON).unmatched) == 1


def test_an_event_that_matches_no_stored_game_is_named(database: Database) -> None:
    put_game(database, "g1")
    stored = store_odds(database, [event(away=MIAMI), event(TIP + timedelta(hours=7))], NOON)
    assert stored.unmatched == ("MIA at BOS on 2026-01-15", "LAL at BOS on 2026-01-16")
    assert stored.tally.new == 0


def test_nothing_said_after_the_stored_tip_off_is_stored(database: Database) -> None:
    put_game(database, "g1")
    assert store_odds(database, [event(TIP + HOUR)], TIP).tally.new == 0


def test_the_closing_line_is_the_last_word_before_tip_off(database: Database) -> None:
    put_game(database, "g1")
    store_odds(database, [event()], NOON)
    store_odds(
        database, [event(said=[*quotes(1.4, 3.0, -6.5, 219.5), *quotes(1.44, 2.9, -7.5, 220.5, "two")])], TIP - HOUR
    )
    assert close_lines(database, TIP - timedelta(seconds=1)) == 0, "the game has not begun"
    assert close_lines(database, TIP) == 1
    assert closing_of(database, "g1") == ClosingLine("g1", -7.0, 220.0, -238, 195)
    assert close_lines(database, TIP + HOUR) == 0, "nothing has changed"


def test_a_game_without_a_tip_off_closes_when_its_day_is_over(database: Database) -> None:
    put_game(database, "g1", tip=None)
    store_odds(database, [event()], NOON)
    midnight = datetime(2026, 1, 16, 5, tzinfo=UTC)
    assert league_day(midnight) == DAY + timedelta(days=1)
    assert close_lines(database, midnight - timedelta(seconds=1)) == 0
    assert close_lines(database, midnight) == 1


def test_a_game_put_off_closes_anew_at_its_new_tip_off(database: Database) -> None:
    put_game(database, "g1")
    store_odds(database, [event()], NOON)
    close_lines(database, TIP)
    with database.write() as connection:
        connection.execute("UPDATE games SET tip_utc = ?", (utc_text(TIP + 2 * HOUR),))
    store_odds(database, [event(TIP + 2 * HOUR, said=quotes(spread=-1.5))], TIP + HOUR)
    assert close_lines(database, TIP + 2 * HOUR) == 1
    line = closing_of(database, "g1")
    assert line is not None
    assert line.spread == -1.5


def test_the_quota_is_remembered_and_not_known_before_it_was_told(database: Database) -> None:
    assert quota(database, NOON) is None
    store_quota(database, OddsQuota(497, 3, NOON))
    store_quota(database, OddsQuota(494, 6, NOON + HOUR))
    assert quota(database, NOON + HOUR) == OddsQuota(494, 6, NOON + HOUR)
    assert quota(database, NOON) is None


def test_the_line_of_a_game_is_the_last_word_known_and_the_closing_line_once_it_has_begun(database: Database) -> None:
    put_game(database, "g1")
    game = games.games_on(database, DAY, DAY)[0]
    assert line_of(database, game, NOON) is None
    store_odds(database, [event()], NOON)
    store_odds(database, [event(said=quotes(spread=-9.5))], NOON + HOUR)
    assert [said.spread for moment in (NOON, NOON + HOUR) if (said := line_of(database, game, moment))] == [-5.5, -9.5]
    with database.write() as connection:
        connection.execute("INSERT INTO closing_lines VALUES ('g1', -7.0, 220.0, NULL, 195)")
    assert line_of(database, game, TIP - HOUR) != line_of(database, game, TIP)
    assert line_of(database, game, TIP) == ClosingLine("g1", -7.0, 220.0, None, 195)
    with database.write() as connection:
        connection.execute("UPDATE closing_lines SET spread = NULL, total = NULL, moneyline_away = NULL")
    assert line_of(database, game, TIP) is None
