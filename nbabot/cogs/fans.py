"""All that fans can ask, put into a bot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbabot.buttons import BUTTONS
from nbabot.cogs.about import About
from nbabot.cogs.forecasts import Forecasts
from nbabot.cogs.live import Live
from nbabot.cogs.players import Players
from nbabot.cogs.teams import Teams
from nbabot.fan_answers import FanAnswers
from nbabot.live_buttons import LIVE_BUTTONS

if TYPE_CHECKING:
    from nbabot.bot import Bot

COGS = (Forecasts, Live, Teams, Players, About)


async def add_to(bot: Bot) -> None:
    """Give a bot the commands for fans, and answer the buttons below what they sent, by whichever process."""
    answers = FanAnswers(bot.engine)
    for cog in (
        Forecasts(bot.engine, bot.games),
        Live(bot.live),
        Teams(answers),
        Players(bot.engine),
        About(bot.engine, answers),
    ):
        await bot.add_cog(cog)
    bot.add_dynamic_items(*BUTTONS, *LIVE_BUTTONS)
