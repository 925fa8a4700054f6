"""Keeping what was gathered and promised: `backup` and `restore`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from engine.core import words
from engine.core.backups import Backup
from nbabot.cli import json_output
from nbabot.cli.output import progress_bar, show, show_json, show_pairs
from nbabot.cli.session import Session, command

To = Annotated[
    Path | None,
    typer.Option("--to", metavar="DIR", help="Folder for the backup; best on another disk.", show_default=False),
]
Keep = Annotated[
    int | None,
    typer.Option("--keep", metavar="N", min=1, help="Keep only the N newest of that folder.", show_default=False),
]
File = Annotated[Path, typer.Argument(metavar="FILE", help="A file that nbabot backup wrote.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check the backup and change nothing.")]

_TOLD = {"games": "games", "player_boxes": "player lines", "picks": "picks", "outbox": "posts"}
"""The tables whose rows a person wants to know of, and what they call them."""


def add_to(app: typer.Typer) -> None:
    """Register this group's commands."""
    command(app, as_json=True)(backup)
    command(app, as_json=True)(restore)


def backup(session: Session, to: To = None, keep: Keep = None) -> None:
    """Save the database and the models made here as one file.

    A bot that runs is not disturbed. Without --to and --keep the settings backup.folder and backup.keep count.
    """
    settings = session.settings.backup
    with progress_bar() as progress:
        done = session.engine.back_up(to or settings.folder, keep or settings.keep, progress)
    if session.as_json:
        show_json(json_output.plain(asdict(done)))
        return
    show(f"Saved in {done.seconds:.1f} s: {done.backup.path}")
    _show(done.backup)
    for path in done.removed:
        show(f"Removed, to keep {keep or settings.keep}: {path}")


def restore(session: Session, file: File, dry_run: DryRun = False) -> None:
    """Check a backup, then put it in place of what is there.

    Nothing may use the home folder meanwhile; what was there is kept in a folder beside it.
    """
    from engine.engine import Engine

    with progress_bar() as progress:
        done = Engine.restore(file, session.settings.home, dry_run, progress)
    if session.as_json:
        show_json(json_output.plain(asdict(done)))
        return
    show(
        f"Restored in {done.seconds:.1f} s: {done.home}"
        if done.restored
        else "The backup is sound; nothing was changed."
    )
    _show(done.backup)
    if done.aside:
        show(f"What was there before is kept in {done.aside}: remove it when you no longer need it.")


def _show(found: Backup) -> None:
    counted = ", ".join(f"{found.counts.get(table, 0):,} {what}" for table, what in _TOLD.items())
    show_pairs(
        [
            ("  of", f"{words.moment(found.moment)}, by nbabot {found.program} (format {found.schema})"),
            ("  holds", f"{counted}; {len(found.models)} models made here"),
            ("  size", f"{found.size / 1e6:,.1f} MB, unpacked {found.unpacked / 1e6:,.1f} MB"),
        ]
    )
