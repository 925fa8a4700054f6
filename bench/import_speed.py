"""How long it takes to import every real season into an empty database, how much memory, and what a repeat costs.

    python -m bench.import_speed

Reads NBABOT_DATA (default ../shared/data). Each import runs in a process of its own, so that its peak of memory is
its own. The promise is under 90 s and under 1.5 GB on two cores.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from bench.tables import data_folder
from engine.core.reports import FileReport
from engine.store.database import Database
from engine.store.imports import import_paths

Timing = tuple[tuple[FileReport, ...], dict[str, float], float, float]


def measured(database: Path, data: Path) -> Timing:
    """Import once: what became of each file, seconds by kind, seconds in all, and peak memory in MB."""
    begun: dict[str, float] = {}
    ended: dict[str, float] = {}

    def progress(stage: str, done: int, total: int) -> None:
        begun.setdefault(stage, time.perf_counter())
        ended[stage] = time.perf_counter()

    started = time.perf_counter()
    report = import_paths(Database(database), [data], progress)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    return report.files, {stage: ended[stage] - begun[stage] for stage in begun}, seconds, peak


def table(title: str, timing: Timing) -> str:
    """The figures of one import as text."""
    files, seconds, whole, peak = timing
    read: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for one in files:
        stage = one.kind if one.kind in seconds else f"{one.kind}s"
        read[stage] += one.read
        count[stage] += 1
    lines = [title, f"{'kind':<18}{'files':>6}{'rows':>12}{'seconds':>9}{'rows/s':>12}"]
    for stage, took in seconds.items():
        lines.append(f"{stage:<18}{count[stage]:>6}{read[stage]:>12,}{took:>9.1f}{read[stage] / took:>12,.0f}")
    total = sum(read.values())
    lines.append(f"{'all':<18}{len(files):>6}{total:>12,}{whole:>9.1f}{total / whole:>12,.0f}")
    new, changed = sum(one.new for one in files), sum(one.changed for one in files)
    same, rejected = sum(one.unchanged for one in files), sum(sum(one.rejected.values()) for one in files)
    lines.append(f"{new:,} new, {changed:,} changed, {same:,} unchanged, {rejected:,} rejected; peak {peak:,.0f} MB")
    return "\n".join(lines)


def main() -> int:
    """Print both tables; 1 when the promise is broken."""
    data = data_folder()
    if data is None:
        print("no real seasons here (NBABOT_DATA): nothing measured")
        return 0
    kept = True
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "nbabot.db"
        for title in ("import into an empty database", "the same files again"):
            with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
                timing = pool.submit(measured, database, data).result()
            print(table(title, timing), end="\n\n")
            kept = kept and timing[2] < 90 and timing[3] < 1536
        print(f"database {database.stat().st_size / 1e6:,.0f} MB, {os.cpu_count()} cores")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
