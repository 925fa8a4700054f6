"""The small engine with the rest of the house: players, monitoring, alerts, and a real store of runs and posts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from engine.core.alerts import Alert, Severity
from engine.core.calendar import noon_of
from engine.core.monitor_reports import FeatureDrift, Measure, MonitorReport, Performance, RollingScore, Trend, Verdict
from engine.core.player_records import (
    FORM_GAMES,
    LineForecast,
    PlayerForecast,
    PlayerGame,
    PlayerHit,
    PlayerRecord,
    Stat,
    StatForecast,
)
from engine.core.posts import Draft
from engine.core.progress import Progress, silent
from engine.core.reports import CalibrationBin, ScheduledJob
from engine.core.sync_reports import (
    Check,
    Correction,
    Health,
    HostState,
    SyncReport,
    SyncRequest,
    SyncTask,
    TaskHistory,
)
from engine.core.teams import BY_ABBREVIATION
from engine.engine import Engine

EVERYTHING = SyncRequest()
TODAY = date(2025, 1, 15)
MORNING = datetime(2025, 1, 15, 14, 5, tzinfo=UTC)
CHANNEL = "discord:123456789012345678"
BOSTON, LAKERS = (BY_ABBREVIATION[code].team_id for code in ("BOS", "LAL"))
NAMES = ("Ansel Brindlecote", "Bastan Zephyrgate", "Corvin Pebblemark", "Delric Larkenfield")
SPREADS = {Stat.PTS: 24.3, Stat.REB: 7.9, Stat.AST: 5.2, Stat.FG3M: 2.4}


class HouseAlerts:
    """Two open alerts and one that is over."""

    def __init__(self) -> None:
        said = (
            ("job", "picks", Severity.CRITICAL, "The job picks was missed at 11:00 ET: run nbabot jobs run picks."),
            ("feed", "schedule", Severity.WARNING, "Fetching schedule failed: cdn.nba.com did not answer within 20 s."),
            ("disk", "space", Severity.WARNING, "912 MiB are free where the home folder lies: free some space."),
        )
        self.kept = [
            Alert(number, *words, MORNING, MORNING, None, None, None, None) for number, words in enumerate(said, 1)
        ]
        self.kept[2] = replace(self.kept[2], resolved=MORNING, resolved_by="nbabot")

    def open(self) -> tuple[Alert, ...]:
        return tuple(one for one in self.kept if one.resolved is None)

    def history(self, limit: int = 50) -> tuple[Alert, ...]:
        return tuple(reversed(self.kept))

    def acknowledge(self, number: int, who: str) -> Alert:
        return self._put(replace(self.kept[number - 1], acknowledged=MORNING, acknowledged_by=who))

    def resolve(self, number: int, who: str) -> Alert:
        return self._put(replace(self.kept[number - 1], resolved=MORNING, resolved_by=who))

    def _put(self, alert: Alert) -> Alert:
        self.kept[alert.number - 1] = alert
        return alert


def watched(verdict: Verdict = Verdict.DRIFTING) -> MonitorReport:
    """A report with one input that drifts, one that is unusual, and 200 picks of two versions."""
    scores = {"pace": 1.0, "three_point_luck": 1.0, "home_edge": 0.62, "travel": 0.31, "elo": 0.18, "rest": 0.04}
    features = tuple(
        FeatureDrift(
            name, 0.21 * score, 0.4 * score, 0.5 * score, 1 - 0.99 * score, score, score == 1, name == "pace",
            tuple(round(score * step / 12, 2) for step in range(1, 13)),
        )
        for name, score in scores.items()
    )  # fmt: skip
    return MonitorReport(
        verdict, "game-elo@2", 200, 200, features, (picks("game-elo@2"), picks("game-logistic@1")),
        "The last 200 games differ from those the model learned from in pace. Its last 200 picks did as well as its "
        "percentages promise, within chance.",
        "Train a new version on the latest games and compare it; the picks have not suffered so far.",
    )  # fmt: skip


def picks(model: str) -> Performance:
    """200 graded picks whose Brier score rises out of its band."""
    measures = (
        Measure("log_loss", 0.671, 0.605, 0.553, 0.658, 0.631, True),
        Measure("brier", 0.236, 0.209, 0.186, 0.232, 0.22),
        Measure("accuracy", 0.58, 0.674, 0.611, 0.738, 0.654),
        Measure("ece", 0.063, None, 0.043, 0.105, 0.041),
        Measure("margin_mae", 10.1, None, 9.5, 11.6, 10.5),
    )
    rolling = tuple(
        RollingScore(TODAY - timedelta(days=31 - step), 0.205 + step / 1000, 0.209, 0.186, 0.232) for step in range(31)
    )
    bins = tuple(CalibrationBin(n / 10, (n + 1) / 10, 5 + 7 * n, n / 10 + 0.05, n / 11) for n in range(1, 9))
    days = TODAY - timedelta(days=31), TODAY - timedelta(days=1)
    return Performance(model, 200, *days, measures, Trend.STABLE, 0.01, 0.02, bins, rolling)


class HouseFeeds:
    """Two tasks of the morning's synchronisation, of which one failed; every host answers."""

    def tasks(self) -> tuple[TaskHistory, ...]:
        results = SyncTask("results", "done", "cdn.nba.com", 12, 24, 3, 900, 12.4, MORNING)
        schedule = SyncTask("schedule", "failed", "", 3, 0, 0, 0, 60.0, MORNING, detail="no answer within 20 s")
        return TaskHistory(results, MORNING, None), TaskHistory(schedule, None, schedule)

    def hosts(self) -> tuple[HostState, ...]:
        return ()


