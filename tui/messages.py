"""What has happened: answers of the engine on their way from a worker thread to the screen that asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from textual.message import Message

from engine.core.alerts import Alert
from engine.core.live_games import LiveBoard, LiveCard, LivePoll, LiveRecord
from engine.core.model_reports import Comparison, Gate
from engine.core.monitor_reports import MonitorReport
from engine.core.odds import GameOdds
from engine.core.outlooks import WhatIf
from engine.core.player_records import PlayerForecast, PlayerGame, PlayerHit, PlayerRecord, Stat
from engine.core.records import Game, GameForecast, RotationPlayer, Slate
from engine.core.reports import AuditEntry, ModelVersion, Status
from engine.core.team_cards import TeamCard
from engine.core.timelines import Timeline


@dataclass
class Answer(Message, bubble=False):
    """Base of all answers: they go to the screen that asked and no further."""


@dataclass
class StandingRead(Answer):
    """At which moment the engine lives, whether its league is simulated, and its open alerts were read."""

    as_of: datetime
    simulated: bool
    alerts: tuple[Alert, ...]


@dataclass
class StatusRead(Answer):
    """The installation's status was read."""

    status: Status


@dataclass
class AlertsSeen(Message):
    """What needs attention was read by some screen: the app tells each alert once."""

    alerts: tuple[Alert, ...]


@dataclass
class SlateRead(Answer):
    """A day was read. `asked` is the day wished for (None = today); `slate` is None when nothing is known of `day`.

    `problem` then says why in one sentence; `stored` are the first and last stored day, None when nothing is stored.
    `live` is how its games stand, where one of them may be under way.
    """

    asked: date | None
    today: date
    day: date
    stored: tuple[date, date] | None
    slate: Slate | None
    problem: str = ""
    live: LiveBoard | None = None


@dataclass
class SlatesReadAhead(Answer):
    """Days that nobody has asked for yet were read."""

    slates: tuple[SlateRead, ...]


@dataclass
class DaysRead(Answer):
    """The days with games were read, and how many each has."""

    games: Mapping[date, int]


@dataclass
class GameRead(Answer):
    """What surrounds one game was read: its day anew, last meetings, odds, its course, and of both teams (away, home)
    how they stand (nothing where no result is known), what they did and whom they count on.

    All but its own course and result is as of the game's day: nothing from that day or later.
    """

    game_id: str
    slate: Slate
    teams: tuple[TeamCard, ...]
    last_games: tuple[tuple[Game, ...], ...]
    rotations: tuple[tuple[RotationPlayer, ...], ...]
    meetings: tuple[Game, ...]
    odds: GameOdds | None
    timeline: Timeline
    side_by_side: tuple[GameForecast, ...]


@dataclass
class LiveRead(Answer):
    """How a game under way stands was read, or how one that is over went."""

    game_id: str
    card: LiveCard


@dataclass
class FeedAsked(Answer):
    """The feed of games under way had its turn."""

    poll: LivePoll


@dataclass
class WorthRead(Answer):
    """What each player's absence, or return, changes in his own team's margin, in points, by his name."""

    game_id: str
    worth: Mapping[str, float]


@dataclass
class SuppositionAnswered(Answer):
    """The game was forecast with players supposed out or back."""

    game_id: str
    what_if: WhatIf
    forecast: GameForecast


@dataclass
class ModelsRead(Answer):
    """The registry was read: versions and audit trail, newest first."""

    versions: tuple[ModelVersion, ...]
    audit: tuple[AuditEntry, ...]


@dataclass
class PromotionJudged(Answer):
    """The gate said what speaks against a promotion."""

    gate: Gate


@dataclass
class RoleMoved(Answer):
    """A version got another role; `sentence` says which."""

    sentence: str
    version: ModelVersion


@dataclass
class ManifestRead(Answer):
    """All that is recorded of a version was read."""

    version: ModelVersion
    manifest: Mapping[str, object]


@dataclass
class VersionsCompared(Answer):
    """Two versions were compared on the same games."""

    comparison: Comparison


@dataclass
class QuestionFailed(Answer):
    """The engine could not answer. `topic` names the question, `asked` what it was about, `sentence` what to tell."""

    topic: str
    asked: object
    sentence: str


@dataclass
class PlayersFound(Answer):
    """Players whom what was typed may mean were found, the likeliest first."""

    typed: str
    hits: tuple[PlayerHit, ...]


@dataclass(frozen=True, slots=True)
class PlayerAsked:
    """Of whom a forecast is wished: `against` a team in any words, or in his next game; the chances of a line."""

    hit: PlayerHit
    stat: Stat = Stat.PTS
    line: float | None = None
    against: str = ""


@dataclass
class PlayerRead(Answer):
    """A player's forecast was read, and what he did in his last games, oldest first."""

    asked: PlayerAsked
    forecast: PlayerForecast
    games: tuple[PlayerGame, ...]


@dataclass
class PlayerRecordRead(Answer):
    """How published forecasts of players have done was read; `champion` makes those to come."""

    record: PlayerRecord
    champion: ModelVersion | None


@dataclass
class MonitorRead(Answer):
    """What monitoring says of the champion; None where it cannot say anything, and `problem` why."""

    report: MonitorReport | None
    problem: str = ""


@dataclass
class LiveRecordRead(Answer):
    """How forecasts of games under way have fared was read."""

    record: LiveRecord


@dataclass
class AlertsRead(Answer):
    """Alerts were read: the open ones, the worst first, or with `past` the latest of any state, newest first."""

    past: bool
    alerts: tuple[Alert, ...]


@dataclass
class AlertMoved(Answer):
    """Somebody has acknowledged or resolved an alert."""

    alert: Alert
