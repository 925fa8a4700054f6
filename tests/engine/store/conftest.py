"""The maker of log files that the tests of the sources use, and processes that die at a chosen point."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from runpy import run_path

import pytest

logs = run_path(str(Path(__file__).parents[1] / "sources" / "conftest.py"))["logs"]


@pytest.fixture(scope="session")
def dies() -> Callable[..., None]:
    """Runs Python code that must end its own process, as a kill would: `os._exit(9)`. Its arguments are in `args`."""

    def run(code: str, *args: object) -> None:
        whole = f"import os, sys\nfrom pathlib import Path\nargs = sys.argv[1:]\n{code}"
        done = subprocess.run(
            [sys.executable, "-c", whole, *map(str, args)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 9, done.stderr

    return run
