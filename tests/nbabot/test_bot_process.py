"""`nbabot bot` as an operator starts it: a process of its own, asked through the stand-in for Discord."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.core import words

pytestmark = pytest.mark.end_to_end
DAY = "2025-01-15"


def _nbabot(home: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "nbabot", *arguments, "--home", str(home), "--as-of", DAY]


def _asked_in_discord(stand_in: Any, home: Path, teams: tuple[str, str]) -> Any:
    with stand_in.FakeDiscord.in_thread() as server:
        environment = {**stand_in.subprocess_env(server, None, DISCORD_TOKEN=server.token)}
        process = subprocess.Popen(
            _nbabot(home, "bot"), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            server.wait_commands(["predict", "today", "help"])
            return server.invoke("predict", {"home": teams[0], "away": teams[1]})
        finally:
            process.terminate()
            assert process.wait(20) == 0


def test_the_answer_in_discord_is_the_answer_of_the_command_line_number_for_number(stand_in: Any, home: Path) -> None:
    printed = subprocess.run(
        _nbabot(home, "predict", "BOS", "LAL", "--json"), capture_output=True, check=True, env=dict(os.environ)
    )
    said = json.loads(printed.stdout)
    answer = _asked_in_discord(stand_in, home, ("celtics", "lakers"))
    assert answer.ok, answer.error
    shown = json.dumps(answer.embeds, ensure_ascii=False)
    favourite = max(said["home_win_prob"], 1 - said["home_win_prob"])
    assert words.percent(favourite) in shown
    for side in ("home", "away"):
        assert f"{said[f'{side}_name'].split()[-1]} {round(said[f'{side}_score'])}" in shown
    for driver in said["drivers"][:3]:
        assert f"+{abs(driver['points']):.1f}" in shown
        assert driver["text"] in shown
    assert said["model"] in shown
