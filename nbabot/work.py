"""What the jobs do. Each function may be run again at any time and repeats no effect; none of them posts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from engine.core import words
from engine.core.calendar import LEAGUE_ZONE, machine_clock
from engine.core.errors import NoDataError, SourceError
from engine.core.records import Outcome
from engine.core.sync_reports import SyncRequest
from engine.engine import Engine
from nbabot import messages
from nbabot.settings import Settings

RESULTS_BY = time(12)
"""From then on yesterday's results are posted even if some are still missing."""


@dataclass(frozen=True, slots=True)
class JobResult:
    """What a job did, in words. With `done` False its input is not there yet and it should be run again later."""

    detail: str
    done: bool = True


def fetch_all(engine: Engine, settings: Settings) -> JobResult:
    """Fetch all that is new from the feeds."""
    return _fetch(engine, SyncRequest())


def fetch_news(engine: Engine, settings: Settings) -> JobResult:
    """Fetch what may have changed since the morning: the schedule, odds and injuries."""
    return _fetch(engine, SyncRequest(only=("schedule", "odds", "injuries")))


def fetch_closing(engine: Engine, settings: Settings) -> JobResult:
    """On a day with games fetch the odds and injuries of the evening: the last odds before tip-off close the line."""
    if not _has_games(engine):
        return JobResult("no games today")
    return _fetch(engine, SyncRequest(only=("odds", "injuries")))


def freeze_picks(engine: Engine, settings: Settings) -> JobResult:
    """Freeze today's picks and the forecasts of players."""
    day = engine.today()
    try:
        picks = engine.publish_picks(day)
    except NoDataError as error:
        return JobResult(str(error).rstrip("."), done=False)
    if not picks:
        return JobResult(f"no games to pick on {words.day(day)}")
    players = engine.publish_player_picks(day)
    beside = f", and {players:,} figures of players" if players else ""
    return JobResult(f"{_counted(len(picks))} frozen for {words.day(day)}{beside}")


def grade_yesterday(engine: Engine, settings: Settings) -> JobResult:
    """Grade what is known; before RESULTS_BY it waits for all of yesterday's results."""
    graded = engine.grade()
    day = engine.today() - timedelta(days=1)
    picks = engine.picks(day)
    missing = sum(pick.outcome is Outcome.PENDING for pick in picks)
    if missing and engine.now() < datetime.combine(engine.today(), RESULTS_BY, LEAGUE_ZONE):
        return JobResult(f"{missing} of {len(picks)} results of {words.day(day)} are not in yet", done=False)
    how = words.tally([pick.outcome for pick in picks]) if picks else "no picks were published"
    return JobResult(f"{_counted(graded)} graded; {words.day(day)}: {how}")


def grade_week(engine: Engine, settings: Settings) -> JobResult:
    """Grade what is known, so that the week's report counts it."""
    return JobResult(f"{_counted(engine.grade())} graded")


def refresh_picks(engine: Engine, settings: Settings) -> JobResult:
    """Read the injury report again, see which picks it moves, and change the posts that show them."""
    if not _has_games(engine):
        return JobResult("no games today")
    day = engine.today()
    if settings.sources.enabled and not engine.simulated:
        _fetch(engine, SyncRequest(only=("injuries",)))
    moved = engine.pick_updates.make(day, settings.schedule.refresh_points)
    edited = _revise(engine) if engine.pick_updates.on(day) else 0
    return JobResult(f"{len(moved)} of the day's picks moved; {edited} posts to be edited")


def retrain(engine: Engine, settings: Settings) -> JobResult:
    """Train the family in production anew where a week has passed and there are new games."""
    done = engine.retrain_weekly()
    if done is None:
        return JobResult("trained within a week, or nothing new to learn")
    made = done.gate.version
    if done.promoted:
        return JobResult(f"{made.label} is trained and in production")
    advice = " ".join(done.gate.objections) or f"nbabot models promote {made.name} {made.version} puts it to use"
    return JobResult(f"{made.label} is trained and registered: {advice.rstrip('.')}")


def back_up(engine: Engine, settings: Settings) -> JobResult:
    """Save the database and the models made here, and remove the oldest backups."""
    done = engine.back_up(settings.backup.folder, settings.backup.keep)
    removed = f"; {len(done.removed)} older ones removed" if done.removed else ""
    return JobResult(f"{done.backup.path} made in {done.seconds:.0f} s{removed}")


def clean_up(engine: Engine, settings: Settings) -> JobResult:
    """Delete what the schedule no longer needs to remember."""
    before = machine_clock() - timedelta(days=settings.schedule.keep_days)
    posts, runs = engine.outbox.forget(before), engine.runs.forget(before)
    engine.forget_live()
    uses = engine.usage.clean(settings.usage.keep_days)
    return JobResult(
        f"{posts:,} posts and {runs:,} runs older than {settings.schedule.keep_days} days deleted, "
        f"{uses:,} uses older than {settings.usage.keep_days}"
    )


def _fetch(engine: Engine, request: SyncRequest) -> JobResult:
    report = engine.sync(request)
    engine.refresh_players()
    if report.failed:
        raise SourceError("; ".join(f"{task.task}: {task.detail.rstrip('.')}" for task in report.failed) + ".")
    new, changed = sum(task.new for task in report.tasks), sum(task.changed for task in report.tasks)
    return JobResult(f"{new:,} rows new, {changed:,} changed, {_counted(report.regraded)} graded")


def _has_games(engine: Engine) -> bool:
    try:
        return bool(engine.slate().games)
    except NoDataError:
        return False


def _revise(engine: Engine) -> int:
    """Bring the day's posts of picks up to date; returns how many read differently now."""
    day = engine.today()
    message = messages.picks(engine, day)
    if message is None:
        return 0
    last_tip = max(
        (item.game.tip_utc for item in engine.slate(day).games if item.game.tip_utc), default=message.expires
    )
    drafts = (
        messages.Message(message.kind, day, message.payload, last_tip).draft(post.channel)
        for post in engine.outbox.posts(message.kind, day)
    )
    return sum(engine.outbox.revise(draft) for draft in drafts)


def _counted(picks: int) -> str:
    return "1 pick" if picks == 1 else f"{picks} picks"
