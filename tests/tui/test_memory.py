"""Place and theme outlive the run; a file that cannot be used is no reason to fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.app import NbabotApp
from tui.memory import Memory, Remembered


async def test_the_next_run_opens_where_this_one_was_left_in_its_theme(tui, small, tmp_path: Path) -> None:
    path = tmp_path / "tui.json"
    async with NbabotApp(small, 60, path).run_test(size=(80, 24)) as pilot:
        await tui.press(pilot, "3")
        pilot.app.theme = "nord"
        await tui.settle(pilot)
    async with NbabotApp(small, 60, path).run_test(size=(80, 24)) as pilot:
        await tui.settle(pilot)
        assert "[3 Models]" in tui.painted(pilot)
        assert pilot.app.theme == "nord"


@pytest.mark.parametrize(
    "text", ["", "{", "[1]", "null", '{"place": 7}', '{"place": "attic", "theme": "plaid"}', '{"more": "x"}', "\xff"]
)
async def test_a_broken_memory_opens_the_slate(tui, small, tmp_path: Path, text: str) -> None:
    path = tmp_path / "tui.json"
    path.write_bytes(text.encode("latin-1"))
    async with NbabotApp(small, 60, path).run_test(size=(80, 24)) as pilot:
        await tui.settle(pilot)
        assert "[1 Slate]" in tui.painted(pilot)
        assert tui.told(pilot) == []


def test_what_cannot_be_written_is_let_go(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "nowhere" / "tui.json")
    memory.write(Remembered("models", "nord"))
    assert memory.content.place == "models"
    assert Memory(None).read() == Remembered()
