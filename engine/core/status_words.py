"""Plain words for what the program says of itself: its data, its feeds, its models. Texts carry no markup."""

from __future__ import annotations

from engine.core import player_words, words
from engine.core.calendar import season_label
from engine.core.player_records import Stat
from engine.core.reports import ModelStatus, ModelVersion, Status
from engine.core.sync_reports import HostState, SyncTask

_ROLES = {
    ModelStatus.CHAMPION: "in production",
    ModelStatus.CHALLENGER: "forecasts in the shadow",
    ModelStatus.PREVIOUS: "was in production before",
    ModelStatus.CANDIDATE: "waits",
    ModelStatus.ARCHIVED: "retired",
}


def in_short(one: ModelVersion) -> str:
    """What a version does and how it did in testing: `"waits; picked 65% of winners, log loss 0.631"`."""
    accuracy, loss = one.metrics.get("accuracy"), one.metrics.get("log_loss")
    if accuracy is None or loss is None:
        return _ROLES[one.status]
    return f"{_ROLES[one.status]}; picked {words.percent(accuracy)} of winners in testing, log loss {loss:.3f}"


def version(one: ModelVersion) -> str:
    """What a version learned from, and how it did in testing."""
    kind = "appearances of players" if one.task == "player" else "games"
    learned = f"Learned from {one.rows:,} {kind} through {one.trained_through}."
    tested = f"{player_words.record(Stat.PTS, one)}." if one.task == "player" else _tested(one)
    return f"{learned} {tested}"


def _tested(one: ModelVersion) -> str:
    accuracy, loss, games = (one.metrics.get(key) for key in ("accuracy", "log_loss", "n"))
    if accuracy is None or loss is None or games is None:
        return "It has not been tested yet."
    return (
        f"In testing on {round(games):,} games it had not seen it picked the winner {words.percent(accuracy)} of the "
        f"time (log loss {loss:.3f}, a coin has 0.693)."
    )


def data(found: Status) -> str:
    """What is stored and how old it is."""
    seasons = f", {season_label(found.seasons[0])} to {season_label(found.seasons[-1])}" if found.seasons else ""
    if found.data_through is None:
        return "No results are known yet."
    return (
        f"Newest result: {words.day(found.data_through)}, from {found.state_source}. {found.games:,} games with results"
        f"{seasons}; {found.published_picks:,} picks published."
    )


def task(one: SyncTask) -> str:
    """A task of the synchronisation: `"injuries: done, 12 new"`."""
    return f"{one.task}: {one.state}" + (f", {one.new:,} new" if one.new else "")


def host(one: HostState) -> str:
    """A host that does not answer: `"stats.nba.com failed 3 times in a row"`."""
    times = "once" if one.failures == 1 else f"{one.failures} times in a row"
    paused = f", left alone until {words.clock(one.paused_until)}" if one.paused_until else ""
    return f"{one.host} failed {times}{paused}"
