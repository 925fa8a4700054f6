"""The parts of the game screen as renderables: pure functions of records, laid out for whatever width they get."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table as Grid
from rich.text import Text

from engine.core import outlook_words, words
from engine.core.records import Game, GameForecast, Outcome, RotationPlayer, SlateGame
from tui.widgets import text as texts

_AWAY, _HOME = "magenta", "cyan"
_BAR_HALF = 8
_MIN_SCALE = 4.0
"""Points that fill half a driver bar when every driver is smaller."""


def headline(entry: SlateGame) -> Text:
    """Who plays, when and where, and where the game stands."""
    forecast = entry.forecast
    where = " · neutral site" if forecast.neutral else ""
    score = texts.result(entry.game)
    colour = {Outcome.HIT: "green", Outcome.MISS: "red"}.get(entry.outcome, "") if entry.final else ""
    text = Text(words.matchup(forecast), style="bold")
    text.append(f"\n{words.day(forecast.league_day)}{where} · ", style="not bold")
    text.append(f"final {score} · " if score else "", style="not bold")
    text.append(texts.standing(entry), style=f"bold {colour}")
    return text


def verdict(forecast: GameForecast) -> Text:
    """The pick in words: who, how sure, by how much."""
    text = Text(words.name(forecast.pick_id), style="bold")
    text.append(f"\n{words.surety(forecast.pick_prob)}", style="not bold")
    text.append(f"\nby {texts.points(abs(forecast.margin))} on average", style="not bold")
    return text


def score_label(forecast: GameForecast) -> Text:
    """Caption of the expected score."""
    return Text(f"expected\n{words.code(forecast.away_id)} - {words.code(forecast.home_id)}", justify="right")


@dataclass(frozen=True, slots=True)
class Balance:
    """Both teams' chances as one bar: the away side fills from the left, the home side has the rest."""

    forecast: GameForecast

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """One line, as wide as there is room."""
        home, prob = self.forecast.home_id, self.forecast.pick_prob
        shares = [words.other_percent(prob), words.percent(prob)]
        if self.forecast.pick_id != home:
            shares.reverse()
        left, right = f"{words.code(self.forecast.away_id)} {shares[0]} ", f" {shares[1]} {words.code(home)}"
        width = max(4, options.max_width - len(left) - len(right))
        away = min(max(round((1 - self.forecast.home_win_prob) * width), 1), width - 1)
        yield Text.assemble(left, ("▓" * away, _AWAY), ("░" * (width - away), _HOME), right, no_wrap=True)


@dataclass(frozen=True, slots=True)
class Drivers:
    """The reasons as a list of signed bars: to the left for the away side, to the right for the home side."""

    forecast: GameForecast

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A row per driver; long reasons wrap between words."""
        drivers = self.forecast.drivers
        if not drivers:
            yield Text("No single reason stands out.")
            return
        scale = max(_MIN_SCALE, *(abs(driver.points) for driver in drivers))
        grid = Grid.grid(expand=True, padding=(0, 1, 0, 0))
        grid.add_column(ratio=1)
        grid.add_column(width=2 * _BAR_HALF + 1, no_wrap=True)
        grid.add_column(width=8, justify="right", no_wrap=True)
        for driver in drivers:
            left, right = texts.signed_bar(driver.points, scale, _BAR_HALF)
            bar = Text.assemble((left, _AWAY), "│", (right, _HOME))
            worth, reason = words.driver(driver, self.forecast)
            grid.add_row(reason, bar, worth)
        yield grid


@dataclass(frozen=True, slots=True)
class Availability:
    """How far the margin may be off, who is in doubt and what that costs, and what the market says."""

    forecast: GameForecast

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A line for the range, a row per player, the line and the edge against it."""
        if spread := outlook_words.margin_range(self.forecast):
            yield Text(spread)
        if self.forecast.availability:
            yield Text("In doubt", style="bold")
            yield self._players()
        if self.forecast.line is not None:
            yield Text(f"Line: {outlook_words.line(self.forecast)}")
            yield Text(f"Edge: {outlook_words.edge(self.forecast)}")
            yield Text(words.GAMBLING, style="dim")

    def _players(self) -> Grid:
        grid = Grid.grid(padding=(0, 2, 0, 0))
        for one in self.forecast.availability:
            team, name, status, plays, _, cost = outlook_words.outlook_row(one)
            grid.add_row(team, Text(name), Text(status), f"{plays} plays", f"{cost} points")
        return grid


@dataclass(frozen=True, slots=True)
class Notes:
    """Caveats as a list; nothing when there are none."""

    lines: tuple[str, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A row per caveat; long ones wrap beside the bullet."""
        grid = Grid.grid(padding=(0, 1, 0, 0))
        for line in self.lines:
            grid.add_row("•", Text(line))
        yield grid


def last_games(team_id: int, games: tuple[Game, ...]) -> Text:
    """A team's results, newest first: won or lost, score with its own points first, opponent, day."""
    text = Text(f"{words.name(team_id)}, last games", style="bold")
    if not games:
        text.append("\nnone known", style="not bold dim")
    for game in games:
        home = game.home_id == team_id
        own, other = (game.home_points, game.away_points) if home else (game.away_points, game.home_points)
        if own is None or other is None:
            continue
        won = own > other
        opponent = game.away_id if home else game.home_id
        place = "vs" if home or game.neutral else "at"
        text.append("\nW" if won else "\nL", style=f"not bold {'green' if won else 'red'}")
        text.append(f" {own:>3}-{other:<3} {place:>2} {words.code(opponent)}", style="not bold")
        text.append(f"  {words.short_day(game.league_day)}", style="not bold dim")
    return text


@dataclass(frozen=True, slots=True)
class Rotation:
    """Whom a team counts on, most minutes first: name, minutes and points per game."""

    team_id: int
    players: tuple[RotationPlayer, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A row per player; long names wrap."""
        grid = Grid.grid(expand=True, padding=(0, 1, 0, 0))
        grid.add_column(ratio=1)
        grid.add_column(width=4, justify="right", no_wrap=True)
        grid.add_column(width=4, justify="right", no_wrap=True)
        title = Text(f"{words.code(self.team_id)} rotation", style="bold")
        if not self.players:
            yield title
            yield Text("no player rows known", style="dim")
            return
        grid.add_row(title, Text("min", style="dim"), Text("pts", style="dim"))
        for player in self.players:
            grid.add_row(player.name, f"{player.minutes:.0f}", f"{player.pts:.1f}")
        yield grid


def meetings(games: tuple[Game, ...]) -> Text:
    """Results between the two teams, newest first."""
    text = Text("Last meetings", style="bold")
    if not games:
        text.append("\nnone known", style="not bold dim")
    for game in games:
        teams = f"{words.code(game.away_id)} {words.between(game.neutral):>2} {words.code(game.home_id)}"
        text.append(f"\n{teams}  {texts.result(game):<12}", style="not bold")
        text.append(words.short_day(game.league_day), style="not bold dim")
    return text


def origin(entry: SlateGame) -> Text:
    """Where the forecast comes from: model, moment, newest result it knows, whether it was published."""
    forecast = entry.forecast
    state = "published" if entry.published else "not published"
    return Text(
        f"{forecast.model} · as of {words.moment(forecast.as_of)}\n{words.known_through(forecast)} · {state}",
        style="dim",
    )
