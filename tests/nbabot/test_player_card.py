"""The card says in a fan's words what the engine's record holds, and Discord accepts it."""

from __future__ import annotations

import struct
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import discord
import pytest

from engine.core import player_words, words
from engine.core.calendar import noon_of
from engine.core.player_records import LineForecast, PlayerForecast, PlayerGame, Stat, StatForecast, StatRecord
from engine.core.reports import ModelStatus, ModelVersion
from engine.core.teams import BY_ABBREVIATION
from engine.engine import Engine
from nbabot.player_card import card
from nbabot.player_chart import form_png, form_words
from nbabot.track import PlayerTrack

BOS, LAL = BY_ABBREVIATION["BOS"].team_id, BY_ABBREVIATION["LAL"].team_id
NOON = datetime(2025, 1, 15, 17, tzinfo=UTC)
MEANS = {Stat.PTS: 27.1, Stat.PRA: 41.4, Stat.STL: 1.1}
FORECAST = PlayerForecast(
    player_id=1,
    name="Ilmar Tremaine",
    team_id=BOS,
    opponent_id=LAL,
    home=True,
    neutral=False,
    league_day=date(2025, 1, 15),
    game_id="0022400571",
    tip_utc=datetime(2025, 1, 16, 0, 30, tzinfo=UTC),
    minutes=36.2,
    chance=1.0,
    status="",
    stats=tuple(
        StatForecast(stat, mean, mean, (mean // 1.25, mean // 0.85), (mean // 1.6, mean // 0.73), (0.0, mean * 2))
        for stat, mean in ((stat, MEANS.get(stat, 6.4)) for stat in Stat)
    ),
    line=None,
    games=540,
    model="player-ridge@1.0.0",
    as_of=NOON,
    data_through=date(2025, 1, 14),
)
LINE = LineForecast(Stat.PTS, 27.5, 0.46, 0.54, 0.0)
RECORD = "Tested on 25,697 past games."
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def games(*points: int) -> tuple[PlayerGame, ...]:
    others = {stat: 4 for stat in Stat if stat.parts == (stat,)}
    return tuple(
        PlayerGame(date(2024, 12, 12) + timedelta(days=2 * n), LAL, n % 2 == 0, 36.0, {**others, Stat.PTS: scored})
        for n, scored in enumerate(points)
    )


FORM = games(23, 33, 18, 27, 41, 29, 16, 24, 31, 38, 22, 0, 35, 26, 30)


def text(embed: discord.Embed) -> str:
    parts = [embed.author.name, embed.title, embed.description, embed.footer.text]
    return "\n".join([str(part) for part in parts if part] + [f"{field.name}\n{field.value}" for field in embed.fields])


def field(embed: discord.Embed, name: str) -> str:
    return next(str(one.value) for one in embed.fields if one.name == name)


def test_the_number_comes_first_and_then_how_far_off_it_may_be() -> None:
    embed = card(FORECAST, Stat.PTS, RECORD, simulated=False)
    assert embed.title == "Ilmar Tremaine: about 27 points"
    assert str(embed.description).startswith("8 times in 10 between 16 and 37, half the time between 21 and 31")
    assert "Boston Celtics · about 36 minutes" in str(embed.description)
    assert "On the schedule: Lakers at Celtics, Wed 15 Jan 2025 · tip-off <t:1736987400:t>" in str(embed.description)


def test_the_visitors_stand_first_wherever_he_plays() -> None:
    assert player_words.matchup(replace(FORECAST, home=False)) == "Celtics at Lakers"
    assert player_words.matchup(replace(FORECAST, neutral=True)) == "Lakers vs Celtics"


def test_small_numbers_keep_a_decimal_and_are_said_with_one_range() -> None:
    embed = card(FORECAST, Stat.STL, RECORD, simulated=False)
    assert embed.title == "Ilmar Tremaine: about 1.1 steals"
    assert str(embed.description).startswith("8 times in 10 at most 1\n")


@pytest.mark.parametrize(
    ("interval", "said"),
    [((17.0, 37.0), "between 17 and 37"), ((0.0, 3.0), "at most 3"), ((0.0, 0.0), "just 0"), ((2.0, 2.0), "just 2")],
)
def test_a_range_reads_as_people_say_it(interval: tuple[float, float], said: str) -> None:
    assert player_words.span(interval) == said


def test_a_line_is_answered_with_both_sides_and_a_word_on_gambling() -> None:
    embed = card(replace(FORECAST, line=LINE), Stat.PTS, RECORD, simulated=False)
    assert field(embed, "Against the line") == f"**Over 27.5: 46% · under: 54%**\n{words.GAMBLING}"
    assert "Against the line" not in text(card(FORECAST, Stat.PTS, RECORD, simulated=False))


def test_a_line_that_can_be_hit_exactly_says_how_likely_that_is() -> None:
    line = LineForecast(Stat.PTS, 27.0, 0.46, 0.5, 0.04)
    assert player_words.over(line) == "Over 27: 46% · exactly: 4% · under: 50%"


def test_the_other_numbers_the_record_and_the_model_are_on_the_card() -> None:
    embed = card(FORECAST, Stat.PTS, RECORD, simulated=True)
    others = field(embed, "The rest of his game")
    assert all(stat.words in others for stat in Stat if stat is not Stat.PTS)
    assert "27 points ·" not in others
    assert field(embed, "How good is the bot?") == RECORD
    assert "results through Tue 14 Jan 2025, 540 games of his" in field(embed, "Good to know")
    assert embed.footer.text == "player-ridge@1.0.0"
    assert words.SIMULATED in str(embed.author.name)


def test_who_is_out_is_said_to_be_out_before_any_number() -> None:
    out = replace(FORECAST, chance=0.0, status="out", notes=("He is out: this is what he would do if he played.",))
    embed = card(out, Stat.PTS, RECORD, simulated=False)
    assert str(embed.title).startswith("Ilmar Tremaine is out")
    assert "if he played" in field(embed, "Good to know")


@pytest.mark.parametrize(
    ("chance", "status", "said"),
    [
        (1.0, "", ""),
        (0.94, "", ""),
        (0.5, "", "In doubt: 50% to play"),
        (0.52, "questionable", "Questionable: 52% to play"),
        (0.97, "probable", "Probable: 97% to play"),
        (0.0, "", "Out"),
    ],
)
def test_doubt_about_his_playing_is_said_where_there_is_some(chance: float, status: str, said: str) -> None:
    assert player_words.playing(replace(FORECAST, chance=chance, status=status)) == said


def test_the_record_of_a_stat_is_that_of_the_models_test() -> None:
    figures = {"n": 25697.0, "pts_mae": 4.43, "pts_coverage_80": 0.801}
    version = ModelVersion(
        "player-ridge", "1", "player", "ridge", ModelStatus.CHAMPION, NOON, "2023-24", 9, False, figures
    )
    assert player_words.record(Stat.PTS, version) == (
        "Tested on 25,697 past games of players: off by 4.4 points on average; "
        "80 of 100 ended where it said 8 in 10 would"
    )
    assert player_words.record(Stat.REB, version) == "This model has not been tested on rebounds yet"


def test_the_record_of_published_forecasts_counts_once_enough_are_graded() -> None:
    version = ModelVersion("player-ridge", "1", "player", "ridge", ModelStatus.CHAMPION, NOON, "2023-24", 9, False, {})
    few = StatRecord(Stat.REB, 1300, 80, 19, 1200, 1, 1.82, 0.5, 0.808, 0.95)
    assert player_words.record(Stat.REB, version, few) == "This model has not been tested on rebounds yet"
    assert player_words.record(Stat.REB, version, replace(few, hits=981)) == (
        "1,000 published forecasts of rebounds are graded: off by 1.8 on average; "
        "81 of 100 ended where it said 8 in 10 would; in 1,200 more the player did not play"
    )


def test_the_record_beside_a_card_is_asked_for_once_a_minute(players_home: Path) -> None:
    today = date(2024, 12, 12)
    with closing(Engine(players_home, now=lambda: noon_of(today))) as engine:
        early = PlayerTrack(engine)
        assert early.line(Stat.PTS).startswith("This model has not been tested")
        for _ in range(2):
            engine.publish_player_picks()
            today += timedelta(days=1)
            engine.grade()
        assert early.line(Stat.PTS).startswith("This model has not been tested")
        graded = engine.player_record(stat=Stat.PTS).stats[0].graded
        assert PlayerTrack(engine).line(Stat.PTS).startswith(f"{graded} published forecasts of points are graded")


def test_the_longest_card_fits_discord() -> None:
    long = replace(FORECAST, name="N" * 90, line=LINE, notes=("note " * 80,) * 12, status="questionable", chance=0.5)
    embed = card(long, Stat.PRA, "r" * 300, simulated=True)
    assert len(embed) <= 6000
    assert len(str(embed.title)) <= 256
    assert all(len(str(one.value)) <= 1024 for one in embed.fields)
    assert len(form_words(long, Stat.PRA, FORM)) <= 1024


@pytest.mark.parametrize("stat", [Stat.PTS, Stat.STL, Stat.PRA])
@pytest.mark.parametrize("recent", [FORM, FORM[:3], games(0)])
@pytest.mark.parametrize("line", [None, LINE, replace(LINE, line=0.0), replace(LINE, line=200.0)])
def test_any_form_is_a_png_wide_enough_for_a_phone(
    stat: Stat, recent: tuple[PlayerGame, ...], line: LineForecast | None
) -> None:
    png = form_png(replace(FORECAST, line=line), stat, recent)
    assert png.startswith(SIGNATURE)
    width, height = struct.unpack(">II", png[16:24])
    assert (width, height) == (800, 500)
    assert len(png) < 200_000


def test_the_same_form_gives_the_same_bytes_in_any_thread() -> None:
    with ThreadPoolExecutor(4) as pool:
        drawn = set(pool.map(lambda _: form_png(FORECAST, Stat.PTS, FORM), range(6)))
    assert len(drawn) == 1


def test_the_picture_is_told_in_words_for_those_who_do_not_see_it() -> None:
    said = form_words(FORECAST, Stat.PTS, FORM[-3:])
    assert said.startswith("Ilmar Tremaine's points in his last 3 games, oldest first: 35, 26, 30. ")
    assert "about 27, 8 times in 10 between 16 and 37" in said
    assert "in his last game: 30." in form_words(FORECAST, Stat.PTS, FORM[-1:])
