"""What every measurement prints with, and where it finds real data and stand-in servers."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path


def data_folder() -> Path | None:
    """The folder of real seasons (NBABOT_DATA, else ../shared/data), or None where there is none."""
    folder = Path(os.environ.get("NBABOT_DATA", "../shared/data"))
    return folder if (folder / "team_game_logs").is_dir() else None


def show(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table in Markdown."""
    print(f"\n### {title}\n")
    print("| " + " | ".join(headings) + " |")
    print("|" + " --- |" * len(headings))
    for row in rows:
        print("| " + " | ".join(row) + " |", flush=True)
