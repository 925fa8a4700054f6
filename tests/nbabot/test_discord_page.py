"""docs/discord.md says what the bot does."""

from __future__ import annotations

import re
from pathlib import Path

from engine.core.guilds import PICKS_BEFORE
from nbabot import jobs, work
from nbabot.channels import NEEDED
from nbabot.cogs import fans
from nbabot.cogs.privacy import Privacy
from nbabot.settings import Settings

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "discord.md").read_text(encoding="utf-8")
TEXT = " ".join(PAGE.split())


def test_the_page_lists_the_commands_that_there_are() -> None:
    cogs = (*fans.COGS, Privacy)
    commands = {command.name: command for cog in cogs for command in cog.__cog_app_commands__}
    listed = re.findall(r"^\| `/(\w+)(.*?)` \|", PAGE, re.MULTILINE)
    assert {name for name, _ in listed} == set(commands)
    for name, options in listed:
        assert options.replace("[", "").replace("]", "").split() == [one.name for one in commands[name].parameters]


def test_the_page_asks_for_every_permission_that_a_post_takes() -> None:
    assert all(name in TEXT for name in NEEDED.values())


def test_the_page_names_the_times_of_the_jobs() -> None:
    for job in jobs.JOBS.values():
        times = ", ".join(f"{at:%H:%M}" for at in job.times(Settings()))
        assert re.search(rf"\| `{job.name}` \| (Monday )?{times} \|", TEXT), job.name
    assert f"from {work.RESULTS_BY:%H:%M} on even where results are missing" in TEXT
    assert f"{PICKS_BEFORE:%H:%M} where tip-off times are unknown" in TEXT
