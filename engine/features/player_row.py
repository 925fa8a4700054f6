"""The row of one player for one game to come: his minutes and rates, his company, the opponent, the game's shape."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from datetime import date
from functools import cache

from engine.features.player_allowed import ALLOWED, Allowed
from engine.features.player_context import COMPANY, REMEMBERED, Mate, Profile, company, usage
from engine.features.player_form import (
    AST,
    BLK,
    CLOSE_GAME,
    DREB,
    FG3A,
    FGA,
    FTA,
    HORIZONS,
    MINUTES,
    MONTHS,
    OREB,
    PACE,
    PTS,
    TOV,
    WITH_TEAM,
    YEAR,
    Form,
    without_mates,
)  # fmt: skip

CONTRACT_VERSION = 1
"""Raised whenever a number of the row keeps its name but changes its meaning."""
FG3M, STL, PF, PLUS_MINUS = 4, 11, 14, 15
STYLE = {"fga": FGA, "fg3a": FG3A, "fta": FTA, "oreb": OREB, "pf": PF, "plus_minus": PLUS_MINUS}
SKILL = {"pts": PTS, "ast": AST, "fg3m": FG3M, "stl": STL, "blk": BLK, "tov": TOV}
STEPS = (12.0, 20.0, 28.0, 34.0)
"""Expected minutes at which the answer to everything else changes its slope."""
_USUAL_FROM = 0.2
_EFFECT_FROM = 0.3


@dataclass(frozen=True, slots=True)
class Setting:
    """What a team's players share before a game; the opponent's line-up counts with what it is expected to be.

    Margins and ratings are points per 100 possessions for this team, `pace` possessions, `team_games` those it has
    played this season; `mates` and `opponents` are the rotations, `allowed` what the opponent lets through.
    """

    day: date
    season: int
    team_id: int
    home: float
    rest: int
    opponent_rest: int
    third_in_four: bool
    team_games: int
    form_edge: float
    lineup_edge: float
    home_edge: float
    attack: float
    opponent_defence: float
    efficiency: float
    pace: float
    league_pace: float
    mates: tuple[Mate, ...]
    opponents: tuple[Mate, ...]
    allowed: Allowed

    @property
    def margin(self) -> float:
        """The margin that form and line-ups let one expect: far from 0, starters may rest."""
        return (self.form_edge + self.lineup_edge) / 2 + self.home_edge


@dataclass(frozen=True, slots=True)
class Company:
    """A player's team-mates before a game: COMPANY of those who play and of the missing, and what absences did to him.

    `effect` is (minutes, points, games seen) of `without_mates`.
    """

    profile: Profile
    here: list[float]
    out: list[float]
    absent: dict[int, float]
    effect: tuple[float, float, float]

    @classmethod
    def of(cls, form: Form, player_id: int, setting: Setting) -> Company:
        """The company of a player in a setting."""
        profile = Profile.of(form)
        here, out = company(form, player_id, profile, setting.mates)
        absent = {
            one.player_id: 1 - one.chance for one in setting.mates if one.chance < 1 and one.player_id != player_id
        }
        known = absent if form.team_id == setting.team_id else {}
        return cls(profile, here, out, absent, without_mates(form, known))

    @property
    def remembered(self) -> tuple[float, ...]:
        """REMEMBERED, as it is kept with an appearance."""
        return (*self.here, *self.out[: len(REMEMBERED) - len(COMPANY)])


def player_row(form: Form, player_id: int, setting: Setting) -> tuple[float, ...]:
    """The features of a player's game to come in the order of `feature_names()`; `form` has entered the season."""
    return tuple(_named(form, player_id, setting).values())


@cache
def feature_names() -> tuple[str, ...]:
    """The names of a row, in order."""
    form = Form(team_id=0, season=0, first_season=0, last_day=date.min)
    setting = Setting(
        *(date.min, 0, 0, 0.0, 1, 1, False, 0),
        *(0.0,) * 8,
        mates=(),
        opponents=(),
        allowed=Allowed(),
    )
    return tuple(_named(form, 0, setting))


