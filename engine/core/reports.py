"""What the engine says about itself: track record, models, imports, jobs. Frozen dataclasses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Forecasts whose home win probability lies in [low, high): how many, mean forecast, share of home wins."""

    low: float
    high: float
    n: int
    mean_forecast: float
    observed: float


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """How published picks have done. Scores are None when nothing has been graded.

    `n` counts every published pick: hits + misses + voids + pending. `market_*` compare on exactly the graded games
    whose closing line is known (`n_market`).
    """

    first_day: date | None
    last_day: date | None
    n: int
    hits: int
    misses: int
    voids: int
    pending: int
    accuracy: float | None
    brier: float | None
    log_loss: float | None
    margin_mae: float | None
    calibration: tuple[CalibrationBin, ...] = ()
    n_market: int = 0
    log_loss_on_market: float | None = None
    market_log_loss: float | None = None
    simulated: bool = False


class ModelStatus(StrEnum):
    """Role of a model version within its task: the champion answers, challengers forecast in its shadow, and to the
    previous one a rollback returns."""

    CANDIDATE = "candidate"
    CHAMPION = "champion"
    CHALLENGER = "challenger"
    PREVIOUS = "previous"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One immutable version of a model. `metrics` are walk-forward figures from its manifest, by key of `backtest`."""

    name: str
    version: str
    task: str
    family: str
    status: ModelStatus
    created: datetime
    trained_through: str
    rows: int
    simulated: bool
    metrics: dict[str, float] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """`name@version`."""
        return f"{self.name}@{self.version}"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One movement of a role: who moved it, when, why, from and to which name@version.

    `despite` holds the objections that were overruled, empty where there were none.
    """

    moment: datetime
    task: str
    who: str
    why: str
    from_label: str | None
    to_label: str
    role: str = "champion"
    despite: str = ""


@dataclass(frozen=True, slots=True)
class JobRun:
    """One run of a scheduled job. `due`: the day and channel, "2025-01-15 console"; state: running, done, failed."""

    job: str
    due: str
    state: str
    started: datetime
    finished: datetime | None
    detail: str


@dataclass(frozen=True, slots=True)
class ScheduledJob:
    """A job of the schedule as it stands.

    `about` says what it does. `state` is a word: done, failed or running for its present occurrence, else due (it will
    be run next), waiting (for its time) or missed (of no more use). `last` is its newest run, None where there is none;
    `next` when it is due next, None where it is due now.
    """

    name: str
    about: str
    state: str
    last: JobRun | None
    next: datetime | None


@dataclass(frozen=True, slots=True)
class Status:
    """What is installed and how old it is; figures for `nbabot status` and the status screens."""

    home: str
    simulated: bool
    as_of: datetime
    games: int
    player_rows: int
    score_rows: int
    closing_lines: int
    seasons: tuple[int, ...]
    data_through: date | None
    state_source: str
    champion: str | None
    published_picks: int
    notes: tuple[str, ...] = ()


UNREADABLE = "unreadable"
"""`FileReport.kind` of a file from which nothing was imported; its one note says why."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one imported file. `rejected` maps a reason in words to a row count; `notes` are oddities kept."""

    path: str
    kind: str
    season: str
    read: int
    new: int
    changed: int
    unchanged: int
    rejected: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Outcome of `nbabot import`, file by file, in the order in which they were read.

    `ignored` counts the files of the named folders that are neither csv, csv.gz nor parquet.
    """

    files: tuple[FileReport, ...]
    seconds: float
    ignored: int = 0

    @property
    def unreadable(self) -> tuple[FileReport, ...]:
        """The files from which nothing was imported."""
        return tuple(file for file in self.files if file.kind == UNREADABLE)
