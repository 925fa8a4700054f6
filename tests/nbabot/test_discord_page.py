"""docs/discord.md says what the bot does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from discord import app_commands
from discord.ext import commands

from engine.core.guilds import PICKS_BEFORE
from nbabot import jobs, work
from nbabot.channels import NEEDED
from nbabot.cogs import admins, fans
from nbabot.cogs.privacy import Privacy
from nbabot.settings import Settings

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "discord.md").read_text(encoding="utf-8")
TEXT = " ".join(PAGE.split())


def test_the_page_lists_the_commands_that_there_are() -> None:
    written = {
        " ".join([name, *(option.display_name for option in command.parameters)])
        for cog in (*fans.COGS, Privacy, *admins.COGS)
        for name, command in commands_of(cog)
    }
    listed = re.findall(r"^\| `/(.*?)` \|", PAGE, re.MULTILINE)
    assert {one.replace("[", "").replace("]", "") for one in listed} == written


def commands_of(cog: Any) -> Iterator[tuple[str, Any]]:
    """The commands of a cog by their whole names."""
    before = f"{cog.__cog_group_name__} " if issubclass(cog, commands.GroupCog) else ""
    for top in cog.__cog_app_commands__:
        for one in top.walk_commands() if isinstance(top, app_commands.Group) else [top]:
            yield before + one.qualified_name, one


def test_the_page_asks_for_every_permission_that_a_post_takes() -> None:
    assert all(name in TEXT for name in NEEDED.values())


def test_the_page_names_the_times_of_the_jobs() -> None:
    for job in jobs.JOBS.values():
        times = ", ".join(f"{at:%H:%M}" for at in job.times(Settings()))
        assert re.search(rf"\| `{job.name}` \| (Monday )?{times} \|", TEXT), job.name
    assert f"from {work.RESULTS_BY:%H:%M} on even where results are missing" in TEXT
    assert f"{PICKS_BEFORE:%H:%M} where tip-off times are unknown" in TEXT
