"""Games under way as plain text: the games of a day, one of them, and how live forecasts fared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.core import live_words, words
from engine.core.live_games import LiveBand, LiveBoard, LiveCard, LiveRecord, LiveStatus, LiveView
from engine.core.timelines import QUARTERS
from nbabot.cli.output import show, show_pairs, show_table
from nbabot.cli.text import figure

if TYPE_CHECKING:
    from rich.console import RenderableType

_CELLS = 48
_BANDS = ("left", "forecasts", "log loss", "Brier", "margin MAE", "in 80%", "in 95%")
_ALMOST_ALL = 48


@dataclass(frozen=True, slots=True)
class Page:
    """What is shown: lines, then facts with their labels."""

    lines: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]

    def show(self) -> None:
        """Print it."""
        show("\n".join(self.lines))
        show()
        show_pairs(self.facts)

    def drawn(self) -> RenderableType:
        """The same for a terminal on which it is drawn again and again."""
        from rich.console import Group
        from rich.table import Table
        from rich.text import Text

        facts = Table.grid(padding=(0, 2))
        for label, said in self.facts:
            facts.add_row(Text(label), Text(said))
        return Group(Text("\n".join(self.lines)), Text(), facts)


def board_page(board: LiveBoard) -> Page:
    """The games of a day, those under way first, each in a line; below it how one that is on is expected to end."""
    order = (LiveStatus.LIVE, LiveStatus.UPCOMING, LiveStatus.FINAL, LiveStatus.PUT_OFF)
    views = sorted(board.games, key=lambda view: order.index(view.state.status))
    day = words.day(board.league_day)
    head = f"{day}: {len(views)} games" if len(views) > 1 else f"{day}: one game" if views else f"No games on {day}."
    said = [line for view in views for line in _board_lines(view)]
    models = sorted({view.forecast.model for view in views if view.forecast})
    facts = [
        ("as of", words.moment(board.as_of)),
        *([("model", ", ".join(models))] if models else []),
        *[("note", note) for note in live_words.notes(board)],
    ]
    return Page((*_banner(board.simulated), head, *(["", *said] if said else [])), tuple(facts))


def change_line(view: LiveView) -> str:
    """A game in one line, for where nothing can be drawn again."""
    expected = live_words.margin_line(view)
    return live_words.board_line(view) + (f" · {expected}" if expected else "")


def card_page(card: LiveCard) -> Page:
    """All about one game: how it stands, who wins from here, how it came so far, and what went like it."""
    view = card.view
    state, model = view.state, view.forecast.model if view.forecast else ""
    begun = state.status in (LiveStatus.LIVE, LiveStatus.FINAL)
    setting = f"{live_words.teams(state)}, {words.day(state.league_day)}"
    stands = f"{live_words.score_line(view)} · {live_words.clock(state)}" if begun else live_words.clock(state)
    answer = [f"  {live_words.headline(view)}"] if live_words.headline(view) else []
    lines = (*_banner(card.simulated), setting, stands, "", *answer, *_course(card), *most_like_it(card))
    facts = (
        ("in the end", live_words.margin_line(view)),
        ("at half-time", live_words.halftime_line(view)),
        ("biggest swing", live_words.swing_line(card)),
        ("before tip-off", live_words.before_line(view) if begun else ""),
        ("model", model),
        ("as of", words.moment(state.changed_at)),
        *(("note", note) for note in view.notes),
    )
    return Page(lines, tuple((label, said) for label, said in facts if said))


def show_live_record(found: LiveRecord) -> None:
    """Print how live forecasts fared by the time that was left, and those of half-time margins."""
    if not found.bands or found.first_day is None or found.last_day is None:
        show(
            "No game that was forecast while it was played has a result yet: nbabot run follows games and grades them."
        )
        return
    span = f"{found.games:,} games, {words.day(found.first_day)} to {words.day(found.last_day)}"
    games = f"1 game, {words.day(found.last_day)}" if found.games == 1 else span
    show(f"Forecasts of games under way by {found.model}: {games}\n")
    show_table(_BANDS, [_band(one) for one in found.bands], right=range(1, len(_BANDS)))
    if half := found.halftime:
        shares = f"{half.share_80:.0%} inside the 80% interval, {half.share_95:.0%} inside the 95% one"
        show(f"\nMargins at half-time: {half.n:,} forecast, off by {half.margin_mae:.1f} points; {shares}.")


def _band(one: LiveBand) -> tuple[str, ...]:
    first, last = (seconds // 60 for seconds in one.left)
    left = f"{first} min and more" if last >= _ALMOST_ALL else f"{first} to {last} min"
    losses = (figure(one.log_loss, 4), figure(one.brier, 4), f"{one.margin_mae:.1f}")
    return (left, f"{one.n:,}", *losses, f"{one.share_80:.0%}", f"{one.share_95:.0%}")


def _banner(simulated: bool) -> tuple[str, ...]:
    return (words.SIMULATED, "") if simulated else ()


def _board_lines(view: LiveView) -> Iterator[str]:
    yield live_words.board_line(view)
    if expected := live_words.margin_line(view):
        yield f"    {expected}"


def _course(card: LiveCard) -> Iterator[str]:
    """The home side's chance over the game as a row of bars, with the quarters below."""
    if bars := live_words.sparkline(card.points, _CELLS):
        home = words.code(card.view.state.home_id)
        periods = max(QUARTERS, card.view.state.moment.period)
        marks = "".join(f"{f'Q{number}':<{_CELLS // QUARTERS}}" for number in range(1, QUARTERS + 1))
        yield ""
        yield f"  {home}'s chance  {bars}"
        if periods == QUARTERS:
            yield f"  {' ' * len(home)}           {marks}".rstrip()


def most_like_it(card: LiveCard) -> Sequence[str]:
    """The past games that went like one, and what became of them, with a heading; empty where none are named."""
    said = [*map(live_words.alike_line, card.alike)]
    if card.alike_outcomes:
        said.append(f"{live_words.outcomes_line(card.alike_outcomes)}.")
    return ["", "Most like it", *(f"  {line}" for line in said)] if said else []
