"""The service of a home, asked over HTTP by a command beside it; nothing where none runs."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

if TYPE_CHECKING:
    from nbabot.sections import WebSettings

SECONDS = 1.0
"""How long the service may take to answer; it takes some milliseconds."""
BUILD, CACHE = "nbabot_build_info", "nbabot_cache_total"
_SAMPLE = re.compile(r"^(\w+)\{(.*)\} ([0-9.e+]+)$", re.MULTILINE)
_LABEL = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Recall:
    """How often something was found in memory, and how often it had to be made."""

    hits: int = 0
    misses: int = 0

    @property
    def share(self) -> float:
        """Of the hits; 0 where nothing was looked for."""
        return self.hits / max(self.hits + self.misses, 1)


@dataclass(frozen=True, slots=True)
class Service:
    """A running service: its version, and its caches ("forecast", "state", "players", "model") since its start."""

    version: str
    caches: dict[str, Recall]


def home_mark(home: Path) -> str:
    """What a service tells of its home, so that it is known again and not shown."""
    return hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]


def service_of(home: Path, settings: WebSettings) -> Service | None:
    """What the service of this home tells; None where none runs, or that of another home answers."""
    if not settings.port:
        return None
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104 - not to listen
    query = urlencode([("name[]", BUILD), ("name[]", CACHE)])
    try:
        with build_opener(ProxyHandler({})).open(
            f"http://{host}:{settings.port}/metrics?{query}", None, SECONDS
        ) as page:
            return _read(page.read().decode(), home_mark(home))
    except (OSError, HTTPException, ValueError):
        return None


def _read(text: str, mark: str) -> Service | None:
    version, counts = None, defaultdict[str, dict[str, int]](dict)
    for name, labels, value in _SAMPLE.findall(text):
        of = dict(_LABEL.findall(labels))
        if name == BUILD and of.get("home") == mark:
            version = of["version"]
        elif name == CACHE:
            counts[of["cache"]][of["result"]] = int(float(value))
    if version is None:
        return None
    return Service(version, {name: Recall(n.get("hit", 0), n.get("miss", 0)) for name, n in sorted(counts.items())})
