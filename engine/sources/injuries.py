"""The league's official injury report: found by its schedule of publication, read into records.

The league publishes a PDF under a name that holds its date and time (New York). Until 2025-12-22 one an hour, at half
past, named by the hour; since then one every quarter of an hour, named to the minute. All stay on the server; what is
not there is answered by 403.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from engine.core.calendar import LEAGUE_ZONE
from engine.core.errors import FeedMissingError, UsageError
from engine.core.injuries import InjuryStatus, ListedPlayer, TeamReport
from engine.core.teams import resolve_team
from engine.sources.feed import Parsed
from engine.sources.injury_pdf import HOST, PENDING, PrintedReport, misread, read_report

BASE_URL = f"https://{HOST}/referee/injury"
QUARTER_HOURLY_SINCE = date(2025, 12, 23)
ATTEMPTS = 12
"""How many names are tried before the search ends: three hours back at the present pace, half a day before it."""
_CARRIED = ("date", "time", "matchup", "team")
_NEEDED = ("date", "matchup", "team")


class Server(Protocol):
    """Where reports come from; engine.sources.http.Fetcher is one."""

    def find(self, url: str) -> bytes | None:
        """What stands at `url`, or None when the server says that nothing does (403, 404). Raises FeedError."""


def fetch_injuries(
    server: Server, now: datetime, known: datetime | None = None, base_url: str = BASE_URL
) -> Parsed[TeamReport]:
    """The newest report published by `now`, in at most ATTEMPTS requests; no row when it is not newer than `known`.

    `known` is the moment of the newest report already stored. Raises FeedMissingError when none is found, as between
    seasons, FeedShapeError when it cannot be read, and what the server raises.
    """
    for moment, name in report_names(now):
        if known is not None and moment <= known:
            return Parsed(HOST, (), 0, notes=("no report newer than the stored one",))
        payload = server.find(f"{base_url}/{name}")
        if payload is not None:
            return parse_injuries(payload)
    hours = f"the last {ATTEMPTS} times of publication"
    raise FeedMissingError(HOST, f"{HOST} has no injury report of {hours}: run nbabot sync again in an hour.")


def report_names(now: datetime) -> Iterator[tuple[datetime, str]]:
    """The last ATTEMPTS moments of publication up to `now` with the names of their files, newest first."""
    local = now.astimezone(LEAGUE_ZONE)
    if local.date() >= QUARTER_HOURLY_SINCE:
        slot, step, pattern = local.replace(minute=local.minute // 15 * 15), timedelta(minutes=15), "%I_%M%p"
    else:
        half = local.replace(minute=30)
        slot, step, pattern = (half if half <= local else half - timedelta(hours=1)), timedelta(hours=1), "%I%p"
    newest = slot.replace(second=0, microsecond=0).astimezone(UTC)
    for number in range(ATTEMPTS):
        moment = newest - number * step
        yield moment, f"Injury-Report_{moment.astimezone(LEAGUE_ZONE):%Y-%m-%d_{pattern}}.pdf"


def parse_injuries(payload: bytes) -> Parsed[TeamReport]:
    """A report's PDF, by team and league day. Raises FeedShapeError.

    Both teams of a game are there: one without a row has told the league that everyone can play. Rows of an unknown
    status are left out, and noted.
    """
    printed = read_report(payload)
    reported_at = _head_moment(printed)
    teams: dict[tuple[date, int], TeamReport] = {}
    strange: Counter[str] = Counter()
    for row in _filled(printed):
        for report in _both_teams(row, reported_at):
            teams.setdefault((report.league_day, report.team_id), report)
        key = _day(row["date"]), _team_id(row["team"])
        if key not in teams:
            raise misread(f"that lists {row['team'][:40]!r} under {row['matchup'][:20]!r}")
        status, reason = row.get("status", ""), row.get("reason", "")
        if reason.startswith(PENDING):
            teams[key] = replace(teams[key], submitted=False)
        elif status in list(InjuryStatus):
            player = ListedPlayer(row.get("player", ""), InjuryStatus(status), reason)
            teams[key] = replace(teams[key], players=(*teams[key].players, player))
        else:
            strange[status[:40]] += 1
    notes = tuple(f"{count} rows of the unknown status {status!r} were left out" for status, count in strange.items())
    return Parsed(HOST, tuple(teams.values()), len(teams), notes=notes)


def _filled(printed: PrintedReport) -> Iterator[dict[str, str]]:
    """The printed rows, with the blanks of date, time, matchup and team filled from above."""
    above: dict[str, str] = {}
    for row in printed.rows:
        first = next((at for at, name in enumerate(_CARRIED) if name in row), len(_CARRIED))
        kept = {name: above[name] for name in _CARRIED[:first] if name in above}
        above = kept | {name: row[name] for name in _CARRIED if name in row}
        if missing := [column for column in _NEEDED if column not in above]:
            raise misread(f"with a row that has no {missing[0]}")
        yield {**row, **above}


def _both_teams(row: dict[str, str], reported_at: datetime) -> tuple[TeamReport, TeamReport]:
    """The two teams of a row's game, each as one that has submitted and lists nobody."""
    away, at, home = row["matchup"].partition("@")
    if not at:
        raise misread(f"with a game called {row['matchup'][:20]!r}")
    ids = _team_id(away), _team_id(home)
    day = _day(row["date"])
    tip = _tip(day, row.get("time", ""))
    first, second = (TeamReport(reported_at, day, one, other, tip, True) for one, other in (ids, ids[::-1]))
    return first, second


def _head_moment(printed: PrintedReport) -> datetime:
    day, clock, half = printed.head
    return _in_league_zone(f"{day} {clock} {half}", "%m/%d/%y %I:%M %p")


def _day(text: str) -> date:
    return _in_league_zone(text, "%m/%d/%Y").astimezone(LEAGUE_ZONE).date()


def _tip(day: date, text: str) -> datetime | None:
    """Tip-off of a game printed as `07:30 (ET)`: without AM or PM, eleven being the only hour before noon."""
    clock = text.removesuffix("(ET)").strip()
    if not clock:
        return None
    return _in_league_zone(f"{day:%m/%d/%Y} {clock} {'AM' if clock.startswith('11') else 'PM'}", "%m/%d/%Y %I:%M %p")


def _in_league_zone(text: str, pattern: str) -> datetime:
    try:
        return datetime.strptime(text, pattern).replace(tzinfo=LEAGUE_ZONE).astimezone(UTC)
    except ValueError as error:
        raise misread(f"with {text[:40]!r} where a date or time belongs") from error


def _team_id(text: str) -> int:
    try:
        return resolve_team(text).team_id
    except UsageError as error:
        raise misread(f"with an unknown team {text[:40]!r}") from error
