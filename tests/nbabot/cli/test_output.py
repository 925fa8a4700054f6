"""Text and tables as they reach a terminal or a pipe."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import typer

from nbabot.cli.app import app
from nbabot.cli.output import show_table
from nbabot.cli.reference import commands

ROWS = [("Sat 21 Nov 2026 03:58 ET", "game-logistic@1.0.0", "lowest log loss of the versions just trained")]


@pytest.mark.parametrize("columns", [200, 80, 50, 20])
def test_a_table_of_any_width_cuts_no_word(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    show_table(("when", "model", "why"), ROWS)
    text = capsys.readouterr().out
    assert set(" ".join(ROWS[0]).split()) <= set(text.split())
    if columns >= 50:
        assert max(map(len, text.splitlines())) <= columns


def test_control_characters_in_a_table_do_not_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    show_table(("why",), [("\x1b]0;title\a \x9b31m \u202e",)])
    assert capsys.readouterr().out.splitlines()[2] == "?]0;title? ?31m ?"


def test_the_help_shows_no_types_of_the_library(run: Callable[..., Any]) -> None:
    for path, _ in commands(typer.main.get_command(app), ""):
        long, short = run(*path.split(), "--help"), run(*path.split(), "-h")
        assert long.code == 0
        assert "<" not in long.out.replace("<=", "")
        assert short == long
