"""Engine: the one object that the bot, the terminal UI and the command line call.

Every public method is one question or one act. It returns frozen dataclasses (`engine.core.records`,
`engine.core.reports`) and raises only errors of `engine.core.errors`. The object may be shared between threads.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Self

from engine.core.calendar import machine_clock
from engine.core.injuries import DayInjuries, InjuryStatus, PlayRate
from engine.core.model_reports import ModelPolicy
from engine.core.odds import OddsBoard
from engine.core.outlooks import WhatIf
from engine.core.progress import Progress, silent
from engine.core.records import GameForecast, Pick, Slate
from engine.core.reports import ImportReport, Status, TrackRecord
from engine.core.source_access import SourceAccess
from engine.core.sync_reports import Check, Correction, SyncReport, SyncRequest, SyncTask
from engine.core.teams import resolve_matchup, resolve_team
from engine.core.timelines import Timeline
from engine.halftime_desk import HalftimeDesk
from engine.live_desk import LiveDesk
from engine.model_desk import ModelDesk
from engine.models.registry import Registry
from engine.monitoring.alerts import Alerts
from engine.player_desk import PlayerDesk
from engine.predictions import slate
from engine.predictions.dejavu import Dejavu
from engine.predictions.game import GameForecaster
from engine.predictions.live import LiveForecaster
from engine.predictions.live_views import LiveViews
from engine.predictions.notes import stale_note
from engine.predictions.player import PlayerForecaster
from engine.predictions.player_states import PlayerStates
from engine.predictions.state import StateKeeper
from engine.predictions.updates import PickUpdates
from engine.sources.live import LiveFeed
from engine.store import corrections, games, injuries, live_forecasts, odds, picks, player_picks, state, timelines
from engine.store.database import Database
from engine.store.follows import Follows
from engine.store.guilds import Guilds
from engine.store.meta import Meta
from engine.store.outbox import Outbox
from engine.store.runs import Runs
from engine.store.usage import Usage
from engine.sync.live import LivePoller
from engine.sync.standing import Feeds
from engine.team_desk import TeamDesk
from engine.upkeep_desk import UpkeepDesk

DATABASE = "nbabot.db"
FIRST_DAY = date(1946, 1, 1)
EVERYTHING_DUE = SyncRequest()
USUAL_POLICY = ModelPolicy()


def shipped_models() -> Path:
    """Folder of the bundles and the starter state that come with the program (installed, or in a checkout)."""
    package = Path(__file__).resolve().parent
    installed = package / "shipped"
    return installed if installed.is_dir() else package.parent / "models"


class Engine(ModelDesk, PlayerDesk, TeamDesk, UpkeepDesk, LiveDesk, HalftimeDesk):
    """All that nbabot can do, on one folder.

    `home` holds the database and the models made here. `now` is the clock: hand in another one and the whole engine
    lives at that moment, seeing only what was known then. A forecast without a day looks `horizon_days` ahead.
    `access` is asked how the feeds are to be asked, when they are; `policy` says how models are renewed. `outbox`,
    `runs` and `meta` are what posting and the schedule remember, `guilds` what servers want posted, `follows` which
    games are followed where, `pick_updates` which picks the news has moved, `alerts` what the operator should know,
    `usage` how the bot is used, `feeds` how the feeds have fared. `live_feed` opens the feed of games under way;
    without it the league's own is asked.
    """

    def __init__(
        self,
        home: Path,
        now: Callable[[], datetime] = machine_clock,
        horizon_days: int = 14,
        access: Callable[[], SourceAccess] = SourceAccess,
        policy: ModelPolicy = USUAL_POLICY,
        live_feed: Callable[[], LiveFeed] | None = None,
    ) -> None:
        self.home = home
        self._policy = policy
        self._access = access
        self.now = now
        self._horizon = horizon_days
        self._database = Database(home / DATABASE)
        self.outbox = Outbox(self._database)
        self.runs = Runs(self._database)
        self.meta = Meta(self._database)
        self.guilds = Guilds(self._database)
        self.follows = Follows(self._database)
        self.feeds = Feeds(self._database)
        self.usage = Usage(self._database)
        self.alerts = Alerts(self._database, home, lambda: self.now(), self.monitor)
        shipped = shipped_models()
        self._registry = Registry(self._database, shipped, home / "models")
        self._states = StateKeeper(self._database, shipped)
        self._forecaster = GameForecaster(self._database, self._registry, self._states, policy.split)
        self.pick_updates = PickUpdates(self._database, self._forecaster, lambda: self.now())
        self._player_states = PlayerStates(self._database, self._states)
        self._players = PlayerForecaster(self._database, self._registry, self._player_states, self._forecaster)
        live = LiveForecaster(self._database, self._registry, self._forecaster)
        self._dejavu = Dejavu(self._database)
        self._live_views = LiveViews(self._database, live, self._dejavu)
        self._other_live_feed = live_feed is not None
        self._live_poller = LivePoller(self._database, live, live_feed or self._league_feed, lambda: self.now())
        try:
            self._registry.install_shipped()
            self._states.refresh()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connections to the database and to the live feed."""
        self._live_poller.close()
        self._database.close()

    @staticmethod
    def doctor(
        home: Path, access: SourceAccess, backup_folder: Path | None = None, progress: Progress = silent
    ) -> tuple[Check, ...]:
        """Check machine, database, model, data, backups and feeds; even where no engine can be opened."""
        from engine.store.backup import FOLDER
        from engine.sync.doctor import check_up

        return check_up(home / DATABASE, shipped_models(), access, backup_folder or home / FOLDER, progress)

    @property
    def simulated(self) -> bool:
        """Whether the stored league is simulated."""
        return state.is_simulated(self._database)

    # questions

    def predict(
        self, home: str, away: str, day: date | None = None, out: Sequence[str] = (), back: Sequence[str] = ()
    ) -> GameForecast:
        """Forecast a matchup named in any words, taking the players named in `out` as missing, those in `back` as fit.

        Without a day: the teams' next game within the horizon, else a hypothetical one at `home` today. With a day:
        their game of that day, else a hypothetical one on it. The forecast's `scheduled` and `notes` say which.
        """
        meant = self._forecaster.game_meant(resolve_matchup(home, away), day, self.today(), self._horizon)
        return self._forecaster.forecast(meant, self.now(), what_if=WhatIf(tuple(out), tuple(back)))

    def slate(self, day: date | None = None) -> Slate:
        """All games of a league day with forecasts and, where known, results.

        Raises NoDataError when no schedule that covers the day is stored; a known day without games is just empty.
        """
        return slate.slate_of(self._database, self._forecaster, day or self.today(), self.now())

    def game_days(self) -> tuple[date, date] | None:
        """First and last league day with a stored game, or None."""
        return games.game_days(self._database)

    def games_per_day(self) -> Mapping[date, int]:
        """League days with stored games, oldest first, and how many games each has."""
        return games.games_per_day(self._database)

    def timeline(self, game_id: str) -> Timeline:
        """Every change of a game's score; without `scores` where none are stored, or the result is not known yet."""
        return timelines.timeline(self._database, game_id, self.today())

    def record(self, days: int | None = None, season: int | None = None) -> TrackRecord:
        """How published picks have done up to the engine's moment, over all time, the last days, or a season."""
        return slate.track_record(self.published(days, season), self.simulated)

    def published(self, days: int | None = None, season: int | None = None) -> tuple[Pick, ...]:
        """Every pick behind that record, as it was published and what became of it, oldest first."""
        found = picks.picks_between(self._database, *self._span(days), self.now())
        if season is None:
            return found
        of_season = games.season_of_games(self._database, season)
        return tuple(pick for pick in found if pick.game_id in of_season)

    def picks(self, day: date) -> tuple[Pick, ...]:
        """The picks published for a day, with outcomes, in the order of the slate."""
        return picks.picks_between(self._database, day, day, self.now())

    def odds(self, day: date | None = None) -> OddsBoard:
        """What the books say of a league day's games; without `games` where no odds were fetched by the moment."""
        return odds.odds_on(self._database, day or self.today(), self.now())

    def injuries(self, day: date | None = None, team: str | None = None) -> DayInjuries:
        """The newest official word on who plays on a league day, of all teams or of one named in any words."""
        found = injuries.reported(self._database, day or self.today(), self.now())
        return found if team is None else found.of_team(resolve_team(team).team_id)

    def play_rates(self) -> Mapping[InjuryStatus, PlayRate]:
        """How often players of each status of the injury report have played, up to the engine's moment."""
        return injuries.play_rates(self._database, self.now())

    def corrections(self, limit: int = 20) -> tuple[Correction, ...]:
        """Stored facts that turned out different by the engine's moment, newest first."""
        return corrections.recent(self._database, self.now(), limit)

    def status(self) -> Status:
        """What is stored, how old it is, and what is in production."""
        today = self.today()
        standing = state.standing(self._database)
        data_through, source = self._states.newest(today)
        counted = games.counts(self._database, today)
        return Status(
            home=str(self.home),
            simulated=standing.simulated,
            as_of=self.now(),
            games=counted["games"],
            player_rows=counted["player_rows"],
            score_rows=counted["score_rows"],
            closing_lines=counted["closing_lines"],
            seasons=games.seasons(self._database, today),
            data_through=data_through,
            state_source=source,
            champion=standing.champion or None,
            published_picks=picks.count(self._database, self.now()),
            notes=(stale,) if (stale := stale_note(self._database, data_through, today)) else (),
        )

    # acts

    def import_paths(self, paths: Sequence[Path], progress: Progress = silent) -> ImportReport:
        """Read files and folders in the stats.nba.com column format into the store, then renew the team numbers."""
        from engine.store.imports import import_paths

        report = import_paths(self._database, paths, progress)
        self._states.refresh(progress)
        self._dejavu.prepare(progress)
        return report

    def sync(self, request: SyncRequest = EVERYTHING_DUE, progress: Progress = silent) -> SyncReport:
        """Fetch what is new from the league's feeds, renew the team numbers, and grade the picks anew.

        A task that fails stands in the report; the others are done. Raises UsageError in a simulated league, BusyError
        when another process is at it.
        """
        from engine.sync.run import sync_home

        return self._renewed(lambda: sync_home(self._database, self._access(), request, self.now, progress), progress)

    def replay_raw(self, progress: Progress = silent) -> SyncReport:
        """Read the kept payloads of the feeds again with today's parsers; nothing is fetched."""
        from engine.sync.replay import replay_raw

        return self._renewed(lambda: replay_raw(self._database, self._access(), progress), progress)

    def publish_picks(self, day: date | None = None) -> tuple[Pick, ...]:
        """Freeze the forecasts of a day's games that have not begun; games already published keep their pick.

        Raises NoDataError when the day's schedule is unknown, NoModelError when the champion has learned from that day.
        """
        return slate.publish(self._database, self._forecaster, day or self.today(), self.now())

    def grade(self) -> int:
        """Settle every pick by the results now known, corrected ones too, and forecasts of players and live ones.

        Returns how many outcomes of games changed.
        """
        player_picks.grade(self._database, self.now())
        live_forecasts.grade(self._database, self.today())
        return picks.grade(self._database, self.now())

    def _renewed(self, fetch: Callable[[], tuple[SyncTask, ...]], progress: Progress) -> SyncReport:
        """What was fetched, with the team numbers and the grades of the picks brought up to date after it."""
        started = time.monotonic()
        tasks = fetch()
        self._states.refresh(progress)
        self._dejavu.prepare(progress)
        return SyncReport(tasks, time.monotonic() - started, self.grade())

    def _elsewhere(self, home: Path, now: Callable[[], datetime], live_feed: Callable[[], LiveFeed]) -> Self:
        """An engine like this one on another folder, clock and live feed."""
        return type(self)(home, now, self._horizon, self._access, self._policy, live_feed)

    def _league_feed(self) -> LiveFeed:
        """The league's own feed of games under way."""
        from engine.sync.live_source import open_live_feed

        return open_live_feed(self._access(), self.now)

    def _span(self, days: int | None) -> tuple[date, date]:
        """The first and last of so many days up to today, else of all time."""
        last = self.today()
        first = FIRST_DAY if days is None else last - timedelta(days=min(days, (last - FIRST_DAY).days))
        return first, last
