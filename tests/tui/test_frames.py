"""Every screen at 80x24 and 160x45 is as it was when somebody last looked at it and found it good.

The frames are text, so that a change can be read. After a change that is meant:

    WRITE_FRAMES=1 pytest tests/tui/test_frames.py
    git diff tests/tui/frames
"""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path

import pytest

from engine.core.teams import BY_ABBREVIATION
from tests.tui.small_live import begin_the_night

NARROW_WORDS = {*BY_ABBREVIATION, "Teams", "Live"}
"""Words that only the narrow layout uses."""
SIZES = [(80, 24), (160, 45)]
FRAMES = Path(__file__).with_name("frames")
WALK: dict[str, tuple[str, ...]] = {
    "slate": (),
    "slate-past": ("left",),
    "game-final": ("enter",),
    "game": ("escape", "t", "enter"),
    "game-what-if": ("w",),
    "help": ("escape", "escape", "question_mark"),
    "day": ("escape", "g"),
    "players": ("escape", "2"),
    "player": ("enter",),
    "models": ("3",),
    "version": ("enter",),
    "compare": ("escape", "c"),
    "promote": ("escape", "p"),
    "models-player": ("escape", "right"),
    "monitor-inputs": ("4",),
    "input": ("enter",),
    "monitor-picks": ("escape", "right"),
    "monitor-alerts": ("right",),
    "alert": ("enter",),
    "jobs": ("escape", "5"),
    "job": ("enter",),
    "data": ("escape", "6"),
    "data-check-up": ("d",),
}
"""Keys that lead from each screen to the next one."""
NIGHT: dict[str, tuple[str, ...]] = {
    "slate-night": (),
    "game-live": ("enter",),
    "game-half-time": ("right",),
}
"""The same while games are on."""


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "160x45"])
async def test_every_screen_is_as_it_was_when_it_was_found_good(tui, house, size: tuple[int, int]) -> None:
    await _walk(tui, house, size, WALK)


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "160x45"])
async def test_so_is_every_screen_of_a_night_with_games(tui, house, size: tuple[int, int]) -> None:
    begin_the_night(house)
    await _walk(tui, house, size, NIGHT)


async def _walk(tui, house, size: tuple[int, int], walk: dict[str, tuple[str, ...]]) -> None:
    folder = FRAMES / f"{size[0]}x{size[1]}"
    changes = []
    async with tui.house(house, size) as pilot:
        for name, keys in walk.items():
            frame = "\n".join(line.rstrip() for line in (await tui.press(pilot, *keys)).split("\n")) + "\n"
            changes += _changes(folder / f"{name}.txt", frame)
    assert not changes, "\n".join(changes)


def _changes(path: Path, frame: str) -> list[str]:
    """The lines that differ from the stored frame, which is replaced where somebody asked for it."""
    stored = path.read_text() if path.exists() else ""
    if frame != stored and os.environ.get("WRITE_FRAMES"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(frame)
        return []
    return list(difflib.unified_diff(stored.split("\n"), frame.split("\n"), path.stem, "now", lineterm="", n=0))


def test_no_text_is_cut_off_within_a_word_at_80x24() -> None:
    """Every word of the narrow frames stands in the wide ones too, where there is room for all of it."""
    assert _words("80x24") - _words("160x45") - NARROW_WORDS == set()


def _words(size: str) -> set[str]:
    frames = [path.read_text() for path in sorted((FRAMES / size).glob("*.txt"))]
    assert frames
    assert not any("…" in frame for frame in frames)
    return {word for frame in frames for word in re.findall(r"[^\W\d_]{2,}", frame)}
