"""The buttons below games under way. Like all buttons each says in its id what it asks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self

import discord

from engine.core.named_games import NamedGame
from nbabot.buttons import Button, in_place, privately, refuse_expired
from nbabot.conduct import attended
from nbabot.replies import Interaction

if TYPE_CHECKING:
    from nbabot.bot import Bot

BOARD = "tonight"
"""What stands in an id for all games of the evening."""


class RefreshLive(discord.ui.DynamicItem[Button], template=r"nbabot:live:(?P<asker>\d{1,20}):(?P<asked>.{1,60})"):
    """Shows how it stands now, in the same message; for its asker alone."""

    def __init__(self, asker: int, asked: str) -> None:
        custom_id = f"nbabot:live:{asker}:{asked}"
        super().__init__(discord.ui.Button(label="Refresh", emoji="🔄", custom_id=custom_id))
        self._asker, self._asked = asker, asked

    @classmethod
    async def from_custom_id(cls, interaction: Interaction, item: Any, match: re.Match[str], /) -> Self:
        """The button that was pressed."""
        return cls(int(match["asker"]), match["asked"])

    @attended("button live")
    async def callback(self, interaction: Interaction) -> None:
        """Put what is new in the place of what is old."""
        bot: Bot = interaction.client
        await in_place(interaction, self._asker, lambda: bot.live.refreshed(self._asked, self._asker))


class Follow(discord.ui.DynamicItem[Button], template=r"nbabot:follow:(?P<asked>.{1,80})"):
    """Has the channel follow a game, for who may use /follow there."""

    def __init__(self, asked: str) -> None:
        super().__init__(discord.ui.Button(label="Follow here", emoji="📌", custom_id=f"nbabot:follow:{asked}"))
        self._asked = asked

    @classmethod
    async def from_custom_id(cls, interaction: Interaction, item: Any, match: re.Match[str], /) -> Self:
        """The button that was pressed."""
        return cls(match["asked"])

    @attended("button follow")
    async def callback(self, interaction: Interaction) -> None:
        """Follow it, and say so to whoever pressed."""
        refuse_expired(interaction)
        bot: Bot = interaction.client
        await bot.following.answer(interaction, lambda channel: bot.following.follow(channel, self._asked))


class ChooseLive(discord.ui.DynamicItem[discord.ui.Select[Any]], template=r"nbabot:livegame"):
    """A menu of games; whoever chooses one gets how it stands in private."""

    def __init__(self, games: list[tuple[str, NamedGame]]) -> None:
        options = [discord.SelectOption(label=label, value=str(game)) for label, game in games[:25]]
        super().__init__(
            discord.ui.Select(placeholder="Look at one game…", custom_id="nbabot:livegame", options=options, row=0)
        )

    @classmethod
    async def from_custom_id(cls, interaction: Interaction, item: Any, match: re.Match[str], /) -> Self:
        """The menu that was used."""
        made = cls([])
        made.item = item
        return made

    @attended("menu live")
    async def callback(self, interaction: Interaction) -> None:
        """Answer in private."""
        bot: Bot = interaction.client
        chosen, asker = self.item.values[0], interaction.user.id
        await privately(interaction, lambda: bot.live.asked(chosen, asker))


LIVE_BUTTONS = (RefreshLive, Follow, ChooseLive)
