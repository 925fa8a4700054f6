"""All that is recorded of a model version, as a page to be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import Group, RenderableType
from rich.table import Table as Grid
from rich.text import Text

from engine.core import words
from engine.core.reports import ModelVersion
from tui.widgets.model_rows import METRICS, metric


def manifest_facts(version: ModelVersion, manifest: Mapping[str, object]) -> Group:
    """Facts, figures, and what it was made of."""
    sections = (
        ("", _facts(version, manifest)),
        ("Walk-forward figures", _figures(version)),
        ("Made of", _parts(manifest)),
        ("Files (sha256)", _files(manifest)),
    )
    parts: list[RenderableType] = []
    for title, rows in sections:
        grid = Grid.grid(padding=(0, 2, 0, 0))
        for name, value in rows:
            grid.add_row(Text(name), Text(value))
        if grid.row_count:
            parts += [Text(f"\n{title}", style="bold"), grid] if title else [grid]
    return Group(*parts)


def _facts(version: ModelVersion, manifest: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    yield "Status", str(version.status)
    yield "Task, family", f"{version.task}, {version.family}"
    yield "Made", words.moment(version.created)
    yield "Learned from", f"{version.rows:,} rows{' (SIMULATED)' if version.simulated else ''}"
    data = manifest.get("data")
    if isinstance(data, dict) and {"first_day", "last_day"} <= data.keys():
        yield "Data", f"{data['first_day']} to {data['last_day']}"
    else:
        yield "Data through", version.trained_through
    tested = manifest.get("metrics_seasons")
    if isinstance(tested, list):
        yield "Tested on", ", ".join(map(str, tested))


def _figures(version: ModelVersion) -> Iterator[tuple[str, str]]:
    known = METRICS.get(version.task, {})
    others = [key for key in version.metrics if key not in known]
    for key in [key for key in known if key in version.metrics] + others:
        yield known[key][0] if key in known else key.replace("_", " "), metric(version, key)


def _parts(manifest: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    members, features, libraries = (manifest.get(key) for key in ("members", "features", "libraries"))
    if isinstance(members, dict):
        yield "Members", ", ".join(f"{name} {weight:.0%}" for name, weight in members.items())
    if isinstance(features, list):
        yield "Features", f"{len(features)}: {', '.join(map(str, features))}"
    if isinstance(libraries, dict):
        yield "Libraries", ", ".join(f"{name} {number}" for name, number in libraries.items())
    if "python" in manifest:
        yield "Python", str(manifest["python"])
    if "contract" in manifest:
        yield "Contract", str(manifest["contract"])[:16]


def _files(manifest: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    files = manifest.get("files")
    for name, digest in files.items() if isinstance(files, dict) else ():
        yield str(name), f"{str(digest)[:16]} .."
