"""Run every measurement in turn, each in a process of its own; a failing one does not stop the others.

python -m bench
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

NOT_MEASUREMENTS = {
    "__init__",
    "__main__",
    "altered",
    "bot_fault_list",
    "bot_fault_world",
    "crowd",
    "crowd_bot",
    "fault_bot",
    "live_evening",
    "live_fault_feed",
    "live_fault_judge",
    "live_fault_list",
    "live_fault_night",
    "live_fault_users",
    "live_files",
    "live_host",
    "pictures",
    "real_seasons",
    "recovery_acts",
    "ship",
    "stand_in",
    "tables",
    "tui_night",
}


def main() -> int:
    """Number of measurements that failed."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in NOT_MEASUREMENTS)
    failed = []
    for name in names:
        print(f"\n## bench.{name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode:
            failed.append(name)
    if failed:
        print(f"\nfailed: {', '.join(failed)}")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
