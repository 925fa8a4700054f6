"""Plain words for what the engine answers: the one place where figures become text, for every face of the program.

Texts carry no markup; faces add their own emphasis.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from engine.core.alerts import Alert
from engine.core.calendar import LEAGUE_ZONE
from engine.core.records import Driver, Game, GameForecast, Outcome, Pick, SlateGame
from engine.core.reports import ModelVersion, TrackRecord
from engine.core.teams import BY_ID

SIMULATED = "SIMULATED league: invented games, not the NBA"
UNPUBLISHED = (
    "Not all of these were published at the time: the others are what today's model says of that morning, and count in "
    "no record."
)
GAMBLING = "Forecasts are for fun and can be wrong. Betting stopped being fun? 1-800-GAMBLER (US), begambleaware.org."
SAID_ELSEWHERE = ("SIMULATED", "Hypothetical game", "Neutral site")

LEVELS = ((70, "clear favourites"), (58, "leaning"), (0, "close to a coin flip"))
"""Lowest chance of a pick, in percent as shown, and how sure that is."""
_COIN_FLIP = 0.525
_IN_WORDS = (
    (0.565, "just over half the time"),
    (0.635, "about 3 times in 5"),
    (0.685, "about 2 times in 3"),
    (0.725, "about 7 times in 10"),
    (0.775, "about 3 times in 4"),
    (0.85, "about 4 times in 5"),
    (0.925, "about 9 times in 10"),
    (1.01, "about 19 times in 20"),
)
"""Upper bound of the likelier side's probability, and how often that is in words."""


def percent(probability: float) -> str:
    """`0.643` -> `"64%"`; never 0% or 100%, which no forecast can mean."""
    return f"{min(99, max(1, round(100 * probability)))}%"


def other_percent(probability: float) -> str:
    """The other side's chance, such that both sides add up to 100%."""
    return f"{100 - int(percent(probability)[:-1])}%"


def chance(forecast: GameForecast) -> str:
    """The answer in one sentence: `"Celtics win about 2 times in 3 (64%)"`."""
    picked, share = nickname(forecast.pick_id), percent(forecast.pick_prob)
    if forecast.pick_prob < _COIN_FLIP:
        return f"A coin flip ({picked} {share})"
    return f"{picked} win {how_often(forecast.pick_prob)} ({share})"


def how_often(probability: float) -> str:
    """A probability of at least one half as a fraction that people say: `0.66` -> `"about 2 times in 3"`."""
    return next(words for bound, words in _IN_WORDS if probability < bound)


def surety(probability: float) -> str:
    """How sure a pick is: `0.74` -> `"clear favourites"`."""
    shown = int(percent(probability)[:-1])
    return next(words for floor, words in LEVELS if shown >= floor)


def nickname(team_id: int) -> str:
    """`"Celtics"`: unlike the city, it tells the two teams of Los Angeles apart."""
    return BY_ID[team_id].nickname


def code(team_id: int) -> str:
    """`"BOS"`."""
    return BY_ID[team_id].abbreviation


def name(team_id: int) -> str:
    """`"Boston Celtics"`."""
    return BY_ID[team_id].name


def between(neutral: bool) -> str:
    """The word between the away and the home team."""
    return "vs" if neutral else "at"


def matchup(forecast: GameForecast) -> str:
    """`"Los Angeles Lakers at Boston Celtics"`, or with "vs" at a neutral site."""
    return f"{name(forecast.away_id)} {between(forecast.neutral)} {name(forecast.home_id)}"


def short_matchup(forecast: GameForecast) -> str:
    """`"Lakers at Celtics"`, or with "vs" at a neutral site."""
    return f"{nickname(forecast.away_id)} {between(forecast.neutral)} {nickname(forecast.home_id)}"


def setting(forecast: GameForecast) -> str:
    """Whether the game is on the schedule, where and when."""
    place = "neutral site" if forecast.neutral else f"{nickname(forecast.home_id)} at home"
    kind = "On the schedule" if forecast.scheduled else "A what-if game, not on the schedule"
    return f"{kind}: {day(forecast.league_day)}, {place}"


def day(when: date) -> str:
    """`"Wed 15 Jan 2025"`."""
    return f"{when:%a} {short_day(when)}"


def short_day(when: date) -> str:
    """`"15 Jan 2025"`."""
    return f"{when.day} {when:%b %Y}"


def day_from(when: date, today: date) -> str:
    """A day as seen from today: `"Tomorrow, 16 Jan"`, `"Yesterday, 14 Jan"`, `"Today, 15 Jan"`, else `"Fri 17 Jan"`."""
    near = {0: "Today,", 1: "Tomorrow,", -1: "Yesterday,"}.get((when - today).days, f"{when:%a}")
    return f"{near} {when.day} {when:%b}"


def moment(when: datetime) -> str:
    """`"Wed 15 Jan 2025 12:00 ET"`: a moment in the league's time."""
    return f"{day(when.astimezone(LEAGUE_ZONE).date())} {clock(when)}"


def clock(when: datetime) -> str:
    """`"12:00 ET"`: the time of a moment in the league's zone."""
    return f"{when.astimezone(LEAGUE_ZONE):%H:%M} ET"


