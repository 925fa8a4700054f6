"""The size limits of the house, so that hubs cannot grow unnoticed."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(path for package in ("engine", "nbabot", "tui", "bench") for path in (ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_over_300_lines_and_no_function_over_60(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, f"{node.name} is too long"


def test_models_holds_data_only() -> None:
    allowed = {".json", ".gz", ".ubj", ".md"}
    found = {path.suffix for path in (ROOT / "models").rglob("*") if path.is_file()}
    assert found <= allowed
    assert sum(path.stat().st_size for path in (ROOT / "models").rglob("*") if path.is_file()) < 15_000_000
