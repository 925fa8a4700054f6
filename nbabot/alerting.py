"""From the checks to whoever runs the service: each alert logged once, and posted exactly once per severity."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import structlog

from engine.core import words
from engine.core.alerts import Alert, Finding, Severity
from engine.core.calendar import league_day, machine_clock
from engine.core.guilds import Topic
from engine.core.live_games import LiveStatus, LiveView
from engine.core.posts import Draft
from engine.core.reports import ModelStatus
from engine.engine import Engine
from nbabot import embeds, messages
from nbabot.destinations import Destinations, operators_keys
from nbabot.jobs import Job
from nbabot.settings import Settings

JOB = "job"
"""The source of findings about the schedule's own work."""
POST = "post"
"""The source of findings about posts that came too late."""
CHANNEL = "channel"
"""The source of findings about channels that take no posts."""
FILES = "files"
"""The source of findings about the files of model versions."""
LIVE = "live"
"""The source of findings about the feed of games under way."""
SILENT = timedelta(minutes=10)
"""How long that feed may fail while a game is on before somebody should know: shorter gaps mend themselves."""
OF_USE = timedelta(days=2)
"""How long an alert that cannot be delivered is tried: later it stands in the list of alerts only."""

log = structlog.get_logger(__name__)


class Watch:
    """The checks of one engine, and how its alerts reach the log and the operator's channel."""

    def __init__(self, engine: Engine, settings: Settings, places: Destinations) -> None:
        self._engine = engine
        self._settings = settings
        self._places = places
        self._logged: set[tuple[int, Severity]] = set()

    def renew(self, settings: Settings) -> None:
        """Expect the jobs at other times from now on."""
        self._settings = settings

    async def check(self, expected: Sequence[Job]) -> tuple[Alert, ...]:
        """Run every check; log what is new to this process, and put what nobody has seen yet in the outbox.

        `expected` are the jobs that should run. Returns the open alerts.
        """
        return await asyncio.to_thread(self._check, expected)

    def _check(self, expected: Sequence[Job]) -> tuple[Alert, ...]:
        engine, settings = self._engine, self._settings
        others = (
            *missed(engine, settings, expected), *late(engine), *closed(engine, settings), *damaged(engine),
            *silent(engine, settings),
        )  # fmt: skip
        found = engine.alerts.check(others, (JOB, POST, CHANNEL, FILES, LIVE))
        for alert in found:
            self._log(alert)
            if alert.acknowledged is None:
                for place in self._places(Topic.ALERTS):
                    engine.outbox.put(draft(alert, place.key, engine))
        return found

    def _log(self, alert: Alert) -> None:
        if (alert.number, alert.severity) in self._logged:
            return
        self._logged.add((alert.number, alert.severity))
        tell = {Severity.INFO: log.info, Severity.WARNING: log.warning, Severity.CRITICAL: log.error}[alert.severity]
        tell("alert", number=alert.number, source=alert.source, subject=alert.subject, text=alert.text)


def draft(alert: Alert, channel: str, engine: Engine) -> Draft:
    """The post of an alert: one of a kind by day, number and severity, so that it may be handed in again and again."""
    kind = f"alert {alert.number} {alert.severity.value}"
    day = league_day(alert.raised)
    embed = embeds.alert(alert, engine.simulated, messages.marker(kind, day))
    return Draft(
        league_day=day, kind=kind, channel=channel, payload=embeds.packed([embed]), expires=engine.now() + OF_USE
    )


def missed(engine: Engine, settings: Settings, expected: Sequence[Job]) -> Iterator[Finding]:
    """The jobs whose occurrence ended within a day without being done, and those not handed in everywhere.

    A job that has never run before has missed nothing.
    """
    now = engine.now()
    for job in expected:
        for turn in job.over(now, settings):
            begun = engine.runs.first(job.name)
            if begun is None or begun >= turn.ends:
                continue
            run = engine.runs.find(job.name, turn.due)
            if run is None or run.state != "done":
                yield Finding(JOB, job.name, Severity.WARNING, _not_done(job, turn.day, run.detail if run else ""))
            elif job.topic and (left := engine.runs.unfinished(job.name, turn.day)):
                count = "1 channel" if len(left) == 1 else f"{len(left)} channels"
                text = f"The {job.name} of {words.day(turn.day)} did not reach {count}: {left[0].detail}"
                yield Finding(JOB, job.name, Severity.WARNING, f"{text} nbabot jobs history shows them.")


def late(engine: Engine) -> Iterator[Finding]:
    """The kinds of posts of which some were not sent in time within the last day."""
    expired = engine.outbox.expired_since(machine_clock() - timedelta(days=1))
    gone = [post for post in expired if not messages.is_fleeting(post.kind)]
    for kind in sorted({post.kind for post in gone}):
        own = [post for post in gone if post.kind == kind]
        count = "1 post" if len(own) == 1 else f"{len(own)} posts"
        text = f"{count} of kind {kind} could not be sent in time: look in the log for what Discord answered."
        yield Finding(POST, kind, Severity.WARNING, text)


def closed(engine: Engine, settings: Settings) -> Iterator[Finding]:
    """The channels that take no posts: the operator's own one by one, those of servers in one finding."""
    found = engine.guilds.closed_channels()
    own = operators_keys(settings)
    for key in sorted(found.keys() & own):
        text = f"{found[key].reason} Then start nbabot run again: until then nothing is posted there."
        yield Finding(CHANNEL, key, Severity.WARNING, text)
    if of_servers := found.keys() - own:
        count = "1 channel of a server takes" if len(of_servers) == 1 else f"{len(of_servers)} channels of servers take"
        text = f"{count} no posts: /setup there says why and mends it."
        yield Finding(CHANNEL, "servers", Severity.INFO, text)


def damaged(engine: Engine) -> Iterator[Finding]:
    """The versions in use whose files are not sound: a champion goes on answering only until the next start."""
    roles = {ModelStatus.CHAMPION: Severity.CRITICAL, ModelStatus.CHALLENGER: Severity.WARNING}
    for one in engine.verify_models():
        if one.problem and one.status in roles:
            severity = roles[ModelStatus(one.status)]
            yield Finding(FILES, one.label, severity, f"{one.label}, the {one.status}: {one.problem}")


def silent(engine: Engine, settings: Settings) -> Iterator[Finding]:
    """The feed of games under way, where it has not answered for SILENT while games are on."""
    if not settings.sources.enabled:
        return
    board = engine.live_board()
    begun = [view.state.tip_utc for view in board.games if not _is_over(view) and view.state.tip_utc]
    since = min([tip for tip in begun if tip <= board.as_of], default=None)
    if not board.problem or since is None:
        return
    heard = max(board.polled_at or since, since)
    if board.as_of - heard > SILENT:
        text = f"Games are on and their feed has not answered since {words.clock(heard)}: {board.problem}"
        yield Finding(LIVE, "feed", Severity.WARNING, text)


def _is_over(view: LiveView) -> bool:
    return view.state.status in (LiveStatus.FINAL, LiveStatus.PUT_OFF)


def _not_done(job: Job, day: date, reason: str) -> str:
    why = f": {reason.rstrip('.')}" if reason else ", nbabot run did not run at the time"
    return f"The {job.name} job of {words.day(day)} was not done{why}. nbabot jobs history shows its runs."
