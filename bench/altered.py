"""Streams of games as monitoring sees them, as they were or with the league altered from some game on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.core.records import Outcome, Pick, PlayedGame, TeamBox
from engine.features.game import LeagueState
from engine.features.rolling import walk
from engine.models.estimators import Forecasts, GameModel
from engine.models.training import TrainingSet
from engine.monitoring.drift import SEASONS, STEP, WINDOW, Reference
from engine.monitoring.game import describe

Floats = NDArray[np.float64]
Change = Callable[[PlayedGame], PlayedGame]
BEFORE = 2 * (WINDOW + STEP)
"""Games before a season or a shift that fill the first windows."""
MODEL = "bench"
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Stream:
    """Games in order of time: their rows, their ordinal days and the graded picks, None where none was made."""

    rows: Floats
    day: NDArray[np.int64]
    picks: tuple[Pick | None, ...]

    def take(self, places: Sequence[int]) -> Stream:
        """Some of its games."""
        return Stream(self.rows[places], self.day[places], tuple(self.picks[place] for place in places))

    def then(self, other: Stream) -> Stream:
        """This stream and another one after it."""
        rows, day = np.concatenate([self.rows, other.rows]), np.concatenate([self.day, other.day])
        return Stream(rows, day, self.picks + other.picks)


def stream_of(rows: Floats, played: Sequence[PlayedGame], forecasts: Forecasts) -> Stream:
    """Played games with their rows and the picks that the forecasts would have been."""
    day = np.array([one.game.league_day.toordinal() for one in played])
    known = forecasts.known
    picks = tuple(_pick(one, forecasts, place) if known[place] else None for place, one in enumerate(played))
    return Stream(rows, day, picks)


def reference_of(data: TrainingSet, learned: NDArray[np.bool_]) -> Reference:
    """The reference of a model that learned from the marked games."""
    used = learned & data.settled
    return Reference.from_json(describe(data.x[used], data.season[used]))


def learned_before(data: TrainingSet, season: int) -> NDArray[np.bool_]:
    """The games that the reference of a model fitted before a season is made of."""
    return (data.season < season) & (data.season >= season - SEASONS)


def snapshots(played: Sequence[PlayedGame], moments: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The league's state before some of the games, by their places."""
    state, found = LeagueState(), {}
    for place, one in enumerate(played):
        if place in moments:
            found[place] = state.to_payload()
        state.advance(one)
    return found


def altered(snapshot: dict[str, Any], played: Sequence[PlayedGame], change: Change, model: GameModel) -> Stream:
    """The games after a snapshot with every box score changed, as a model sees them that knows nothing of it."""
    changed = [change(one) for one in played]
    rows = np.array([row for _, row in walk(changed, LeagueState.from_payload(snapshot))])
    return stream_of(rows, changed, model.predict_many(rows))


def more_points(dice: np.random.Generator, share: float = 0.04) -> Change:
    """Both sides make so many more of their shots and free throws; the same for every kind, rounded by chance."""

    def change(one: PlayedGame) -> PlayedGame:
        return _with(one, *(_scaled(box, 1 + share, dice) for box in (one.home, one.away)))

    return change


def less_home_edge(dice: np.random.Generator, points: float) -> Change:
    """Home sides do so many points worse than they did; a game that this would tie is won by the visitors."""

    def change(one: PlayedGame) -> PlayedGame:
        if one.game.neutral:
            return one
        lost, won = (int(np.floor(points / 2 + dice.random())) for _ in range(2))
        if one.home.pts - lost == one.away.pts + won:
            won += 1
        return _with(one, replace(one.home, pts=one.home.pts - lost), replace(one.away, pts=one.away.pts + won))

    return change


def _scaled(box: TeamBox, factor: float, dice: np.random.Generator) -> TeamBox:
    twos, threes, free = (
        int(np.floor(made * factor + dice.random())) for made in (box.fgm - box.fg3m, box.fg3m, box.ftm)
    )
    return replace(box, fgm=twos + threes, fg3m=threes, ftm=free, pts=2 * twos + 3 * threes + free)


def _with(one: PlayedGame, home: TeamBox, away: TeamBox) -> PlayedGame:
    if home.pts == away.pts:
        home = replace(home, pts=home.pts + 1)
    game = replace(one.game, home_points=home.pts, away_points=away.pts)
    return replace(one, game=game, home=home, away=away)


def _pick(one: PlayedGame, forecasts: Forecasts, place: int) -> Pick:
    margin, total = float(forecasts.margin[place]), float(forecasts.total[place])
    offsets = [float(value) for value in forecasts.offsets[place]]
    chance = float(forecasts.probability[place])
    hit = (one.home.pts > one.away.pts) == (chance >= 0.5)
    return Pick(
        game_id=one.game.game_id,
        league_day=one.game.league_day,
        home_id=one.game.home_id,
        away_id=one.game.away_id,
        home_win_prob=chance,
        margin=margin,
        total=total,
        model=MODEL,
        published_at=_NEVER,
        outcome=Outcome.HIT if hit else Outcome.MISS,
        home_points=one.home.pts,
        away_points=one.away.pts,
        margin_80=(margin + offsets[2], margin + offsets[3]),
        total_80=(total + offsets[6], total + offsets[7]),
    )
