"""How the bot is used: `usage`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from engine.core import words
from engine.core.usage import CommandUse, UsageReport
from nbabot.cli.output import show, show_json, show_table
from nbabot.cli.session import Session, command

Days = Annotated[int, typer.Option("--days", min=1, max=3650, help="How many days to look back.")]


def add_to(app: typer.Typer) -> None:
    """Register this group's commands."""
    command(app, as_json=True)(usage)


def usage(session: Session, days: Days = 7) -> None:
    """What the bot was asked in Discord, how fast and how well it did.

    Who asked is kept as a salted hash only, and what was typed not at all.
    """
    report = session.engine.usage.report(days)
    if session.as_json:
        show_json(_json(report))
    elif report.commands:
        _show(report)
    else:
        show(f"Nobody has asked anything since {words.moment(report.since)}.")


def _show(report: UsageReport) -> None:
    since = words.moment(report.since)
    show(f"{report.asked:,} asked since {since}, by {report.askers:,} in {report.servers:,} servers.")
    headings = ("command", "asked", "p50 ms", "p95 ms", "refused", "too many", "failed", "late")
    show_table(headings, [_row(one) for one in report.commands], right=range(1, len(headings)))


def _row(one: CommandUse) -> tuple[str, ...]:
    times = ("-" if ms is None else f"{ms:,.0f}" for ms in (one.p50_ms, one.p95_ms))
    return (
        one.command,
        f"{one.asked:,}",
        *times,
        *(f"{n:,}" for n in (one.refused, one.limited, one.failed, one.late)),
    )


def _json(report: UsageReport) -> dict[str, object]:
    return {
        "since": report.since.isoformat(timespec="seconds"),
        "asked": report.asked,
        "askers": report.askers,
        "servers": report.servers,
        "commands": [asdict(command) for command in report.commands],
    }
