"""A small engine that answers from memory, with real records: a league of a few days around 15 January 2025."""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from textual.pilot import Pilot

from engine.core.alerts import Alert
from engine.core.calendar import SeasonType, noon_of
from engine.core.errors import NoDataError
from engine.core.model_reports import Gate
from engine.core.records import Driver, Game, GameForecast, GameStatus, Outcome, RotationPlayer, Slate, SlateGame
from engine.core.reports import AuditEntry, ModelStatus, ModelVersion, Status
from engine.core.teams import BY_ABBREVIATION, TEAMS
from tui.app import NbabotApp

TODAY = date(2025, 1, 15)
FIRST, LAST = date(2024, 10, 22), date(2025, 4, 13)
MATCHUPS = ("LAL BOS", "NYK MIA", "POR MIN", "OKC CLE", "GSW DEN", "PHI MIL", "SAC UTA", "ORL DET")
MORE = ("ATL CHA", "BKN TOR", "WAS IND", "CHI DAL", "HOU MEM", "NOP SAS", "PHX LAC")
BUSY_DAY = date(2025, 1, 13)


def team(abbreviation: str) -> int:
    return BY_ABBREVIATION[abbreviation].team_id


def game(number: int, matchup: str, day: date, points: tuple[int, int] | None = None, **changes: object) -> Game:
    """`matchup` is "AWAY HOME", `points` are (away, home)."""
    away, home = matchup.split()
    made = Game(f"00224{number:05d}", 2024, SeasonType.REGULAR, day, team(home), team(away))
    if points is not None:
        made = replace(made, status=GameStatus.FINAL, away_points=points[0], home_points=points[1])
    return replace(made, **changes)  # type: ignore[arg-type]


def forecast(of: Game, prob: float, as_of: datetime, model: str) -> GameForecast:
    return GameForecast(
        home_id=of.home_id,
        away_id=of.away_id,
        league_day=of.league_day,
        neutral=of.neutral,
        scheduled=True,
        home_win_prob=prob,
        margin=(prob - 0.5) * 40,
        total=226.4,
        drivers=(
            Driver("Better by Elo rating: 1640 against 1523 at this point of the season", 5.2),
            Driver("Plays at home", 2.4),
            Driver("Second game in two nights", -1.6),
            Driver("Worse over the last ten games", -0.7),
        ),
        model=model,
        as_of=as_of,
        data_through=of.league_day - timedelta(days=1),
        notes=("Who is injured is not known to this model.",),
        game_id=of.game_id,
    )


def version(number: int, status: ModelStatus, family: str = "logistic") -> ModelVersion:
    metrics = {"log_loss": 0.6400 - number / 1000, "brier": 0.2240, "accuracy": 0.641, "margin_mae": 10.9}
    made = datetime(2025, 1, number, 9, 30, tzinfo=UTC)
    return ModelVersion(
        f"game-{family}",
        str(number),
        "game",
        family,
        status,
        made,
        "2023-24",
        12_345,
        False,
        {**metrics, "ece": 0.0123, "n": 7056.0},
    )


class SmallAlerts:
    """The open alerts of the small engine."""

    def __init__(self) -> None:
        self.found: tuple[Alert, ...] = ()

    def open(self) -> tuple[Alert, ...]:
        return self.found


