"""Running a job under its rows in the runs: one for the work, one for each place that its post is handed in for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from engine.core.calendar import machine_clock
from engine.core.guilds import LAST_CALL, Topic
from engine.core.posts import PostState
from engine.core.reports import JobRun
from engine.engine import Engine
from nbabot.destinations import Destination
from nbabot.jobs import Job, Turn
from nbabot.messages import Message
from nbabot.settings import Settings
from nbabot.work import JobResult

POSTED, NOTHING = "handed in", "nothing to post"


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What became of a message: how many places it was handed in for, and the places where that failed, with why."""

    places: int
    failed: tuple[tuple[str, str], ...] = ()


def run_work(engine: Engine, settings: Settings, job: Job, turn: Turn) -> JobResult | None:
    """Do the work of an occurrence: marked done after the effect, failed with the reason.

    None when it is done already, or was begun a moment ago here or in another process. Raises what the work raises.
    """
    if not engine.runs.begin(job.name, turn.due, machine_clock(), job.retry):
        return None
    try:
        result = job.work(engine, settings)
    except Exception as error:
        engine.runs.fail(job.name, turn.due, machine_clock(), str(error) or type(error).__name__)
        raise
    close = engine.runs.finish if result.done else engine.runs.fail
    close(job.name, turn.due, machine_clock(), result.detail)
    return result


def hand_in(engine: Engine, job: Job, turn: Turn, places: Sequence[Destination], hurry: bool = False) -> HandedIn:
    """Put the job's message in the outbox for every place where it is due and not yet handed in.

    Nothing happens before the work is done. With `hurry` the operator's own places need not wait for their time; a
    server's always do. A place that fails leaves the others alone and is tried again.
    """
    if job.topic is None:
        return HandedIn(0)
    done = engine.runs.done(job.name, turn.day)
    left = [place for place in places if turn.at(place.key) not in done]
    if not left or turn.due not in done:
        return HandedIn(0)
    message = job.compose(engine, turn.day)
    due = [
        place
        for place in left
        if (hurry and place.wishes is None) or _moment(job.topic, turn, place, message) <= engine.now()
    ]
    failed: list[tuple[str, str]] = []
    handed = sum(_hand_in_one(engine, job, turn.at(place.key), place, message, failed) for place in due)
    return HandedIn(handed, tuple(failed))


def _moment(topic: Topic, turn: Turn, place: Destination, message: Message | None) -> datetime:
    last = min(turn.ends, message.expires) - LAST_CALL if message else turn.ends
    return place.moment(topic, turn.day, turn.begins, last)


def _hand_in_one(
    engine: Engine, job: Job, due: str, place: Destination, message: Message | None, failed: list[tuple[str, str]]
) -> bool:
    """Whether a place's post is new in the outbox."""
    if not engine.runs.begin(job.name, due, machine_clock(), job.retry):
        return False
    try:
        new = message is not None and engine.outbox.put(message.draft(place.key))
    except Exception as error:
        reason = str(error) or type(error).__name__
        engine.runs.fail(job.name, due, machine_clock(), reason)
        failed.append((place.key, reason))
        return False
    engine.runs.finish(job.name, due, machine_clock(), POSTED if message else NOTHING)
    return new


@dataclass(frozen=True, slots=True)
class JobStanding:
    """A job as it stands: its times of the league's day, whether it is due now, else when, how its work last went, and
    where the posts of its latest day are."""

    job: Job
    times: tuple[time, ...]
    due: bool
    next: datetime
    last: JobRun | None
    channels: Counter[PostState]

    @property
    def posts(self) -> str:
        """`"198 sent, 2 failed"`; empty where it posts nothing."""
        return ", ".join(f"{n} {state.value}" for state, n in self.channels.items())


def standing(engine: Engine, settings: Settings, job: Job) -> JobStanding:
    """How a job stands now; the next time is now where it is due and not done."""
    now = engine.now()
    turn = job.turn(now, settings)
    run = engine.runs.find(job.name, turn.due) if turn else None
    due = turn is not None and (run is None or run.state != "done")
    return JobStanding(
        job=job,
        times=job.times(settings),
        due=due,
        next=now if due else job.next(now, settings),
        last=engine.runs.latest(job.name),
        channels=engine.outbox.tally(job.name) if job.topic else Counter(),
    )
