"""Answers and posts as Discord embeds: pure functions from the engine's records. Nothing is computed here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

import discord

from engine.core import outlook_words, words
from engine.core.alerts import Alert, Severity
from engine.core.records import GameForecast, Outcome, Pick, Slate, SlateGame
from engine.core.teams import BY_ID

BRAND = 0xF58426
GOOD, BAD, QUIET = 0x2E8B57, 0xB03A2E, 0x7F8C8D
ALMOST_BLACK = 0x010101
"""For black: Discord shows an embed of colour 0 as one without a colour."""
RECORD = "How good is the bot?"
FIELD_LIMIT = 1024
_BAR_CELLS = 14
_LEVEL_NAMES = {"clear favourites": "Clear favourites (70% or more)", "leaning": "Leaning (58% to 69%)"}


def prediction(forecast: GameForecast, track: str, simulated: bool) -> discord.Embed:
    """The answer to `/predict`: who and how sure first, then the score, the reasons, the record, and as of when."""
    lines = (
        f"**{words.short_matchup(forecast)}**",
        _bar(forecast),
        f"Expected score: **{words.score(forecast)}**",
        outlook_words.margin_range(forecast),
        _when(forecast),
        *(_out(forecast, team_id) for team_id in (forecast.home_id, forecast.away_id)),
    )
    embed = discord.Embed(
        title=words.chance(forecast),
        description="\n".join(line for line in lines if line),
        colour=BY_ID[forecast.pick_id].colour or ALMOST_BLACK,
    )
    banner(embed, simulated)
    if forecast.drivers:
        embed.add_field(name="Why (points of margin)", value=_reasons(forecast), inline=False)
    if forecast.line is not None:
        said = [outlook_words.line(forecast), outlook_words.edge(forecast), words.GAMBLING]
        embed.add_field(name="Against the line", value=clip("\n".join(filter(None, said))), inline=False)
    embed.add_field(name=RECORD, value=track, inline=False)
    known = f"As of {stamp(forecast.as_of)}, knows {words.known_through(forecast)}."
    embed.add_field(name="Good to know", value=clip("\n".join([*words.caveats(forecast), known])), inline=False)
    embed.set_footer(text=forecast.model)
    return embed


def slate(day_slate: Slate, track: str, marker: str | None = None) -> discord.Embed:
    """A day's games, surest first, whole in one embed. `marker` is the footer by which a post is recognised."""
    embed = discord.Embed(title=f"Games of {words.day(day_slate.league_day)}", colour=BRAND)
    banner(embed, day_slate.simulated)
    embed.description = _legend(day_slate)
    for name, games in _by_level(day_slate.games):
        _add_lines(embed, name, [words.slate_line(item, bold="**") for item in games])
    embed.add_field(name=RECORD, value=track, inline=False)
    known = f"As of {stamp(day_slate.as_of)}."
    hindsight = [words.UNPUBLISHED] if any(item.final and not item.published for item in day_slate.games) else []
    embed.add_field(name="Good to know", value=clip("\n".join([*day_slate.notes, *hindsight, known])), inline=False)
    models = sorted({item.forecast.model for item in day_slate.games})
    embed.set_footer(text=marker or ", ".join(models) or "nbabot")
    return embed


def recap(picks: tuple[Pick, ...], track: str, simulated: bool, marker: str) -> discord.Embed:
    """How the picks of one day did; there must be at least one."""
    outcomes = [pick.outcome for pick in picks]
    ahead = outcomes.count(Outcome.HIT) - outcomes.count(Outcome.MISS)
    embed = discord.Embed(
        title=f"{words.day(picks[0].league_day)}: {words.tally(outcomes)}",
        colour=GOOD if ahead > 0 else BAD if ahead < 0 else QUIET,
    )
    banner(embed, simulated)
    _add_lines(embed, "Results", [words.recap_line(pick, bold="**") for pick in picks])
    embed.add_field(name=RECORD, value=track, inline=False)
    embed.set_footer(text=marker)
    return embed


def alert(found: Alert, simulated: bool, marker: str) -> discord.Embed:
    """What the operator should know, and how to answer it."""
    embed = discord.Embed(
        title=f"{words.alert_title(found)}",
        description=clip(found.text),
        colour={Severity.INFO: QUIET, Severity.WARNING: BRAND, Severity.CRITICAL: BAD}[found.severity],
    )
    banner(embed, simulated)
    embed.add_field(name="Since", value=stamp(found.raised))
    embed.add_field(name="Seen it?", value=f"`nbabot alerts ack {found.number}`")
    embed.set_footer(text=marker)
    return embed


