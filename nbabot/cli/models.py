"""Model versions: `models list`, `show`, `promote`, `audit`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from engine.core import words
from engine.core.errors import NoModelError, UsageError
from engine.core.reports import ModelVersion
from nbabot.cli import json_output
from nbabot.cli.output import show, show_json, show_pairs, show_table
from nbabot.cli.session import Session, command, group
from nbabot.cli.text import figure

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the model, or NAME@VERSION.")]
Version = Annotated[str | None, typer.Argument(metavar="VERSION", help="Version of it.", show_default=False)]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Why = Annotated[str, typer.Option("--why", help="Reason, kept in the audit trail.")]


def add_to(app: typer.Typer) -> None:
    """Register this group's commands."""
    models = group(app, "models", "List model versions and choose the one that answers.")
    command(models, "list", as_json=True)(list_models)
    command(models, "show", as_json=True)(show_model)
    command(models, "promote", as_json=True)(promote)
    command(models, "audit", as_json=True)(audit)


def list_models(session: Session) -> None:
    """Every version, newest first, and which one is in production."""
    versions = session.engine.models()
    if session.as_json:
        show_json({"models": [json_output.model(version) for version in versions]})
    elif versions:
        show_versions(versions)
    else:
        show("No model yet: run nbabot train game.")


def show_model(session: Session, name: Name, version: Version = None) -> None:
    """All that is recorded of one version."""
    found = _find(session, name, version)
    manifest = session.engine.model_manifest(found.name, found.version)
    if session.as_json:
        show_json({**json_output.model(found), "manifest": json_output.plain(manifest)})
        return
    show_pairs(
        [
            ("model", found.label),
            ("role", found.status.value),
            ("family", f"{found.family} ({found.task})"),
            ("trained on", f"{found.rows:,} games through {found.trained_through}"),
            ("made", words.moment(found.created)),
            *([("league", words.SIMULATED)] if found.simulated else []),
            *_tested(found.metrics),
            *_files(manifest),
        ]
    )


def promote(session: Session, name: Name, version: Version = None, yes: Yes = False, why: Why = "") -> None:
    """Put a version into production; asks first, unless --yes."""
    found = _find(session, name, version)
    if not yes:
        _ask(session, found)
    promoted = session.engine.promote(found.name, found.version, _who(), why or "promoted on the command line")
    if session.as_json:
        show_json(json_output.model(promoted))
    else:
        show(f"{promoted.label} is now in production.")


def audit(session: Session) -> None:
    """Who put which version into production, when and why."""
    entries = session.engine.model_audit()
    if session.as_json:
        show_json({"audit": [json_output.audit_entry(entry) for entry in entries]})
        return
    rows = [(words.moment(one.moment), one.who, one.from_label or "–", one.to_label, one.why) for one in entries]
    show_table(("when", "who", "from", "to", "why"), rows)


def show_versions(versions: Sequence[ModelVersion]) -> None:
    """Print versions as a table with their walk-forward figures."""
    rows = [
        (
            version.label,
            version.status.value,
            version.trained_through,
            f"{version.rows:,}",
            figure(version.metrics.get("log_loss"), 4),
            f"{version.created:%Y-%m-%d}" + (" SIMULATED" if version.simulated else ""),
        )
        for version in versions
    ]
    show_table(("model", "role", "through", "games", "log loss", "made"), rows, right=(3, 4))


def _find(session: Session, name: str, version: str | None) -> ModelVersion:
    wanted = name if version is None else f"{name}@{version}"
    if "@" not in wanted:
        raise UsageError(f"Which version of {name}? nbabot models list shows them; then name it: {name} VERSION.")
    for candidate in session.engine.models():
        if candidate.label == wanted:
            return candidate
    raise NoModelError(f"There is no model {wanted}: nbabot models list shows those that exist.")


def _ask(session: Session, found: ModelVersion) -> None:
    import sys

    if not sys.stdin.isatty():
        raise UsageError(f"Promoting {found.label} needs a yes: run it in a terminal, or add --yes.")
    champion = next((one.label for one in session.engine.models() if one.status.value == "champion"), "nothing")
    typer.confirm(f"Replace {champion} by {found.label} ({found.rows:,} games)?", abort=True, err=True)


def _who() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def _files(manifest: dict[str, Any]) -> list[tuple[str, str]]:
    files = manifest.get("files")
    return (
        [(f"file {name}", f"sha256 {str(found)[:16]}…") for name, found in files.items()]
        if isinstance(files, dict)
        else []
    )


def _tested(metrics: dict[str, float]) -> list[tuple[str, str]]:
    """The walk-forward figures, with the number of games first."""
    games = [("tested on", f"{metrics['n']:,.0f} games, walking forward")] if "n" in metrics else []
    return games + [(key.replace("_", " "), figure(value, 4)) for key, value in metrics.items() if key != "n"]
