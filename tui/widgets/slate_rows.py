"""A day's games as rows of a table, fitted to the width at hand, and the day summed up in one line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rich.text import Text

from engine.core import words
from engine.core.live_games import LiveView
from engine.core.odds import edge_against
from engine.core.records import GameForecast, Outcome, Slate, SlateGame
from engine.core.teams import TEAMS, suggest_teams
from tui.widgets import live_rows
from tui.widgets import text as texts
from tui.widgets.table import PADDING, Column, room

WIDE = 120
"""Cells from which a row has room for the teams' full names."""
FULL_NAMES = 2 * max(len(team.name) for team in TEAMS) + len(" vs ")
"""Cells that the longest matchup takes with full names."""
PUBLISHED = "*"
"""Mark of a forecast that was published."""
_SHORT, _LONG = Column("Matchup", 10), Column("Matchup", FULL_NAMES)
_PICK, _EXPECTED = Column("Pick", 8), Column("Expected", 8, right=True)
_BAR, _EDGE = "Chance", Column("Edge", 8, right=True)
_SCORE, _STATUS = Column("Tip, score", 11, right=True), Column("Status", 9)
_REASON = "Mostly because"
_LEAST_BAR = 20
"""Cells that the probability bar has beside the reason."""
_COLOURS = {Outcome.HIT: "green", Outcome.MISS: "red"}


@dataclass(frozen=True, slots=True)
class TeamFilter:
    """The games that a person wants to see, by what has been typed of a team's name; all of them for an empty text."""

    typed: str = ""

    def games(self, slate: Slate) -> tuple[SlateGame, ...]:
        """The games of a day in which one of the teams plays that may be meant."""
        if not self.typed.strip():
            return slate.games
        meant = {team.team_id for team in suggest_teams(self.typed)}
        return tuple(entry for entry in slate.games if meant & {entry.game.home_id, entry.game.away_id})


def slate_columns(width: int, slate: Slate) -> tuple[Column, ...]:
    """Columns for a table as wide as `width`; the probability bar takes what the others leave.

    The edge against the line has a column where there is a line; the weightiest reason, where there is room for all.
    """
    lined = any(entry.forecast.line is not None for entry in slate.games)
    others = (_LONG if width >= WIDE else _SHORT, _PICK, _EXPECTED, *((_EDGE,) if lined else ()), _SCORE, _STATUS)
    reason = Column(_REASON, max((len(_reason(entry.forecast)) for entry in slate.games), default=0))
    left = room(width, others) - PADDING
    reasoned = left >= _LEAST_BAR + reason.width + PADDING
    bar = Column(_BAR, max(6, min(40, left - (reason.width + PADDING if reasoned else 0))))
    return (*others[:2], bar, *others[2:], *((reason,) if reasoned else ()))


def slate_row(
    entry: SlateGame, columns: tuple[Column, ...], now: datetime, live: LiveView | None = None, *, fresh: bool = False
) -> tuple[str | Text, ...]:
    """One game, at a moment, in the cells of `slate_columns`; while it is on with score, clock and chance from here.

    `fresh` marks a score that has just changed.
    """
    entry = live_rows.as_seen(entry, live)
    forecast = entry.forecast
    called = words.code if _SHORT in columns else words.name
    bar = next(column.width for column in columns if column.label == _BAR)
    mark = PUBLISHED if entry.published else ""
    cells: dict[str, str | Text] = {
        _SHORT.label: f"{called(forecast.away_id)} {words.between(forecast.neutral)} {called(forecast.home_id)}",
        _PICK.label: f"{words.code(forecast.pick_id)} {words.percent(forecast.pick_prob)}{mark}",
        _BAR: Text(texts.bar(forecast.pick_prob, bar), style="cyan"),
        _EXPECTED.label: texts.expected_score(forecast),
        _EDGE.label: edge(forecast),
        _SCORE.label: texts.result(entry.game) or texts.tip_off(entry.game),
        _STATUS.label: Text(texts.standing(entry, now), style=_COLOURS.get(entry.outcome, "") if entry.final else ""),
    }
    cells[_REASON] = Text(_reason(forecast), style="dim")
    if live is not None and live_rows.is_on(live) and not entry.final:
        cells[_SCORE.label] = live_rows.live_score(live, fresh=fresh)
        cells[_STATUS.label] = live_rows.live_clock(live)
        cells[_BAR] = live_rows.live_chance(live, bar)
    return tuple(cells[column.label] for column in columns)


def _reason(forecast: GameForecast) -> str:
    """The first of the reasons, which is the weightiest."""
    return forecast.drivers[0].text if forecast.drivers else ""


def edge(forecast: GameForecast) -> str:
    """Whom the forecast gives more than the betting line does, and how much: `BOS +4%`; empty without a line."""
    ahead = edge_against(forecast.line, forecast).home_win_prob if forecast.line else None
    if ahead is None:
        return ""
    return f"{words.code(forecast.home_id if ahead >= 0 else forecast.away_id)} +{abs(100 * ahead):.0f}%"


def slate_summary(slate: Slate, under_way: int = 0) -> str:
    """`8 games · 5 final: 3 hits, 2 misses · 2 under way · model logistic@2 · * published`; `8 games: 5 hits ...`."""
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
    if under_way:
        parts.append(f"{under_way} under way")
    models = sorted({entry.forecast.model for entry in slate.games})
    parts.append(f"model{'' if len(models) == 1 else 's'} {', '.join(models)}")
    if any(entry.published for entry in slate.games):
        parts.append(f"{PUBLISHED} published")
    elif final:
        parts.append("none published")
    return " · ".join(parts)
