"""Model versions: `models list`, `show`, `promote`, `audit`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from engine.core import words
from engine.core.errors import NoModelError, UsageError
from engine.core.reports import ModelStatus, ModelVersion
from nbabot.cli import json_output
from nbabot.cli.output import show, show_json, show_pairs, show_table
from nbabot.cli.session import Session, command, group, user_name
from nbabot.cli.text import figure

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the model, or NAME@VERSION.")]
Version = Annotated[str | None, typer.Argument(metavar="VERSION", help="Version of it.", show_default=False)]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="Reason, kept in the audit trail.")]


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
    """All that is recorded of one version, else of the newest."""
    found = _find(session, name, version)[0]
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
            *_members(manifest),
            *_files(manifest),
        ]
    )
    _show_importances(manifest)


def promote(session: Session, name: Name, version: Version = None, yes: Yes = False, why: Why = "") -> None:
    """Put a version into production; asks first, unless --yes."""
    candidates = _find(session, name, version)
    found = candidates[0]
    if version is None and "@" not in name:
        raise UsageError(
            f"Which version of {name}: {', '.join(one.version for one in candidates)}? "
            f"The newest: nbabot models promote {name} {found.version}."
        )
    already = found.status is ModelStatus.CHAMPION
    if not already:
        if not yes:
            _ask(session, found)
        found = session.engine.promote(found.name, found.version, user_name(), why or "promoted on the command line")
    if session.as_json:
        show_json(json_output.model(found))
    else:
        show(f"{found.label} is {'already' if already else 'now'} in production.")


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
            f"{version.created:%Y-%m-%d}" + (" (sim)" if version.simulated else ""),
        )
        for version in versions
    ]
    show_table(("model", "role", "through", "games", "log loss", "made"), rows, right=(3, 4))
    if any(version.simulated for version in versions):
        show(f"\n(sim): learned from a {words.SIMULATED}")


def _find(session: Session, name: str, version: str | None) -> list[ModelVersion]:
    """The versions that are meant, newest first: one if a version is named, else every one of that name."""
    if version is None:
        name, _, version = name.partition("@")
    named = [one for one in session.engine.models() if one.name == name]
    if not named:
        raise NoModelError(f"There is no model '{name}': nbabot models list shows those that exist.")
    found = [one for one in named if version in ("", one.version)]
    if not found:
        raise NoModelError(f"There is no version {version} of {name}: nbabot models list shows those that exist.")
    return found


def _ask(session: Session, found: ModelVersion) -> None:
    if not sys.stdin.isatty():
        raise UsageError(f"Promoting {found.label} needs a yes: run it in a terminal, or add --yes.")
    champion = champion_of(session)
    replaced = champion.label if champion else "nothing"
    if not typer.confirm(f"Replace {replaced} by {found.label} ({found.rows:,} games)?", err=True):
        raise UsageError("Nothing was promoted.")


def champion_of(session: Session) -> ModelVersion | None:
    """The version in production, if there is one."""
    try:
        return session.engine.champion()
    except NoModelError:
        return None


def _files(manifest: dict[str, Any]) -> list[tuple[str, str]]:
    files = manifest.get("files")
    return (
        [(f"file {name}", f"sha256 {str(found)[:16]}…") for name, found in files.items()]
        if isinstance(files, dict)
        else []
    )


def _members(manifest: dict[str, Any]) -> list[tuple[str, str]]:
    """What a model is blended from, with weights."""
    members = manifest.get("members")
    if not isinstance(members, dict):
        return []
    return [("made of", ", ".join(f"{name} x {figure(weight, 2)}" for name, weight in members.items()))]


def _show_importances(manifest: dict[str, Any]) -> None:
    """What XGBoost's trees split on, the features of most gain first."""
    anatomy = manifest.get("xgboost")
    if not isinstance(anatomy, dict):
        return
    kinds, best = anatomy["importances"], anatomy["curve"]["best"]
    show(f"\nXGBoost stopped after {best} rounds. Mean gain, number of splits, mean cover:\n")
    rows = [(name, *(figure(kinds[kind].get(name), 1) for kind in kinds)) for name in kinds["gain"]]
    show_table(("feature", *kinds), rows, right=(1, 2, 3))


def _tested(metrics: dict[str, float]) -> list[tuple[str, str]]:
    """The walk-forward figures, with the number of games first."""
    games = [("tested on", f"{metrics['n']:,.0f} games, walking forward")] if "n" in metrics else []
    return games + [(key.replace("_", " "), figure(value, 4)) for key, value in metrics.items() if key != "n"]
