"""Forecasts know who plays: by the injury report, by lists of players, by what a person supposes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.core.calendar import noon_of
from engine.core.errors import AmbiguousPlayerError, UnknownPlayerError, UsageError
from engine.core.injuries import PRIOR_CHANCE, InjuryStatus
from engine.core.outlook_words import outlook
from engine.core.records import GameForecast, RotationPlayer
from engine.core.teams import BY_ID
from engine.engine import Engine
from engine.store.database import Database
from engine.store.rosters import roster

DAY = date(2025, 1, 15)
OUT, QUESTIONABLE = InjuryStatus.OUT, InjuryStatus.QUESTIONABLE


class Match:
    """The first game of the day, with an engine to ask about it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.game = engine.slate().games[0].game
        self.home, self.away = self.game.home_id, self.game.away_id

    def star(self, team_id: int, place: int = 0) -> RotationPlayer:
        best = sorted(self.engine.rotation(team_id), key=lambda one: -one.minutes * (one.offence + one.defence))
        return best[place]

    def forecast(self, **supposed: tuple[str, ...]) -> GameForecast:
        names = [BY_ID[team].abbreviation for team in (self.home, self.away)]
        return self.engine.predict(*names, DAY, **supposed)


@pytest.fixture
def match(engine: Engine) -> Match:
    return Match(engine)


def lines(forecast: GameForecast) -> float:
    return sum(driver.points for driver in forecast.drivers)


def test_without_a_report_the_forecast_says_that_it_judges_by_who_played(match: Match) -> None:
    said = [note for note in match.forecast().notes if note.startswith("Who is hurt is not known")]
    assert said == ["Who is hurt is not known (no injury report for 15 Jan): judged by who has played lately."]


def test_a_star_who_is_out_costs_his_team_points_and_is_named(match: Match, report: Callable[..., None]) -> None:
    star = match.star(match.home)
    report(match.game, {})
    whole = match.forecast()
    assert whole.availability == ()
    assert not any("hurt" in note for note in whole.notes)
    report(match.game, {(match.home, star.name): OUT}, moment=noon_of(DAY) - timedelta(minutes=30))
    without = match.forecast()
    assert without.margin < whole.margin - 0.5
    (one,) = without.availability
    assert (one.player_id, one.name, one.status, one.chance) == (star.player_id, star.name, "out", 0.0)
    assert one.points == pytest.approx(without.margin - whole.margin)
    assert f"{star.name} out" in [driver.text for driver in without.drivers]
    assert lines(without) == pytest.approx(without.margin, abs=0.06)


def test_reasons_add_up_when_several_on_both_sides_are_missing(match: Match, report: Callable[..., None]) -> None:
    out = {(team, match.star(team, place).name): OUT for team in (match.home, match.away) for place in range(3)}
    report(match.game, {**out, (match.away, match.star(match.away, 3).name): QUESTIONABLE})
    forecast = match.forecast()
    assert len(forecast.availability) == 7
    assert len(forecast.drivers) <= 7
    assert lines(forecast) == pytest.approx(forecast.margin, abs=0.06)


def test_a_doubtful_star_counts_by_the_rate_of_playing(match: Match, report: Callable[..., None]) -> None:
    star = match.star(match.away)
    margins = {}
    for number, status in enumerate((InjuryStatus.AVAILABLE, QUESTIONABLE, OUT)):
        report(match.game, {(match.away, star.name): status}, moment=noon_of(DAY) - timedelta(minutes=30 - number))
        forecast = match.forecast()
        margins[status] = forecast.margin
        if status is QUESTIONABLE:
            assert forecast.availability[0].chance == pytest.approx(PRIOR_CHANCE[status])
            assert outlook(forecast.availability[0]) == f"{star.name} questionable (50% to play)"
    assert margins[InjuryStatus.AVAILABLE] < margins[QUESTIONABLE] < margins[OUT]


def test_a_report_is_not_known_before_it_is_published(match: Match, report: Callable[..., None]) -> None:
    before = match.forecast()
    report(match.game, {(match.home, match.star(match.home).name): OUT}, moment=noon_of(DAY) + timedelta(hours=1))
    assert match.forecast() == before


def test_a_team_that_has_not_told_the_league_is_named(match: Match, report: Callable[..., None]) -> None:
    report(match.game, {}, silent=(match.away,))
    team = BY_ID[match.away].nickname
    assert any(f"The {team} have not told the league yet" in note for note in match.forecast().notes)


def test_a_team_of_seven_is_forecast_and_named(match: Match, report: Callable[..., None], database: Database) -> None:
    squad = match.engine.team_numbers().players.squad(match.home, 2024)
    names = dict(tuple(row) for row in database.rows("SELECT player_id, name FROM players"))
    out = sorted(squad)[7:]
    report(match.game, {(match.home, names[one]): OUT for one in out})
    forecast = match.forecast()
    team = BY_ID[match.home].nickname
    assert f"Only 7 known players of the {team} are likely to play." in forecast.notes
    assert 0 < forecast.home_win_prob < 1


