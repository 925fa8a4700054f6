"""What the page of a game says, part by part: from the engine's answers to texts by selector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rich.console import RenderableType
from rich.text import Text

from engine.core import live_words, words
from engine.core.live_games import LiveCard, LiveView
from engine.core.records import GameForecast, Slate, SlateGame
from engine.core.timelines import Timeline
from tui.messages import GameRead
from tui.widgets import sections
from tui.widgets import text as texts
from tui.widgets.flow import LeadChart, LineScore
from tui.widgets.live_rows import is_on
from tui.widgets.live_sections import LEAST_POINTS, ChanceChart, MostLike, course_of, standing
from tui.widgets.market import Odds, SideBySide
from tui.widgets.team_sections import Factors, Standings

NO_PLAYERS = "Nobody is known to play for them: fetch the players' logs with s on 6 Data, or import them."
Parts = Mapping[str, RenderableType]
SURROUNDINGS = ("#odds", "#models", "#standings", "#factors", "#away-games", "#home-games", "#meetings")
COURSE = ("#course-title", "#doubt", "#line-score", "#chances", "#standing", "#alike", "#lead")

_CHANCE_ROWS, _LEAD_ROWS = (5, 11), (7, 11)
"""Rows of the charts in a low terminal, where the chance fits below the score, and in a tall one."""


def forecast_parts(entry: SlateGame, forecast: GameForecast, slate: Slate, view: LiveView | None) -> Parts:
    """A forecast of the game in detail and in large figures, which a game that is on by its view has from here."""
    said: dict[str, RenderableType] = {
        "#headline": sections.headline(entry, slate.as_of),
        "#chance": words.percent(forecast.pick_prob).strip("%"),
        "#verdict": sections.verdict(forecast),
        "#score-label": sections.score_label(forecast),
        "#score": texts.expected_score(forecast),
        "#balance": sections.Balance(forecast),
        "#drivers": sections.Drivers(forecast),
        "#ranges": sections.Ranges(forecast),
        "#doubtful": sections.Doubtful(forecast),
        "#notes": sections.Notes(tuple(dict.fromkeys(forecast.notes + slate.notes))),
        "#origin": sections.origin(entry),
    }
    return said | _from_here(entry, view) if view is not None and is_on(view) else said


def _from_here(entry: SlateGame, view: LiveView) -> dict[str, RenderableType]:
    """The large figures while a game is on: the score, and who wins from here where that is said."""
    state, moment, clock = view.state, view.state.moment, live_words.clock(view.state)
    sides = f"{words.code(state.away_id)} - {words.code(state.home_id)}"
    score: dict[str, RenderableType] = {
        "#headline": sections.headline(entry, state.seen_at, clock),
        "#score-label": Text(f"{clock}\n{sides}", justify="right"),
        "#score": f"{moment.away}-{moment.home}",
    }
    if view.forecast is None:
        return score
    numbers = view.forecast.numbers
    here = replace(entry.forecast, home_win_prob=numbers.home_win_prob, margin=numbers.margin)
    return score | {
        "#chance": words.percent(here.pick_prob).strip("%"),
        "#verdict": sections.verdict_from_here(here, entry.forecast),
        "#balance": sections.Balance(here),
    }


def course_parts(entry: SlateGame, timeline: Timeline | None, card: LiveCard | None, *, tall: bool) -> Parts:
    """How the game goes, or went; empty where nothing is known of that."""
    on = card is not None and is_on(card.view)
    telling = card if card is not None and len(card.points) >= LEAST_POINTS else None
    told = timeline if timeline and timeline.scores else course_of(telling) if telling else None
    if told is None and not on:
        return {}
    parts: dict[str, RenderableType] = {"#course-title": "How it goes" if on else "How it went"}
    if card is not None and on:
        parts |= {"#doubt": Text("\n".join(card.view.notes), style="bold yellow")} if card.view.notes else {}
        parts["#standing"] = standing(card)
        parts |= {"#alike": MostLike(card.alike_outcomes, card.alike)} if card.alike else {}
    if told is not None:
        parts["#line-score"] = LineScore(entry.game, told)
        parts["#lead"] = LeadChart(entry.game, told, _LEAD_ROWS[tall])
    if telling is not None:
        parts["#chances"] = ChanceChart.of(telling, _CHANCE_ROWS[tall])
    return parts


def surrounding_parts(message: GameRead, entry: SlateGame) -> Parts:
    """What surrounds the game: the odds, other models, both teams."""
    away, home = (
        sections.last_games(team, games)
        for team, games in zip((entry.game.away_id, entry.game.home_id), message.last_games, strict=True)
    )
    return {
        "#away-games": away,
        "#home-games": home,
        "#meetings": sections.meetings(message.meetings),
        "#standings": Standings(message.teams),
        "#factors": Factors(message.teams),
        "#odds": Odds(entry.forecast, message.odds),
        "#models": SideBySide(message.side_by_side),
    }
