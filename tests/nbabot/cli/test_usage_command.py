from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine.core.calendar import machine_clock
from engine.core.usage import Ending, Use
from engine.engine import Engine


def test_usage_counts_by_command(ask: Callable[..., Any], home: Path) -> None:
    assert "Nobody has asked anything" in ask("usage").out
    engine = Engine(home)
    engine.usage.record(Use(machine_clock(), n % 3, 9, "predict", 12.3, Ending.ANSWERED) for n in range(1234))
    engine.usage.record([Use(machine_clock(), 1, None, "press why", 5, Ending.FAILED)])
    engine.close()
    shown = ask("usage").out
    assert "1,235 asked" in shown
    assert "by 3 in 1 servers" in shown
    assert ask("usage", "--json").json["commands"][1] == {
        "command": "press why", "asked": 1, "p50_ms": None, "p95_ms": None, "refused": 0, "limited": 0, "failed": 1,
        "late": 0,
    }  # fmt: skip
