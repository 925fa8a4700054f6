"""Games of a day while they are played: what the feed shows, what is forecast, how that fared. Frozen dataclasses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from engine.core.live import LiveNumbers, Moment, Pregame
from engine.core.minutes import MINUTES
from engine.core.records import Range


class LiveStatus(StrEnum):
    """Where a game stands. One that was broken off stays LIVE until the feed says otherwise."""

    UPCOMING = "upcoming"
    LIVE = "live"
    FINAL = "final"
    PUT_OFF = "put off"


@dataclass(frozen=True, slots=True)
class LiveState:
    """A game as the feed last showed it.

    `text` is the feed's own word for it ("Q3 04:12", "Half"). `seen_at` is when the feed last showed the game,
    `changed_at` when its score, clock or status last changed. Upcoming games stand at tip-off.
    """

    game_id: str
    league_day: date
    home_id: int
    away_id: int
    tip_utc: datetime | None
    status: LiveStatus
    moment: Moment
    text: str
    seen_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class HalftimeNumbers:
    """The margin at half-time (home minus away, points) as forecast in the second quarter, and its intervals.

    `parts` are the forecasts of the models that it is made of, by name.
    """

    margin: float
    margin_80: Range
    margin_95: Range
    parts: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class LiveForecast:
    """What was said of a game at a moment of it: by `model` (name@version), from `pregame` on."""

    game_id: str
    moment: Moment
    pregame: Pregame
    numbers: LiveNumbers
    model: str
    made_at: datetime
    halftime: HalftimeNumbers | None = None
    halftime_model: str = ""


@dataclass(frozen=True, slots=True)
class LiveView:
    """A game of the board: its state and, once it is forecast, what is said of it. `notes` are sentences for a fan.

    Upcoming games have the forecast before tip-off in `pregame` and no `forecast`.
    """

    state: LiveState
    pregame: Pregame | None = None
    forecast: LiveForecast | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LiveBoard:
    """Every game of a league day. `polled_at` is when the feed was last asked with success, None if never.

    `problem` is a sentence on why it does not answer at present, else empty.
    """

    league_day: date
    as_of: datetime
    games: tuple[LiveView, ...]
    polled_at: datetime | None = None
    problem: str = ""
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class LivePoint:
    """A point of a game's curve: the score after so many seconds of play, and the chance of a home win from there."""

    played: int
    home: int
    away: int
    home_win_prob: float


@dataclass(frozen=True, slots=True)
class Alike:
    """A past game that went like this one up to the same minute. Margins are home minus away, in points.

    `distance` is the usual difference between the two minute by minute, in points; `margin` is how it stood then, at
    the end of `minute` minutes of play.
    """

    game_id: str
    league_day: date
    home_id: int
    away_id: int
    margin: int
    halftime_margin: int
    final_margin: int
    distance: float
    minute: int = MINUTES


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of the `n` past games that went most like one: how many the home side won, and the mean final margin
    (home minus away, points); four in five of the final margins lie from `low` to `high`."""

    n: int
    home_won: int
    final_margin: float
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class LiveCard:
    """All that is known of one game under way: its curve from tip-off on, and the past games that went like it."""

    view: LiveView
    points: tuple[LivePoint, ...]
    alike: tuple[Alike, ...] = ()
    alike_outcomes: Outcomes | None = None
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Follow:
    """A channel (its key) that follows a game since a moment; a game that is followed anew begins a new one."""

    channel: str
    game_id: str
    league_day: date
    created: datetime


@dataclass(frozen=True, slots=True)
class LiveFeedHealth:
    """How many games are on by what the feed showed, and when it was last asked with success."""

    games_on: int
    polled_at: datetime | None


@dataclass(frozen=True, slots=True)
class LivePoll:
    """What came of asking the feed once: ids of the games that changed, and after how many seconds to ask again.

    `asked` is False where another process did so just now, or there is nothing to ask about. `problem` is a sentence.
    """

    asked: bool
    changed: tuple[str, ...]
    wait_s: float
    problem: str = ""


@dataclass(frozen=True, slots=True)
class LiveBand:
    """How forecasts made with so much time left fared; `left` is the span of seconds: more than the first, which counts
    only where it is 0, up to the second.

    `n` forecasts of `games` games; losses by each forecast, margins in points, shares of finals inside the intervals.
    """

    left: tuple[int, int]
    n: int
    games: int
    log_loss: float
    brier: float
    margin_mae: float
    share_80: float
    share_95: float


@dataclass(frozen=True, slots=True)
class HalftimeScore:
    """How `n` forecasts of half-time margins fared, one a game: error in points, shares inside the intervals."""

    n: int
    margin_mae: float
    share_80: float
    share_95: float


@dataclass(frozen=True, slots=True)
class LiveRecord:
    """How the live forecasts of a model fared over its last graded games, by time left; `halftime` on its own.

    `games` and days are those of the window; `model` is name@version, empty where nothing is graded yet.
    """

    model: str
    games: int
    first_day: date | None
    last_day: date | None
    bands: tuple[LiveBand, ...] = ()
    halftime: HalftimeScore | None = None
