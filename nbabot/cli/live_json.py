"""Games under way as JSON values with stable keys; the keys are documented in docs/json.md."""

from __future__ import annotations

from engine.core import words
from engine.core.live_games import Alike, LiveBoard, LiveCard, LiveForecast, LiveRecord, LiveView
from nbabot.cli.json_output import Json, plain


def board(found: LiveBoard) -> Json:
    """The games of a day as they stand, as `nbabot live --json` prints them."""
    return {
        "date": found.league_day.isoformat(),
        "as_of": plain(found.as_of),
        "polled_at": plain(found.polled_at),
        "problem": found.problem,
        "simulated": found.simulated,
        "games": [_game(view) for view in found.games],
    }


def card(found: LiveCard) -> Json:
    """One game with its curve and the past games that went like it, as `nbabot live GAME --json` prints it."""
    return {
        **_game(found.view),
        "points": plain(found.points),
        "alike": [_alike(one) for one in found.alike],
        "alike_outcomes": plain(found.alike_outcomes),
        "simulated": found.simulated,
    }


def record(found: LiveRecord) -> Json:
    """How live forecasts fared, by the seconds that were left."""
    return dict(plain(found))


def _game(view: LiveView) -> Json:
    state, moment, before = view.state, view.state.moment, view.pregame
    return {
        "game_id": state.game_id,
        "date": state.league_day.isoformat(),
        "home": words.code(state.home_id),
        "away": words.code(state.away_id),
        "tip_off": plain(state.tip_utc),
        "status": state.status.value,
        "text": state.text,
        "period": moment.period,
        "seconds_left": moment.seconds_left,
        "home_points": moment.home,
        "away_points": moment.away,
        "possession": moment.possession,
        "seen_at": plain(state.seen_at),
        "changed_at": plain(state.changed_at),
        "before": None if before is None else {"home_win_prob": before.home_win_prob, "margin": before.margin},
        "forecast": None if view.forecast is None else _forecast(view.forecast),
        "notes": list(view.notes),
    }


def _forecast(said: LiveForecast) -> Json:
    half = said.halftime
    return {
        **plain(said.numbers),
        "model": said.model,
        "made_at": plain(said.made_at),
        "halftime": None if half is None else {**plain(half), "parts": dict(half.parts), "model": said.halftime_model},
    }


def _alike(one: Alike) -> Json:
    sides = {"home": words.code(one.home_id), "away": words.code(one.away_id)}
    rest = {key: value for key, value in plain(one).items() if key not in ("home_id", "away_id", "league_day")}
    return {**rest, **sides, "date": one.league_day.isoformat()}
