"""The pictures of the README, made from the running program on a simulated league: docs/pictures.

    python -m bench.pictures [--home PATH]

Without --home a demo is made first (about a minute). `game.svg` is a screen of the terminal UI as it paints it,
`answer.svg` the embed that Discord is sent, `chances.png` the one below a day's picks, `curve.png` the one below its
closest game.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import tempfile
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import discord
from rich.console import Console
from textual.pilot import Pilot

from bench.tables import show
from engine.core.calendar import noon_of
from engine.engine import Engine
from nbabot import embeds, slate_chart
from nbabot.channels import PANEL_WIDTH, as_panel
from nbabot.cli.output import progress_bar
from nbabot.demo import DemoOptions, closest_game, demo_day, run_demo
from nbabot.live_chart import course_of, course_png
from nbabot.track import track_line
from tui.app import NbabotApp

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
SIZE = (110, 32)
MOST_GAMES = 8
MOST_BYTES = 150_000
_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""Fonts that a picture would fetch from elsewhere; without them the reader's own one is used."""


def main() -> None:
    """Make the pictures and print their sizes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path)
    home = parser.parse_args().home
    with tempfile.TemporaryDirectory() as made:
        draw(home or run_demo(DemoOptions(Path(made)), Console(file=StringIO()), progress_bar))


def draw(home: Path) -> None:
    """Make the pictures from the demo in a home folder."""
    FOLDER.mkdir(exist_ok=True)
    day = demo_day(home)
    engine = Engine(home, now=lambda: noon_of(day))
    try:
        asyncio.run(_screen(engine))
        game = engine.slate().games[0].forecast
        _save("answer.svg", _as_svg(embeds.prediction(game, track_line(engine), engine.simulated)))
        _save("chances.png", slate_chart.slate_png(slate_chart.rows_of(engine.slate().games[:MOST_GAMES])))
    finally:
        engine.close()
    _save("curve.png", _curve(home, day))
    sizes = [(path.name, path.stat().st_size) for path in sorted(FOLDER.iterdir())]
    show("Pictures", ["file", "bytes", "at most"], [(name, f"{size:,}", f"{MOST_BYTES:,}") for name, size in sizes])


def _curve(home: Path, day: date) -> bytes:
    """The chance over the closest game of a day, as it is known on the next one."""
    engine = Engine(home, now=lambda: noon_of(day + timedelta(days=1)))
    try:
        closest = closest_game(engine, day)
        if closest is None:
            raise SystemExit(f"No course of a game of {day} is stored: name a home with score timelines.")
        return course_png(course_of(engine.live(closest)))
    finally:
        engine.close()


async def _screen(engine: Engine) -> None:
    app = NbabotApp(engine)
    async with app.run_test(size=SIZE) as pilot:
        await _settled(pilot)
        await pilot.press("enter")
        await _settled(pilot)
        _save("game.svg", _FONTS.sub("", app.export_screenshot(title="nbabot tui")))


async def _settled(pilot: Pilot[None]) -> None:
    """Wait until the engine's answers are painted."""
    for _ in range(3):
        await pilot.pause(0.3)
        await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def _as_svg(embed: discord.Embed) -> str:
    console = Console(record=True, width=PANEL_WIDTH, file=StringIO())
    console.print(as_panel(embed))
    return _FONTS.sub("", console.export_svg(title="/predict"))


def _save(name: str, picture: str | bytes) -> None:
    made = picture.encode() if isinstance(picture, str) else picture
    if len(made) > MOST_BYTES:
        raise SystemExit(f"{name} has {len(made):,} bytes: make it smaller than {MOST_BYTES:,}.")
    (FOLDER / name).write_bytes(made)


if __name__ == "__main__":
    main()
