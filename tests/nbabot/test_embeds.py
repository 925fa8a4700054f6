from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import discord
import pytest

from engine.core import words
from engine.core.calendar import SeasonType
from engine.core.outlooks import PlayerOutlook
from engine.core.records import ClosingLine, Driver, Game, GameForecast, Outcome, Pick, Slate, SlateGame
from engine.core.teams import BY_ABBREVIATION, TEAMS
from nbabot import embeds
from nbabot.embeds.games import comparison, why
from nbabot.embeds.odds import odds

BOS, LAL = BY_ABBREVIATION["BOS"].team_id, BY_ABBREVIATION["LAL"].team_id
DAY = date(2025, 1, 15)
NOON = datetime(2025, 1, 15, 17, tzinfo=UTC)
FORECAST = GameForecast(
    home_id=BOS,
    away_id=LAL,
    league_day=DAY,
    neutral=False,
    scheduled=True,
    home_win_prob=0.643,
    margin=5.2,
    total=223.4,
    drivers=(Driver("Playing at home", 2.6), Driver("Stronger season", 1.9), Driver("Second night", -0.8)),
    model="logistic@1",
    as_of=NOON,
    data_through=date(2025, 1, 14),
    notes=("The schedule is a week old.",),
)


def all_text(embed: discord.Embed) -> str:
    parts = [embed.author.name, embed.title, embed.description, embed.footer.text]
    return "\n".join([str(part) for part in parts if part] + [f"{field.name}\n{field.value}" for field in embed.fields])


def slate_of(games: int, final: bool = False, text: str = "") -> Slate:
    items = []
    for i in range(games):
        home, away = TEAMS[2 * i].team_id, TEAMS[2 * i + 1].team_id
        game = Game(f"00224000{i:02d}", 2024, SeasonType.REGULAR, DAY, home, away)
        if final:
            game = replace(game, home_points=120 + i, away_points=119)
        forecast = replace(FORECAST, home_id=home, away_id=away, home_win_prob=0.25 + 0.04 * i)
        items.append(SlateGame(game, forecast, True, Outcome.HIT if final else Outcome.PENDING))
    return Slate(DAY, tuple(items), NOON, simulated=False, notes=(text,) if text else ())


TATUM = PlayerOutlook(1, "Jayson Tatum", BOS, "out", 0.0, 36.0, -4.1)
DAVIS = PlayerOutlook(2, "Anthony Davis", LAL, "questionable", 0.55, 34.0, -1.2)


def test_a_prediction_shows_the_range_and_who_is_out_and_nobody_in_doubt_as_out() -> None:
    forecast = replace(FORECAST, margin_50=(-3.2, 13.6), availability=(TATUM, DAVIS))
    text = all_text(embeds.prediction(forecast, "", simulated=False))
    assert "LAL by 3 to BOS by 14 in half of such games" in text
    assert "BOS: Tatum out" in text
    assert "Davis" not in text


def test_the_line_stands_beside_the_forecast_with_one_word_on_betting_and_only_where_there_is_one() -> None:
    line = ClosingLine("g", -4.5, 224.5, -180, 155)
    text = all_text(embeds.prediction(replace(FORECAST, line=line), "", simulated=False))
    assert "BOS by 4.5, total 224.5, BOS 62% without the books' margin" in text
    assert "+2.2 points of chance for BOS, +0.7 points of margin for BOS" in text
    assert text.count("1-800-GAMBLER") == 1
    assert "stake" not in text
    assert "GAMBLER" not in all_text(embeds.prediction(FORECAST, "", simulated=False))


def assert_fits_discord(embed: discord.Embed) -> None:
    assert len(embed) <= 6000
    assert len(embed.title or "") <= 256
    assert len(embed.description or "") <= 4096
    assert len(embed.fields) <= 25
    assert all(field.name and field.value for field in embed.fields)
    assert all(len(field.name or "") <= 256 and len(field.value or "") <= 1024 for field in embed.fields)
    assert len(embed.footer.text or "") <= 2048


def test_the_title_says_who_and_how_sure() -> None:
    assert embeds.prediction(FORECAST, "track", simulated=False).title == "Celtics win about 2 times in 3 (64%)"


def test_a_prediction_holds_score_reasons_record_moment_notes_and_model() -> None:
    text = all_text(embeds.prediction(FORECAST, "58 of 88 picks right", simulated=False))
    for part in (
        "Celtics 114, Lakers 109",
        "`+2.6 BOS` Playing at home",
        "`+0.8 LAL` Second night",
        "58 of 88 picks right",
        f"<t:{int(NOON.timestamp())}:f>",
        "The schedule is a week old.",
        "logistic@1",
        "Tue 14 Jan 2025",
        "Lakers at Celtics",
        "On the schedule",
    ):
        assert part in text


def test_the_colour_is_the_picked_teams() -> None:
    picked = embeds.prediction(replace(FORECAST, home_win_prob=0.2), "", simulated=False)
    assert picked.colour is not None
    assert picked.colour.value == BY_ABBREVIATION["LAL"].colour


