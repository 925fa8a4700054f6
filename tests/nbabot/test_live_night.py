"""A night with games under way, from the league's host to the channel, whatever dies meanwhile."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bench.live_fault_night import Night, Pace, made_home

pytestmark = pytest.mark.end_to_end


async def test_killed_in_the_middle_the_service_goes_on_in_the_same_messages_and_ends_with_the_result(
    tmp_path: Path, stand_in: object
) -> None:
    games = made_home(tmp_path)
    async with Night.around(tmp_path, games, Pace(clock=30, games=12)) as night:
        process = await night.begins()
        await night.reaches(900)
        process.kill()
        await asyncio.wait_for(process.wait(), 10)
        await night.world.start()
        await night.over()
        verdict = await night.verdict(due=2)
        assert (verdict.right, verdict.wrong, verdict.backwards) == (2, 0, 0)
        assert (night.doubled(), night.notices().doubled) == (0, 0)
        assert night.notices().sent