@cache
def player_contract() -> str:
    """SHA-256 over version and names: equal only where a row means the same numbers."""
    return hashlib.sha256("\n".join([str(CONTRACT_VERSION), *feature_names()]).encode()).hexdigest()


def _named(form: Form, player_id: int, setting: Setting) -> dict[str, float]:
    found = Company.of(form, player_id, setting)
    row = {
        **_minutes(form),
        **_standing(form, setting),
        **_company(form, found),
        **_opponent(setting, found.profile),
        **_game(form, setting),
        **_rates(form),
    }
    expected = row["minutes_expected"]
    for name in ("company_change_minutes", "company_change_alike", "company_last_minutes", "margin_size"):
        row[f"{name}_x_minutes"] = row[name] * expected / 24
    return row


def _minutes(form: Form) -> dict[str, float]:
    """How long he has lately played."""
    last = form.last_minutes or (0.0,)
    expected, months = form.expected_minutes, form.per_game(MONTHS, MINUTES)
    close = (form.close.total + CLOSE_GAME.prior_games * months) / (form.close.weight + CLOSE_GAME.prior_games)
    here = (form.with_team.total + WITH_TEAM.prior_games * months) / (form.with_team.weight + WITH_TEAM.prior_games)
    margins = form.last_margins
    return {
        "minutes_last": last[-1],
        "minutes_second_last": last[max(-2, -len(last))],
        "minutes_third_last": last[max(-3, -len(last))],
        "minutes_most": max(last),
        "minutes_least": min(last),
        **{f"minutes_{one.name}": form.per_game(at, MINUTES) for at, one in enumerate(HORIZONS)},
        "minutes_season": (form.season_minutes + 4 * form.per_game(YEAR, MINUTES)) / (form.season_games + 4),
        "minutes_close": close,
        "minutes_with_team": here,
        "minutes_spread": form.spread(0),
        "points_spread": form.spread(1),
        "minutes_expected": expected,
        **{f"minutes_over_{step:.0f}": max(expected - step, 0.0) for step in STEPS},
        "margin_last": margins[-1] if margins else 0.0,
        "margin_last_size": abs(margins[-1]) if margins else 0.0,
        "margins_size": sum(map(abs, margins)) / len(margins) if margins else 11.0,
    }


def _standing(form: Form, setting: Setting) -> dict[str, float]:
    """Where he stands: experience, team, season, and whether he just came back."""
    gap = max((setting.day - form.last_day).days, 0)
    here = form.team_id == setting.team_id
    missed = setting.team_games - form.team_game if here and form.team_game else -1
    return {
        "games": float(min(form.games, 300)),
        "games_root": math.sqrt(min(form.games, 300)),
        "season_games": float(form.season_games),
        "team_games": float(min(form.team_games, 82)),
        "new_team": float(not here),
        "seasons": float(form.season - form.first_season),
        "days_off": float(min(gap, 30)),
        "days_off_few": float(min(gap, 3)),
        "first_of_season": float(form.season_games == 0),
        "missed": float(min(missed, 20)),
        "missed_many": float(missed > 3),
        "since_return": float(min(form.since_return, 20)),
        "played_share": min(form.season_games / max(setting.team_games, 1), 1.2),
        "season_age": float(setting.team_games),
    }


