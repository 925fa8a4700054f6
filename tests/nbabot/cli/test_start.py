"""What a fresh process does and leaves undone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HEAVY = [
    *("pandas", "sklearn", "scipy", "matplotlib", "xgboost", "discord", "textual", "apscheduler", "pyarrow", "numpy"),
    *("httpx", "stamina", "nba_api", "requests", "pdfplumber"),
]
LATER = [*HEAVY, "pydantic", "structlog", "rich", "sqlite3", "engine.engine"]


def python(code: str, *words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_predict_loads_no_heavy_package(home: Path) -> None:
    code = f"""
import sys
from nbabot.cli import main
assert main(sys.argv[1:]) == 0
print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)
"""
    done = python(code, "predict", "BOS", "LAL", "--as-of", "2025-01-15", "--json", "--home", home)
    assert done.stderr.strip() == "[]"


def test_the_tree_of_commands_loads_only_what_help_needs() -> None:
    done = python(f"import sys, nbabot.cli.app; print([name for name in {LATER!r} if name in sys.modules])")
    assert done.stdout.strip() == "[]"


def test_importing_has_no_effects(tmp_path: Path) -> None:
    code = f"""
import os
os.environ["HOME"] = {str(tmp_path)!r}
import logging, nbabot.cli.app, nbabot.settings, nbabot.logs, engine.engine
assert not logging.getLogger().handlers
"""
    assert python(code).stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_python_m_nbabot_is_the_program(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nbabot", "config", "path", "--home", tmp_path],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0
    assert str(tmp_path) in done.stdout
    assert done.stderr == ""


def test_a_home_folder_is_made_by_the_commands_that_need_it_only(tmp_path: Path) -> None:
    target = tmp_path / "home"
    for words in (["config", "show"], ["config", "check"], ["--version"], ["predict", "--help"]):
        subprocess.run([sys.executable, "-m", "nbabot", *words, "--home", target], capture_output=True, timeout=60)
        assert not target.exists()
