"""Where posts go and when: the operator's channels of the settings file, servers' own of /setup, or this terminal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from engine.core.guilds import GuildSettings, Topic, posting_moment
from engine.engine import Engine
from nbabot.channels import CONSOLE, discord_key
from nbabot.settings import Settings


@dataclass(frozen=True, slots=True)
class Destination:
    """A place that gets the posts of a topic. `wishes` are those of the server it belongs to, if one asked for it."""

    key: str
    wishes: GuildSettings | None = None

    def moment(self, topic: Topic, day: date, made: datetime, last: datetime) -> datetime:
        """When the post of a league day is due here, made at one moment and wanted by another at the latest."""
        if self.wishes is None or topic is not Topic.PICKS:
            return made
        return posting_moment(day, self.wishes, made, last)


Destinations = Callable[[Topic], tuple[Destination, ...]]
"""Everywhere that a topic goes to at this moment."""


def on_terminal(topic: Topic) -> tuple[Destination, ...]:
    """This terminal, for everything."""
    return (Destination(CONSOLE),)


def in_discord(engine: Engine, settings: Settings) -> Destinations:
    """The channels of Discord, read anew each time.

    A server's own wish for a channel goes before the settings file; channels that take no posts are left out. Alerts
    are the operator's: no server gets them.
    """

    def listed(topic: Topic) -> tuple[Destination, ...]:
        found: dict[str, Destination] = {}
        if number := operators_channel(settings, topic):
            found[discord_key(number)] = Destination(discord_key(number))
        if topic is not Topic.ALERTS:
            wanted = [(wishes.channel_of(topic), wishes) for wishes in engine.guilds.every()]
            found |= {
                discord_key(number): Destination(discord_key(number), wishes) for number, wishes in wanted if number
            }
        closed = engine.guilds.closed_channels() if found else {}
        return tuple(one for key, one in found.items() if key not in closed)

    return listed


def operators_channel(settings: Settings, topic: Topic) -> int | None:
    """The channel of the settings file for a topic: without one of their own, results go to the picks channel."""
    discord = settings.discord
    own = {
        Topic.PICKS: discord.picks_channel_id,
        Topic.ALERTS: discord.alerts_channel_id,
        Topic.LIVE: discord.live_channel_id,
    }
    return own.get(topic, discord.recap_channel_id or discord.picks_channel_id)


def operators_keys(settings: Settings) -> frozenset[str]:
    """The keys of all channels of the settings file."""
    return frozenset(discord_key(number) for topic in Topic if (number := operators_channel(settings, topic)))
