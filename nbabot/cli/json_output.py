"""Records as JSON values with stable keys: what `--json` prints. The keys are documented in docs/json.md."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import UTC, date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from engine.core.alerts import Alert
from engine.core.backtests import Backtest, FamilyScore
from engine.core.calendar import season_label
from engine.core.injuries import DayInjuries, InjuryStatus, PlayRate, TeamReport
from engine.core.model_reports import Comparison, RetrainCheck, Retrained, VersionCheck
from engine.core.monitor_reports import MonitorReport
from engine.core.odds import GameOdds, OddsBoard, edge_against, fair_home_probability
from engine.core.outlooks import PlayerOutlook
from engine.core.records import ClosingLine, Driver, GameForecast, Pick, Slate, SlateGame
from engine.core.reports import (
    AuditEntry,
    ImportReport,
    JobRun,
    ModelVersion,
    Status,
    TrackRecord,
)
from engine.core.sync_reports import Check, Correction, SyncReport
from engine.core.teams import BY_ID

if TYPE_CHECKING:
    from nbabot.running import Service

Json = dict[str, Any]


def forecast(answer: GameForecast, simulated: bool) -> Json:
    """One forecast, as `nbabot predict --json` prints it."""
    return {
        "home": BY_ID[answer.home_id].abbreviation,
        "away": BY_ID[answer.away_id].abbreviation,
        "home_name": BY_ID[answer.home_id].name,
        "away_name": BY_ID[answer.away_id].name,
        "date": answer.league_day.isoformat(),
        "venue": "neutral" if answer.neutral else "home",
        "scheduled": answer.scheduled,
        "game_id": answer.game_id,
        "home_win_prob": answer.home_win_prob,
        "margin": answer.margin,
        "total": answer.total,
        "margin_50": plain(answer.margin_50),
        "margin_80": plain(answer.margin_80),
        "total_50": plain(answer.total_50),
        "total_80": plain(answer.total_80),
        "home_score": answer.home_score,
        "away_score": answer.away_score,
        "drivers": [driver(reason) for reason in answer.drivers],
        "availability": [_outlook(one) for one in answer.availability],
        "line": None if answer.line is None else {**_line(answer.line), **_edge(answer.line, answer)},
        "model": answer.model,
        "as_of": plain(answer.as_of),
        "data_through": plain(answer.data_through),
        "simulated": simulated,
        "notes": list(answer.notes),
    }


def _outlook(one: PlayerOutlook) -> Json:
    return {"team": BY_ID[one.team_id].abbreviation, **_record(one)}


def _edge(line: ClosingLine, answer: GameForecast) -> Json:
    """The line's chance for the home side, and the forecast minus the line."""
    return {"home_win_prob": fair_home_probability(line), "edge": _record(edge_against(line, answer))}


def driver(reason: Driver) -> Json:
    """One reason: words, and points of margin for the home side."""
    return {"text": reason.text, "points": reason.points}


def slate(day: Slate) -> Json:
    """The games of a day, as `nbabot today --json` prints them."""
    return {
        "date": day.league_day.isoformat(),
        "as_of": plain(day.as_of),
        "simulated": day.simulated,
        "games": [_slate_game(item, day.simulated) for item in day.games],
        "notes": list(day.notes),
    }


def _slate_game(item: SlateGame, simulated: bool) -> Json:
    return {
        **forecast(item.forecast, simulated),
        "published": item.published,
        "outcome": item.outcome.value,
        "home_points": item.game.home_points,
        "away_points": item.game.away_points,
    }


def pick(one: Pick) -> Json:
    """One published pick with what became of it."""
    return {
        "game_id": one.game_id,
        "date": one.league_day.isoformat(),
        "home": BY_ID[one.home_id].abbreviation,
        "away": BY_ID[one.away_id].abbreviation,
        "home_win_prob": one.home_win_prob,
        "margin": one.margin,
        "total": one.total,
        "model": one.model,
        "published_at": plain(one.published_at),
        "outcome": one.outcome.value,
        "home_points": one.home_points,
        "away_points": one.away_points,
        "line": None if one.line is None else _line(one.line),
        "closing": None if one.closing is None else _line(one.closing),
    }


def _line(line: ClosingLine) -> Json:
    return {key: value for key, value in _record(line).items() if key != "game_id"}


def track_record(record: TrackRecord, listed: Sequence[Pick] | None) -> Json:
    """How the published picks have done, with the picks themselves where they are asked for."""
    return {**_record(record), **({} if listed is None else {"picks": [pick(one) for one in listed]})}


def model(version: ModelVersion) -> Json:
    """One model version; `model` is name@version."""
    return {"model": version.label, **_record(version)}


