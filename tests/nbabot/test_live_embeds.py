"""Games under way as Discord shows them: embeds that fit, the same for the same games, and a picture of any game."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import discord
import pytest

from engine.core import words
from engine.core.live import LiveNumbers, Moment, Pregame
from engine.core.live_games import (
    Alike,
    HalftimeNumbers,
    LiveBoard,
    LiveCard,
    LiveForecast,
    LivePoint,
    LiveState,
    LiveStatus,
    LiveView,
    Outcomes,
)
from engine.core.teams import TEAMS
from engine.core.timelines import period_after, period_start
from nbabot import chart_style
from nbabot.embeds.live import followed, live_board, live_game
from nbabot.live_chart import course_of, course_png, course_words

NOW = datetime(2025, 1, 16, 2, tzinfo=UTC)
DAY = date(2025, 1, 15)
MARKER = "nbabot · live 0022400001 23:30:00 · 2025-01-15"


def view(played: int, status: LiveStatus = LiveStatus.LIVE, number: int = 0) -> LiveView:
    """A game between two of the teams, with all that may be said of one."""
    home, away = TEAMS[2 * number].team_id, TEAMS[2 * number + 1].team_id
    period = period_after(max(played, 1))
    moment = Moment(period, period_start(period + 1) - played, 88, 80)
    state = LiveState(f"002240000{number}", DAY, home, away, NOW, status, moment, "", NOW, NOW)
    before, numbers = Pregame(0.64, 4.2), LiveNumbers(0.81, 6.4, (-4.0, 16.0), (-9.0, 22.0))
    half = HalftimeNumbers(3.2, (1.0, 8.0), (-3.0, 11.0)) if period == 2 else None
    said = LiveForecast(state.game_id, moment, before, numbers, "live-curves@1.0.0", NOW, half)
    notes = ("The score is of 21:05 ET: the league's feed does not answer.",)
    return LiveView(state, before, None if status is LiveStatus.UPCOMING else said, notes)


def card(played: int, status: LiveStatus = LiveStatus.LIVE) -> LiveCard:
    found = view(played, status)
    points = tuple(LivePoint(at, 0, 0, 0.3 + at % 700 / 1200) for at in range(0, played + 1, 60))
    home, away = found.state.home_id, found.state.away_id
    alike = tuple(Alike(f"00218000{n}", DAY, home, away, n, n, -n, 1.5) for n in range(3))
    return LiveCard(found, points, alike, Outcomes(100, 71, 6.0, -6, 19))


def fits(embed: discord.Embed) -> bool:
    """Whether Discord takes it."""
    fields = all(len(field.value or "") <= 1024 for field in embed.fields)
    return fields and len(embed) <= 6000 and len(embed.title or "") <= 256 and len(embed.description or "") <= 4096


def test_a_card_says_who_wins_by_how_much_what_was_said_before_and_what_went_like_it() -> None:
    found = card(1200)
    text = str(live_game(found).to_dict())
    home = words.nickname(found.view.state.home_id)
    assert live_game(found).title == f"{home} win about 4 times in 5 (81%)"
    for said in (f"{home} 88", "In the end", "At half-time", f"{home} 64%, by 4", "Biggest swing", "Of the 100 past"):
        assert said in text
    assert "does not answer" in text
    assert fits(live_game(found))


def test_a_followed_game_reads_the_same_as_long_as_nothing_has_happened() -> None:
    found = card(1200)
    later = replace(found.view.state, seen_at=NOW + timedelta(minutes=1))
    again = replace(found, view=replace(found.view, state=later))
    assert followed(found, MARKER).to_dict() == followed(again, MARKER).to_dict()
    ended, over = followed(found, MARKER, ended=True), followed(card(2880, LiveStatus.FINAL), MARKER, ended=True)
    assert "No longer followed" in str(ended.to_dict())
    assert "No longer followed" not in str(over.to_dict())
    assert ended.footer.text == MARKER


def test_an_evening_of_fifteen_games_fits_a_message_whatever_is_to_be_said_of_them() -> None:
    kinds = (LiveStatus.UPCOMING, LiveStatus.LIVE, LiveStatus.FINAL, LiveStatus.PUT_OFF)
    views = tuple(
        replace(view(3600, kinds[n % 4], n), notes=(f"Nothing has changed for {n} minutes: broken off?",))
        for n in range(15)
    )
    embed = live_board(LiveBoard(DAY, NOW, views, NOW - timedelta(minutes=5), "The host does not answer."), MARKER)
    assert fits(embed)
    assert [field.name for field in embed.fields][:4] == ["On now", "Still to come", "Final", "Put off"]
    text = str(embed.to_dict())
    assert all(words.code(team.team_id) in text for team in TEAMS)
    assert f"<t:{int(NOW.timestamp())}:t>" in text, "everybody reads the tip-off in his own time"


@pytest.mark.parametrize("played", [0, 60, 1440, 2880, 3780])
def test_a_picture_is_a_png_of_a_phones_width_for_any_game_up_to_its_third_overtime(played: int) -> None:
    png = course_png(course_of(card(played)))
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(png[16:20]) == chart_style.WIDTH * chart_style.DPI
    assert len(png) < 300_000


def test_the_same_game_gives_the_same_picture_in_any_thread_and_is_drawn_once() -> None:
    course = course_of(card(1440))
    drawn = course_png.__wrapped__
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(drawn, [course] * 8))) == 1
    assert course_png(course) is course_png(course_of(card(1440)))


def test_a_picture_is_told_in_words_by_the_ends_of_the_periods() -> None:
    said = course_words(card(1500))
    assert said.startswith(f"The {words.nickname(TEAMS[0].team_id)}' chance to win: Tip-off 30%, End of Q1 ")
    assert "Half-time" in said
    assert said.count("%") == 4
