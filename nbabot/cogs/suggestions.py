"""What is offered while somebody types, from memory."""

from __future__ import annotations

from discord import app_commands

from engine.core.teams import suggest_teams

LONGEST_NAME = 100
"""Longest name that can be typed or suggested: Discord's own limit for suggested values."""
MOST = 25
"""Discord shows no more suggestions than that."""

Name = app_commands.Range[str, 1, LONGEST_NAME]


def teams(typed: str) -> list[app_commands.Choice[str]]:
    """Teams whose name begins or reads like what is typed; all of them for nothing."""
    return [app_commands.Choice(name=team.name, value=team.abbreviation) for team in suggest_teams(typed)]
