"""A small engine that answers from memory, with real records: a league of a few days around 15 January 2025."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from engine.core.alerts import Alert
from engine.core.calendar import SeasonType, noon_of
from engine.core.errors import NoDataError
from engine.core.odds import OddsBoard
from engine.core.outlooks import PlayerOutlook
from engine.core.records import Driver, Game, GameForecast, GameStatus, Outcome, RotationPlayer, Slate, SlateGame
from engine.core.reports import Status
from engine.core.team_cards import FourFactors, Ranked, Ratings, SeasonRecord, TeamCard, WinLoss
from engine.core.teams import BY_ABBREVIATION, BY_ID, TEAMS
from engine.core.timelines import Timeline
from tests.tui.driving import Tui
from tests.tui.small_house import House
from tests.tui.small_live import SmallLive
from tests.tui.small_models import SmallModels

TODAY = date(2025, 1, 15)
FIRST, LAST = date(2024, 10, 22), date(2025, 4, 13)
MATCHUPS = ("LAL BOS", "NYK MIA", "POR MIN", "OKC CLE", "GSW DEN", "PHI MIL", "SAC UTA", "ORL DET")
MORE = ("ATL CHA", "BKN TOR", "WAS IND", "CHI DAL", "HOU MEM", "NOP SAS", "PHX LAC")
BUSY_DAY = date(2025, 1, 13)


def team(abbreviation: str) -> int:
    return BY_ABBREVIATION[abbreviation].team_id


def surname(team_id: int) -> str:
    """Of all players of a team."""
    return f"Caldwell-{BY_ID[team_id].nickname.split()[0]}"


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
        tip_utc=of.tip_utc,
        margin_50=((prob - 0.5) * 40 - 8, (prob - 0.5) * 40 + 9),
        margin_80=((prob - 0.5) * 40 - 17, (prob - 0.5) * 40 + 18),
        total_50=(215, 239),
        total_80=(204, 250),
        availability=(
            PlayerOutlook(
                10 * of.home_id + 1, f"Bo {surname(of.home_id)}", of.home_id, "questionable", 0.52, 35.2, -1.4
            ),
        ),
    )


class SmallAlerts:
    """The open alerts of the small engine."""

    def __init__(self) -> None:
        self.found: tuple[Alert, ...] = ()

    def open(self) -> tuple[Alert, ...]:
        return self.found


class SmallEngine(SmallLive, SmallModels):
    """Answers at once, from memory, what the screens ask of the real one.

    `invented` makes the league a simulated one, `failure` is raised by every question while set, `gate` holds slates
    back until its events are set.
    """

    def __init__(self) -> None:
        SmallModels.__init__(self)
        SmallLive.__init__(self)
        self.now = self._moment
        self.as_of = noon_of(TODAY)
        self.invented = False
        self.stored: tuple[date, date] | None = (FIRST, LAST)
        self.failure: Exception | None = None
        self.gate: dict[date, threading.Event] = {}
        self.threads: set[str] = set()
        self.day_off = date(2025, 1, 17)
        self.alerts = SmallAlerts()
        self.board: OddsBoard | None = None

    def _asked(self) -> None:
        self.threads.add(threading.current_thread().name)
        if self.failure is not None:
            raise self.failure

    def today(self) -> date:
        self._asked()
        return TODAY

    def _moment(self) -> datetime:
        self._asked()
        return self.as_of

    @property
    def simulated(self) -> bool:
        self._asked()
        return self.invented

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
        return Slate(day, tuple(games), self.as_of, self.invented)

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

    def _game(self, game_id: str) -> Game:
        days, place = divmod(int(game_id[5:]), 20)
        return self._entry(place, (MATCHUPS + MORE)[place], FIRST + timedelta(days=days)).game

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
        family = surname(team_id)
        return tuple(
            RotationPlayer(
                10 * team_id + n, f"{name} {family}", team_id, 38.2 - 3 * n, 2.5, 0.4, 10, 30.5 - n, 5, 6, day
            )
            for n, name in enumerate(("Ann", "Bo", "Cy", "Di", "Ed", "Flo", "Gus", "Kentavious", "Ninth"))
        )

    def games_per_day(self) -> Mapping[date, int]:
        self._asked()
        return {FIRST + timedelta(days=n): 8 for n in range((LAST - FIRST).days + 1)} | {self.day_off: 0}

    def team(self, name: str, before: date | None = None) -> TeamCard:
        self._asked()
        figure, day = Ranked(23.5, 12), before or TODAY
        factors = FourFactors(Ranked(56.1, 1), figure, figure, Ranked(18.4, 30))
        record = SeasonRecord(WinLoss(28, 11), WinLoss(14, 6), WinLoss(14, 5), WinLoss(7, 3), 2, 2)
        ratings = Ratings(Ranked(119.2, 2), Ranked(110.4, 9), Ranked(8.8, 3), Ranked(98.1, 27))
        strength = (Ranked(1612.0, 4), ratings, factors, factors)
        games = self.recent_games(team(name), 5, day), (), ()
        return TeamCard(team(name), 2024, noon_of(day), day, record, *strength, *games, self.invented)

    def side_by_side(self, home: str, away: str, day: date | None = None) -> tuple[GameForecast, ...]:
        first = self.predict(home, away, day)
        return first, replace(first, model="game-ensemble@10.12.3", home_win_prob=first.home_win_prob - 0.02)

    def odds(self, day: date | None = None) -> OddsBoard:
        self._asked()
        return self.board or OddsBoard(day or TODAY, noon_of(day or TODAY), ())

    def timeline(self, game_id: str) -> Timeline:
        self._asked()
        return Timeline(game_id, self.scores)

    def predict(
        self, home: str, away: str, day: date | None = None, out: Sequence[str] = (), back: Sequence[str] = ()
    ) -> GameForecast:
        """Whoever is out costs his side 3 points and a tenth of a chance, whoever is back gives it as much."""
        self._asked()
        found = next(one for one in self.slate(day).games if one.game.home_id == team(home)).forecast
        own = surname(found.home_id)
        shift = sum((-1 if name.endswith(own) else 1) * (1 if name in out else -1) for name in (*out, *back))
        notes = ("What if: so it is supposed.",) if shift else ()
        return replace(
            found,
            margin=found.margin + 3 * shift,
            home_win_prob=found.home_win_prob + 0.1 * shift,
            notes=notes + found.notes,
        )

    def status(self) -> Status:
        self._asked()
        champion = self.champion.label if self.versions else None
        return Status("home", self.invented, noon_of(TODAY), 12, 0, 0, 0, (2024,), TODAY, "stored", champion, 0)


@pytest.fixture(autouse=True)
def _look_more_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Textual's pilot looks every 20 ms whether the app is idle; these tests press hundreds of keys."""
    monkeypatch.setattr("textual._wait.SLEEP_GRANULARITY", 1 / 250)


@pytest.fixture
def small() -> SmallEngine:
    return SmallEngine()


class SmallHouse(House, SmallEngine):
    """The small engine with the rest of the house."""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallHouse]:
    """An engine for every screen, on a machine in New York where Ada sits at the keyboard."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    monkeypatch.setenv("LOGNAME", "ada")
    monkeypatch.setattr("tui.screens.data.machine_clock", lambda: noon_of(TODAY))
    made = SmallHouse(tmp_path)
    yield made
    made.close()
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def tui(small: SmallEngine) -> Tui:
    return Tui(small)
