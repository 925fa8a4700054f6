"""A day's games with their forecasts, the picks that are frozen from them, and how picks have done."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime

from engine.core import calendar
from engine.core.errors import NoDataError
from engine.core.odds import fair_home_probability
from engine.core.records import Game, GameForecast, GameStatus, Outcome, Pick, Slate, SlateGame
from engine.core.reports import CalibrationBin, TrackRecord
from engine.predictions.game import GameForecaster
from engine.predictions.notes import stale_note
from engine.store import games, picks, shadow, state
from engine.store.database import Database


def slate_of(database: Database, forecaster: GameForecaster, day: date, now: datetime) -> Slate:
    """All games of a league day. Raises NoDataError when no schedule that covers the day is stored."""
    found = _games_of(database, day, now)
    published = picks.forecasts_on(database, day, now)
    rows: list[SlateGame] = []
    for game in found:
        frozen = published.get(game.game_id)
        forecast = forecaster.beside_line(frozen, game, now) if frozen else forecaster.forecast(game, now)
        rows.append(SlateGame(game, forecast, game.game_id in published, _outcome(game, forecast)))
    today = calendar.league_day(now)
    stale = stale_note(database, games.newest_result(database, today), today)
    return Slate(day, tuple(rows), now, state.is_simulated(database), (stale,) if stale else ())


def publish(database: Database, forecaster: GameForecaster, day: date, now: datetime) -> tuple[Pick, ...]:
    """Freeze the forecasts of a day's games that have not begun; games with a pick keep it.

    Raises NoDataError when no schedule that covers the day is stored, and NoModelError when the model in production
    has learned from that day or later ones, for then its forecasts would be hindsight.
    """
    found = open_games(database, day, now)
    if found:
        forecaster.refuse_hindsight(day)
        picks.publish(database, [forecaster.forecast(game, now) for game in found])
        _forecast_in_shadow(database, forecaster, found, now)
    return picks.picks_between(database, day, day, now)


def open_games(database: Database, day: date, now: datetime) -> tuple[Game, ...]:
    """The games of a day for which picks may still be published: they have not begun. Raises NoDataError."""
    found = _games_of(database, day, now)
    return tuple(game for game in found if _still_open(game, now)) if day >= calendar.league_day(now) else ()


def track_record(published: Sequence[Pick], simulated: bool) -> TrackRecord:
    """Count and score picks; every published pick stays in `n`. Scores are over hits and misses only."""
    settled = [pick for pick in published if pick.outcome in (Outcome.HIT, Outcome.MISS)]
    pairs = [(pick.home_win_prob, _home_won(pick)) for pick in settled]
    market = [
        (pick.home_win_prob, line, _home_won(pick))
        for pick in settled
        if pick.closing and (line := fair_home_probability(pick.closing)) is not None
    ]
    tally = {outcome: sum(pick.outcome is outcome for pick in published) for outcome in Outcome}
    return TrackRecord(
        first_day=min((pick.league_day for pick in published), default=None),
        last_day=max((pick.league_day for pick in published), default=None),
        n=len(published),
        hits=tally[Outcome.HIT],
        misses=tally[Outcome.MISS],
        voids=tally[Outcome.VOID],
        pending=tally[Outcome.PENDING],
        accuracy=tally[Outcome.HIT] / len(settled) if settled else None,
        brier=_mean([(p - won) ** 2 for p, won in pairs]),
        log_loss=_mean([_loss(p, won) for p, won in pairs]),
        margin_mae=_mean([abs(pick.margin - _margin(pick)) for pick in settled]),
        calibration=_calibration(pairs),
        n_market=len(market),
        log_loss_on_market=_mean([_loss(p, won) for p, _, won in market]),
        market_log_loss=_mean([_loss(line, won) for _, line, won in market]),
        simulated=simulated,
    )


def _forecast_in_shadow(database: Database, forecaster: GameForecaster, found: Sequence[Game], now: datetime) -> None:
    """Keep what every other version in play says of games whose picks are published; nobody is shown it."""
    made: list[GameForecast] = []
    for day in {game.league_day for game in found}:
        published = {game_id: one.model for game_id, one in picks.forecasts_on(database, day, now).items()}
        made += [
            forecaster.forecast(game, now, label)
            for label in forecaster.in_play(day)
            for game in found
            if published.get(game.game_id) not in (None, label)
        ]
    shadow.keep(database, made)


def _games_of(database: Database, day: date, now: datetime) -> tuple[Game, ...]:
    """Games of a day; none is an answer only where a stored schedule covers the day, else NoDataError."""
    found = games.games_on(database, day, calendar.league_day(now))
    if not found and games.season_on(database, day) is None:
        raise NoDataError(_unknown_day(database, day))
    return found


def _outcome(game: Game, forecast: GameForecast) -> Outcome:
    if game.status in (GameStatus.CANCELLED, GameStatus.POSTPONED):
        return Outcome.VOID
    if game.margin is None:
        return Outcome.PENDING
    winner = game.home_id if game.margin > 0 else game.away_id
    return Outcome.HIT if winner == forecast.pick_id else Outcome.MISS


def _still_open(game: Game, now: datetime) -> bool:
    begun = game.tip_utc is not None and game.tip_utc <= now
    return game.status is GameStatus.SCHEDULED and not begun


def _unknown_day(database: Database, day: date) -> str:
    stored = games.game_days(database)
    if stored is None:
        return (
            "No games are stored: fetch them with `nbabot sync`, read files in with `nbabot import PATH`, or look "
            "around with `nbabot demo`."
        )
    return f"No schedule is stored for {day}: the stored games run from {stored[0]} to {stored[1]}."


def _margin(pick: Pick) -> int:
    return (pick.home_points or 0) - (pick.away_points or 0)


def _home_won(pick: Pick) -> int:
    return int(_margin(pick) > 0)


def _loss(p: float, won: int) -> float:
    return -math.log(max(p if won else 1 - p, 1e-15))


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _calibration(pairs: list[tuple[float, int]], bins: int = 10) -> tuple[CalibrationBin, ...]:
    """Equal-width bins of the home win probability; empty ones are left out."""
    found: list[CalibrationBin] = []
    for number in range(bins):
        low, high = number / bins, (number + 1) / bins
        inside = [(p, won) for p, won in pairs if low <= p < high or (p == 1 and number == bins - 1)]
        if inside:
            mean = sum(p for p, _ in inside) / len(inside)
            found.append(CalibrationBin(low, high, len(inside), mean, sum(won for _, won in inside) / len(inside)))
    return tuple(found)
