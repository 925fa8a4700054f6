"""The tasks about the league itself: the schedule, results with box scores, the list of players, score timelines.

Each fetches a part, checks it, and writes it in one transaction together with the note of how far it came; a process
that is killed loses at most the part in hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from engine.core import calendar
from engine.core.calendar import season_label
from engine.core.errors import FeedEmptyError, FeedError, FeedMissingError, FeedPausedError, NoDataError
from engine.core.records import Game, GameStatus
from engine.pipeline import Skip
from engine.sources.feed import CDN, Delivery, Parsed, ScheduledGame
from engine.sources.files import counted
from engine.store import facts, sync
from engine.store.rosters import write_roster
from engine.store.schedule import write_schedule
from engine.sync.scope import LATE, Scope

SCHEDULE, RESULTS, PLAYERS, PLAYS = "schedule", "results", "players", "plays"
MANY = 150
"""From so many games without a result on, a season is fetched whole where a feed can give it whole."""
LOOK_AGAIN = timedelta(hours=12)
CALLS_A_DAY = 18
"""Games that one run asks the CDN for: those without a result first, then as many as fit to be looked at again."""
MOST_FAILURES = 5
"""After so many games without their timeline the rest are left for another run."""
_DAYS_AT_ONCE = {CDN: 1}
_MONTH = 31


def sync_schedule(scope: Scope) -> None:
    """The games of each season: when, where, put off, called off, newly set."""
    tally = scope.tallies[SCHEDULE]
    wanted = [season for season in scope.seasons if not scope.is_whole(SCHEDULE, season)]
    for done, season in enumerate(wanted):
        scope.progress(SCHEDULE, done, len(wanted))
        with tally.going_on():
            try:
                parsed = scope.feed.schedule(season)
            except (FeedEmptyError, FeedMissingError):
                if not scope.not_yet_due(season):
                    raise
                scope.unpublished.add(season)
                continue
            _store_schedule(scope, season, parsed)
    scope.progress(SCHEDULE, len(wanted), len(wanted))
    tally.settle()
    if not wanted:
        raise Skip("every season asked for is over and stored")
    if scope.unpublished.issuperset(wanted):
        labels = " and ".join(season_label(season) for season in wanted)
        raise Skip(f"the schedule of {labels} is not published yet")


def _store_schedule(scope: Scope, season: int, parsed: Parsed[ScheduledGame]) -> None:
    tally = scope.tallies[SCHEDULE]
    tally.heard(parsed.source, parsed.rejected, parsed.notes)
    with scope.database.write() as connection:
        facts.claim_league(connection, simulated=False)
        written = write_schedule(connection, season, parsed.rows)
        sync.put_cursors(connection, SCHEDULE, [season_label(season)], scope.now)
    tally.written(written, parsed.repeated)
    scope.unplayed |= {game.game_id for game in parsed.rows if game.status is not GameStatus.FINAL}


def sync_results(scope: Scope) -> None:
    """Results with the box scores of teams and players, those of the last days once more."""
    tally = scope.tallies[RESULTS]
    plans = {season: plan for season in scope.seasons if (plan := _plan(scope, season)) is not None}
    total = sum(len(plan) for plan in plans.values()) or len(plans)
    done = 0
    scope.progress(RESULTS, done, total)
    for season, games in plans.items():
        with tally.going_on():
            for number in _fetched(scope, season, games):
                scope.progress(RESULTS, done + number, total)
        done += len(games)
        scope.progress(RESULTS, min(done, total), total)
    tally.settle()
    if not plans:
        raise Skip("no result is wanting")


def _plan(scope: Scope, season: int) -> tuple[Game, ...] | None:
    """The games of a season to ask for, in order of days: None if there are none, no game if none is known yet."""
    if season in scope.unpublished or (scope.day is None and scope.is_whole(RESULTS, season)):
        return None
    if scope.day is not None:
        if sync.season_end(scope.database, season) is None:
            raise NoDataError(f"The games of {scope.day} are not known: run nbabot sync without --only.")
        every = (*sync.due_games(scope.database, season, scope.days), *_final(scope, season, scope.days))
        return tuple(sorted(every, key=_by_day)) or None
    if season_label(season) not in sync.cursors(scope.database, SCHEDULE):
        return None if scope.not_yet_due(season) else ()
    due = sync.due_games(scope.database, season, scope.days)
    return tuple(sorted((*_rechecks(scope, season, len(due)), *due), key=_by_day)) or None


def _rechecks(scope: Scope, season: int, due: int) -> list[Game]:
    """Final games of the last days that were not looked at for a while, the longest ago first if not all can be."""
    seen = sync.cursors(scope.database, RESULTS)
    recent = _final(scope, season, (scope.today - LATE, scope.days[1]))
    late = [game for game in recent if game.game_id not in seen or seen[game.game_id] < scope.now - LOOK_AGAIN]
    if scope.feed.name == CDN:
        late.sort(key=lambda game: seen[game.game_id].timestamp() if game.game_id in seen else 0.0)
        late = late[: max(0, CALLS_A_DAY - due)]
    return late


def _final(scope: Scope, season: int, days: tuple[date, date]) -> tuple[Game, ...]:
    """Games whose result and players are stored; the others are due."""
    due = {game.game_id for game in sync.due_games(scope.database, season, days)}
    return tuple(game for game in sync.final_games(scope.database, season, days) if game.game_id not in due)


def _by_day(game: Game) -> tuple[date, str]:
    return game.league_day, game.game_id


def _fetched(scope: Scope, season: int, games: Sequence[Game]) -> Iterator[int]:
    """Fetch and store a season's games part by part; gives how many were dealt with after each part."""
    if not games or (len(games) > MANY and scope.feed.name != CDN):
        try:
            delivery = scope.feed.season_boxes(season, games)
        except FeedError:
            if not games:
                raise
        else:
            _store_results(scope, season, games, delivery)
            yield len(games)
            return
    done = 0
    while done < len(games):
        part = _part(games[done:], _DAYS_AT_ONCE.get(scope.feed.name, _MONTH))
        _store_results(scope, season, part, scope.feed.boxes(part))
        done += len(part)
        yield done