class SmallEngine:
    """Answers at once, from memory, what the screens ask of the real one.

    `invented` makes the league a simulated one, `failure` is raised by every question while set, `gate` holds slates
    back until its events are set.
    """

    def __init__(self) -> None:
        self.invented = False
        self.stored: tuple[date, date] | None = (FIRST, LAST)
        self.failure: Exception | None = None
        self.gate: dict[date, threading.Event] = {}
        self.threads: set[str] = set()
        self.objections: tuple[str, ...] = ()
        self.promoted: list[tuple[str, str, str, str]] = []
        self.versions = [version(3, ModelStatus.CANDIDATE), version(2, ModelStatus.CHAMPION, "elo")]
        self.audit = [AuditEntry(noon_of(TODAY), "game", "ada", "first model", None, "game-elo@2")]
        self.day_off = date(2025, 1, 17)
        self.alerts = SmallAlerts()

    def _asked(self) -> None:
        self.threads.add(threading.current_thread().name)
        if self.failure is not None:
            raise self.failure

    @property
    def champion(self) -> ModelVersion:
        return next(one for one in self.versions if one.status is ModelStatus.CHAMPION)

    def today(self) -> date:
        self._asked()
        return TODAY

    def game_days(self) -> tuple[date, date] | None:
        self._asked()
        return self.stored

    def slate(self, day: date | None = None) -> Slate:
        self._asked()
        day = day or TODAY
        if day in self.gate:
            self.gate[day].wait(10)
        if not FIRST <= day <= LAST:
            raise NoDataError(f"No schedule is stored for {day}: import that season's games.")
        matchups = MATCHUPS + MORE if day == BUSY_DAY else MATCHUPS
        games = [] if day == self.day_off else [self._entry(place, text, day) for place, text in enumerate(matchups)]
        return Slate(day, tuple(games), noon_of(TODAY), self.invented)

    def _entry(self, place: int, matchup: str, day: date) -> SlateGame:
        past = day < TODAY
        points = (104 + place, 120 - 2 * place) if past else None
        one = game(place + (day - FIRST).days * 20, matchup, day, points, overtimes=2 if past and place == 1 else 0)
        if not past and place == 3:
            one = replace(one, neutral=True)
        made = forecast(one, 0.71 - place * 0.04, noon_of(day), self.champion.label)
        hit = past and (one.margin or 0) * (made.home_win_prob - 0.5) > 0
        outcome = (Outcome.HIT if hit else Outcome.MISS) if past else Outcome.PENDING
        return SlateGame(one, made, past, outcome)

    def recent_games(self, team_id: int, limit: int = 10, before: date | None = None) -> tuple[Game, ...]:
        self._asked()
        code = next(one.abbreviation for one in TEAMS if one.team_id == team_id)
        other = "CHI" if code != "CHI" else "ATL"
        days = [(before or TODAY) - timedelta(days=2 * back) for back in range(1, limit + 1)]
        return tuple(
            game(900 + place, f"{other} {code}" if place % 2 else f"{code} {other}", day, (101 + place, 99 + 2 * place))
            for place, day in enumerate(days)
        )

    def head_to_head(
        self, first_id: int, second_id: int, limit: int = 5, before: date | None = None
    ) -> tuple[Game, ...]:
        self._asked()
        one = game(950, "LAL BOS", date(2024, 12, 1), (118, 112))
        return (replace(one, home_id=first_id, away_id=second_id),)

    def rotation(self, team_id: int, before: date | None = None) -> tuple[RotationPlayer, ...]:
        self._asked()
        day = (before or TODAY) - timedelta(days=1)
        return tuple(
            RotationPlayer(
                place, f"{name} Caldwell-Pope", team_id, 38.2 - 3 * place, 2.5, 0.4, 10, 30.5 - place, 5, 6, day
            )
            for place, name in enumerate(("Ann", "Bo", "Cy", "Di", "Ed", "Flo", "Gus", "Kentavious", "Ninth"))
        )

    def models(self, task: str | None = "game") -> tuple[ModelVersion, ...]:
        self._asked()
        return tuple(self.versions)

    def model_audit(self, limit: int = 50) -> tuple[AuditEntry, ...]:
        self._asked()
        return tuple(self.audit)

    def status(self) -> Status:
        self._asked()
        champion = self.champion.label if self.versions else None
        return Status("home", self.invented, noon_of(TODAY), 12, 0, 0, 0, (2024,), TODAY, "stored", champion, 0)

    def model_gate(self, name: str, version: str) -> Gate:
        self._asked()
        found = next(one for one in self.versions if (one.name, one.version) == (name, version))
        champion = next((one for one in self.versions if one.status is ModelStatus.CHAMPION), None)
        return Gate(found, champion, None, self.objections)

    def roll_back(self, who: str, why: str, task: str = "game") -> ModelVersion:
        self._asked()
        previous = next(one for one in self.versions if one.status is ModelStatus.PREVIOUS)
        return self.promote(previous.name, previous.version, who, why)

    def promote(self, name: str, version: str, who: str, why: str, force: bool = False) -> ModelVersion:
        self._asked()
        self.promoted.append((name, version, who, why))
        label, before = f"{name}@{version}", self.champion.label
        new = {label: ModelStatus.CHAMPION, before: ModelStatus.PREVIOUS}
        self.versions = [replace(one, status=new.get(one.label, one.status)) for one in self.versions]
        self.audit.insert(0, AuditEntry(noon_of(TODAY), "game", who, why, before, label))
        return self.champion


@pytest.fixture(autouse=True)
def _look_more_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Textual's pilot looks every 20 ms whether the app is idle; these tests press hundreds of keys."""
    monkeypatch.setattr("textual._wait.SLEEP_GRANULARITY", 1 / 250)


@pytest.fixture
def small() -> SmallEngine:
    return SmallEngine()


async def settle(pilot: Pilot[None]) -> None:
    """Wait until every question is answered and the screen has come to rest."""
    seen, calm = "", 0
    while calm < 3:
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        asking = not all(worker.is_finished for worker in pilot.app.workers)
        now = painted(pilot)
        calm = calm + 1 if now == seen and not asking else 0
        seen = now


async def until(pilot: Pilot[None], text: str, seconds: float = 20) -> str:
    """Wait until the screen says `text`; return the screen. Fails when it does not come to say it."""
    end = time.monotonic() + seconds
    while text not in (seen := painted(pilot)):
        assert time.monotonic() < end, f"{text!r} did not appear in:\n{seen}"
        await pilot.pause()
    return seen


async def press(pilot: Pilot[None], *keys: str) -> str:
    """Press keys, wait for the answers, and return the screen as text."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)
    return painted(pilot)


async def type_in(pilot: Pilot[None], *keys: str) -> str:
    """Press keys one right after another, then wait for the answers."""
    await pilot.press(*keys)
    await settle(pilot)
    return painted(pilot)


def painted(pilot: Pilot[None]) -> str:
    """The screen as lines of text."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


def told(pilot: Pilot[None]) -> list[str]:
    """Sentences of the notifications so far."""
    return [notification.message for notification in pilot.app._notifications]


class Tui:
    """Opens the app on the small engine: `async with tui() as pilot`. A long refresh leaves the heartbeat out."""

    def __init__(self, engine: SmallEngine) -> None:
        self.engine = engine
        self.press, self.type_in, self.painted, self.told = press, type_in, painted, told
        self.settle, self.until = settle, until

    @asynccontextmanager
    async def __call__(self, size: tuple[int, int] = (80, 24), refresh: float = 60) -> AsyncIterator[Pilot[None]]:
        async with NbabotApp(self.engine, refresh).run_test(size=size) as pilot:
            await settle(pilot)
            yield pilot


@pytest.fixture
def tui(small: SmallEngine) -> Tui:
    return Tui(small)
