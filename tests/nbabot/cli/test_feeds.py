from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.core.calendar import noon_of
from engine.core.injuries import InjuryStatus, ListedPlayer, TeamReport
from engine.core.odds import OVER, Market, OddsEvent, OddsQuota, Quote
from engine.core.records import Game
from engine.engine import DATABASE
from engine.store import games
from engine.store.database import Database
from engine.store.injuries import known_players, store_injuries
from engine.store.odds import store_odds, store_quota

DAY = date(2025, 1, 15)
TODAY = ("--as-of", "2025-01-15")
MORNING = noon_of(DAY) - timedelta(hours=2)

Run = Callable[..., Any]


@pytest.fixture
def database(home: Path) -> Database:
    return Database(home / DATABASE)


@pytest.fixture
def game(database: Database) -> Game:
    """The first game of the day, with a tip-off in the evening."""
    return replace(games.games_on(database, DAY, DAY)[0], tip_utc=datetime(2025, 1, 16, 0, 30, tzinfo=UTC))


@pytest.fixture
def odds(database: Database, game: Game) -> OddsEvent:
    """Odds of that game by two books, fetched in the morning."""
    said = [
        Quote(book, market, side, price, point)
        for book, price in (("bookie", 1.5), ("other", 1.55))
        for market, side, point in (
            (Market.MONEYLINE, str(game.home_id), None),
            (Market.MONEYLINE, str(game.away_id), None),
            (Market.SPREAD, str(game.home_id), -4.5),
            (Market.TOTAL, OVER, 221.5),
        )
    ]
    assert game.tip_utc
    event = OddsEvent("e", game.home_id, game.away_id, game.tip_utc, tuple(said))
    store_odds(database, [event], MORNING)
    store_quota(database, OddsQuota(497, 3, MORNING))
    return event


@pytest.fixture
def listed(database: Database, game: Game) -> str:
    """A report of the morning: one known player and one unknown of the home team, the others have yet to submit."""
    known = next(player.name for player in known_players(database, DAY) if player.team_id == game.home_id)
    first, _, last = known.partition(" ")
    players = (
        ListedPlayer(f"{last}, {first}", InjuryStatus.QUESTIONABLE, "Injury/Illness - Left Knee; Sprain"),
        ListedPlayer("Zzyzx, Quux", InjuryStatus.OUT, "G League - Two-Way"),
    )
    home = TeamReport(MORNING, DAY, game.home_id, game.away_id, game.tip_utc, True, players)
    away = TeamReport(MORNING, DAY, game.away_id, game.home_id, game.tip_utc, False)
    store_injuries(database, [home, away])
    return known


def test_odds_say_the_chance_the_lines_the_best_prices_and_the_quota(ask: Run, odds: OddsEvent) -> None:
    out = ask("odds", *TODAY).out
    assert all(text in out for text in ("50%", "-4.5", "221.5", "-182 other", "497 left, 3 used", "1-800-GAMBLER"))
    assert "Fetched Wed 15 Jan 2025 10:00 ET" in out


def test_odds_as_json_name_teams_not_numbers(ask: Run, odds: OddsEvent) -> None:
    found = ask("odds", *TODAY, "--json").json
    only = found["games"][0]
    assert (only["books"], only["spread"], only["home_win_prob"]) == (2, -4.5, 0.5)
    assert {quote["side"] for quote in only["best"]} == {only["home"], only["away"], "over"}
    assert found["quota"]["remaining"] == 497


def test_odds_fetched_later_are_not_shown(ask: Run, odds: OddsEvent) -> None:
    before = ask("odds", "--date", "2025-01-15", "--as-of", "2025-01-14", "--json").json
    assert (before["games"], before["quota"]) == ([], None)


def test_without_odds_the_command_says_how_to_get_them(ask: Run) -> None:
    result = ask("odds", *TODAY)
    assert result.code == 0
    assert "set THE_ODDS_API_KEY, then run nbabot sync --only odds" in " ".join(result.out.split())


def test_injuries_say_who_is_listed_who_is_unknown_and_who_is_silent(ask: Run, game: Game, listed: str) -> None:
    out = " ".join(ask("injuries", *TODAY).out.split())
    assert f"{listed} Questionable 50%" in out
    assert "Injury report of Wed 15 Jan 2025 10:00 ET" in out
    assert "Not yet submitted:" in out
    assert "Not matched to a known player, so of no use to a forecast: Quux Zzyzx" in out


def test_injuries_of_one_team_leave_the_others_out(ask: Run, game: Game, listed: str) -> None:
    found = ask("injuries", *TODAY, "--json").json
    away = next(team["team"] for team in found["teams"] if not team["submitted"])
    only = ask("injuries", *TODAY, "--team", away, "--json").json
    assert [(team["team"], team["players"]) for team in only["teams"]] == [(away, [])]
    assert ask("injuries", "--team", "nowhere").code == 2


def test_injuries_as_json_carry_ids_and_chances(ask: Run, listed: str) -> None:
    found = ask("injuries", *TODAY, "--json").json
    known, unknown = next(team["players"] for team in found["teams"] if team["submitted"])
    assert (known["status"], known["chance"], unknown["chance"]) == ("Questionable", 0.5, 0.0)
    assert known["player_id"]
    assert unknown["player_id"] is None


def test_without_a_report_the_command_says_how_to_get_one(ask: Run) -> None:
    result = ask("injuries", *TODAY)
    assert result.code == 0
    assert "nbabot sync --only injuries" in result.out


@pytest.mark.parametrize("section", ["odds", "injuries"])
def test_every_key_is_documented(ask: Run, odds: OddsEvent, listed: str, section: str) -> None:
    page = Path(__file__).resolve().parents[3] / "docs" / "json.md"
    told = page.read_text().split(f"## {section}\n")[1].split("\n## ")[0]
    assert all(f"`{key}`" in told for key in _keys(ask(section, *TODAY, "--json").json))


def _keys(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(_keys, value))
    return set(value).union(*map(_keys, value.values())) if isinstance(value, dict) else set()