def score(forecast: GameForecast) -> str:
    """Expected score, likelier winner first: `"Celtics 114, Lakers 109"`."""
    sides = [(forecast.home_score, forecast.home_id), (forecast.away_score, forecast.away_id)]
    if forecast.pick_id == forecast.away_id:
        sides.reverse()
    if round(forecast.home_score) == round(forecast.away_score):
        return f"about {round(forecast.home_score)} each"
    return ", ".join(f"{nickname(team_id)} {round(points)}" for points, team_id in sides)


def driver(reason: Driver, forecast: GameForecast) -> tuple[str, str]:
    """A reason as what it is worth and to whom, and in words: `("+2.1 BOS", "Playing at home")`."""
    side = forecast.home_id if reason.points >= 0 else forecast.away_id
    return f"+{abs(reason.points):.1f} {code(side)}", reason.text


def caveats(forecast: GameForecast) -> tuple[str, ...]:
    """The forecast's notes without those that SIMULATED and `setting` have said already."""
    return tuple(note for note in forecast.notes if not note.startswith(SAID_ELSEWHERE))


def known_through(forecast: GameForecast) -> str:
    """`"results through Tue 14 Jan 2025"`."""
    return through(forecast.data_through)


def through(last: date | None) -> str:
    """The newest day whose results are known, in words."""
    return f"results through {day(last)}" if last else "no results yet"


def knowledge(forecast: GameForecast) -> str:
    """Which model answered and what it knew."""
    return f"{forecast.model} · knows {known_through(forecast)}"


def track(record: TrackRecord, champion: ModelVersion | None) -> str:
    """How good the forecasts have been: the graded picks, else the champion's walk-forward test."""
    graded = record.hits + record.misses
    if graded and record.first_day:
        share = percent(record.hits / graded)
        return f"{record.hits} of {graded} picks right ({share}) since {day(record.first_day)}"
    accuracy = champion.metrics.get("accuracy") if champion else None
    if accuracy is None:
        return "No graded picks yet"
    games = champion.metrics.get("n") if champion else None
    over = f" on {round(games):,} past games" if games else ""
    return f"No graded picks yet; in testing{over} it picked the winner {percent(accuracy)} of the time"


def slate_line(item: SlateGame, bold: str = "") -> str:
    """One game in a line: `"LAL at BOS 64% · 109-114"`, and once it is over also the result and how the pick did.

    `bold` is put on both sides of the picked team. Scores stand in the order of the teams.
    """
    forecast = item.forecast
    names = {team_id: code(team_id) for team_id in (forecast.home_id, forecast.away_id)}
    names[forecast.pick_id] = f"{bold}{names[forecast.pick_id]} {percent(forecast.pick_prob)}{bold}"
    line = f"{names[forecast.away_id]} {between(forecast.neutral)} {names[forecast.home_id]}"
    if not item.final:
        return f"{line} · {round(forecast.away_score)}-{round(forecast.home_score)}"
    mark = {Outcome.HIT: "✅ ", Outcome.MISS: "❌ "}.get(item.outcome, "")
    return f"{mark}{line} · final {item.game.away_points}-{item.game.home_points}"


def recap_line(pick: Pick, bold: str = "") -> str:
    """What became of a pick, the winner first: `"✅ Celtics 64% · BOS 118, LAL 104"`."""
    mark = {Outcome.HIT: "✅", Outcome.MISS: "❌", Outcome.VOID: "➖"}.get(pick.outcome, "⏳")
    line = f"{mark} {bold}{nickname(pick.pick_id)}{bold} {percent(pick.pick_prob)}"
    if pick.home_points is None or pick.away_points is None:
        return f"{line} · " + ("not played" if pick.outcome is Outcome.VOID else "no result yet")
    sides = sorted([(pick.home_points, code(pick.home_id)), (pick.away_points, code(pick.away_id))], reverse=True)
    return f"{line} · " + ", ".join(f"{team} {points}" for points, team in sides)


def result(game: Game) -> str:
    """A final game, the winner first: `"BOS 118, LAL 104"`, and in how many overtimes."""
    sides = sorted([(game.home_points or 0, code(game.home_id)), (game.away_points or 0, code(game.away_id))])
    extra = {0: "", 1: " (OT)"}.get(game.overtimes, f" ({game.overtimes} OT)")
    return ", ".join(f"{team} {points}" for points, team in reversed(sides)) + extra


def tally(outcomes: Sequence[Outcome]) -> str:
    """A day's picks counted: `"6 of 9 picks right"`, with what is void or still open."""
    hits = outcomes.count(Outcome.HIT)
    others = ((Outcome.VOID, "not played"), (Outcome.PENDING, "without a result yet"))
    extra = [f"{n} {word}" for outcome, word in others if (n := outcomes.count(outcome))]
    return ", ".join([f"{hits} of {hits + outcomes.count(Outcome.MISS)} picks right", *extra])


def alert_title(alert: Alert) -> str:
    """Number, severity and subject of an alert: `"Alert 3, warning: feed injuries"`."""
    return f"Alert {alert.number}, {alert.severity.value}: {alert.source} {alert.subject}"
