"""Games under way: one of them, an evening of them, and a turn that one has taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import discord

from engine.core import live_words, turn_words, words
from engine.core.live_games import LiveBoard, LiveCard, LiveStatus, LiveView
from engine.core.live_swings import GameTurn
from nbabot.embeds.games import chance_bar
from nbabot.embeds.parts import BRAND, GOOD_TO_KNOW, add_lines, banner, stamp, team_colour

_GROUPS = (
    ("On now", LiveStatus.LIVE),
    ("Still to come", LiveStatus.UPCOMING),
    ("Final", LiveStatus.FINAL),
    ("Put off", LiveStatus.PUT_OFF),
)
_MORE = "`/live` with a game shows the picture of it."


def live_game(card: LiveCard) -> discord.Embed:
    """The answer to `/live game`: who wins from here, by how much, what was said before, and what went like it."""
    embed = _game(card, [*_said(card)])
    add_lines(embed, "Most like it", _alike(card))
    add_lines(embed, GOOD_TO_KNOW, [*card.view.notes, *_as_of([card.view])])
    embed.set_footer(text=card.view.forecast.model if card.view.forecast else "nbabot")
    return embed


def followed(card: LiveCard, marker: str, ended: bool = False) -> discord.Embed:
    """A game as the message shows it that is edited while it goes on; `ended`: that nobody wants it edited any more.

    The same card gives the same text. `marker` is the footer by which the message is recognised.
    """
    course = live_words.sparkline(card.points) if len(card.points) > 1 else ""
    home = words.code(card.view.state.home_id)
    embed = _game(card, [*_said(card), *([f"`{course}` {home}'s chance so far"] if course else [])])
    over = card.view.state.status in (LiveStatus.FINAL, LiveStatus.PUT_OFF)
    known = [*card.view.notes, *_as_of([card.view]), *([] if over or ended else [_MORE])]
    if ended and not over:
        known.insert(0, "No longer followed here: this is how it stood then.")
    add_lines(embed, GOOD_TO_KNOW, known)
    embed.set_footer(text=marker)
    return embed


def live_board(board: LiveBoard, marker: str | None = None) -> discord.Embed:
    """The games of an evening in a line each, those under way first; without `marker` the answer to `/live`."""
    embed = discord.Embed(title=f"Tonight's games, {words.day(board.league_day)}", colour=BRAND)
    banner(embed, board.simulated)
    embed.description = _legend(board.games)
    for name, status in _GROUPS:
        lines = [_line(view) for view in board.games if view.state.status is status]
        add_lines(embed, name, lines)
    add_lines(embed, GOOD_TO_KNOW, [*live_words.notes(board), *_as_of(board.games), _MORE])
    models = sorted({view.forecast.model for view in board.games if view.forecast})
    embed.set_footer(text=marker or ", ".join(models) or "nbabot")
    return embed


def turn(card: LiveCard, taken: GameTurn, marker: str) -> discord.Embed:
    """Word of a turn that a game has just taken."""
    embed = discord.Embed(
        title=turn_words.title(taken, card.view),
        description=turn_words.line(taken, card.view),
        colour=team_colour(taken.team_id),
    )
    banner(embed, card.simulated)
    embed.set_footer(text=marker)
    return embed


def _game(card: LiveCard, lines: Iterable[str]) -> discord.Embed:
    view = card.view
    likelier = live_words.favourite(view)
    embed = discord.Embed(
        title=live_words.headline(view) or live_words.teams(view.state),
        description="\n".join(lines),
        colour=team_colour(likelier[0]) if likelier else BRAND,
    )
    banner(embed, card.simulated)
    return embed


def _said(card: LiveCard) -> Iterator[str]:
    """How it stands and what is said of it, a line each."""
    view = card.view
    state = view.state
    tip = stamp(state.tip_utc, "t") if state.tip_utc and state.status is LiveStatus.UPCOMING else ""
    yield f"**{live_words.score_line(view)}** · {tip or live_words.clock(state)}"
    likelier = live_words.favourite(view)
    if likelier and state.status in (LiveStatus.UPCOMING, LiveStatus.LIVE):
        other = state.away_id if likelier[0] == state.home_id else state.home_id
        yield chance_bar(likelier[0], other, likelier[1])
    told = (
        ("In the end", live_words.margin_line(view)),
        ("At half-time", live_words.halftime_line(view)),
        ("Before tip-off", live_words.before_line(view) if state.status is not LiveStatus.UPCOMING else ""),
        ("Biggest swing", live_words.swing_line(card)),
    )
    yield from (f"{name}: {said}" for name, said in told if said)


def _alike(card: LiveCard) -> list[str]:
    said = [live_words.alike_line(one) for one in card.alike]
    return [*said, *([f"{live_words.outcomes_line(card.alike_outcomes)}."] if card.alike_outcomes else [])]


def _as_of(views: Iterable[LiveView]) -> Iterator[str]:
    """When the newest of the games under way last changed; of the others there is no such moment."""
    moments = [view.state.changed_at for view in views if view.state.status is LiveStatus.LIVE]
    if moments:
        yield f"As of {stamp(max(moments), 't')}."


def _line(view: LiveView) -> str:
    tip = stamp(view.state.tip_utc, "t") if view.state.tip_utc else ""
    return live_words.board_line(view, bold="**", tip=tip)


def _legend(games: Sequence[LiveView]) -> str:
    if not games:
        return "No games tonight."
    count = "1 game" if len(games) == 1 else f"{len(games)} games"
    if all(view.state.status in (LiveStatus.FINAL, LiveStatus.PUT_OFF) for view in games):
        return f"{count}. Behind each what was said before tip-off, and whether it came true."
    return f"{count}. In **bold** who is likelier to win from here, and how sure."
