"""Who is at the keyboard: the name that stands beside what was promoted, acknowledged or resolved."""

from __future__ import annotations

import getpass


def operator() -> str:
    """The user of the operating system."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "operator"
