"""What has happened to the installation: jobs, posts, log, data, and work of minutes on its way to the screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.core.posts import Post
from engine.core.reports import JobRun, ScheduledJob, Status
from engine.core.sync_reports import Check, Correction, HostState, SyncReport, TaskHistory
from tui.log_tail import LogLine
from tui.messages import Answer


@dataclass
class WorkMoved(Answer):
    """Long work on a topic came as far as `done` of `total` units of a stage."""

    topic: str
    stage: str
    done: int
    total: int


@dataclass
class WorkStopped(Answer):
    """Long work on a topic was ended by the person; what was finished stays."""

    topic: str


@dataclass
class ScheduleRead(Answer):
    """The jobs, the latest runs and the latest posts were read, newest first; `jobs` is None without a desk."""

    jobs: tuple[ScheduledJob, ...] | None
    runs: tuple[JobRun, ...]
    posts: tuple[Post, ...]


@dataclass
class JobRan(Answer):
    """A job was run; `result` says in a sentence what came of it."""

    name: str
    result: str


@dataclass
class LogRead(Answer):
    """Events were added to the log."""

    lines: tuple[LogLine, ...]


@dataclass
class DataRead(Answer):
    """What is stored was read: how much, from when to when, how the feeds have fared, what was corrected lately."""

    status: Status
    days: tuple[date, date] | None
    tasks: tuple[TaskHistory, ...]
    hosts: tuple[HostState, ...]
    corrections: tuple[Correction, ...]


@dataclass
class Synchronised(Answer):
    """A synchronisation has ended."""

    report: SyncReport


@dataclass
class CheckedUp(Answer):
    """The installation was checked."""

    checks: tuple[Check, ...]
