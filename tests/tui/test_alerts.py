"""Alerts reach whoever sits at the terminal UI: each once, worse ones again, acknowledged ones not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from engine.core.alerts import Alert, Severity

MOMENT = datetime(2025, 1, 15, 17, tzinfo=UTC)
STALE = Alert(
    7, "data", "results", Severity.WARNING, "The newest result is 4 days old: run nbabot sync.", MOMENT, MOMENT,
    None, None, None, None,
)  # fmt: skip


async def heard(tui, pilot, sentence: str) -> None:
    """Wait until a notification says the sentence."""
    for _ in range(500):
        if sentence in tui.told(pilot):
            return
        await pilot.pause(0.02)
    raise AssertionError(f"{sentence!r} was not told, only {tui.told(pilot)}")


async def test_an_open_alert_is_told_once_and_says_how_to_acknowledge_it(tui) -> None:
    tui.engine.alerts.found = (STALE,)
    async with tui(refresh=0.05) as pilot:
        await heard(tui, pilot, STALE.text)
        assert "acknowledge it in the Monitor" in next(iter(pilot.app._notifications)).title
        await tui.press(pilot, "3")
        await pilot.pause(0.3)
        assert tui.told(pilot) == [STALE.text]


async def test_an_alert_that_becomes_worse_is_told_again_and_an_acknowledged_one_is_not_told(tui) -> None:
    seen = replace(STALE, number=8, text="Seen already.", acknowledged=MOMENT, acknowledged_by="ada")
    tui.engine.alerts.found = (STALE, seen)
    async with tui(refresh=0.05) as pilot:
        await heard(tui, pilot, STALE.text)
        tui.engine.alerts.found = (replace(STALE, severity=Severity.CRITICAL, text="Nothing is known since."), seen)
        await heard(tui, pilot, "Nothing is known since.")
        assert tui.told(pilot) == [STALE.text, "Nothing is known since."]
