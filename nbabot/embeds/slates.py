"""A day's games."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import discord

from engine.core import words
from engine.core.records import Slate, SlateGame
from nbabot.embeds.parts import BRAND, GOOD_TO_KNOW, RECORD, add_lines, banner, clip, stamp

_LEVEL_NAMES = {"clear favourites": "Clear favourites (70% or more)", "leaning": "Leaning (58% to 69%)"}


def slate(day_slate: Slate, track: str, marker: str | None = None, page: Sequence[SlateGame] = ()) -> discord.Embed:
    """A day's games, surest first: whole in one embed, or those of a page of it.

    `marker` is the footer by which a post is recognised.
    """
    shown = page or day_slate.games
    embed = discord.Embed(title=f"Games of {words.day(day_slate.league_day)}", colour=BRAND)
    banner(embed, day_slate.simulated)
    embed.description = _legend(day_slate, len(shown))
    for name, games in _by_level(shown):
        add_lines(embed, name, [_line(item) for item in games])
    embed.add_field(name=RECORD, value=track, inline=False)
    hindsight = [words.UNPUBLISHED] if any(item.final and not item.published for item in shown) else []
    known = [*day_slate.notes, *hindsight, f"As of {stamp(day_slate.as_of)}."]
    embed.add_field(name=GOOD_TO_KNOW, value=clip("\n".join(known)), inline=False)
    models = sorted({item.forecast.model for item in shown})
    embed.set_footer(text=marker or ", ".join(models) or "nbabot")
    return embed


def _line(item: SlateGame) -> str:
    """A game, with the time of its tip-off while it is to come."""
    tip = item.forecast.tip_utc
    return words.slate_line(item, bold="**") + (f" · {stamp(tip, 't')}" if tip and not item.final else "")


def _legend(day_slate: Slate, shown: int) -> str:
    """What the lines below mean."""
    n = len(day_slate.games)
    if not n:
        return "No games that day."
    count = "1 game" if n == 1 else f"{n} games"
    part = f", {shown} of them here" if shown < n else ""
    if any(item.final for item in day_slate.games):
        tally = words.tally([item.outcome for item in day_slate.games])
        return f"{count}{part}: {tally}. The pick is **bold** with the chance it was given."
    return f"{count}{part}. The pick is **bold** with its chance to win, then the expected score."


def by_surety(games: Iterable[SlateGame]) -> tuple[SlateGame, ...]:
    """Games with the surest pick first."""
    return tuple(sorted(games, key=lambda item: -item.forecast.pick_prob))


def _by_level(games: Sequence[SlateGame]) -> Iterable[tuple[str, Sequence[SlateGame]]]:
    """Games grouped by how sure the pick is, surest first; empty groups are left out."""
    left = by_surety(games)
    for floor, name in words.LEVELS:
        group = [item for item in left if round(100 * item.forecast.pick_prob) >= floor]
        left = left[len(group) :]
        if group:
            yield _LEVEL_NAMES.get(name, name.capitalize()), group
