"""How long the demo takes from the shell, and the most memory that it uses. Target: under 60 s on 2 cores.

python -m bench.demo_time
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time

from bench.tables import show


def main() -> None:
    """Run `nbabot demo` once in a temporary folder and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "nbabot", "demo", "--home", folder], check=True, stdout=subprocess.DEVNULL
        )
        seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    show("nbabot demo", ("seconds", "peak RSS MB"), [(f"{seconds:.1f}", f"{peak:.0f}")])


if __name__ == "__main__":
    main()