def help_page(simulated: bool) -> discord.Embed:
    """What the bot does and what can be asked."""
    embed = discord.Embed(
        title="What you can ask",
        description="Win chances for NBA games from team form, rest, home court and strength ratings; players' numbers "
        "from their minutes, their form and the opponent.",
        colour=BRAND,
    )
    banner(embed, simulated)
    commands = (
        ("/predict home away [date]", "Who wins, how sure, the expected score and why. Any name works: BOS, Celtics."),
        ("/today [date]", "All games of a day with the pick for each, and the results once they are known."),
        (
            "/player name [stat] [opponent] [line]",
            "What a player is expected to do in his next game, how far off that may be, and his form. Nicknames work.",
        ),
        ("/help", "This page."),
    )
    for name, text in commands:
        embed.add_field(name=name, value=text, inline=False)
    embed.add_field(
        name="How to read a chance",
        value="64% means: of 100 such games the team wins about 64. An upset is no mistake: it comes in the other 36.",
        inline=False,
    )
    embed.set_footer(text=words.GAMBLING)
    return embed


def packed(embeds: Iterable[discord.Embed]) -> str:
    """Embeds as text to be stored."""
    return json.dumps([embed.to_dict() for embed in embeds], ensure_ascii=False)


def unpacked(payload: str) -> list[discord.Embed]:
    """Stored embeds, ready to be sent."""
    return [discord.Embed.from_dict(one) for one in json.loads(payload)]


def banner(embed: discord.Embed, simulated: bool) -> None:
    """Say on an embed that the league is simulated, where it is."""
    if simulated:
        embed.set_author(name=f"⚠️ {words.SIMULATED}")


def clip(text: str) -> str:
    """Text that fits a field."""
    return text if len(text) <= FIELD_LIMIT else text[: FIELD_LIMIT - 1] + "…"


def stamp(moment: datetime) -> str:
    """A moment that Discord shows in the reader's own time."""
    return f"<t:{int(moment.timestamp())}:f>"


def _bar(forecast: GameForecast) -> str:
    """Both teams' chances as a bar that fits a phone's width: `BOS 64% ▓▓▓▓▓▓▓▓▓░░░░░ 36% LAL`."""
    first, second = forecast.pick_id, forecast.away_id if forecast.pick_id == forecast.home_id else forecast.home_id
    full = round(_BAR_CELLS * forecast.pick_prob)
    left, right = words.percent(forecast.pick_prob), words.other_percent(forecast.pick_prob)
    bar = "▓" * full + "░" * (_BAR_CELLS - full)
    return f"`{words.code(first)} {left} {bar} {right} {words.code(second)}`"


def _out(forecast: GameForecast, team_id: int) -> str:
    missing = outlook_words.absences(forecast, team_id)
    return f"{words.code(team_id)} out: {missing}" if missing else ""


def _when(forecast: GameForecast) -> str:
    tip = f" · tip-off <t:{int(forecast.tip_utc.timestamp())}:t>" if forecast.tip_utc and forecast.scheduled else ""
    return ("📅 " if forecast.scheduled else "💭 ") + words.setting(forecast) + tip


def _reasons(forecast: GameForecast) -> str:
    parts = (words.driver(reason, forecast) for reason in forecast.drivers[:3])
    return clip("\n".join(f"`{worth}` {text}" for worth, text in parts))


def _legend(day_slate: Slate) -> str:
    """What the lines below mean."""
    n = len(day_slate.games)
    if not n:
        return "No games that day."
    count = "1 game" if n == 1 else f"{n} games"
    if any(item.final for item in day_slate.games):
        tally = words.tally([item.outcome for item in day_slate.games])
        return f"{count}, {tally}. The pick is **bold** with the chance it was given."
    return f"{count}. The pick is **bold** with its chance to win, then the expected score."


def _by_level(games: Sequence[SlateGame]) -> Iterable[tuple[str, list[SlateGame]]]:
    """Games grouped by how sure the pick is, surest first; empty groups are left out."""
    left = sorted(games, key=lambda item: -item.forecast.pick_prob)
    for floor, name in words.LEVELS:
        group = [item for item in left if round(100 * item.forecast.pick_prob) >= floor]
        left = left[len(group) :]
        if group:
            yield _LEVEL_NAMES.get(name, name.capitalize()), group


def _add_lines(embed: discord.Embed, name: str, lines: Iterable[str]) -> None:
    """Add lines as one field, or as several where they would not fit Discord's 1,024 characters."""
    chunk = ""
    for line in lines:
        if len(chunk) + len(line) + 1 > FIELD_LIMIT:
            embed.add_field(name=name, value=chunk, inline=False)
            name, chunk = "​", ""
        chunk += f"{line}\n"
    if chunk:
        embed.add_field(name=name, value=chunk.rstrip(), inline=False)
