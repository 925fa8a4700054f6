"""Model versions in use: a promotion seen by a running bot, a long list, the load of a bundle.

    python -m bench.models_life

Targets: a promotion is served by another process in under 5 s, 200 versions are listed in under 300 ms and a bundle is
loaded in under 300 ms.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from bench.tables import show
from engine.core.calendar import noon_of
from engine.engine import Engine, shipped_models
from engine.models.bundles import read_bundle, write_bundle
from engine.models.registry import Registry
from engine.sources.simulated import write_league
from engine.store.database import Database

DAY = date(2025, 1, 15)
VERSIONS = 200
TRIES = 5
BOT = """
import asyncio, sys
from datetime import date
from pathlib import Path
from engine.core.calendar import noon_of
from engine.engine import Engine
from nbabot.warm import keep_models_warm

async def main():
    engine = Engine(Path(sys.argv[1]), now=lambda: noon_of(date(2025, 1, 15)))
    warming = asyncio.create_task(keep_models_warm(engine))
    said = ""
    while True:
        label = await asyncio.to_thread(lambda: engine.predict("BOS", "LAL").model)
        if label != said:
            print(label, flush=True)
            said = label
        await asyncio.sleep(0.05)

asyncio.run(main())
"""
"""A bot without Discord: it keeps its models warm and is asked again and again."""


def main() -> None:
    """Measure and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        seen = _promotions(_trained(home, Path(folder) / "league"), home)
        listed, command = _listing(home)
        loads = _loads(Path(folder) / "loads")
    rows = [
        ("promotion served by another process, worst of four", f"{max(seen):,.0f}", "5,000"),
        (f"list of {VERSIONS} versions, median", f"{listed:,.0f}", "300"),
        ("the same as `nbabot models list`, with the start of Python", f"{command:,.0f}", "–"),
        *((f"load of {name}, first use in a process", f"{took:,.0f}", "300") for name, took in loads),
    ]
    show("model versions, milliseconds", ("what", "took", "target"), rows)


def _trained(home: Path, league: Path) -> Engine:
    write_league(league, seasons=(2023, 2024))
    engine = Engine(home, now=lambda: noon_of(DAY))
    engine.import_paths([league])
    for version in engine.train_game(["elo", "logistic"]):
        engine.promote(version.name, version.version, "bench", "measured", force=True)
    return engine


def _promotions(engine: Engine, home: Path) -> list[float]:
    """How long after each of four rollbacks another process answers by the other version, in milliseconds."""
    bot = subprocess.Popen([sys.executable, "-c", BOT, str(home)], stdout=subprocess.PIPE, text=True)
    try:
        if bot.stdout is None:
            raise RuntimeError("the bot has no output")
        bot.stdout.readline()
        found = []
        for _ in range(4):
            time.sleep(0.7)
            start = time.perf_counter()
            wanted = engine.roll_back("bench", "measured").label
            while bot.stdout.readline().strip() != wanted:
                pass
            found.append(1000 * (time.perf_counter() - start))
        return found
    finally:
        bot.terminate()
        bot.wait()
        engine.close()


def _listing(home: Path) -> tuple[float, float]:
    """Medians of listing many versions: asked of a running engine, and as a command."""
    database = Database(home / "nbabot.db")
    registry = Registry(database, shipped_models(), home / "models")
    original = max((home / "models").glob("game-logistic/*"))
    bundle = read_bundle(original)
    for number in range(VERSIONS - len(registry.rows())):
        target = original.parent / f"2.{number}.0"
        write_bundle(target, {**bundle.manifest, "version": target.name}, bundle.files)
        registry.register(read_bundle(target), "home")
    listed = [_milliseconds(lambda: registry.versions("game")) for _ in range(TRIES)]
    words = [sys.executable, "-m", "nbabot", "models", "list", "--home", str(home), "--json"]
    counted = json.loads(subprocess.run(words, capture_output=True, check=True).stdout)["models"]
    if len(counted) != VERSIONS:
        raise RuntimeError(f"{len(counted)} versions are listed, not {VERSIONS}")
    command = [_milliseconds(lambda: subprocess.run(words, capture_output=True, check=True)) for _ in range(TRIES)]
    database.close()
    return statistics.median(listed), statistics.median(command)


def _loads(home: Path) -> list[tuple[str, float]]:
    """How long each shipped bundle takes to be read, checked and made into a model."""
    engine = Engine(home)
    engine.close()
    database = Database(home / "nbabot.db")
    found = []
    for version in Registry(database, shipped_models(), home / "models").versions("game"):
        fresh = [Registry(database, shipped_models(), home / "models") for _ in range(TRIES)]
        found.append((version.label, max(_milliseconds(partial(one.load, version.label)) for one in fresh)))
    database.close()
    return found


def _milliseconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    main()