def test_at_most_three_reasons_are_given() -> None:
    many = replace(FORECAST, drivers=tuple(Driver(f"reason {i}", 1.0) for i in range(8)))
    text = all_text(embeds.prediction(many, "track", simulated=False))
    assert text.count("reason") == 3


@pytest.mark.parametrize("simulated", [True, False])
def test_simulated_is_said_exactly_when_it_is(simulated: bool) -> None:
    slate = replace(slate_of(2), simulated=simulated)
    pick = Pick("1", DAY, BOS, LAL, 0.6, 3.0, 220.0, "m@1", NOON)
    shown = [
        embeds.prediction(FORECAST, "track", simulated),
        embeds.slate(slate, "track"),
        embeds.recap((pick,), "track", simulated, "marker"),
    ]
    assert [words.SIMULATED in all_text(embed) for embed in shown] == [simulated] * 3


def test_a_what_if_game_is_called_one() -> None:
    text = all_text(embeds.prediction(replace(FORECAST, scheduled=False), "track", simulated=False))
    assert "what-if" in text
    assert "On the schedule" not in text


@pytest.mark.parametrize("final", [True, False])
def test_a_slate_of_fifteen_games_is_whole_in_one_embed(final: bool) -> None:
    slate = slate_of(15, final, text="x" * 3000)
    embed = embeds.slate(slate, "t" * 300)
    assert_fits_discord(embed)
    text = all_text(embed)
    assert all(words.slate_line(item, bold="**") in text for item in slate.games)


def test_the_surest_picks_come_first() -> None:
    embed = embeds.slate(slate_of(15), "track")
    shown = [
        int(part.split("%")[0])
        for field in embed.fields
        for part in (field.value or "").replace("**", " ").split()
        if "%" in part
    ]
    assert len(shown) == 15
    assert shown == sorted(shown, reverse=True)


def test_a_day_without_games_says_so_and_shows_no_picks() -> None:
    embed = embeds.slate(slate_of(0), "track")
    assert embed.description == "No games that day."
    assert_fits_discord(embed)


def test_a_recap_counts_and_takes_the_colour_of_the_day() -> None:
    pick = Pick("1", DAY, BOS, LAL, 0.6, 3.0, 220.0, "m@1", NOON, Outcome.HIT, 110, 100)
    good = embeds.recap((pick, pick, replace(pick, outcome=Outcome.MISS)), "track", False, "marker")
    assert good.title == "Wed 15 Jan 2025: 2 of 3 picks right"
    assert good.colour == discord.Colour(embeds.GOOD)
    assert good.footer.text == "marker"
    assert_fits_discord(embeds.recap((pick,) * 15, "track", True, "marker"))


def test_stored_embeds_come_back_as_they_were() -> None:
    embed = embeds.prediction(FORECAST, "track", simulated=True)
    assert [one.to_dict() for one in embeds.unpacked(embeds.packed([embed]))] == [embed.to_dict()]


def test_games_to_come_tell_the_time_of_their_tip_off_and_past_ones_do_not() -> None:
    def told(final: bool) -> str:
        day = slate_of(2, final)
        games = [replace(item, forecast=replace(item.forecast, tip_utc=NOON)) for item in day.games]
        return all_text(embeds.slate(replace(day, games=tuple(games)), "track"))

    assert told(final=False).count(f"<t:{int(NOON.timestamp())}:t>") == 2
    assert f"<t:{int(NOON.timestamp())}:t>" not in told(final=True)


def test_all_that_is_behind_a_forecast_fits_discord() -> None:
    game = Game("1", 2024, SeasonType.REGULAR, DAY, BOS, LAL, home_points=120, away_points=118, overtimes=2)
    much = replace(
        FORECAST,
        drivers=tuple(Driver("a reason that takes many words to say " * 6, 1.0) for _ in range(12)),
        availability=tuple(replace(TATUM, player_id=at, name="A Very Long Name " * 6) for at in range(30)),
        notes=("A caveat. " * 80,) * 4,
        margin_50=(-1.0, 9.0),
        margin_80=(-8.0, 16.0),
        total_50=(210.0, 230.0),
        total_80=(200.0, 240.0),
    )
    embed = why(much, (game,) * 3, simulated=True)
    assert_fits_discord(embed)
    assert "BOS 120, LAL 118 (2 OT)" in all_text(embed)
    assert_fits_discord(comparison((much,) * 12, simulated=True))
    assert_fits_discord(odds(replace(much, line=ClosingLine("g", -4.5, 224.5, -180, 155)), None, simulated=True))


def test_models_side_by_side_keep_the_same_team_on_the_left() -> None:
    text = all_text(comparison((FORECAST, replace(FORECAST, home_win_prob=0.4, model="elo@1")), simulated=False))
    assert "`BOS 64% " in text
    assert "`BOS 40% " in text
