"""The maker of log files that the tests of the sources use, for the tests of importing them."""

from __future__ import annotations

from pathlib import Path
from runpy import run_path

logs = run_path(str(Path(__file__).parents[1] / "sources" / "conftest.py"))["logs"]
