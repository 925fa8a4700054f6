"""The buttons below an answer. Each says in its id what it asks, so it works after a restart and needs no memory.

Ids are `nbabot:ACT:ASKER:QUESTION`; whoever forges one is answered as if he had typed the question. A button that
changes a message works for its asker alone; one that answers in private works for everybody.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

import discord

from engine.core.calendar import parse_day
from engine.core.errors import UsageError
from engine.core.named_games import NamedGame, parse_game
from nbabot.conduct import attended
from nbabot.replies import Interaction, Reply, send

if TYPE_CHECKING:
    from nbabot.bot import Bot
    from nbabot.game_answers import GameAnswers

IN_USE = timedelta(days=14)
"""How long after its message was sent a button answers."""
EXPIRED = "This button has expired: ask again with a command, /help lists them."
NOT_YOURS = "Only whoever asked can press that button: ask yourself, /help lists the commands."
_OTHERS_DAY = re.compile(r"(?P<day>\S+) (?P<page>\d{1,3})")

Button = discord.ui.Button[Any]


class Why(discord.ui.DynamicItem[Button], template=r"nbabot:why:(?P<asked>.{1,80})"):
    """Shows all that is behind a forecast, to whoever presses."""

    def __init__(self, asked: str) -> None:
        super().__init__(discord.ui.Button(label="Why?", emoji="💡", custom_id=f"nbabot:why:{asked}"))
        self._asked = asked

    @classmethod
    async def from_custom_id(cls, interaction: Interaction, item: Any, match: re.Match[str], /) -> Self:
        """The button that was pressed."""
        return cls(match["asked"])

    @attended("button why")
    async def callback(self, interaction: Interaction) -> None:
        """Answer in private."""
        answers = _answers(interaction)
        await privately(interaction, lambda: answers.why(_game(self._asked, answers)))


class Compare(discord.ui.DynamicItem[Button], template=r"nbabot:compare:(?P<asked>.{1,80})"):
    """Shows what every model says of a game, to whoever presses."""

    def __init__(self, asked: str) -> None:
        super().__init__(discord.ui.Button(label="Compare", emoji="⚖️", custom_id=f"nbabot:compare:{asked}"))
        self._asked = asked

    @classmethod
    async def from_custom_id(cls, interaction: Interaction, item: Any, match: re.Match[str], /) -> Self:
        """The button that was pressed."""
        return cls(match["asked"])

    @attended("button compare")
    async def callback(self, interaction: Interaction) -> None:
        """Answer in private."""
        answers = _answers(interaction)
        await privately(interaction, lambda: answers.compare(_game(self._asked, answers)))


class Refresh(discord.ui.DynamicItem[Button], template=r"nbabot:refresh:(?P<asker>\d{1,20}):(?P<asked>.{1,60})"):
    """Makes the forecast in the message anew; for its asker alone."""

    def __init__(self, asker: int, asked: str) -> None:
        custom_id = f"nbabot:refresh:{asker}:{asked}"
        super().__init__(discord.ui.Button(label="Refresh", emoji="🔄", custom_id=custom_id))
        self._asker, self._asked = asker, asked

    @classmethod
    async def from_custom_id(cls, interaction: Interaction, item: Any, match: re.Match[str], /) -> Self:
        """The button that was pressed."""
        return cls(int(match["asker"]), match["asked"])

    @attended("button refresh")
    async def callback(self, interaction: Interaction) -> None:
        """Put the new forecast in the place of the old."""
        answers = _answers(interaction)
        await in_place(interaction, self._asker, lambda: answers.refresh(_game(self._asked, answers), self._asker))


class Turn(discord.ui.DynamicItem[Button], template=r"nbabot:slate:(?P<asker>\d{1,20}):(?P<asked>.{1,30})"):
    """Goes to another day or page of the games; for its asker alone."""

    def __init__(self, label: str, asker: int, asked: str) -> None:
        super().__init__(discord.ui.Button(label=label, custom_id=f"nbabot:slate:{asker}:{asked}", row=1))
        self._asker, self._asked = asker, asked

    @classmethod
    def to(cls, label: str, asker: int, day: date, page: int) -> Self:
        """A button that leads to a page of a day's games, the first one being 1."""
        return cls(label, asker, f"{day} {page}")

    @classmethod
    async def from_custom_id(cls, interaction: Interaction, item: Any, match: re.Match[str], /) -> Self:
        """The button that was pressed."""
        return cls(item.label or "Games", int(match["asker"]), match["asked"])

    @attended("button games")
    async def callback(self, interaction: Interaction) -> None:
        """Put the other games in the place of these."""
        answers = _answers(interaction)
        await in_place(interaction, self._asker, lambda: self._turned(answers))

    def _turned(self, answers: GameAnswers) -> Reply:
        match = _OTHERS_DAY.fullmatch(self._asked)
        if match is None:
            raise UsageError("That button names no day: ask again with /today.")
        return answers.slate(parse_day(match["day"], answers.today()), self._asker, int(match["page"]))


class ChooseGame(discord.ui.DynamicItem[discord.ui.Select[Any]], template=r"nbabot:game"):
    """A menu of games; whoever chooses one gets its forecast in private."""

    def __init__(self, games: list[tuple[str, NamedGame]]) -> None:
        options = [discord.SelectOption(label=label, value=str(game)) for label, game in games[:25]]
        super().__init__(
            discord.ui.Select(placeholder="Look at one game…", custom_id="nbabot:game", options=options, row=0)
        )

    @classmethod
    async def from_custom_id(cls, interaction: Interaction, item: Any, match: re.Match[str], /) -> Self:
        """The menu that was used."""
        made = cls([])
        made.item = item
        return made

    @attended("menu game")
    async def callback(self, interaction: Interaction) -> None:
        """Answer in private."""
        chosen, asker, answers = self.item.values[0], interaction.user.id, _answers(interaction)
        await privately(interaction, lambda: answers.predict(_game(chosen, answers), asker))


BUTTONS = (Why, Compare, Refresh, Turn, ChooseGame)


def _game(text: str, answers: GameAnswers) -> NamedGame:
    return parse_game(text, answers.today())


async def privately(interaction: Interaction, make: Callable[[], Reply]) -> None:
    """Answer whoever pressed, and nobody else."""
    refuse_expired(interaction)
    await interaction.response.defer(ephemeral=True, thinking=True)
    await send(interaction, make)


async def in_place(interaction: Interaction, asker: int, make: Callable[[], Reply]) -> None:
    """Change the message of the button, if it is the asker's."""
    if not _is_theirs(interaction, asker):
        raise UsageError(NOT_YOURS)
    refuse_expired(interaction)
    await interaction.response.defer()
    await send(interaction, make)


def _is_theirs(interaction: Interaction, asker: int) -> bool:
    """Whether the asker presses: the one whom the button names, and to whom Discord says the message answered."""
    message = interaction.message
    answered = message.interaction_metadata if message is not None else None
    return interaction.user.id == asker and (answered is None or answered.user.id == asker)


def refuse_expired(interaction: Interaction) -> None:
    """Raise UsageError for a button that is too old by Discord's own clock, whose moments both ids carry."""
    message = interaction.message
    if message is not None and interaction.created_at - message.created_at > IN_USE:
        raise UsageError(EXPIRED)


def _answers(interaction: Interaction) -> GameAnswers:
    bot: Bot = interaction.client
    return bot.games
