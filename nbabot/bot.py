"""The Discord bot and the long-running service around it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import aiohttp
import discord
import structlog
from discord.ext import commands

from engine.core.errors import DiscordAccessError
from engine.core.usage import Use
from engine.engine import Engine
from nbabot.channels import ConsoleSender, DiscordSender
from nbabot.cogs import admins, fans
from nbabot.cogs.privacy import Privacy
from nbabot.cogs.tree import CommandTree, note_answered
from nbabot.conduct import Conduct, uncounted
from nbabot.destinations import in_discord, on_terminal, operators_keys
from nbabot.following import Following
from nbabot.game_answers import GameAnswers
from nbabot.live_answers import LiveAnswers
from nbabot.live_loop import LiveLoop
from nbabot.metrics import Metrics
from nbabot.operators import Operators
from nbabot.reload import Reload, Reread, on_hangup
from nbabot.scheduler import Schedule
from nbabot.settings import Settings, load
from nbabot.warm import keep_warm
from nbabot.web import watched

INTENTS = discord.Intents(guilds=True)
"""Slash commands need no privileged intent and no messages."""
RATE_LIMIT_SECONDS = 30.0
"""Discord's requests to wait up to this long are obeyed in place; longer ones end the attempt."""
LONGEST_DOUBLINGS = 5
"""After a lost connection the next attempt is at most 2 to this power seconds away."""

log = structlog.get_logger(__name__)


