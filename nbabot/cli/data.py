"""Bringing data in, and what is there: `import`, `status`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.core import words
from engine.core.calendar import season_label
from engine.core.errors import SourceError
from engine.core.reports import FileReport, ImportReport, Status
from nbabot.cli import json_output
from nbabot.cli.output import progress_bar, show, show_json, show_pairs, show_table
from nbabot.cli.session import Session, command

if TYPE_CHECKING:
    from nbabot.running import Service

Paths = Annotated[
    list[Path],
    typer.Argument(metavar="PATH", help="Files or folders: csv, csv.gz or parquet with stats.nba.com columns."),
]

_CACHED = {"forecast": "forecasts", "state": "team numbers", "players": "player numbers", "model": "models"}
"""What a service keeps in memory, for a person."""


def add_to(app: typer.Typer) -> None:
    """Register this group's commands."""
    command(app, "import", as_json=True)(import_files)
    command(app, as_of=True, as_json=True)(status)


def import_files(session: Session, paths: Paths) -> None:
    """Read data files into the store; reading them twice does no harm.

    Kind and season are recognised from the columns: team logs, player logs, score timelines, closing odds.
    """
    engine = session.engine
    try:
        with progress_bar() as progress:
            report = engine.import_paths(paths, progress)
            engine.refresh_players(progress)
    except KeyboardInterrupt:
        print("Stopped: files that were finished stay. Import the same again to go on.", file=sys.stderr)
        raise
    if session.as_json:
        show_json(json_output.imported(report))
    else:
        _show_import(report)
        show(f"Next: {_next_step(engine.game_days(), engine.today())}, or nbabot train game to learn from all of it.")
    if report.unreadable:
        bad, every = len(report.unreadable), len(report.files)
        raise SourceError(f"{bad} of {every} files could not be read, as told above: mend them and import them again.")


def status(session: Session) -> None:
    """What is stored, how old it is, which model answers, what runs.

    Of a running service of this home it tells how much is found in memory: forecasts, team and player numbers, models.
    """
    from nbabot.running import service_of

    found = session.engine.status()
    service = service_of(session.settings.home, session.settings.web)
    if session.as_json:
        show_json(json_output.status(found, service))
    else:
        _show_status(found, service)


def _show_import(report: ImportReport) -> None:
    kinds: dict[str, Counter[str]] = {}
    for file in report.files:
        total = kinds.setdefault(file.kind, Counter())
        rejected = sum(file.rejected.values())
        total.update(
            files=1, read=file.read, new=file.new, changed=file.changed, unchanged=file.unchanged, rejected=rejected
        )
    columns = ("files", "read", "new", "changed", "unchanged", "rejected")
    rows = [(kind, *(f"{total[column]:,}" for column in columns)) for kind, total in kinds.items()]
    show_table(("kind", *columns), rows, right=range(1, 7))
    _show_oddities(report.files)
    passed_over = f"; {report.ignored} others are not data and were passed over" if report.ignored else ""
    show(f"\n{len(report.files)} files in {report.seconds:.1f} s{passed_over}.")


def _show_oddities(files: Sequence[FileReport]) -> None:
    """What was rejected, summed over all files, then what was noted, each note once: `rejected 3 in 2 files: ...`."""
    rejected: Counter[str] = Counter()
    places: dict[str, list[str]] = {}
    for file in files:
        rejected.update(file.rejected)
        for text in (*file.rejected, *file.notes):
            places.setdefault(text, []).append(file.path)
    if places:
        show()
    for text, paths in places.items():
        where = paths[0] if len(paths) == 1 else f"{len(paths)} files"
        each = "" if len(paths) == 1 else "in each of "
        show(f"rejected {rejected[text]:,} in {where}: {text}" if rejected[text] else f"note: {text} ({each}{where})")


def _next_step(days: tuple[date, date] | None, today: date) -> str:
    """The command that shows a day of what is stored: today, else the last stored day."""
    if days is None or days[0] <= today <= days[1]:
        return "nbabot today"
    return f"nbabot today --as-of {days[1]}"


def _show_status(found: Status, service: Service | None) -> None:
    seasons = f", {season_label(found.seasons[0])} to {season_label(found.seasons[-1])}" if found.seasons else ""
    rows = f"{found.player_rows:,} player rows, {found.score_rows:,} scores, {found.closing_lines:,} closing lines"
    through = f"results through {words.day(found.data_through)}" if found.data_through else "no results yet"
    show_pairs(
        [
            ("home", found.home),
            ("as of", words.moment(found.as_of)),
            *([("league", words.SIMULATED)] if found.simulated else []),
            ("stored", f"{found.games:,} games with results{seasons}"),
            ("", rows),
            ("knows", f"{through}, from {found.state_source}" if found.data_through else through),
            ("model", found.champion or "none in production: nbabot train game, then nbabot models promote"),
            ("picks", f"{found.published_picks:,} published"),
            *_of_service(service),
            *[("note", note) for note in found.notes],
            *(
                []
                if found.games
                else [
                    (
                        "next",
                        "nbabot sync for the league's results, nbabot import PATH for files, nbabot demo for a tour",
                    )
                ]
            ),
        ]
    )


def _of_service(service: Service | None) -> list[tuple[str, str]]:
    """That the service runs, and what it found in memory; nothing where none does."""
    if service is None:
        return []
    recalled = [
        f"{one.share:.0%} of {one.hits + one.misses:,} {_CACHED.get(name, name)}"
        for name, one in service.caches.items()
    ]
    told = [("memory", f"held {', '.join(recalled)} asked for")] if recalled else []
    return [("service", f"nbabot {service.version} runs"), *told]
