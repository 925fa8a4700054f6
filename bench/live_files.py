"""What cdn.nba.com's files say of games under way, made from the course of a score; and courses that are made up."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from engine.core.calendar import SeasonType, season_of
from engine.core.live_games import LiveStatus
from engine.core.records import Game
from engine.core.teams import BY_ID, TEAMS
from engine.core.timelines import OVERTIME_SECONDS, QUARTER_SECONDS, QUARTERS, Score, period_start
from engine.sources.live import Sighting
from engine.sources.live_replay import sighting_at
from engine.store import games as store
from engine.store.archive import DATABASE
from engine.store.database import Database
from engine.store.timelines import timeline

Payload = dict[str, Any]
_GAME_STATUS = {LiveStatus.UPCOMING: 1, LiveStatus.PUT_OFF: 1, LiveStatus.LIVE: 2, LiveStatus.FINAL: 3}
_BETWEEN = ("Rebound", "Missed Shot", "Foul")


@dataclass(frozen=True, slots=True)
class HostedGame:
    """A game and every change of its score, to be shown as far as it is played."""

    game: Game
    scores: tuple[Score, ...]

    @property
    def tip(self) -> datetime:
        """When it begins: as scheduled, else at 19:30 Eastern."""
        return self.game.tip_utc or datetime.combine(self.game.league_day + timedelta(days=1), time(0, 30), UTC)


def made_up_scores(seed: int, overtime: bool = False) -> tuple[Score, ...]:
    """A game's course out of the blue, the same for the same seed: about 110 points a side, decided in the end.

    With `overtime` it is one that was level after four quarters.
    """
    for attempt in count(seed * 1000):
        scores = _course(random.Random(attempt))
        if (scores[-1].period > QUARTERS) == overtime:
            return scores
    raise AssertionError("count never ends")


def _course(dice: random.Random) -> tuple[Score, ...]:
    scores: list[Score] = []
    points = [0, 0]
    side = dice.randrange(2)
    for period in count(1):
        left = QUARTER_SECONDS if period <= QUARTERS else OVERTIME_SECONDS
        while (left := left - dice.randint(6, 22)) >= 0:
            gained = dice.choices((0, 1, 2, 3), (48, 6, 31, 15))[0]
            points[side] += gained
            if gained:
                scores.append(Score(period, left, points[0], points[1]))
            side = 1 - side
        if period >= QUARTERS and points[0] != points[1]:
            break
    return tuple(scores)


def made_up_games(day: date, number: int = 15) -> list[HostedGame]:
    """Games of one evening between all of the 30 teams, nothing of which has happened."""
    pairs = [(TEAMS[2 * place].team_id, TEAMS[2 * place + 1].team_id) for place in range(number)]
    return [
        HostedGame(Game(f"00224{place:05}", season_of(day), SeasonType.REGULAR, day, *pair), made_up_scores(place))
        for place, pair in enumerate(pairs, start=1)
    ]


def games_of(home: Path, day: date) -> list[HostedGame]:
    """The games of a day that a home folder knows, as they went; one without a recorded course has a made-up one.

    The host and the folder then agree on who plays whom and when. The folder may be in use.
    """
    database = Database(home / DATABASE)
    try:
        games = store.games_on(database, day, day)
        courses = [timeline(database, game.game_id, date.max).scores for game in games]
    finally:
        database.close()
    return [
        HostedGame(game, course if course and course[-1].margin else made_up_scores(int(game.game_id)))
        for game, course in zip(games, courses, strict=True)
    ]


def scoreboard(day: date, shown: Sequence[Sighting]) -> Payload:
    """todaysScoreboard_00.json."""
    meta = {"version": 1, "request": "https://cdn.nba.com/", "time": f"{day}T12:00:00.000Z", "code": 200}
    games = [_listed(one) for one in shown]
    head = {"gameDate": day.isoformat(), "leagueId": "00", "leagueName": "National Basketball Association"}
    return {"meta": meta, "scoreboard": {**head, "games": games}}


def _listed(seen: Sighting) -> Payload:
    on = seen.status in (LiveStatus.LIVE, LiveStatus.FINAL)
    clock = f"PT{seen.seconds_left // 60:02}M{seen.seconds_left % 60:02}.00S" if seen.status is LiveStatus.LIVE else ""
    text = {LiveStatus.UPCOMING: "7:30 pm ET", LiveStatus.PUT_OFF: "PPD"}.get(seen.status, seen.text)
    return {
        "gameId": seen.game_id,
        "gameCode": "",
        "gameStatus": _GAME_STATUS[seen.status],
        "gameStatusText": text,
        "period": seen.period if on else 0,
        "gameClock": clock,
        "gameTimeUTC": f"{seen.tip_utc:%Y-%m-%dT%H:%M:%SZ}",
        "regulationPeriods": QUARTERS,
        "ifNecessary": False,
        "seriesText": "",
        "gameSubtype": "",
        "homeTeam": _side(seen.home_id, seen.home),
        "awayTeam": _side(seen.away_id, seen.away),
        "gameLeaders": {side: dict(_LEADER) for side in ("homeLeaders", "awayLeaders")},
        "pbOdds": {"team": None, "odds": 0.0, "suspended": 0},
    }


_LEADER = {"personId": 0, "name": "", "jerseyNum": "", "position": "", "points": 0, "rebounds": 0, "assists": 0}


def _side(team_id: int, points: int) -> Payload:
    team = BY_ID[team_id]
    periods = [{"period": period, "periodType": "REGULAR", "score": 0} for period in range(1, QUARTERS + 1)]
    names = {"teamId": team_id, "teamName": team.name, "teamTricode": team.abbreviation}
    return {
        **names,
        "wins": 0,
        "losses": 0,
        "score": points,
        "inBonus": "0",
        "timeoutsRemaining": 7,
        "periods": periods,
    }


def play_by_play(hosted: HostedGame, played: int) -> Payload:
    """playbyplay_ID.json after so many seconds of play: four lines for each change of the score, as in a real file."""
    lines = list(_lines(hosted, played))
    meta = {"version": 1, "code": 200, "request": "https://cdn.nba.com/", "time": "2024-01-01 00:00:00.000000"}
    return {"meta": meta, "game": {"gameId": hosted.game.game_id, "actions": lines}}


def _lines(hosted: HostedGame, played: int) -> Iterator[Payload]:
    """Actions in their order, numbered; the newest one stands at the present clock."""
    number = count(1)
    game, before, ball = hosted.game, Score(1, QUARTER_SECONDS, 0, 0), 0
    yield _line(next(number), before, "period", 0)
    for score in hosted.scores:
        if score.played > played:
            break
        home_scored = score.home > before.home
        scorer, ball = (game.home_id, game.away_id) if home_scored else (game.away_id, game.home_id)
        for kind in _BETWEEN:
            yield _line(next(number), Score(score.period, score.seconds_left, before.home, before.away), kind, scorer)
        yield _line(next(number), score, "2pt", scorer)
        before = score
    seen = sighting_at(game, hosted.scores, max(played, 0), hosted.tip)
    yield _line(next(number), Score(seen.period, seen.seconds_left, before.home, before.away), "stoppage", ball)


def _line(number: int, score: Score, kind: str, possession: int) -> Payload:
    """One action, with as many keys as a real one has; `possession` is the team that has the ball while it happens."""
    minutes, seconds = divmod(score.seconds_left, 60)
    return {
        "actionNumber": number,
        "clock": f"PT{minutes:02}M{seconds:02}.00S",
        "timeActual": "2024-01-01T00:00:00.0Z",
        "period": score.period,
        "periodType": "REGULAR" if score.period <= QUARTERS else "OVERTIME",
        "teamId": possession,
        "teamTricode": BY_ID[possession].abbreviation if possession else "",
        "actionType": kind,
        "subType": "",
        "descriptor": "",
        "qualifiers": [],
        "personId": 0,
        "x": None,
        "y": None,
        "possession": possession,
        "scoreHome": str(score.home),
        "scoreAway": str(score.away),
        "edited": "2024-01-01T00:00:00Z",
        "orderNumber": number * 10000,
        "isTargetScoreLastPeriod": False,
        "xLegacy": None,
        "yLegacy": None,
        "isFieldGoal": int(kind == "2pt"),
        "side": None,
        "description": f"{kind} after {period_start(score.period)} seconds and more",
        "personIdsFilter": [],
        "playerName": "Rook E. Newman",
        "playerNameI": "R. Newman",
    }
