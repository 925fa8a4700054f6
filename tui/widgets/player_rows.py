"""Players, their forecasts and their games as rows: pure functions from the engine's records, no widget."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table as Grid
from rich.text import Text

from engine.core import player_words, words
from engine.core.player_records import PlayerForecast, PlayerGame, PlayerHit, PlayerRecord, Range, Stat, StatForecast
from tui.widgets.table import Column, room

SHORT = {stat: stat.words for stat in Stat} | {Stat.PRA: "pts+reb+ast"}
"""Names of the stats that leave room in 80 columns."""
_COUNTS = {"min": None, "pts": Stat.PTS, "reb": Stat.REB, "ast": Stat.AST, "3pm": Stat.FG3M, "stl": Stat.STL,
           "blk": Stat.BLK, "tov": Stat.TOV}  # fmt: skip
_FIXED = (Column("If he plays", 11), Column("Mean", 4, right=True), Column("50%", 7), Column("80%", 7))
_HEADROOM = 1.15
"""A range bar ends this much above the upper end of the 80% interval."""


def hit_columns(width: int) -> tuple[Column, ...]:
    """Columns of the candidates in a table as wide as `width`."""
    columns = (Column("Team", 4), Column("Last game", 11))
    return (Column("Player", max(12, min(28, room(width, columns) - 2))), *columns)


def hit_row(hit: PlayerHit) -> tuple[str, ...]:
    """One candidate in the cells of `hit_columns`."""
    last = words.short_day(hit.last_day) if hit.last_day else "none yet"
    return hit.name, words.code(hit.team_id) if hit.team_id else "none", last


def unmistakable(hit: PlayerHit) -> str:
    """His name with his team, as it tells him from his namesakes: `Al Ho (BOS)`."""
    return f"{hit.name} ({words.code(hit.team_id)})" if hit.team_id else hit.name


def stat_columns(width: int) -> tuple[Column, ...]:
    """Columns of the forecast in a table as wide as `width`; the picture of the range takes what the others leave."""
    return (*_FIXED, Column("Range", max(10, min(36, room(width, _FIXED) - 2))))


def stat_row(one: StatForecast, columns: Sequence[Column]) -> tuple[str | Text, ...]:
    """One stat in the cells of `stat_columns`."""
    half, mostly = (_span(interval) for interval in (one.interval_50, one.interval_80))
    return SHORT[one.stat], f"{one.mean:.1f}", half, mostly, range_bar(one, columns[-1].width)


def range_bar(one: StatForecast, width: int) -> Text:
    """Where the outcome will lie, from 0 at the left: `·──━━●━━──·`, thin for 8 games of 10, thick for half of them."""
    most = max(one.interval_80[1] * _HEADROOM, 1.0)
    places = [min(width - 1, int(value / most * width)) for value in (*one.interval_80, *one.interval_50, one.mean)]
    outer, inner, mean = range(places[0], places[1] + 1), range(places[2], places[3] + 1), places[4]
    marks = ("●" if at == mean else "━" if at in inner else "─" if at in outer else "·" for at in range(width))
    return Text("".join(marks), style="cyan")


def who(forecast: PlayerForecast) -> Text:
    """Name, team and minutes; then the game; then whether he plays, where that is in doubt."""
    text = Text(forecast.name, style="bold")
    text.append(f"  {player_words.role(forecast)}\n", style="not bold")
    text.append(player_words.setting(forecast), style="not bold")
    if doubt := player_words.playing(forecast):
        text.append(f"\n{'✗' if forecast.chance <= 0 else '?'} {doubt}", style="bold yellow")
    return text


def against_line(forecast: PlayerForecast, stat: Stat) -> Text:
    """The chances of the line, or how to ask for them."""
    if forecast.line is None or forecast.line.stat is not stat:
        return Text(f"{player_words.often(forecast.stat(stat)).capitalize()}. l asks about a line.", style="dim")
    text = Text(player_words.over(forecast.line), style="bold")
    return text.append(f"\n{words.GAMBLING}", style="not bold dim")


def games_table(games: Sequence[PlayerGame]) -> Grid | Text:
    """His last games, the newest first, one line each."""
    if not games:
        return Text("No game of his is stored.", style="dim")
    grid = Grid.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True)
    for _ in _COUNTS:
        grid.add_column(width=4, justify="right", no_wrap=True)
    grid.add_row(f"Last {len(games)} games", "", *_COUNTS, style="bold")
    for game in reversed(games):
        counts = (f"{game.minutes:.0f}" if stat is None else str(game.value(stat)) for stat in _COUNTS.values())
        place = "vs" if game.home else "at"
        grid.add_row(words.short_day(game.league_day), f"{place} {words.code(game.opponent_id)}", *counts)
    return grid


def record_table(record: PlayerRecord) -> Grid | Text:
    """What became of every published forecast of players, by stat."""
    if not record.stats:
        return Text("No forecasts of players have been published yet: nbabot run publishes each day's.", style="dim")
    grid = Grid.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    headings = ("forecasts", "hits", "misses", "void", "open", "off by", "in 50%", "in 80%")
    for heading in headings:
        grid.add_column(width=max(6, len(heading)), justify="right", no_wrap=True)
    grid.add_row("Published", *headings, style="bold")
    for one in record.stats:
        counts = (f"{count:,}" for count in (one.n, one.hits, one.misses, one.voids, one.pending))
        shares = ("–" if share is None else words.percent(share) for share in (one.share_50, one.share_80))
        grid.add_row(SHORT[one.stat], *counts, "–" if one.mae is None else f"{one.mae:.2f}", *shares)
    return grid


def _span(interval: Range) -> str:
    low, high = player_words.whole(interval)
    return f"{low}-{high}"
