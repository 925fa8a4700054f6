"""How often monitoring cries wolf, and how soon it notices that the league has changed.

    python -m bench.monitoring

False alarms: seasons without drift are made by resampling. Either a real season is taken whole from among its nearest
neighbours and judged against five others of them, earlier and later ones alike, so that nothing trends; or a season is
put together of weeks that are drawn, each for its own place in the calendar, from six seasons. The seasons of the
pandemic (2019-20, 2020-21) are left out: those did drift. Picks are the logistic model's, walking forward.

Real shifts: the season without spectators, seen by a model that learned through 2017-18; and ordinary seasons in which
from 1 December on 4% more points are scored, or home sides have lost half of the edge that they had in the five
seasons before. Box scores are changed and the features computed anew; the model is that of the summer before.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from statistics import median

import numpy as np

from bench.altered import (
    BEFORE,
    MODEL,
    Change,
    Stream,
    altered,
    learned_before,
    less_home_edge,
    more_points,
    reference_of,
    snapshots,
    stream_of,
)
from bench.real_seasons import PLAYERS, TEAMS, read
from bench.tables import data_folder, show
from engine.core.monitor_reports import MonitorReport
from engine.core.records import PlayedGame
from engine.models.evaluation import Plan, walk_forward
from engine.models.fitting import Fitter
from engine.models.training import TrainingSet, build_training_set
from engine.monitoring.checks import SLOW
from engine.monitoring.drift import SEASONS, WINDOW, Reference
from engine.monitoring.game import monitor
from engine.monitoring.performance import performance_of

PANDEMIC = (2019, 2020)
FIRST_PICKS = 2010
SHIFTED = (2012, 2013, 2014, 2015, 2016, 2017, 2018, 2022, 2023, 2024)
NOTICED, WATCHED = 30, 75
"""Days within which a shift should be noticed, and for how long it is looked for."""
WEEK, DAILY = 50, 7
"""Games of a week, and of a day."""
COOLING = SLOW.days
"""Days of silence after which an alarm raises a new alert."""
SEED = 1

Make = Callable[[TrainingSet, Stream, int, Sequence[int]], tuple[Stream, int]]


def main() -> int:
    """Print the tables; 0 also where there is no real data to measure on."""
    folder = data_folder()
    if folder is None:
        print("no real seasons here (NBABOT_DATA): nothing measured")
        return 0
    played = read([folder / TEAMS, folder / PLAYERS]).played
    data = build_training_set(played)
    seasons = [int(season) for season in np.unique(data.season)]
    fitter = Fitter(data)
    walked = walk_forward(fitter, Plan([season for season in seasons if season >= FIRST_PICKS], ("logistic",)))
    stream = stream_of(data.x, played, walked.forecasts["logistic"])
    false_alarms(data, stream, [season for season in seasons if season not in PANDEMIC])
    real_shifts(fitter, stream, played)
    return 0


def report_of(stream: Stream, end: int, reference: Reference) -> MonitorReport:
    """What monitoring says after the first `end` games of a stream."""
    graded = [pick for pick in stream.picks[max(0, end - 2 * BEFORE) : end] if pick]
    performance = performance_of(MODEL, graded, {})
    rows = stream.rows[max(0, end - BEFORE) : end]
    return monitor(MODEL, rows, reference, [performance] if performance else [])


def false_alarms(data: TrainingSet, stream: Stream, clean: Sequence[int]) -> None:
    """Print how many alerts are raised in seasons that did not drift."""
    rows = [
        ["seasons, whole", *alerts_of(data, stream, clean, whole_season)],
        ["seasons of drawn weeks", *alerts_of(data, stream, clean, drawn_weeks)],
    ]
    headings = ("resampled", "seasons", "inputs", "picks", "alerts a season", "seasons without any", "which")
    show(f"False alarms a season when nothing drifts, looked for every {DAILY} games", headings, rows)


def alerts_of(data: TrainingSet, stream: Stream, clean: Sequence[int], make: Make) -> list[str]:
    """A row of that table: alerts for inputs and for picks, by season, and what was found how many times."""
    counts: list[tuple[int, int]] = []
    which: Counter[str] = Counter()
    for season in clean:
        near = sorted(clean, key=lambda other: abs(other - season))[: SEASONS + 1]
        others = near if make is drawn_weeks else near[1:]
        reference = reference_of(data, np.isin(data.season, others))
        reports = list(checks(*make(data, stream, season, near), reference))
        found = [([one.feature for one in report.drifting], faults_of(report)) for report in reports]
        counts.append((raised([bool(inputs) for inputs, _ in found]), raised([bool(picks) for _, picks in found])))
        which.update(name for both in found for names in both for name in names)
    inputs, picks = (sum(column) / len(clean) for column in zip(*counts, strict=True))
    quiet = sum(pair == (0, 0) for pair in counts)
    often = ", ".join(f"{name} {n}" for name, n in which.most_common(5)) or "none"
    return [str(len(clean)), f"{inputs:.2f}", f"{picks:.2f}", f"{inputs + picks:.2f}", str(quiet), often]


def whole_season(data: TrainingSet, stream: Stream, season: int, near: Sequence[int]) -> tuple[Stream, int]:
    """A real season, entered from the end of the one before; and how many games come before it."""
    first = data.before(season)
    before = min(first, BEFORE)
    return stream.take(range(first - before, data.before(season + 1))), before


def drawn_weeks(data: TrainingSet, stream: Stream, season: int, near: Sequence[int]) -> tuple[Stream, int]:
    """A season whose weeks are drawn from some seasons, entered from another one that was made in the same way."""
    dice = np.random.default_rng(SEED + season)
    starts = [data.before(one) for one in near]
    weeks = min(int((data.season == one).sum()) for one in near) // WEEK
    places = [
        int(dice.choice(starts)) + WEEK * week + game for week in (*range(weeks), *range(weeks)) for game in range(WEEK)
    ]
    return stream.take(places), weeks * WEEK


def checks(stream: Stream, before: int, reference: Reference) -> Iterator[MonitorReport]:
    """The reports after every DAILY games of a season."""
    for end in range(before + DAILY, len(stream.rows) + 1, DAILY):
        yield report_of(stream, end, reference)


def faults_of(report: MonitorReport) -> list[str]:
    """The measures of the picks that alarm."""
    return [one.name for performance in report.performance for one in performance.alarming]


def raised(alarming: Sequence[bool]) -> int:
    """How many alerts are raised: an alarm that comes back within SLOW is no new one."""
    found, quiet = 0, COOLING
    for alarm in alarming:
        found += alarm and quiet >= COOLING
        quiet = 0 if alarm else quiet + 1
    return found


def real_shifts(fitter: Fitter, stream: Stream, played: Sequence[PlayedGame]) -> None:
    """Print how soon real shifts are noticed."""
    data = fitter.data
    onsets = {season: int(np.searchsorted(data.league_day, date(season, 12, 1).toordinal())) for season in SHIFTED}
    kept = snapshots(played, list(onsets.values()))
    edges = {season: home_edge(data, season) for season in SHIFTED}
    rows = [["season without spectators, model of 2017-18", *summary([spectators(fitter, played)])]]
    shifts: dict[str, Callable[[int], Change]] = {
        "4% more points": lambda season: more_points(np.random.default_rng(season)),
        "half the home edge": lambda season: less_home_edge(np.random.default_rng(season), edges[season] / 2),
        "no change": lambda season: less_home_edge(np.random.default_rng(season), 0.0),
    }
    for name, change in shifts.items():
        found = []
        for season, onset in onsets.items():
            stop = int(np.searchsorted(data.league_day, data.league_day[onset] + WATCHED))
            model = fitter.model("logistic", data.before(season))
            later = altered(kept[onset], played[onset:stop], change(season), model)
            whole = stream.take(range(onset - 2 * BEFORE, onset)).then(later)
            found.append(noticed(whole, 2 * BEFORE, reference_of(data, learned_before(data, season))))
        rows.append([f"{name} from 1 December", *summary(found)])
    headings = ("shift", "seasons", f"noticed in {NOTICED} days", f"in {WATCHED} days", "median days", "by")
    show("How soon real shifts are noticed, looked for after every league day", headings, rows)


def spectators(fitter: Fitter, played: Sequence[PlayedGame]) -> tuple[int | None, tuple[str, ...]]:
    """The season of 2020-21 as a model of 2017-18 sees it."""
    data = fitter.data
    first = data.before(2020)
    part = slice(first - 2 * BEFORE, data.before(2021))
    forecasts = fitter.model("logistic", data.before(2018)).predict_many(data.x[part])
    stream = stream_of(data.x[part], played[part], forecasts)
    return noticed(stream, 2 * BEFORE, reference_of(data, learned_before(data, 2018)))


def noticed(stream: Stream, onset: int, reference: Reference) -> tuple[int | None, tuple[str, ...]]:
    """Days from the onset to the first alarm that was not sounding before it, and what sounded; None for no alarm.

    An alarm while most of the window lies before the onset is put down to something else.
    """
    before = report_of(stream, onset, reference)
    known = {*faults_of(before), *(one.feature for one in before.drifting)}
    ends = np.flatnonzero(np.diff(stream.day[onset:], append=0)) + onset + 1
    for end in ends[ends - onset >= WINDOW // 2]:
        days = int(stream.day[end - 1] - stream.day[onset])
        if days > WATCHED:
            break
        report = report_of(stream, int(end), reference)
        news = {*faults_of(report), *(one.feature for one in report.drifting)} - known
        if news:
            return days, tuple(sorted(news))
    return None, ()


def home_edge(data: TrainingSet, season: int) -> float:
    """The mean margin of home sides in the seasons before one."""
    return float(data.margin[learned_before(data, season) & data.regular].mean())


def summary(found: Sequence[tuple[int | None, tuple[str, ...]]]) -> list[str]:
    """Cells of the second table."""
    days = [one for one, _ in found if one is not None]
    which = Counter(name for _, names in found for name in names)
    return [
        str(len(found)),
        str(sum(one <= NOTICED for one in days)),
        str(len(days)),
        f"{median(days):.0f}" if days else "–",
        ", ".join(f"{name} {n}" for name, n in which.most_common(5)) or "nothing",
    ]


if __name__ == "__main__":
    sys.exit(main())