def test_what_is_supposed_changes_that_answer_alone(match: Match) -> None:
    star = match.star(match.home)
    before = match.forecast()
    supposed = match.forecast(out=(star.name,))
    assert supposed.margin < before.margin - 0.5
    assert any(note.startswith(f"What if: {star.name} out.") for note in supposed.notes)
    assert match.forecast() is before
    assert match.engine.slate().games[0].forecast == before


def test_a_player_taken_back_in_is_as_good_as_never_out(match: Match, report: Callable[..., None]) -> None:
    star = match.star(match.home)
    report(match.game, {})
    whole = match.forecast()
    report(match.game, {(match.home, star.name): OUT}, moment=noon_of(DAY) - timedelta(minutes=10))
    assert match.forecast(back=(star.name.split()[-1].upper(),)).margin == pytest.approx(whole.margin)


def test_a_name_that_is_not_one_player_of_the_two_teams_is_one_sentence(match: Match) -> None:
    star = match.star(match.home)
    with pytest.raises(UsageError, match="out and in at once"):
        match.forecast(out=(star.name,), back=(star.name,))
    with pytest.raises(UnknownPlayerError, match=f"did you mean .*{star.name}"):
        match.forecast(out=(star.name[:-1] + "q",))
    with pytest.raises(UnknownPlayerError, match="No player of the"):
        match.forecast(out=("",))
    elsewhere = next(team for team in BY_ID if team not in (match.home, match.away))
    stranger = match.star(elsewhere)
    with pytest.raises(UnknownPlayerError, match=f"{stranger.name} plays for the {BY_ID[elsewhere].nickname}, not"):
        match.forecast(out=(stranger.name,))


def test_a_traded_player_counts_for_his_new_team_from_the_day_the_list_says_so(
    match: Match, database: Database
) -> None:
    star = match.star(match.home)
    before = match.forecast()
    with database.write() as connection:
        players = match.engine.team_numbers().players.teams()
        rows = [(2024, one, team) for one, (team, _) in players.items() if one != star.player_id]
        connection.executemany("INSERT INTO rosters VALUES (?, ?, ?)", [*rows, (2024, star.player_id, match.away)])
        connection.execute("INSERT INTO sync_cursors VALUES ('players', '2024-25', '2025-01-15T15:00:00Z')")
        connection.execute("INSERT INTO meta VALUES ('news_version', '1')")
    assert roster(database, 2024, noon_of(DAY - timedelta(days=1))) is None
    after = match.forecast()
    assert after.margin < before.margin
    note = f"New with the team and not yet seen in it: {star.name} ({BY_ID[match.away].abbreviation})."
    assert note in after.notes
    assert after.margin_80 is not None
    assert before.margin_80 is not None
    assert after.margin_80[1] - after.margin_80[0] > before.margin_80[1] - before.margin_80[0]
    assert star.player_id in {one.player_id for one in match.engine.rotation(match.away)}
    assert star.player_id not in {one.player_id for one in match.engine.rotation(match.home)}


def test_a_rookie_of_the_first_night_is_named(engine_at: Callable[[date], Engine], database: Database) -> None:
    row = database.row("SELECT league_day, home_id, away_id FROM games WHERE season = 2024 ORDER BY league_day LIMIT 1")
    assert row is not None
    with database.write() as connection:
        connection.execute("INSERT INTO players VALUES (99, 'Rook E. Newman')")
        connection.execute("INSERT INTO rosters VALUES (2024, 99, ?)", (row["home_id"],))
        connection.execute("INSERT INTO sync_cursors VALUES ('players', '2024-25', '2024-09-15T15:00:00Z')")
    engine = engine_at(date.fromisoformat(row["league_day"]))
    forecast = engine.predict(BY_ID[row["home_id"]].abbreviation, BY_ID[row["away_id"]].abbreviation)
    code = BY_ID[row["home_id"]].abbreviation
    assert f"New to the league, so counted as bench players: Rook E. Newman ({code})." in forecast.notes


def test_a_published_pick_keeps_who_was_in_doubt(match: Match, report: Callable[..., None]) -> None:
    report(match.game, {(match.home, match.star(match.home).name): OUT})
    forecast = match.forecast()
    match.engine.publish_picks()
    shown = match.engine.slate().games[0]
    assert shown.published
    assert shown.forecast.availability == forecast.availability
    assert replace(shown.forecast, as_of=forecast.as_of).margin_50 == forecast.margin_50


def test_an_ambiguous_name_offers_who_can_be_meant(match: Match, database: Database) -> None:
    first, second = match.star(match.home), match.star(match.away)
    with database.write() as connection:
        for one, name in ((first, "Jalen Twain"), (second, "Jaylin Twain")):
            connection.execute("UPDATE players SET name = ? WHERE player_id = ?", (name, one.player_id))
    with pytest.raises(AmbiguousPlayerError, match="could be Jalen Twain or Jaylin Twain: write the whole name") as bad:
        match.forecast(out=("twain",))
    assert bad.value.candidates == ("Jalen Twain", "Jaylin Twain")
    assert match.forecast(out=("jaylin twain",)).availability
