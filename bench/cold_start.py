"""How long a person waits for `nbabot predict` in a fresh process, and what it had to import.

    python -m bench.cold_start [--home DIR] [--runs N]

Without --home it uses an empty folder, and so the models and numbers that come with the program.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.tables import show

TARGET_SECONDS = 1.5
HEAVY = ("pandas", "sklearn", "scipy", "matplotlib", "xgboost", "discord", "textual", "apscheduler", "pyarrow", "numpy")
QUESTION = ("predict", "BOS", "LAL")


def main() -> int:
    """Measure and print; exit code 1 when the median is over the target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--as-of", default=None)
    parser.add_argument("--runs", type=int, default=7)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as empty:
        words = [*QUESTION, "--home", str(chosen.home or empty), *(["--as-of", chosen.as_of] if chosen.as_of else [])]
        first, *rest = [run(words) for _ in range(chosen.runs + 1)]
        loaded = heavy_imports(words)
    median = statistics.median(rest)
    version = statistics.median(run(["--version"]) for _ in range(3))
    rows = [
        (f"the first `nbabot {' '.join(QUESTION)}` in a home folder", f"{first:.2f} s"),
        (f"median of the next {chosen.runs}, each a fresh process (target {TARGET_SECONDS} s)", f"{median:.2f} s"),
        ("the slowest of them", f"{max(rest):.2f} s"),
        ("`nbabot --version`: the program's own start", f"{version:.2f} s"),
        ("heavy packages imported by predict", ", ".join(loaded) or "none"),
    ]
    show("Cold start", ("what", "measured"), rows)
    return 0 if median < TARGET_SECONDS else 1


def run(words: list[str]) -> float:
    """Seconds that a command takes from the shell. Its failure ends the measurement."""
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "nbabot", *words], capture_output=True, text=True, env=_environment())
    if done.returncode:
        raise SystemExit(done.stderr)
    return time.perf_counter() - start


def heavy_imports(words: list[str]) -> list[str]:
    """Which of the heavy packages a command imports."""
    code = (
        "import sys; from nbabot.cli import main; main(sys.argv[1:]); "
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, env=_environment())
    return [name for name in HEAVY if f"'{name}'" in done.stderr]


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("NBABOT_")}


if __name__ == "__main__":
    sys.exit(main())
