"""Which files other users of this machine can read."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from engine.core.sync_reports import Check, Health

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def access_check(name: str, paths: Sequence[Path]) -> Check:
    """Whether only their owner can get at files and folders; Windows keeps a user's folders private by itself."""
    loose = [path for path in paths if os.name == "posix" and _open(path) and _open(path.absolute().parent)]
    if not loose:
        return Check(name, Health.OK, "for their owner alone")
    named = ", ".join(str(path) for path in loose[:3]) + (" and others" if len(loose) > 3 else "")
    return Check(name, Health.WARNING, f"other users have access to {named}", f"chmod go= {loose[0]}")


def _open(path: Path) -> bool:
    return bool(path.stat().st_mode & _OTHERS)