class Bot(commands.AutoShardedBot):
    """The bot. `on_login` is called once, after the log-in and before the first event; `count` for each question."""

    def __init__(self, engine: Engine, settings: Settings, count: Callable[[Use], None] = uncounted) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # no voice here, so no warnings of it
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=CommandTree,
            intents=INTENTS,
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=RATE_LIMIT_SECONDS,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
        )
        self.engine = engine
        self.settings = settings
        self.games = GameAnswers(engine)
        self.live = LiveAnswers(engine)
        self.following = Following(engine, self.live, DiscordSender(self))
        self.operators = Operators(settings.discord)
        self.conduct = Conduct(engine, settings.limits, count)
        self.on_login: Callable[[], None] = lambda: None
        self._bookkeeping: asyncio.Task[None] | None = None
        self.add_listener(note_answered, "on_app_command_completion")

    def renew(self, settings: Settings) -> None:
        """Go by other settings from now on."""
        self.settings = settings
        self.conduct.limits.renew(settings.limits)

    async def setup_hook(self) -> None:
        """Register the commands where Discord does not have them yet, and start what belongs to the bot."""
        await fans.add_to(self)
        await admins.add_to(self)
        await self.add_cog(Privacy(lambda: self.settings.usage.keep_days))
        await self._register_commands(None)
        if own := self.settings.discord.operator_guild_id:
            await self._register_commands(discord.Object(own))
        self._bookkeeping = asyncio.create_task(self.conduct.keep_books())
        self.on_login()

    async def on_shard_connect(self, shard_id: int) -> None:
        """Have the shard come back soon after Discord does: the library would wait for up to 17 minutes more."""
        self.shards[shard_id]._parent._backoff._max = LONGEST_DOUBLINGS

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answer presses that nothing else answers."""
        if interaction.type in (discord.InteractionType.component, discord.InteractionType.modal_submit):
            await self.conduct.catch_unanswered(interaction)

    async def close(self) -> None:
        """Give the answers in hand, then leave Discord."""
        if not self.is_closed():
            if self._bookkeeping:
                self._bookkeeping.cancel()
            await self.conduct.settle()
        await super().close()

    async def _register_commands(self, guild: discord.abc.Snowflake | None) -> None:
        """Send the commands for all or for one server only when they differ from those sent last.

        Discord allows 200 such changes a day.
        """
        described = [command.to_dict(self.tree) for command in self.tree.get_commands(guild=guild)]
        fingerprint = hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()
        key = f"commands of {self.application_id}" + (f" in {guild.id}" if guild else "")
        if await asyncio.to_thread(self.engine.meta.get, key) == fingerprint:
            return
        try:
            await self.tree.sync(guild=guild)
        except discord.Forbidden:  # the operators' server: the bot is not in it
            log.error("commands_refused", guild=guild.id if guild else None)
            return
        await asyncio.to_thread(self.engine.meta.put, key, fingerprint)
        log.info("commands_registered", count=len(described))


async def run_bot(engine: Engine, settings: Settings, reread: Reread = load) -> None:
    """Answer commands until SIGINT or SIGTERM; SIGHUP has the settings read again by `reread`.

    Raises DiscordAccessError when Discord does not let the bot in."""
    async with _until_told_to_stop() as stop:
        token = settings.discord.token()
        metrics = Metrics(engine)
        bot = Bot(engine, settings, metrics.count)
        with on_hangup(Reload(settings, reread, bot.renew), stop):
            async with watched(engine, settings.web, metrics, bot):
                await _run(bot, token, stop)


async def run_service(
    engine: Engine, settings: Settings, tell: Callable[[str], None], console: bool = False, reread: Reread = load
) -> None:
    """Answer commands and post on schedule until SIGINT or SIGTERM; SIGHUP has the settings read again by `reread`.

    `tell` is given, in sentences, what a person at the terminal wants to know. With `console` posts go to this terminal
    and Discord is left alone. Raises DiscordAccessError when Discord does not let the bot in.
    """
    async with _until_told_to_stop() as stop:
        if console:
            schedule = Schedule(engine, settings, on_terminal, ConsoleSender(), tell)
            with on_hangup(Reload(settings, reread, schedule.renew), stop):
                await _announce("posts to this terminal", schedule, tell)
                async with watched(engine, settings.web, Metrics(engine)):
                    live = LiveLoop(engine, on_terminal, schedule.deliver)
                    _begin(settings, schedule, live)
                    try:
                        await stop.wait()
                    finally:
                        await _end(schedule, live)
        else:
            await _serve_discord(engine, settings, tell, stop, reread)


async def _serve_discord(
    engine: Engine, settings: Settings, tell: Callable[[str], None], stop: asyncio.Event, reread: Reread
) -> None:
    token = settings.discord.token()
    metrics = Metrics(engine)
    bot = Bot(engine, settings, metrics.count)
    for key in operators_keys(settings):  # whoever starts the program has mended them
        await asyncio.to_thread(engine.guilds.reopen_channel, key)
    places = in_discord(engine, settings)
    schedule = Schedule(engine, settings, places, DiscordSender(bot), tell)
    live = LiveLoop(engine, places, schedule.deliver)
    bot.following.deliver = schedule.deliver if settings.sources.enabled else None
    bot.on_login = lambda: _begin(settings, schedule, live)
    with on_hangup(Reload(settings, reread, bot.renew, schedule.renew), stop):
        await _announce("answers in Discord", schedule, tell)
        async with watched(engine, settings.web, metrics, bot):
            await _run(bot, token, stop, lambda: _end(schedule, live))


def _begin(settings: Settings, schedule: Schedule, live: LiveLoop) -> None:
    """Start what does its work unasked; where the feeds are left alone, games under way are too."""
    schedule.start()
    if settings.sources.enabled:
        live.start()


async def _end(schedule: Schedule, live: LiveLoop) -> None:
    """Let the work in hand finish."""
    await asyncio.gather(live.stop(), schedule.stop())


async def _announce(what: str, schedule: Schedule, tell: Callable[[str], None]) -> None:
    """Say what is about to happen, and how to end it."""
    for line in (f"nbabot {what}; Ctrl-C stops it.", *await asyncio.to_thread(schedule.plan)):
        tell(line)
        log.info("plan", line=line.strip())


async def _nothing() -> None:
    """No work in hand."""


async def _run(
    bot: Bot, token: str, stop: asyncio.Event, before_close: Callable[[], Awaitable[None]] = _nothing
) -> None:
    """Run the bot until it ends by itself or `stop` is set; finish the work in hand, then close the connection."""
    async with bot:
        running = asyncio.create_task(bot.start(token))
        stopped = asyncio.create_task(stop.wait())
        warming = asyncio.create_task(keep_warm(bot.engine))
        try:
            await asyncio.wait((running, stopped), return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
            warming.cancel()
            await before_close()
            if not running.done():
                await bot.close()
        with _translated():
            await running


@contextmanager
def _translated() -> Iterator[None]:
    """Turn what the library raises when Discord does not let the bot in into one sentence."""
    try:
        yield
    except discord.LoginFailure as error:
        raise _access_error("Discord refused the token") from error
    except discord.ConnectionClosed as error:
        raise _access_error(f"Discord ended the bot's session (code {error.code})") from error
    except (discord.HTTPException, discord.GatewayNotFound, aiohttp.ClientError, OSError) as error:
        reason = type(error).__name__
        raise DiscordAccessError(f"Discord cannot be reached ({reason}): check the network and try again.") from error


def _access_error(what: str) -> DiscordAccessError:
    return DiscordAccessError(
        f"{what}: copy a fresh one from the Bot page of your application at "
        "https://discord.com/developers/applications and set DISCORD_TOKEN."
    )


@asynccontextmanager
async def _until_told_to_stop() -> AsyncIterator[asyncio.Event]:
    """An event that SIGINT and SIGTERM set while the block runs."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    handled = []
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
            handled.append(number)
        except (NotImplementedError, RuntimeError, ValueError):
            continue  # Windows, or not the main thread: the caller ends the task instead
    try:
        yield stop
    finally:
        for number in handled:
            loop.remove_signal_handler(number)
