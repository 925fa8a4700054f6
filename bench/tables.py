"""What every measurement prints with, and where it finds real data and stand-in servers."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

BESIDE = Path(__file__).parents[2] / "shared"
"""Where real seasons and stand-ins lie beside a checkout."""


def data_folder() -> Path | None:
    """The folder of real seasons (NBABOT_DATA, else ../shared/data), or None where there is none."""
    folder = Path(os.environ.get("NBABOT_DATA", BESIDE / "data"))
    return folder if (folder / "team_game_logs").is_dir() else None


def tool(name: str) -> ModuleType | None:
    """A stand-in server of the tools folder (NBABOT_TOOLS, else ../shared/tools) as a module, or None without it."""
    path = Path(os.environ.get("NBABOT_TOOLS", BESIDE / "tools")) / f"{name}.py"
    if not path.is_file():
        return None
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


def show(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table in Markdown."""
    print(f"\n### {title}\n")
    print("| " + " | ".join(headings) + " |")
    print("|" + " --- |" * len(headings))
    for row in rows:
        print("| " + " | ".join(row) + " |", flush=True)
