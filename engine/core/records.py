"""Facts of the league as they cross the layers: frozen dataclasses, never dicts."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum

from engine.core.calendar import SeasonType
from engine.core.outlooks import PlayerOutlook

Range = tuple[float, float]
"""An interval in points, its lower end first."""


class GameStatus(StrEnum):
    """Where a game stands, as stored. What is known at a moment may be less (see engine.store.games)."""

    SCHEDULED = "scheduled"
    FINAL = "final"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Game:
    """One game. `home_id` is the home side; at a neutral site it is the side listed first and has no home edge.

    Points are None until the game is final. `overtimes` counts overtime periods.
    """

    game_id: str
    season: int
    season_type: SeasonType
    league_day: date
    home_id: int
    away_id: int
    neutral: bool = False
    status: GameStatus = GameStatus.SCHEDULED
    home_points: int | None = None
    away_points: int | None = None
    overtimes: int = 0
    tip_utc: datetime | None = None

    @property
    def margin(self) -> int | None:
        """Home points minus away points of a final game."""
        if self.home_points is None or self.away_points is None:
            return None
        return self.home_points - self.away_points


@dataclass(frozen=True, slots=True)
class TeamBox:
    """Box score of one team in one game; counts, `minutes` are player minutes (240 in regulation)."""

    game_id: str
    team_id: int
    minutes: int
    pts: int
    fgm: int
    fga: int
    fg3m: int
    fg3a: int
    ftm: int
    fta: int
    oreb: int
    dreb: int
    ast: int
    stl: int
    blk: int
    tov: int
    pf: int

    @property
    def possessions(self) -> float:
        """Possessions by the usual estimate FGA + 0.44 FTA - OREB + TOV (Oliver, Basketball on Paper, 2004)."""
        return self.fga + 0.44 * self.fta - self.oreb + self.tov


BOX_COUNTS = tuple(field.name for field in fields(TeamBox))[3:]
"""Names of the counts of a box score, `pts` to `pf`, in the order of every table and file that holds them."""


@dataclass(frozen=True, slots=True)
class PlayerLine:
    """Box score of one player in one game; counts, `minutes` played, `plus_minus` in points."""

    player_id: int
    team_id: int
    minutes: float
    pts: int
    fgm: int
    fga: int
    fg3m: int
    fg3a: int
    ftm: int
    fta: int
    oreb: int
    dreb: int
    ast: int
    stl: int
    blk: int
    tov: int
    pf: int
    plus_minus: int


@dataclass(frozen=True, slots=True)
class PlayedGame:
    """A final game with both box scores: the unit that features learn from. `game.margin` is never None here.

    `lines` are those of both teams' players who appeared; empty where no player rows are stored.
    """

    game: Game
    home: TeamBox
    away: TeamBox
    lines: tuple[PlayerLine, ...] = ()


@dataclass(frozen=True, slots=True)
class RotationPlayer:
    """A player whom a team counts on: minutes expected if he plays, and his averages.

    `offence` and `defence` are points per 100 possessions that he is worth more than a replacement player.
    """

    player_id: int
    name: str
    team_id: int
    minutes: float
    offence: float
    defence: float
    games: int
    pts: float
    reb: float
    ast: float
    last_day: date


@dataclass(frozen=True, slots=True)
class ClosingLine:
    """Last odds before tip-off: handicap of the home side (negative = favoured), American moneylines."""

    game_id: str
    spread: float | None
    total: float | None
    moneyline_home: int | None
    moneyline_away: int | None


@dataclass(frozen=True, slots=True)
class Driver:
    """One reason behind a forecast: words for a fan, and what it is worth in points of margin for the home side."""

    text: str
    points: float


class Picked:
    """Whom a probability of the home side favours, and how much. For records that hold both sides and it."""

    __slots__ = ()
    home_id: int
    away_id: int
    home_win_prob: float

    @property
    def pick_id(self) -> int:
        """Team id of the likelier winner."""
        return self.home_id if self.home_win_prob >= 0.5 else self.away_id

    @property
    def pick_prob(self) -> float:
        """Win probability of the likelier winner, 0.5..1."""
        return max(self.home_win_prob, 1 - self.home_win_prob)


@dataclass(frozen=True, slots=True)
class GameForecast(Picked):
    """The answer to "who wins?". Probabilities 0..1, points, `margin` is home minus away.

    `scheduled` is False for a hypothetical game. `as_of` is the moment of the question, `data_through` the league
    day of the newest result that the forecast knows. `model` is name@version. `notes` are caveats in plain words.
    The intervals hold the outcome in 50% and 80% of such games. `availability` names the players in doubt, home side
    first; `line` is what the market says.
    """

    home_id: int
    away_id: int
    league_day: date
    neutral: bool
    scheduled: bool
    home_win_prob: float
    margin: float
    total: float
    drivers: tuple[Driver, ...]
    model: str
    as_of: datetime
    data_through: date | None
    notes: tuple[str, ...] = ()
    game_id: str | None = None
    tip_utc: datetime | None = None
    margin_50: Range | None = None
    margin_80: Range | None = None
    total_50: Range | None = None
    total_80: Range | None = None
    availability: tuple[PlayerOutlook, ...] = ()
    line: ClosingLine | None = None

    @property
    def home_score(self) -> float:
        """Expected points of the home side."""
        return (self.total + self.margin) / 2

    @property
    def away_score(self) -> float:
        """Expected points of the away side."""
        return (self.total - self.margin) / 2


class Outcome(StrEnum):
    """What became of a published pick."""

    PENDING = "pending"
    HIT = "hit"
    MISS = "miss"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Pick(Picked):
    """A forecast frozen at publication, and what became of it.

    The intervals should hold the outcome in 80% of games; None where none was published with the pick. `line` is what
    the market said at that moment, `closing` its last word before tip-off.
    """

    game_id: str
    league_day: date
    home_id: int
    away_id: int
    home_win_prob: float
    margin: float
    total: float
    model: str
    published_at: datetime
    outcome: Outcome = Outcome.PENDING
    home_points: int | None = None
    away_points: int | None = None
    closing: ClosingLine | None = None
    margin_80: Range | None = None
    total_80: Range | None = None
    line: ClosingLine | None = None


@dataclass(frozen=True, slots=True)
class SlateGame:
    """One game of a day: its forecast (as published if it was, else as it would have been that morning), its result.

    `outcome` is that of the forecast shown; it counts in the track record only if `published`.
    """

    game: Game
    forecast: GameForecast
    published: bool
    outcome: Outcome

    @property
    def final(self) -> bool:
        """Whether the result is known at the moment of the question (then `game` carries it)."""
        return self.game.home_points is not None


@dataclass(frozen=True, slots=True)
class Slate:
    """All games of one league day. An empty `games` means "no games that day"; unknown days raise NoDataError."""

    league_day: date
    games: tuple[SlateGame, ...]
    as_of: datetime
    simulated: bool
    notes: tuple[str, ...] = ()