def audit_entry(entry: AuditEntry) -> Json:
    """One movement of a role; `from` and `to` are name@version."""
    return {
        "moment": plain(entry.moment),
        "task": entry.task,
        "who": entry.who,
        "why": entry.why,
        "from": entry.from_label,
        "to": entry.to_label,
        "role": entry.role,
        "despite": entry.despite,
    }


def comparison(found: Comparison) -> Json:
    """Two versions on the same games; differences are first minus second."""
    return _record(found)


def version_check(found: VersionCheck) -> Json:
    """A registered version, or a folder that none is registered for, and what is wrong with it."""
    return _record(found)


def retrain_check(check: RetrainCheck) -> Json:
    """Whether it is time to train anew."""
    return {**_record(check), "due": check.due}


def retrained(done: Retrained | None) -> Json:
    """What a retraining made, what the gate says of it, and whether it is in production; nulls where none was due."""
    if done is None:
        return {"check": None, "made": None, "comparison": None, "objections": [], "promoted": False}
    gate = done.gate
    return {
        "check": retrain_check(done.check),
        "made": model(gate.version),
        "comparison": None if gate.comparison is None else comparison(gate.comparison),
        "objections": list(gate.objections),
        "promoted": done.promoted,
    }


def imported(report: ImportReport) -> Json:
    """What an import read, stored and rejected."""
    return _record(report)


def backtest(result: Backtest) -> Json:
    """A walk-forward backtest: `rows` over all seasons, `by_season` and `by_month` for each."""
    return {
        **_record(result),
        "rows": [_family(score) for score in result.rows],
        "by_season": [_family(score) for score in result.by_season],
        "by_month": [_family(score) for score in result.by_month],
    }


def _family(score: FamilyScore) -> Json:
    values = _record(score)
    return {key: value for key, value in values.items() if key not in ("season", "month") or value is not None}


def monitor(report: MonitorReport) -> Json:
    """Drift of the inputs and performance of the picks."""
    return _record(report)


def alert(one: Alert) -> Json:
    """One alert and how far it has come."""
    return {**_record(one), "state": one.state.value}


def status(report: Status, service: Service | None) -> Json:
    """What is installed, seasons as labels, and the running service."""
    seasons = [season_label(season) for season in report.seasons]
    return {**_record(report), "seasons": seasons, "service": None if service is None else _record(service)}


def odds(board: OddsBoard) -> Json:
    """What the books say of a day's games; prices are decimal, `side` of a quote is a team, over or under."""
    return {
        "date": board.league_day.isoformat(),
        "as_of": plain(board.as_of),
        "games": [_game_odds(item) for item in board.games],
        "quota": None if board.quota is None else _record(board.quota),
    }


def _game_odds(item: GameOdds) -> Json:
    codes = {str(team_id): BY_ID[team_id].abbreviation for team_id in (item.game.home_id, item.game.away_id)}
    return {
        "game_id": item.game.game_id,
        "home": BY_ID[item.game.home_id].abbreviation,
        "away": BY_ID[item.game.away_id].abbreviation,
        "tip_off": plain(item.game.tip_utc),
        "fetched_at": plain(item.fetched_at),
        **_record(item.consensus),
        "best": [{**_record(quote), "side": codes.get(quote.side, quote.side)} for quote in item.best],
    }


def injuries(found: DayInjuries, rates: Mapping[InjuryStatus, PlayRate]) -> Json:
    """The newest official word of every team on a day; `chance` is how often players of the status play."""
    return {
        "date": found.league_day.isoformat(),
        "as_of": plain(found.as_of),
        "reported_at": plain(found.reported_at),
        "teams": [_team_injuries(team, rates) for team in found.teams],
    }


def _team_injuries(team: TeamReport, rates: Mapping[InjuryStatus, PlayRate]) -> Json:
    return {
        "team": BY_ID[team.team_id].abbreviation,
        "opponent": BY_ID[team.opponent_id].abbreviation,
        "tip_off": plain(team.tip_utc),
        "reported_at": plain(team.reported_at),
        "submitted": team.submitted,
        "players": [{**_record(player), "chance": rates[player.status].chance} for player in team.players],
    }


def job_run(run: JobRun) -> Json:
    """One run of a scheduled job."""
    return _record(run)


def synchronised(report: SyncReport) -> Json:
    """What a synchronisation fetched and stored, task by task."""
    return _record(report)


def correction(one: Correction) -> Json:
    """One stored fact that turned out different; `changes` maps a column to its values before and after."""
    return _record(one)


def check(one: Check) -> Json:
    """One check of the installation."""
    return _record(one)


def _record(record: Any) -> Json:
    return {field.name: plain(getattr(record, field.name)) for field in fields(record)}


def plain(value: Any) -> Any:
    """A JSON value: days and moments as ISO text (moments in UTC), numbers that are not finite as null."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    return plain(asdict(value)) if hasattr(value, "__dataclass_fields__") else value
