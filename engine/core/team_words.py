"""Plain words for the card of a team and for models side by side, the same for every face. Texts carry no markup."""

from __future__ import annotations

from collections.abc import Sequence

from engine.core import words
from engine.core.calendar import season_label
from engine.core.records import Game, GameForecast
from engine.core.team_cards import FourFactors, Ranked, TeamCard
from engine.core.teams import BY_ID

FACTORS = (
    ("shooting", "shooting (eFG%)"),
    ("turnovers", "turnovers per 100"),
    ("rebounding", "offensive rebounds %"),
    ("free_throws", "free throws per 100 shots"),
)
"""Dean Oliver's four factors: fields of FourFactors, and what they are called."""
_APART = 0.10
"""Span of the models' chances from which they differ on how sure a pick is."""


def ordinal(number: int) -> str:
    """`1` -> `"1st"`, `12` -> `"12th"`, `23` -> `"23rd"`."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def headline(card: TeamCard) -> str:
    """`"Boston Celtics: 28-11, 2nd in the East"`."""
    return f"{words.name(card.team_id)}: {card.record.total}, {place(card)}"


def place(card: TeamCard) -> str:
    """`"2nd in the East"`."""
    return f"{ordinal(card.record.conference_rank)} in the {BY_ID[card.team_id].conference}"


def season(card: TeamCard) -> str:
    """`"Season 2024-25: home 14-6, away 14-5, last ten 7-3, 2 wins in a row"`."""
    record = card.record
    parts = [f"home {record.home}", f"away {record.away}", f"last ten {record.last_ten}", _streak(record.streak)]
    return f"Season {season_label(card.season)}: {', '.join(part for part in parts if part)}"


def strengths(card: TeamCard) -> tuple[tuple[str, str, str], ...]:
    """Ratings as name, figure and place: `("offence", "114.9", "6th")`; without box scores Elo alone."""
    elo = ("Elo rating", f"{card.elo.value:.0f}", ordinal(card.elo.rank))
    if card.ratings is None:
        return (elo,)
    known = card.ratings
    return (
        ("offence, points per 100 possessions", *_shown(known.offence)),
        ("defence, points allowed per 100", *_shown(known.defence)),
        ("net rating", f"{known.net.value:+.1f}", ordinal(known.net.rank)),
        ("pace, possessions per 48 minutes", *_shown(known.pace)),
        elo,
    )


def factors(card: TeamCard) -> tuple[tuple[str, str, str, str, str], ...]:
    """The four factors as name, the team's figure and place, its opponents' figure and place; empty without boxes."""
    own, allowed = card.factors, card.factors_allowed
    if own is None or allowed is None:
        return ()
    return tuple((name, *_factor(own, key), *_factor(allowed, key)) for key, name in FACTORS)


def played(game: Game, team_id: int) -> str:
    """A game seen from one side: `"W 118-104 vs LAL"`, or with "at" away from home; neither where there is no home."""
    points = (game.home_points or 0), (game.away_points or 0)
    own, other = points if game.home_id == team_id else points[::-1]
    return f"{'W' if own > other else 'L'} {own}-{other} {_against(game, team_id)}"


def to_play(forecast: GameForecast, team_id: int) -> str:
    """A game to come seen from one side: `"at LAL, 57% to win"`."""
    chance = forecast.home_win_prob if forecast.home_id == team_id else 1 - forecast.home_win_prob
    return f"{_against(forecast, team_id)}, {words.percent(chance)} to win"


def lead(forecast: GameForecast) -> str:
    """Whose margin, and how large: `"BOS by 5.2"`."""
    return f"{words.code(forecast.home_id if forecast.margin >= 0 else forecast.away_id)} by {abs(forecast.margin):.1f}"


def agreement(forecasts: Sequence[GameForecast]) -> str:
    """How far the models are apart: `"All 4 models pick the Celtics, 59% to 64%."`."""
    chances = [one.home_win_prob for one in forecasts]
    if len(chances) == 1:
        return "There is only this one model."
    low, high = min(chances), max(chances)
    if low < 0.5 <= high:
        picks = [one.pick_id for one in forecasts]
        split = " and ".join(f"{picks.count(one)} for the {words.nickname(one)}" for one in dict.fromkeys(picks))
        return f"The models disagree on the winner, {split}: take it as open."
    if low < 0.5:
        low, high = 1 - high, 1 - low
    shares = " to ".join(dict.fromkeys((words.percent(low), words.percent(high))))
    said = f"All {len(chances)} models pick the {words.nickname(forecasts[0].pick_id)}, {shares}"
    return f"{said}: they are far apart on how sure that is." if high - low >= _APART else f"{said}."


def _streak(games: int) -> str:
    if abs(games) < 2:
        return ""
    return f"{abs(games)} {'wins' if games > 0 else 'losses'} in a row"


def _shown(figure: Ranked) -> tuple[str, str]:
    return f"{figure.value:.1f}", ordinal(figure.rank)


def _factor(factors: FourFactors, key: str) -> tuple[str, str]:
    return _shown(getattr(factors, key))


def _against(game: Game | GameForecast, team_id: int) -> str:
    at_home = game.home_id == team_id
    other = words.code(game.away_id if at_home else game.home_id)
    return f"{'vs' if at_home or game.neutral else 'at'} {other}"