def _company(form: Form, found: Company) -> dict[str, float]:
    """Who is there and who is missing, against what he is used to and against the last time."""
    now, weight = found.remembered, form.mates_weight
    usual = [total / weight for total in form.mates] if weight > _USUAL_FROM else now
    trust = weight / (weight + 1)
    change = dict(zip(REMEMBERED, ((a - b) * trust for a, b in zip(now, usual, strict=True)), strict=True))
    last = form.last_mates or now
    effects, (minutes, points, seen) = form.effects, found.effect
    known = effects[2] if effects[2] > _EFFECT_FROM else 0.0
    return {
        "role": float(found.profile.role),
        "bigness": found.profile.bigness,
        **{f"company_{name}": value for name, value in zip(COMPANY, found.here, strict=True)},
        **{f"missing_{name}": value for name, value in zip(COMPANY, found.out, strict=True)},
        **{f"company_change_{name}": value for name, value in change.items()},
        **{f"company_last_{name}": now[at] - last[at] for at, name in enumerate(COMPANY[:6])},
        "missing_players": sum(found.absent.values()),
        "without_minutes": minutes,
        "without_points": points,
        "without_games": seen,
        "without_minutes_change": minutes - (effects[0] / known if known else 0.0),
        "without_points_change": points - (effects[1] / known if known else 0.0),
    }


def _opponent(setting: Setting, profile: Profile) -> dict[str, float]:
    """What the opponent lets through, to all and to his role, and who of it is missing."""
    out = [1 - one.chance for one in setting.opponents]
    does = [one.does for one in setting.opponents]
    everyone, role = setting.allowed.ratios(profile.role)
    return {
        **{f"allowed_{name}": value for name, value in zip(ALLOWED, everyone, strict=True)},
        **{f"allowed_role_{name}": value for name, value in zip(ALLOWED, role, strict=True)},
        "opponent_missing_minutes": sum(c * one[0] for c, one in zip(out, does, strict=True)),
        "opponent_missing_pts": sum(c * one[2] for c, one in zip(out, does, strict=True)),
        "opponent_missing_reb": sum(c * one[3] for c, one in zip(out, does, strict=True)),
        "opponent_missing_blk": sum(c * one.blocks for c, one in zip(out, setting.opponents, strict=True)),
        "opponent_pts": sum((1 - c) * one[2] for c, one in zip(out, does, strict=True)),
        "opponent_reb": sum((1 - c) * one[3] for c, one in zip(out, does, strict=True)),
    }


def _game(form: Form, setting: Setting) -> dict[str, float]:
    """The game: where, how rested, how fast, how many points, and how one-sided."""
    usual = (form.pace.total + PACE.prior_games * setting.league_pace) / (form.pace.weight + PACE.prior_games)
    scoring = setting.efficiency + setting.attack - setting.opponent_defence + setting.home_edge
    return {
        "home": setting.home,
        "rest": float(setting.rest),
        "opponent_rest": float(setting.opponent_rest),
        "third_in_four": float(setting.third_in_four),
        "form_edge": setting.form_edge,
        "lineup_edge": setting.lineup_edge,
        "margin": setting.margin,
        "margin_size": abs(setting.margin),
        "pace": setting.pace,
        "pace_change": setting.pace - usual,
        "attack": setting.attack,
        "opponent_defence": setting.opponent_defence,
        "team_points": scoring * setting.pace / 100,
    }


def _rates(form: Form) -> dict[str, float]:
    """What he does per minute and per game, over each horizon."""
    row: dict[str, float] = {}
    for at, horizon in enumerate(HORIZONS):
        rates, name = form.rates(at), horizon.name
        row |= {f"{stat}_rate_{name}": rates[count] for stat, count in SKILL.items()}
        row[f"reb_rate_{name}"] = rates[OREB] + rates[DREB]
        if at:
            row |= {f"{stat}_rate_{name}": rates[count] for stat, count in STYLE.items()}
            row[f"shooting_{name}"] = rates[PTS] / (2 * (rates[FGA] + 0.44 * rates[FTA]))
            row[f"usage_{name}"] = usage(rates)
        row |= {f"{stat}_game_{name}": form.per_game(at, SKILL[stat]) for stat in SKILL}
        row[f"reb_game_{name}"] = form.per_game(at, OREB) + form.per_game(at, DREB)
    return row
