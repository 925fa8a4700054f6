"""The season's schedule (ScheduleLeagueV2) and a day's scoreboard (ScoreboardV3, todaysScoreboard), of either host."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime, timedelta

from engine.core.calendar import COUNTED_TYPES, season_label, season_type_of
from engine.core.errors import FeedEmptyError, FeedMissingError
from engine.core.records import GameStatus
from engine.core.teams import BY_ID
from engine.sources.feed import Parsed, ScheduledGame
from engine.sources.files.marks import day_of, game_id, season_of_game
from engine.sources.nba.shape import Payload, moment, number, objects, part, text, truth, wrong_shape

_FINAL = 3
_MOST_POINTS = 300
_NEAR = timedelta(days=1)
_PUT_OFF = ("PPD", "POSTPONED")
_CALLED_OFF = ("CNCL", "CANCELED", "CANCELLED")


def read_schedule(host: str, payload: Payload, season: int) -> Parsed[ScheduledGame]:
    """All games of a season. Raises FeedMissingError for another season, FeedEmptyError when there is no game yet."""
    stated = text(part(host, payload, "leagueSchedule", "seasonYear"))
    if stated != season_label(season):
        raise FeedMissingError(
            host, f"{host} has the schedule of {stated or 'no season'} only, not {season_label(season)}."
        )
    listed: list[tuple[Payload, date | None]] = []
    for group in objects(host, payload, "leagueSchedule", "gameDates"):
        listed += [(game, _us_day(part(host, group, "gameDate"))) for game in objects(host, group, "games")]
    if not listed:
        message = f"{host} lists no game for {season_label(season)}: the league publishes a season in August."
        raise FeedEmptyError(host, message)
    return _parsed(host, listed)


def read_scoreboard(host: str, payload: Payload) -> tuple[date, Parsed[ScheduledGame]]:
    """The league day of a scoreboard and its games; a well-formed empty list is an answer."""
    day = day_of(text(part(host, payload, "scoreboard", "gameDate")))
    if day is None:
        raise wrong_shape(host, "in which 'scoreboard.gameDate' is no date")
    return day, _parsed(host, [(game, day) for game in objects(host, payload, "scoreboard", "games")])


def believed(parsed: Parsed[ScheduledGame], day: date, expected: Collection[str]) -> Parsed[ScheduledGame]:
    """The games of a day, unless none of those expected is among them: then FeedEmptyError is raised."""
    if expected and not {game.game_id for game in parsed.rows} & set(expected):
        message = f"{parsed.source} shows none of the {len(expected)} games of {day}: try again later."
        raise FeedEmptyError(parsed.source, message)
    return parsed


def _parsed(host: str, listed: list[tuple[Payload, date | None]]) -> Parsed[ScheduledGame]:
    """Games that count, by id; when an id comes twice the last stands."""
    rejected: Counter[str] = Counter()
    games: dict[str, ScheduledGame] = {}
    repeated = 0
    for raw, day in listed:
        game = read_game(host, raw, day)
        if isinstance(game, str):
            rejected[game] += 1
            continue
        repeated += game.game_id in games
        games[game.game_id] = game
    return Parsed(host, tuple(games.values()), len(listed), repeated, dict(rejected))


def read_game(host: str, raw: Payload, day: date | None) -> ScheduledGame | str:
    """A game as a schedule or a scoreboard lists it, or the reason why it is left out; `day` where it names none."""
    identity = game_id(text(part(host, raw, "gameId")))
    if identity is None:
        return "gameId is not a game id"
    kind = season_type_of(identity)
    if kind is None or kind not in COUNTED_TYPES:
        return f"{kind} game: not counted" if kind else "gameId names an unknown kind of game"
    home, away = (number(part(host, raw, side, "teamId")) for side in ("homeTeam", "awayTeam"))
    if not home or not away:
        return "the teams are not known yet"
    if home not in BY_ID or away not in BY_ID or home == away:
        return "teamId is not one of the 30 teams"
    day = day_of(text(raw.get("gameDateEst"))) or day
    if day is None:
        return "the game has no day"
    status = _status(host, raw)
    points = [number(part(host, raw, side, "score")) for side in ("homeTeam", "awayTeam")]
    if status is not GameStatus.FINAL:
        points = [None, None]
    elif not all(score and 0 < score <= _MOST_POINTS for score in points) or points[0] == points[1]:
        return "the game is final without a score"
    return ScheduledGame(
        game_id=identity,
        season=season_of_game(identity),
        season_type=kind,
        league_day=day,
        tip_utc=_tip(raw, day),
        home_id=home,
        away_id=away,
        neutral=truth(raw["isNeutral"]) if raw.get("isNeutral") is not None else None,
        status=status,
        home_points=points[0],
        away_points=points[1],
        subtype=text(raw.get("gameSubtype")),
        if_necessary=truth(raw.get("ifNecessary")),
    )


def _status(host: str, raw: Payload) -> GameStatus:
    words = text(raw.get("gameStatusText")).upper()
    if words.startswith(_CALLED_OFF):
        return GameStatus.CANCELLED
    if words.startswith(_PUT_OFF) or text(raw.get("postponedStatus")).upper() == "Y":
        return GameStatus.POSTPONED
    return GameStatus.FINAL if number(part(host, raw, "gameStatus")) == _FINAL else GameStatus.SCHEDULED


def _tip(raw: Payload, day: date) -> datetime | None:
    """Tip-off in UTC; None while it is to be decided, or when it lies on another day than the game."""
    if text(raw.get("gameStatusText")).upper() == "TBD":
        return None
    tip = moment(raw.get("gameDateTimeUTC") or raw.get("gameTimeUTC"))
    return tip if tip is not None and abs(tip.date() - day) <= _NEAR else None


def _us_day(value: object) -> date | None:
    """A day in `10/02/2025 00:00:00`."""
    month, _, rest = text(value).partition("/")
    number_of_day, _, year = rest.partition("/")
    try:
        return date(int(year[:4]), int(month), int(number_of_day))
    except ValueError:
        return None
