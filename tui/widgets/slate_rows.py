"""A day's games as rows of a table, fitted to the width at hand, and the day summed up in one line."""

from __future__ import annotations

from rich.text import Text

from engine.core import words
from engine.core.records import Outcome, Slate, SlateGame
from engine.core.teams import TEAMS
from tui.widgets import text as texts
from tui.widgets.table import PADDING, Column, room

WIDE = 120
"""Cells from which a row has room for the teams' full names."""
FULL_NAMES = 2 * max(len(team.name) for team in TEAMS) + len(" vs ")
"""Cells that the longest matchup takes with full names."""
PUBLISHED = "*"
"""Mark of a forecast that was published."""
_FIXED = (Column("Pick", 8), Column("Expected", 8, right=True), Column("Result", 11, right=True), Column("Status", 10))
_COLOURS = {Outcome.HIT: "green", Outcome.MISS: "red"}


def slate_columns(width: int) -> tuple[Column, ...]:
    """Columns for a table as wide as `width`; the probability bar takes what the others leave."""
    matchup = Column("Matchup", FULL_NAMES if width >= WIDE else 10)
    pick, expected, result, status = _FIXED
    bar = Column("Win chance", max(10, min(40, room(width, (matchup, *_FIXED)) - PADDING)))
    return matchup, pick, bar, expected, result, status


def slate_row(entry: SlateGame, columns: tuple[Column, ...]) -> tuple[str | Text, ...]:
    """One game in the cells of `slate_columns`."""
    forecast = entry.forecast
    called = words.code if columns[0].width < FULL_NAMES else words.name
    verdict = Text(texts.standing(entry), style=_COLOURS.get(entry.outcome, "") if entry.final else "")
    return (
        f"{called(forecast.away_id)} {words.between(forecast.neutral)} {called(forecast.home_id)}",
        f"{words.code(forecast.pick_id)} {words.percent(forecast.pick_prob)}{PUBLISHED if entry.published else ''}",
        Text(texts.bar(forecast.pick_prob, columns[2].width), style="cyan"),
        texts.expected_score(forecast),
        texts.result(entry.game),
        verdict,
    )


def slate_summary(slate: Slate) -> str:
    """`8 games · 5 final: 3 hits, 2 misses · model logistic@2 · * published`; `8 games: 5 hits ...` when all are."""
    if not slate.games:
        return ""
    final = [entry for entry in slate.games if entry.final]
    hits = sum(entry.outcome is Outcome.HIT for entry in final)
    misses = sum(entry.outcome is Outcome.MISS for entry in final)
    parts = [texts.plural(len(slate.games), "game")]
    if final:
        missed = f"{misses} miss{'' if misses == 1 else 'es'}"
        over = parts.pop() if len(final) == len(slate.games) else f"{len(final)} final"
        parts.append(f"{over}: {texts.plural(hits, 'hit')}, {missed}")
    models = sorted({entry.forecast.model for entry in slate.games})
    parts.append(f"model{'' if len(models) == 1 else 's'} {', '.join(models)}")
    if any(entry.published for entry in slate.games):
        parts.append(f"{PUBLISHED} published")
    elif final:
        parts.append("none published")
    return " · ".join(parts)
