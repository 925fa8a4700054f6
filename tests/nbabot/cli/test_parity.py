"""Whatever the engine can be asked, a command asks; what is left out is left out on purpose."""

from __future__ import annotations

import re
from pathlib import Path

import nbabot.cli
from engine.engine import Engine

LEFT_OUT = {
    "head_to_head": "part of a game's detail on a screen",
    "recent_games": "part of a game's detail on a screen",
    "team_numbers": "for building the numbers that are shipped; a forecast's reasons say them in words",
    "rotation": "part of a game's detail on a screen",
    "games_per_day": "marks the days of a calendar on a screen",
    "timeline": "the course of a game, drawn on a screen",
    "picks": "shown by today; counted by record",
    "player_games": "the chart on a player's card",
    "players": "completes names while they are typed in Discord; an unclear name lists its candidates itself",
    "forget_live": "done by jobs run recap",
    "refresh_models": "done by the bot, every two seconds",
    "publish_picks": "done by jobs run picks",
    "publish_player_picks": "done by jobs run picks",
    "grade": "done by jobs run recap",
}


def test_every_public_method_of_the_engine_is_reached_by_a_command_or_left_out_on_purpose():
    public = {name for name in dir(Engine) if not name.startswith("_") and callable(getattr(Engine, name))}
    source = "\n".join(path.read_text() for path in Path(nbabot.cli.__file__).parent.glob("*.py"))
    reached = set(re.findall(r"[eE]ngine\.(\w+)\(", source))
    assert public - reached - set(LEFT_OUT) == set()
    assert set(LEFT_OUT) & reached == set()
