"""Whatever the engine answers, a screen asks; what is left out is left out on purpose."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import tui.app
from engine.engine import Engine

LEFT_OUT = {
    "simulated": "no question: the mark in the title bar of every screen",
    "close": "done by the command that opened the engine",
    "team_numbers": "the reasons of a forecast say them in words",
    "champion": "its status marks it among the models",
    "record": "of a day's hits and misses the slate tells; the long run is for nbabot record and the bot",
    "published": "the slate shows published forecasts, marked; all of them are listed by nbabot record --picks",
    "picks": "the slate shows published forecasts, marked",
    "injuries": "a list of its own: nbabot injuries",
    "play_rates": "said beside the injuries: nbabot injuries",
    "import_paths": "an act of minutes, for the command line",
    "replay_raw": "after an update: nbabot replay-raw",
    "back_up": "done by the schedule, and by nbabot backup",
    "restore": "needs the home folder to itself: nbabot restore",
    "damage": "looked for at the start of nbabot run, and by nbabot doctor",
    "doctor": "asked through the desk, with the settings that it needs: d on Data",
    "train_game": "an act of minutes, for the command line",
    "backtest_game": "an act of minutes, for the command line",
    "train_player": "an act of minutes, for the command line",
    "backtest_player": "an act of minutes, for the command line",
    "replay": "a game of the past in real time: nbabot live --replay",
    "forget_live": "done by the schedule",
    "train_live": "an act of minutes, for the command line",
    "backtest_live": "an act of minutes, for the command line",
    "train_halftime": "an act of minutes, for the command line",
    "backtest_halftime": "an act of minutes, for the command line",
    "verify_models": "for who runs the service: nbabot models verify",
    "export_model": "files are for the command line: nbabot models export",
    "import_model": "files are for the command line: nbabot models import",
    "refresh_models": "done by the bot; a screen's question loads what it needs",
    "retrain_check": "for who runs the service: nbabot retrain",
    "retrain": "an act of minutes, for the command line",
    "retrain_weekly": "done by the schedule",
    "publish_picks": "done by the schedule",
    "publish_player_picks": "done by the schedule",
    "grade": "done by the schedule",
}


def test_every_public_part_of_the_engine_is_used_by_a_screen_or_left_out_on_purpose() -> None:
    public = {name for name in dir(Engine) if not name.startswith("_")}
    source = "\n".join(path.read_text() for path in Path(tui.app.__file__).parent.rglob("*.py"))
    used = set(re.findall(r"engine\.(\w+)\(", source))
    assert public - used - set(LEFT_OUT) == set()
    assert set(LEFT_OUT) & used == set()
    assert set(LEFT_OUT) <= public


def test_the_small_engine_is_asked_with_the_words_of_the_real_one(small) -> None:
    for name, method in inspect.getmembers(type(small), inspect.isfunction):
        if not name.startswith("_"):
            assert inspect.signature(method) == inspect.signature(getattr(Engine, name)), name
