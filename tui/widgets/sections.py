"""The parts of the game screen as renderables: pure functions of records, laid out for whatever width they get."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table as Grid
from rich.text import Text

from engine.core import outlook_words, words
from engine.core.records import Game, GameForecast, Outcome, Range, SlateGame
from tui.widgets import text as texts

_AWAY, _HOME = "magenta", "cyan"
_BAR_HALF = 8
_MIN_SCALE = 4.0
"""Points that fill half a driver bar when every driver is smaller."""


def headline(entry: SlateGame, now: datetime, clock: str = "") -> Text:
    """Who plays, when and where, and where the game stands at a moment: by its clock while it is on."""
    forecast, standing = entry.forecast, clock or texts.standing(entry, now)
    colour = {Outcome.HIT: "green", Outcome.MISS: "red"}.get(entry.outcome, "") if entry.final else ""
    score, tip = texts.result(entry.game), texts.tip_off(entry.game)
    parts = (
        words.day(forecast.league_day),
        f"{tip} {texts.zone(entry.game.tip_utc)}" if entry.game.tip_utc else "",
        "neutral site" if forecast.neutral else "",
        f"final {score}" if score else "",
    )
    text = Text(words.matchup(forecast), style="bold")
    text.append("\n" + " · ".join(part for part in parts if part), style="not bold")
    if not (score and standing == "final"):
        text.append(" · ", style="not bold").append(standing, style=f"bold {colour}")
    return text


def verdict(forecast: GameForecast) -> Text:
    """The pick in words: who, how sure, by how much."""
    text = Text(words.name(forecast.pick_id), style="bold")
    text.append(f"\n{words.surety(forecast.pick_prob)}", style="not bold")
    text.append(f"\nby {texts.points(abs(forecast.margin))} on average", style="not bold")
    return text


def verdict_from_here(here: GameForecast, before: GameForecast) -> Text:
    """Who wins a game that is on, by how much, and what was said of him before it."""
    chance = before.home_win_prob if here.pick_id == before.home_id else 1 - before.home_win_prob
    text = Text(words.name(here.pick_id), style="bold")
    text.append(f"\nfrom here ({words.percent(chance)} before)", style="not bold")
    text.append(f"\nby {texts.points(abs(here.margin))} on average", style="not bold")
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
class Ranges:
    """How far margin and total may be off: a bar each, from end to end of what holds 80% of such games."""

    forecast: GameForecast

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The away side's end of the margin is at the left; the last line says what the strokes mean."""
        said, grid = self.forecast, Grid.grid(padding=(0, 1, 0, 0))
        if said.margin_80 is None or said.total_80 is None:
            return
        bar = max(10, options.max_width - 32)
        for name, wide, half, mean, told in (
            ("Margin", said.margin_80, said.margin_50, said.margin, self._lead),
            ("Total", said.total_80, said.total_50, said.total, "{:.0f}".format),
        ):
            grid.add_row(name, Text(told(wide[0]), justify="right"), _span(wide, half, mean, bar), told(wide[1]))
        yield grid
        half_words = outlook_words.margin_range(said)
        yield Text(f"● expected  ━ {half_words}  ─ 80% of them", style="dim")

    def _lead(self, margin: float) -> str:
        team = self.forecast.home_id if margin >= 0 else self.forecast.away_id
        return f"{words.code(team)} by {abs(margin):.0f}"


def _span(wide: Range, half: Range | None, mean: float, width: int) -> Text:
    """`───━━━━●━━━━───`: the wide interval from end to end, the half one heavy, the mean as a dot."""

    def place(value: float) -> int:
        return min(max(round((value - wide[0]) / (wide[1] - wide[0]) * (width - 1)), 0), width - 1)

    cells = ["─"] * width
    if half is not None:
        first, last = place(half[0]), place(half[1])
        cells[first : last + 1] = "━" * (last - first + 1)
    cells[place(mean)] = "●"
    return Text("".join(cells), style="cyan")


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Who is in doubt, how likely he plays, and what that costs his team."""

    forecast: GameForecast

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A row per player, dearest first."""
        grid = Grid.grid(expand=True, padding=(0, 1, 0, 0))
        grid.add_column(width=4)
        grid.add_column(ratio=4)
        grid.add_column(ratio=4)
        grid.add_column(width=10, justify="right")
        grid.add_column(width=11, justify="right")
        for one in sorted(self.forecast.availability, key=lambda one: one.points):
            team, name, status, plays, *_ = outlook_words.outlook_row(one)
            grid.add_row(team, Text(name), Text(status), f"{plays} plays", f"{texts.signed(one.points)} points")
        if self.forecast.availability:
            yield grid
        else:
            yield Text("Nobody is known to be in doubt.", style="dim")


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
    text = Text(f"{words.nickname(team_id)}, last games", style="bold")
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
