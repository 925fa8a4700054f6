"""The screens of players, jobs and data in a narrow and in a wide terminal: no word cut, nothing beyond the edge."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from engine.core.calendar import noon_of
from engine.engine import Engine
from tui.app import NbabotApp

WALK = {
    "candidates": [],
    "player": ["enter"],
    "line": ["l"],
    "jobs": ["escape", "5"],
    "posts": ["right"],
    "log": ["right"],
    "data": ["6"],
    "corrections": ["right"],
    "synchronisation": ["right"],
    "check-up": ["right"],
}
"""Keys that lead from each screen to the next one."""


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=["80x24", "160x45"])
async def test_nothing_is_cut_at_the_right_edge_and_without_colour_signs_mark_place_row_pane_and_range(
    players_home: Path, tmp_path: Path, tui, monkeypatch, size: tuple[int, int]
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    shown = ""
    memory = tmp_path / "tui.json"
    memory.write_text('{"place": "players"}')
    engine = Engine(players_home, now=lambda: noon_of(date(2024, 12, 12)))
    async with NbabotApp(engine, 60, memory).run_test(size=size) as pilot:
        for screen, keys in WALK.items():
            text = await tui.type_in(pilot, *keys)
            shown += text
            lines = text.split("\n")
            assert len(lines) == size[1], screen
            assert not any("…" in line for line in lines), screen
            for line in lines:
                assert len(line) == size[0], screen
                assert re.fullmatch(r"[ │▂▄▆█▁▇▃▅]", line[-1]), (screen, line)
    engine.close()
    assert "[2 Players]" in shown
    assert re.search(r"▸  points +\d+\.\d +\d+-\d+ +\d+-\d+ +·+─*━+●━+", shown)
    assert all(mark in shown for mark in "█░●")
    assert ("[Feeds]" in shown) == (size[0] == 80)
