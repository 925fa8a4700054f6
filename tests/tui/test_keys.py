"""Every key that a screen offers does something, and none ends the app."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from tui.widgets.keys import described

pytestmark = pytest.mark.end_to_end
WAYS: dict[str, tuple[str, ...]] = {
    "slate": ("left",),
    "game": ("enter",),
    "players": ("2",),
    "player": ("2", "enter"),
    "models": ("3",),
    "monitor inputs": ("4",),
    "monitor picks": ("4", "right"),
    "monitor alerts": ("4", "right", "right"),
    "jobs": ("5",),
    "data": ("6",),
    "version": ("3", "enter"),
    "comparison": ("3", "c"),
    "promotion": ("3", "p"),
    "day": ("g",),
    "help": ("3", "question_mark"),
}
"""Keys that lead to each screen, in a state in which its keys have something to do."""
NOTHING_TO_DO = {
    "players": {"escape", "slash"},
    "player": {"escape", "space"},
    "day": {"backspace"},
}
"""Keys that rightly do nothing by then: in the search already, at the end of the page, nothing typed yet."""
ORDER = ("enter", "down", "up", "j", "k", "pagedown", "pageup", "end", "home", "a", "x", "right", "left", "l", "h")
"""What comes first, so that it has something to do: there, then back."""
LEAVING = ("escape", "backspace")
ELSEWHERE = {"quit", "command_palette"}


def keys_of(screen: Screen[object]) -> list[str]:
    """The screen's keys and help; not those that edit a text, nor those that Textual gives to whatever scrolls."""
    offered = [
        one.binding.key
        for one in described(screen)
        if not isinstance(one.node, Input)
        and one.binding.action not in ELSEWHERE
        and not one.binding.action.startswith("switch_mode")
        and not (type(one.node).__module__.startswith("textual.") and one.node is not screen.app)
    ]
    first = [key for key in ORDER if key in offered]
    last = [key for key in LEAVING if key in offered]
    return [*first, *(key for key in dict.fromkeys(offered) if key not in (*first, *last)), *last]


def state(tui, pilot: Pilot[None]) -> tuple[object, ...]:
    """All that a key may change and a person may see."""
    return tui.painted(pilot), pilot.app.screen, len(tui.told(pilot)), pilot.app.focused


@pytest.mark.parametrize("name", WAYS)
async def test_every_key_on_offer_does_something(tui, house, name: str) -> None:
    idle = set()
    async with tui.house(house, (80, 16)) as pilot:
        await tui.press(pilot, *WAYS[name])
        screen = pilot.app.screen
        keys = keys_of(screen)
        for key in keys:
            before = state(tui, pilot)
            await tui.press(pilot, key)
            if state(tui, pilot) == before:
                idle.add(key)
            if screen in pilot.app.screen_stack:
                while pilot.app.screen is not screen:
                    await tui.press(pilot, "escape")
            else:
                await tui.press(pilot, WAYS[name][-1])
                screen = pilot.app.screen
    assert keys
    assert idle == NOTHING_TO_DO.get(name, set())


async def test_every_place_has_a_key_and_q_ends_the_app(tui, house) -> None:
    async with tui.house(house, (80, 24)) as pilot:
        for key in "654321":
            assert f"[{key} " in await tui.press(pilot, key)
        await pilot.press("q")
    assert pilot.app.return_code == 0