class House:
    """Mixed into the small engine. `report` is what monitoring says; runs and posts lie in a real store."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.alerts = HouseAlerts()
        self.report = watched()
        self._stored = Engine(folder, now=lambda: noon_of(TODAY))
        self.runs, self.outbox, self.feeds = self._stored.runs, self._stored.outbox, HouseFeeds()
        for name, seconds, detail in (("sync", 94, "1,214 rows new"), ("recap", 2, "no results yet")):
            self.runs.begin(name, str(TODAY), MORNING, timedelta(minutes=5))
            close = self.runs.finish if name == "sync" else self.runs.fail
            close(name, str(TODAY), MORNING + timedelta(seconds=seconds), detail)
        content = json.dumps([{"title": "Picks of the day", "description": "**BOS 71%**"}])
        self.outbox.put(Draft(TODAY, "picks", CHANNEL, content, noon_of(TODAY)))

    def close(self) -> None:
        self._stored.close()

    def refresh_players(self, progress: Progress = silent) -> None:
        """There is nothing to refresh."""

    def sync(self, request: SyncRequest = EVERYTHING, progress: Progress = silent) -> SyncReport:
        return SyncReport(tuple(one.newest for one in self.feeds.tasks()), 72.4, 2)

    def monitor(self, window: int = 200) -> MonitorReport:
        return self.report

    def corrections(self, limit: int = 20) -> tuple[Correction, ...]:
        return ()

    def players(self, typed: str, limit: int = 10) -> tuple[PlayerHit, ...]:
        hits = [PlayerHit(n, name, BOSTON if n % 2 else LAKERS, TODAY, 100.0) for n, name in enumerate(NAMES)]
        return tuple(hit for hit in hits if typed.lower() in hit.name.lower())[:limit]

    def player(
        self,
        name: str,
        opponent: str | None = None,
        day: date | None = None,
        stat: Stat = Stat.PTS,
        line: float | None = None,
    ) -> PlayerForecast:
        stats = tuple(_spread(stat, SPREADS.get(stat, 1.1)) for stat in Stat)
        asked = None if line is None else LineForecast(stat, line, 0.46, 0.54, 0.0)
        number = next(place for place, one in enumerate(NAMES) if one in name)
        return PlayerForecast(
            number, NAMES[number], BOSTON, LAKERS, True, False, TODAY, "0022400561", None, 34.2, 0.97, "probable",
            stats, asked, 39, "player-ridge@1", noon_of(TODAY), TODAY - timedelta(days=1),
        )  # fmt: skip

    def player_games(self, player_id: int, limit: int = FORM_GAMES) -> tuple[PlayerGame, ...]:
        return tuple(
            PlayerGame(
                TODAY - timedelta(days=2 * back), LAKERS, back % 2 == 0, 30.0 + back % 7,
                dict.fromkeys(Stat, 7 * back % 13 + 12),
            )
            for back in range(limit, 0, -1)
        )  # fmt: skip

    def player_record(
        self, days: int | None = None, season: int | None = None, stat: Stat | None = None
    ) -> PlayerRecord:
        return PlayerRecord(None, None, (), False)


def _spread(stat: Stat, mean: float) -> StatForecast:
    ranges = ((mean * (1 - share), mean * (1 + share)) for share in (0.2, 0.5, 0.8))
    return StatForecast(stat, mean, round(mean), *ranges)


class HouseDesk:
    """Implements `Desk`: three jobs, a log of two lines, a check-up of three."""

    def __init__(self, house: House, log: Path) -> None:
        self._house, self.log = house, log
        lines = (("info", "sync_done"), ("warning", "feed_slow"))
        log.write_text("".join(json.dumps({"event": event, "level": level, "timestamp": MORNING.isoformat()}) + "\n"
                               for level, event in lines))  # fmt: skip

    def jobs(self) -> Sequence[ScheduledJob]:
        last = {run.job: run for run in self._house.runs.recent()}
        told = (("sync", "fetch all that is new", "done"), ("recap", "grade", "failed"), ("picks", "freeze", "due"))
        return tuple(
            ScheduledJob(name, about, state, last.get(name), noon_of(TODAY) + timedelta(days=1))
            for name, about, state in told
        )

    def run(self, name: str) -> str:
        return f"{name} is done."

    def check_up(self, progress: Progress) -> tuple[Check, ...]:
        return Check("python", Health.OK, "3.12.1"), Check("disk", Health.WARNING, "1.2 GiB free", "free some space")
