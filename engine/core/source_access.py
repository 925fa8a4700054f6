"""How the operator wants the feeds to be asked: what the settings say, as the engine takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.core.odds import OddsAccess


@dataclass(frozen=True, slots=True)
class SourceAccess:
    """Which feed is asked first, where each host is, and how long it is waited for (seconds).

    An empty URL stands for the host's own. `headers` are sent to stats.nba.com and cdn.nba.com in the place of the
    usual ones of the same name. Raw payloads are kept for `raw_keep_days`. Without `odds` none are fetched.
    """

    prefer: Literal["stats", "cdn"] = "stats"
    stats_url: str = ""
    cdn_url: str = ""
    injuries_url: str = ""
    odds_url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    connect_s: float = 5.0
    read_s: float = 15.0
    raw_keep_days: int = 14
    odds: OddsAccess | None = None
