"""How long the terminal UI takes from a key press to the painted answer, and from the shell to the first paint.

    python -m bench.tui_latency [--home PATH] [--as-of 2025-01-15]

Starts the real command in a pseudo-terminal and watches the bytes it writes. Without --home a simulated league of
twenty seasons is imported and an Elo model trained (some minutes). "paint" is the first change of the
screen after the key; "settled" the last one before 80 ms of silence, so it includes the engine's answer. Esc stands
apart: for 100 ms it could be the beginning of an arrow key. Figures in milliseconds.

Targets: first paint 1,000; every key but esc, paint p95 100; a day change settled p95 150; a what-if settled p95 200;
resident memory 300 MB.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import select
import shutil
import signal
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from bench.tables import show
from engine.core.calendar import noon_of
from engine.engine import Engine
from engine.sources.simulated import write_league
from nbabot.cli.tui import MEMORY

DAY = date(2025, 1, 15)
SEASONS = range(2005, 2025)
QUIET, PATIENCE = 0.08, 20.0
LEAST_PAINT = 40
"""Bytes that make a paint; fewer only move the cursor."""
LEFT, RIGHT, UP, DOWN, ENTER, ESC = b"\x1b[D", b"\x1b[C", b"\x1b[A", b"\x1b[B", b"\r", b"\x1b"
SPACE, BACKSPACE = b" ", b"\x7f"
SCENES: tuple[tuple[str, Sequence[bytes]], ...] = (
    ("slate: choose a row", [DOWN] * 4 + [UP] * 4),
    ("slate: change the day", [LEFT] * 20 + [RIGHT] * 20),
    ("slate: open a game", [ENTER, ESC] * 10),
    ("game: go to the next game", [ENTER, *[RIGHT] * 20]),
    ("game: open what-if", [b"w"]),
    ("game: what-if", [SPACE, DOWN] * 10),
    ("game: back to the slate", [ESC, ESC, ESC]),
    ("models: open", [b"3"]),
    ("models: choose a row", [DOWN, UP] * 6),
    ("models: mark", [SPACE] * 10),
    ("models: open a manifest", [ENTER, ESC] * 6),
    ("models: open the promotion", [DOWN, *[b"p", ESC] * 6]),
    ("monitor: open", [b"4"]),
    ("monitor: change the section", [RIGHT] * 12),
    ("jobs: open", [b"5"]),
    ("jobs: change the pane", [RIGHT] * 9),
    ("data: open", [b"6"]),
    ("data: change the pane", [RIGHT] * 8),
    ("switch places", [b"1", b"3", b"4", b"5", b"6"] * 4),
    ("help: open", [b"?", ESC] * 10),
    ("players: open", [b"2"]),
    ("players: type a name", [b"a", b"n", b"d", BACKSPACE, BACKSPACE, BACKSPACE] * 2),
    ("players: open a player", [ENTER, b"/"] * 6),
)
"""What is done, in the order in which it is done, and with which keys."""
NIGHT: tuple[tuple[str, Sequence[bytes]], ...] = (
    ("slate: choose a row", ([DOWN] * 5 + [UP] * 5) * 6),
    ("slate: open a game", [ENTER, ESC] * 10),
    ("game: go to the next game", [ENTER, *[RIGHT] * 20]),
    ("game: change the section", [b"\t"] * 15),
)
"""The same while all games of a day are on: their scores change every few seconds, between keys and during them."""
PANES = ("monitor: change the section", "jobs: change the pane", "data: change the pane")
"""Scenes of narrow terminals: from WIDE columns on all panes are seen at once, and the key has nothing to paint."""
WIDE = 120


@dataclass
class Terminal:
    """A pseudo-terminal with the program in it."""

    size: tuple[int, int]
    command: Sequence[str]
    pid: int = 0
    fd: int = -1
    seen: bytes = field(default=b"", repr=False)

    def start(self) -> None:
        """Start the program."""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
                os.execv(self.command[0], list(self.command))
            finally:
                os._exit(127)
        columns, rows = self.size
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, seconds: float) -> bytes:
        """What is written within the time, as soon as anything is. Ends the measurement when the program has ended."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return b""
        got = b""
        with suppress(OSError):
            got = os.read(self.fd, 65536)
        if not got:
            raise SystemExit(f"The terminal UI ended by itself:\n{self.seen.decode(errors='replace')[-2000:]}")
        return got

    def wait_for(self, text: str) -> float:
        """Moment at which the text has been written."""
        end = time.perf_counter() + PATIENCE
        while time.perf_counter() < end:
            self.seen += self.read(0.05)
            if text.encode() in self.seen:
                return time.perf_counter()
        raise SystemExit(f"'{text}' did not appear within {PATIENCE:.0f} s.")

    def settle(self) -> float | None:
        """Moment of the last byte before silence, or before patience ends; None when there is only silence."""
        last, end = None, time.perf_counter() + PATIENCE
        while time.perf_counter() < end and self.read(QUIET):
            last = time.perf_counter()
        return last

    def press(self, key: bytes) -> tuple[float, float] | None:
        """Seconds from the key to the first change and to the last one before silence; None when nothing changed."""
        begin = time.perf_counter()
        os.write(self.fd, key)
        painted = 0
        while painted < LEAST_PAINT:
            got = self.read(1)
            if not got:
                return None
            painted += len(got)
        first = time.perf_counter()
        return first - begin, (self.settle() or first) - begin

    def resident_mb(self) -> float:
        """Resident memory of the program."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))

    def stop(self) -> None:
        """End the program; closing the terminal first lets it not wait for a reader."""
        os.close(self.fd)
        end = time.perf_counter() + PATIENCE
        os.kill(self.pid, signal.SIGTERM)
        while os.waitpid(self.pid, os.WNOHANG) == (0, 0):
            if time.perf_counter() > end:
                os.kill(self.pid, signal.SIGKILL)
            time.sleep(0.02)


def measure(
    size: tuple[int, int], command: Sequence[str], scenes: Sequence[tuple[str, Sequence[bytes]]], ready: str
) -> list[tuple[str, list[float]]]:
    """Rows of the table for one size of the terminal; the keys follow once the text `ready` has been painted."""
    terminal = Terminal(size, command)
    begin = time.perf_counter()
    terminal.start()
    try:
        rows = [("first paint", [terminal.wait_for("Slate") - begin])]
        rows.append(("first slate with forecasts", [terminal.wait_for(ready) - begin]))
        terminal.settle()
        rows += walk(terminal, [one for one in scenes if size[0] < WIDE or one[0] not in PANES])
        print(f"resident memory at {size[0]}x{size[1]}: {terminal.resident_mb():.0f} MB")
    finally:
        terminal.stop()
    return rows


def walk(terminal: Terminal, scenes: Sequence[tuple[str, Sequence[bytes]]]) -> list[tuple[str, list[float]]]:
    """Rows of the table for all scenes, one after the other."""
    rows, escapes, every = [], [], []
    for scene, keys in scenes:
        pressed = [(key, seconds) for key in keys if (seconds := terminal.press(key))]
        escapes += [seconds[0] for key, seconds in pressed if key == ESC]
        times = [seconds for key, seconds in pressed if key != ESC]
        if times:
            every += [paint for paint, _ in times]
            rows.append((f"{scene}: paint", [paint for paint, _ in times]))
            rows.append((f"{scene}: settled", [settled for _, settled in times]))
    return [*rows, ("every key but esc: paint", every), ("esc: paint, after 100 ms of doubt", escapes)]


def print_table(title: str, rows: list[tuple[str, list[float]]]) -> None:
    """Median, 95th percentile and worst, in milliseconds."""
    cells = [
        (name, str(len(seconds)), *(f"{1000 * np.percentile(seconds, share):.0f}" for share in (50, 95, 100)))
        for name, seconds in rows
    ]
    show(f"{title}, milliseconds", ("", "n", "p50", "p95", "max"), cells)


def simulated_home(folder: Path) -> Path:
    """A home folder with twenty simulated seasons and trained models."""
    write_league(folder / "league", seed=7, seasons=SEASONS)
    engine = Engine(folder / "home", now=lambda: noon_of(DAY))
    engine.import_paths([folder / "league"])
    engine.refresh_players()
    for version in engine.train_game(["elo"]):
        engine.promote(version.name, version.version, "bench", "measured", force=True)
    engine.close()
    return folder / "home"


def main() -> None:
    """Measure at both sizes and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--as-of", default=DAY.isoformat())
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = options.home or simulated_home(Path(folder))
        command = [sys.executable, "-m", "nbabot", "--home", str(home), "tui", "--as-of", options.as_of]
        for size in ((80, 24), (160, 45)):
            (home / MEMORY).unlink(missing_ok=True)
            print_table("{}x{}".format(*size), measure(size, command, SCENES, "Chance"))
            evening = shutil.copytree(home, Path(folder) / "x".join(map(str, size)))
            night = [sys.executable, "-m", "bench.tui_night", str(evening)]
            print_table(f"{'{}x{}'.format(*size)}, all games of the day on", measure(size, night, NIGHT, "under way"))


if __name__ == "__main__":
    main()
