"""Which version does what: `models promote`, `rollback`, `challenge`, `retire`; and `export` and `import`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from engine.core.errors import UsageError
from engine.core.model_reports import Gate
from engine.core.reports import ModelStatus, ModelVersion
from nbabot.cli import json_output
from nbabot.cli.model_text import show_comparison, show_objections
from nbabot.cli.models import Name, Version, versions_named
from nbabot.cli.output import show, show_json
from nbabot.cli.session import Session, command, user_name

Yes = Annotated[bool, typer.Option("--yes", help="Do not ask; what the gate says counts all the same.")]
Force = Annotated[bool, typer.Option("--force", help="In spite of the gate; needs --why, and both are written down.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="Reason, kept in the audit trail.")]
To = Annotated[Path, typer.Option("--to", metavar="PATH", help="File to write, or folder to write it into.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="A file that nbabot models export wrote.")]


def add_to(models: typer.Typer) -> None:
    """Register these commands in their group."""
    command(models, "promote", as_json=True)(promote)
    command(models, "rollback", as_json=True)(roll_back)
    command(models, "challenge", as_json=True)(challenge)
    command(models, "retire", as_json=True)(retire)
    command(models, "export", as_json=True)(export)
    command(models, "import", as_json=True)(take_in)


def promote(
    session: Session, name: Name, version: Version = None, yes: Yes = False, force: Force = False, why: Why = ""
) -> None:
    """Put a version into production, if the gate holds; asks first.

    It is compared with the champion on the same games, and checked for leaks. What speaks against it is said, and
    asked about again; without a question (--yes) it then takes --force and --why.
    """
    found = one_version(session, name, version)
    if found.status is ModelStatus.CHAMPION:
        _say(session, found, "is already in production")
        return
    if force and not why:
        raise UsageError("--force overrules the gate and is written down: say --why.")
    if not yes and not sys.stdin.isatty():
        raise UsageError(f"Promoting {found.label} needs a yes: run it in a terminal, or add --yes.")
    if not yes:
        gate = session.engine.model_gate(found.name, found.version)
        why = confirmed(session, gate, why)
        force = not gate.holds
    made = session.engine.promote(found.name, found.version, user_name(), why or "promoted on the command line", force)
    _say(session, made, "is now in production")


def confirmed(session: Session, gate: Gate, why: str) -> str:
    """The reason for a promotion that a person says yes to, having seen what speaks against it. Raises UsageError."""
    if not session.as_json:
        if gate.comparison is not None:
            show_comparison(gate.comparison)
        if not gate.holds:
            show_objections(gate)
    replaced = gate.champion.label if gate.champion else "nothing"
    if not typer.confirm(f"Replace {replaced} by {gate.version.label}?", err=True):
        raise UsageError("Nothing was promoted.")
    if gate.holds:
        return why
    if not typer.confirm("In spite of what speaks against it?", err=True):
        raise UsageError("Nothing was promoted.")
    return why or str(typer.prompt("Why (for the audit trail)", err=True))


def roll_back(session: Session, yes: Yes = False, why: Why = "rolled back on the command line") -> None:
    """Go back to the version before; asks first, unless --yes."""
    champion = session.engine.champion()
    if not yes:
        _ask(f"Take {champion.label} out of production and put the one before it back?")
    _say(
        session, session.engine.roll_back(user_name(), why), f"is in production again, in the place of {champion.label}"
    )


def challenge(session: Session, name: Name, version: Version = None, why: Why = "to be compared") -> None:
    """Let a version forecast every published game in the shadow.

    Nobody is shown what it says; models compare uses it once results are in. models retire ends it.
    """
    found = one_version(session, name, version)
    _say(session, session.engine.challenge(found.name, found.version, user_name(), why), "forecasts in the shadow now")


def retire(session: Session, name: Name, version: Version = None, why: Why = "retired on the command line") -> None:
    """Archive a version that is not in production; its files stay."""
    found = one_version(session, name, version)
    _say(session, session.engine.retire(found.name, found.version, user_name(), why), "is archived")


def export(session: Session, name: Name, version: Version = None, to: To = Path()) -> None:
    """Write a version to one file, for another machine."""
    found = one_version(session, name, version)
    path = session.engine.export_model(found.name, found.version, to)
    if session.as_json:
        show_json({"file": str(path)})
    else:
        show(f"{found.label} is in {path}; take it in elsewhere with: nbabot models import {path.name}")


def take_in(session: Session, file: File) -> None:
    """Take in an exported version as a candidate, once it is checked."""
    _say(session, session.engine.import_model(file), "is registered here")


def one_version(session: Session, name: str, version: str | None) -> ModelVersion:
    """The version that is meant; where only a name is given that has several, UsageError lists them."""
    found = versions_named(session, name, version)
    if version is None and "@" not in name and len(found) > 1:
        raise UsageError(
            f"Which version of {name}: {', '.join(one.version for one in found)}? "
            f"The newest: {found[0].name} {found[0].version}."
        )
    return found[0]


def _ask(question: str) -> None:
    if not sys.stdin.isatty():
        raise UsageError("This needs a yes: run it in a terminal, or add --yes.")
    if not typer.confirm(question, err=True):
        raise UsageError("Nothing was changed.")


def _say(session: Session, version: ModelVersion, what: str) -> None:
    if session.as_json:
        show_json(json_output.model(version))
    else:
        show(f"{version.label} {what}.")
