"""Model versions: `models list`, `show`, `compare`, `audit`, `verify`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from engine.core import words
from engine.core.errors import BundleError, NoModelError
from engine.core.reports import AuditEntry, ModelStatus, ModelVersion
from nbabot.cli import json_output
from nbabot.cli.model_text import show_comparison
from nbabot.cli.output import show, show_json, show_pairs, show_table
from nbabot.cli.session import Session, command, group
from nbabot.cli.text import figure

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the model, or NAME@VERSION.")]
Version = Annotated[str | None, typer.Argument(metavar="VERSION", help="Version of it.", show_default=False)]
First = Annotated[str, typer.Argument(metavar="A", help="NAME@VERSION, or a name for its newest version.")]
Second = Annotated[str, typer.Argument(metavar="B", help="The one to compare it with.")]
Status = Annotated[
    ModelStatus | None, typer.Option("--status", metavar="ROLE", help="Only versions that have it.", show_default=False)
]


def add_to(app: typer.Typer) -> None:
    """Register this group's commands."""
    from nbabot.cli import model_roles

    models = group(app, "models", "List model versions and choose the one that answers.")
    command(models, "list", as_json=True)(list_models)
    command(models, "show", as_json=True)(show_model)
    command(models, "compare", as_json=True)(compare)
    command(models, "audit", as_json=True)(audit)
    command(models, "verify", as_json=True)(verify)
    model_roles.add_to(models)


def list_models(session: Session, status: Status = None) -> None:
    """Every version, newest first, and which one is in production."""
    every = session.engine.models(None)
    versions = [one for one in every if status in (None, one.status)]
    if session.as_json:
        show_json({"models": [json_output.model(version) for version in versions]})
    elif versions:
        show_versions(versions)
    elif every:
        show(f"No version has the role {status}.")
    else:
        show("No model yet: run nbabot train game.")


def show_model(session: Session, name: Name, version: Version = None) -> None:
    """All that is recorded of one version, else of the newest."""
    found = versions_named(session, name, version)[0]
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


def compare(session: Session, first: First, second: Second) -> None:
    """Two versions on the same games: scores, differences, cost.

    On forecasts made before the games where there are enough, else on games that neither has learned from, else on
    those of their walks forward.
    """
    one, two = (versions_named(session, label, None)[0] for label in (first, second))
    found = session.engine.compare_models((one.name, one.version), (two.name, two.version))
    if session.as_json:
        show_json(json_output.comparison(found))
    else:
        show_comparison(found)


def verify(session: Session) -> None:
    """Check every version's files, and look for stray ones.

    The exit code is 1 where anything is wrong.
    """
    checks = session.engine.verify_models()
    wrong = [one for one in checks if one.problem]
    if session.as_json:
        show_json({"sound": not wrong, "checks": [json_output.version_check(one) for one in checks]})
    else:
        show_table(("model", "role", "files"), [(one.label, one.status, one.problem or "sound") for one in checks])
    if wrong:
        raise BundleError(f"{len(wrong)} of {len(checks)} are not sound: the last column above says what to do.")


def audit(session: Session) -> None:
    """Who gave which version what role, when and why."""
    entries = session.engine.model_audit()
    if session.as_json:
        show_json({"audit": [json_output.audit_entry(entry) for entry in entries]})
        return
    for one in entries:
        show(f"{words.moment(one.moment)}  {one.who}: {one.role} {one.from_label or 'none'} → {one.to_label}")
        show(f"    {_reason(one)}")


def _reason(entry: AuditEntry) -> str:
    return f"{entry.why} (in spite of: {entry.despite})" if entry.despite else entry.why


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


def versions_named(session: Session, name: str, version: str | None) -> list[ModelVersion]:
    """The versions that are meant, newest first: one if a version is named, else every one of that name."""
    if version is None:
        name, _, version = name.partition("@")
    named = [one for one in session.engine.models(None) if one.name == name]
    if not named:
        raise NoModelError(f"There is no model '{name}': nbabot models list shows those that exist.")
    found = [one for one in named if version in ("", one.version)]
    if not found:
        raise NoModelError(f"There is no version {version} of {name}: nbabot models list shows those that exist.")
    return found


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