def _part(games: Sequence[Game], days: int) -> Sequence[Game]:
    """The first games of a list in order of days, as far as they lie within so many days."""
    end = games[0].league_day + timedelta(days=days)
    return [game for game in games if game.league_day < end]


def _store_results(scope: Scope, season: int, asked: Sequence[Game], delivery: Delivery) -> None:
    """Write a delivery, then raise FeedEmptyError if a game is missing though the schedule calls it over.

    A season that was asked for without knowing its games is noted as fetched, else the games are.
    """
    whole = [season_label(season)] if not asked and not delivery.missing else []
    _store(scope, RESULTS, delivery, whole or [game.game_id for game in asked if game.game_id not in delivery.missing])
    due = {game.game_id for game in sync.due_games(scope.database, season, scope.days)}
    missing = {*delivery.missing, *(due & {game.game_id for game in asked})}
    wanting = sorted(missing - scope.unplayed)
    if waiting := len(missing) - len(wanting):
        scope.tallies[RESULTS].note(f"{counted(waiting, 'game')} of past days not final in the schedule yet")
    if wanting:
        shown = ", ".join(wanting[:5]) + (" and others" if len(wanting) > 5 else "")
        raise FeedEmptyError(
            delivery.source,
            f"{delivery.source} sent no whole box score of {counted(len(wanting), 'final game')} ({shown}): "
            "run nbabot sync again later.",
        )


def _store(scope: Scope, task: str, delivery: Delivery, subjects: Sequence[str]) -> None:
    """Write the batches of a delivery, and note the subjects as fetched, in one transaction."""
    tally = scope.tallies[task]
    tally.heard(delivery.source, {}, delivery.notes)
    with scope.database.write() as connection:
        facts.claim_league(connection, simulated=False)
        written = [(batch, facts.write(connection, batch)) for batch in delivery.batches]
        sync.put_cursors(connection, task, subjects, scope.now)
    for batch, rows in written:
        tally.heard(delivery.source, batch.rejected, batch.notes)
        tally.written(rows, batch.repeated, batch.replaced)


def sync_players(scope: Scope) -> None:
    """Who belongs to which team this season, players who have not played yet included."""
    season = scope.seasons[-1]
    if season != calendar.season_of(scope.today):
        raise Skip("only the season under way has a list of players")
    read = sync.cursors(scope.database, PLAYERS).get(season_label(season))
    if read is not None and read > scope.now - LOOK_AGAIN:
        raise Skip("the list of players was read a few hours ago")
    try:
        parsed = scope.feed.players(season)
    except (FeedMissingError, FeedPausedError) as error:
        raise Skip(f"{str(error).rstrip('.')}: names come with the box scores") from error
    tally = scope.tallies[PLAYERS]
    tally.heard(parsed.source, parsed.rejected, parsed.notes)
    with scope.database.write() as connection:
        facts.claim_league(connection, simulated=False)
        written = write_roster(connection, season, parsed.rows)
        sync.put_cursors(connection, PLAYERS, [season_label(season)], scope.now)
    tally.written(written, parsed.repeated)


def sync_plays(scope: Scope) -> None:
    """The score timeline of every final game that has none, one call a game, newest first."""
    tally = scope.tallies[PLAYS]
    games = [game for season in scope.seasons for game in sync.games_without_plays(scope.database, season, scope.days)]
    if not games:
        raise Skip("no score timeline is wanting")
    for done, game in enumerate(games):
        scope.progress(PLAYS, done, len(games))
        with tally.going_on():
            _store(scope, PLAYS, scope.feed.plays(game.game_id), [game.game_id])
        if len(tally.failures) >= MOST_FAILURES:
            break
    else:
        scope.progress(PLAYS, len(games), len(games))
    tally.settle()
