"""What /setup shows and changes: the wishes of a server, checked, and the page that tells how they stand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

import discord

from engine.core.calendar import LEAGUE_ZONE
from engine.core.errors import UsageError
from engine.core.guilds import LAST_CALL, PICKS_BEFORE, GuildSettings, Topic, posting_moment, times_offered
from engine.engine import Engine
from nbabot import embeds
from nbabot.channels import Delivered, DiscordSender, discord_key, not_allowed
from nbabot.settings import Settings

ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
    "America/Anchorage", "Pacific/Honolulu", "America/Toronto", "America/Mexico_City", "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires", "Europe/London", "Europe/Paris", "Europe/Berlin", "Europe/Athens",
    "Europe/Istanbul", "Africa/Lagos", "Asia/Dubai", "Asia/Kolkata", "Asia/Manila", "Asia/Shanghai", "Asia/Tokyo",
    "Australia/Sydney", "Pacific/Auckland",
)  # fmt: skip
"""The zones that are offered, from west to east; any other can be typed."""
MOST_TIMES = 24
TOPICS = {
    Topic.PICKS: ("The day's picks", "and what changes them before tip-off"),
    Topic.RECAP: ("Results", "the next morning, how the picks did"),
    Topic.WEEKLY: ("The week's report", "on Mondays"),
    Topic.LIVE: ("Games under way", "one message that follows the evening, and big swings; needs a channel of its own"),
    Topic.ALERTS: ("What is wrong here", "a channel that takes no posts; needs a channel of its own"),
}
"""What can be posted: its name, and what that is."""
_NOT_HERE = "That channel is not one of this server: choose another one."

Change = Callable[[GuildSettings], GuildSettings]


class ServerSetup:
    """The wishes of servers. All methods but `test` block: call them in a thread."""

    def __init__(self, engine: Engine, settings: Callable[[], Settings], sender: DiscordSender) -> None:
        self._engine = engine
        self._sender = sender
        self._settings = settings

    def wishes(self, guild_id: int) -> GuildSettings:
        """What a server wants."""
        return self._engine.guilds.get(guild_id)

    def change(self, guild_id: int, make: Change) -> GuildSettings:
        """Change what a server wants. Raises UsageError for a zone or time that cannot be."""
        wanted = make(self.wishes(guild_id))
        if wanted.at is not None and wanted.at not in self.times(wanted.zone):
            wanted = replace(wanted, at=None)
        self._engine.guilds.put(wanted)
        return wanted

    def undo(self, guild_id: int) -> GuildSettings:
        """Take the last change back. Raises UsageError."""
        return self._engine.guilds.undo(guild_id)

    def forget(self, guild_id: int, others: Iterable[int] = ()) -> None:
        """Delete what a server wanted, and give up what waits for its channels and is followed there.

        `others` are channels of the server that its wishes need not name.
        """
        wishes = self.wishes(guild_id)
        self._engine.guilds.forget(guild_id)
        for key in map(discord_key, {*wishes.channels, *others}):
            self._engine.outbox.give_up(key, "The bot was removed from the server.")
            self._engine.guilds.reopen_channel(key)
            self._engine.follows.leave(key)

    def _made(self) -> time:
        """When the day's picks are made, in the league's time."""
        return time.fromisoformat(self._settings().schedule.picks_time)

    def times(self, zone: str) -> tuple[time, ...]:
        """The local times that can be chosen, none of them before the picks are made or too late for them."""
        GuildSettings(0, zone=zone).check()
        offered = times_offered(zone, self._made(), self._engine.today())
        return offered if len(offered) <= MOST_TIMES else tuple(at for at in offered if at.minute == offered[0].minute)

    def local(self, at: time, zone: str) -> datetime:
        """A time of the league's day on the server's clocks."""
        moment = datetime.combine(self._engine.today(), at, LEAGUE_ZONE)
        return moment.astimezone(ZoneInfo(zone))

    def posted_at(self, wishes: GuildSettings) -> datetime:
        """When today's picks are due in a server, on its clocks."""
        today = self._engine.today()
        made, last = (datetime.combine(today, at, LEAGUE_ZONE) for at in (self._made(), PICKS_BEFORE))
        return posting_moment(today, wishes, made, last - LAST_CALL).astimezone(ZoneInfo(wishes.zone))

    def page(self, wishes: GuildSettings, said: str = "") -> discord.Embed:
        """How a server's wishes stand, what is wrong, and what to do next. `said`: what the last press did."""
        embed = discord.Embed(title="Setup", description=said or self._next_step(wishes), colour=embeds.BRAND)
        embed.add_field(name="Picks", value=self._picks(wishes), inline=False)
        recap = time.fromisoformat(self._settings().schedule.recap_time)
        results = self.local(recap, wishes.zone)
        where = _mention(wishes.recap_channel or wishes.picks_channel)
        wanted = [TOPICS[one][0].lower() for one in (Topic.RECAP, Topic.WEEKLY) if one in wishes.topics]
        told = f"{' and '.join(wanted)} in {where}, about {results:%H:%M}" if wanted else "not wanted"
        embed.add_field(name="Results", value=told[:1].upper() + told[1:], inline=False)
        embed.add_field(name="Games under way", value=_live(wishes), inline=False)
        alerts = "Nobody is told: *More channels* sets where"
        if Topic.ALERTS not in wishes.topics:
            alerts = "Not wanted"
        elif wishes.alerts_channel:
            alerts = f"Told in {_mention(wishes.alerts_channel)}"
        embed.add_field(name="If something is wrong here", value=alerts)
        if problems := list(self._problems(wishes)):
            embed.add_field(name="⚠️ To be mended", value=embeds.clip("\n".join(problems)), inline=False)
        embed.set_footer(text="Each choice is kept at once. Only members who may manage the server can change it.")
        return embed

    def belongs(self, guild: discord.Guild | None, number: int) -> int:
        """The number, if a channel of this server has it that can take posts. Raises UsageError."""
        channel = guild.get_channel(number) if guild else None
        if not isinstance(channel, discord.TextChannel):
            raise UsageError(_NOT_HERE)
        return number

    async def test(self, wishes: GuildSettings) -> str:
        """Send a test post to every channel that is wanted, at once; says what came of each."""
        numbers = list(dict.fromkeys(number for topic in Topic if (number := wishes.channel_of(topic))))
        if not numbers:
            raise UsageError("There is no channel to try: choose one for the picks, and turn posts on.")
        embed = discord.Embed(title="Test post", description="It works: posts will appear here.", colour=embeds.GOOD)
        lines = []
        for number in numbers:
            result = await self._sender.try_out(number, embed)
            if isinstance(result, Delivered):
                await asyncio.to_thread(self._engine.guilds.reopen_channel, discord_key(number))
                lines.append(f"✅ Test post sent to {_mention(number)}.")
            else:
                lines.append(f"❌ {_mention(number)}: {result.reason}")
        return "\n".join(lines)

    def _next_step(self, wishes: GuildSettings) -> str:
        if wishes.picks_channel is None:
            return "Choose the channel for the picks below. That is all it takes."
        if wishes.off:
            return "Posts are turned off. *Turn on* starts them again."
        return "Posts are on. *Test post* shows whether the bot may post."

    def _picks(self, wishes: GuildSettings) -> str:
        if wishes.picks_channel is None:
            return "No channel yet"
        if wishes.off or Topic.PICKS not in wishes.topics:
            return "Not posted"
        moment = self.posted_at(wishes)
        as_made = ", as soon as they are made" if wishes.at is None else ""
        return f"In {_mention(wishes.picks_channel)} at {moment:%H:%M} ({wishes.zone}){as_made}"

    def _problems(self, wishes: GuildSettings) -> Iterator[str]:
        """What keeps posts from arriving, as far as it is known without trying."""
        closed = self._engine.guilds.closed_channels()
        for number in dict.fromkeys(number for topic in Topic if (number := wishes.channel_of(topic))):
            if lacking := self._sender.lacking(number):
                yield not_allowed(number, lacking)
            elif found := closed.get(discord_key(number)):
                yield f"{found.reason} Then press *Test post*."


def _live(wishes: GuildSettings) -> str:
    """Where games under way are shown."""
    if Topic.LIVE not in wishes.topics:
        return "Not wanted"
    if wishes.live_channel is None:
        return "Not shown: *More channels* sets where; /follow shows one game in any channel"
    return f"Shown in {_mention(wishes.live_channel)} from the first tip-off on"


def _mention(number: int | None) -> str:
    return "no channel" if number is None else f"<#{number}>"
