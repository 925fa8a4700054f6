"""Plain words for games under way, the same on every face of the program. Texts carry no markup.

Of the two sides whoever is ahead, or likelier to win, is named first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from engine.core import words
from engine.core.live import Moment
from engine.core.live_games import (
    Alike,
    LiveBoard,
    LiveCard,
    LivePoint,
    LiveState,
    LiveStatus,
    LiveView,
    Outcomes,
)
from engine.core.live_swings import Swing, biggest_swing
from engine.core.minutes import HALFTIME, MINUTES
from engine.core.records import Range
from engine.core.timelines import QUARTER_SECONDS, QUARTERS, period_after, period_name, period_start

SOME_SWING = 0.1
"""The least change of a chance that is worth a line."""
SILENT = timedelta(seconds=60)
"""After so long without an answer of the feed its trouble is told."""
LATE = timedelta(minutes=20)
"""So long after its announced tip-off a game has begun."""
_COIN_FLIP = 0.525
_ALMOST_CERTAIN = 0.975
_CELLS = "▁▂▃▄▅▆▇█"
_HALF = 2


def clock(state: LiveState) -> str:
    """Where a game stands: `"Q3 4:12"`, `"Half-time"`, `"End of Q1"`, `"OT 0:32"`, `"Final/OT"`, `"19:30 ET"`."""
    if state.status is LiveStatus.PUT_OFF:
        return "Put off"
    if state.status is LiveStatus.UPCOMING:
        return words.clock(state.tip_utc) if state.tip_utc else "Time unknown"
    if state.status is LiveStatus.FINAL:
        period = state.moment.period
        return "Final" if period <= QUARTERS else f"Final/{period_name(period)}"
    return game_clock(state.moment.period, state.moment.seconds_left)


def game_clock(period: int, seconds_left: int) -> str:
    """A moment of a game: `"Q3 4:12"`, `"Half-time"`, `"End of Q1"`, `"2OT 0:32"`."""
    if seconds_left == 0:
        return "Half-time" if period == _HALF else f"End of {period_name(period)}"
    return f"{period_name(period)} {seconds_left // 60}:{seconds_left % 60:02}"


def clock_after(played: int) -> str:
    """The moment after so many seconds of play, as `game_clock` writes it; nothing played is `"Tip-off"`."""
    if played <= 0:
        return "Tip-off"
    period = period_after(played)
    return game_clock(period, period_start(period + 1) - played)


def teams(state: LiveState) -> str:
    """`"Lakers at Celtics"`."""
    return f"{words.nickname(state.away_id)} at {words.nickname(state.home_id)}"


def codes(state: LiveState) -> str:
    """`"LAL at BOS"`."""
    return f"{words.code(state.away_id)} at {words.code(state.home_id)}"


def score_line(view: LiveView) -> str:
    """`"Celtics 88, Lakers 80"`, whoever is ahead first; `"Lakers at Celtics"` before tip-off."""
    state = view.state
    if state.status in (LiveStatus.UPCOMING, LiveStatus.PUT_OFF):
        return teams(state)
    sides = [(state.moment.home, state.home_id), (state.moment.away, state.away_id)]
    if state.moment.margin < 0:
        sides.reverse()
    return ", ".join(f"{words.nickname(team_id)} {points}" for points, team_id in sides)


def home_chance(view: LiveView) -> float | None:
    """The chance of a home win (0..1) as it is said now; None where nothing is said.

    What was said before tip-off is out of date once the game is on, and stands for nothing that is missing.
    """
    if view.forecast is not None:
        return view.forecast.numbers.home_win_prob
    if view.pregame is None or view.state.status is LiveStatus.LIVE:
        return None
    return view.pregame.home_win_prob


def favourite(view: LiveView) -> tuple[int, float] | None:
    """The likelier winner and its chance, as it is said now."""
    chance = home_chance(view)
    return None if chance is None else _likelier(view.state, chance)


def chance_line(view: LiveView) -> str:
    """`"Celtics win 81%"`, `"A coin flip (Celtics 51%)"`, `"Celtics won"`; empty where nothing is said."""
    return _result(view) or _chance(view, words.percent)


def headline(view: LiveView) -> str:
    """The answer in a sentence: `"Celtics win about 4 times in 5 (81%)"`, once it is over `"Celtics won"`."""
    return _result(view) or _chance(view, lambda share: f"{_how_often(share)} ({words.percent(share)})")


def margin_line(view: LiveView) -> str:
    """The final margin: `"Celtics by 6 (from Lakers by 4 to Celtics by 16, 8 times in 10)"`; empty unless it is on."""
    if view.forecast is None or view.state.status is not LiveStatus.LIVE:
        return ""
    numbers = view.forecast.numbers
    return _margin(view.state, numbers.margin, numbers.margin_80)


def halftime_line(view: LiveView) -> str:
    """The margin at half-time, as `margin_line` has the final one, and that it was said when 18 minutes were played:
    the clock runs on meanwhile. Empty where it is not forecast."""
    if view.forecast is None or view.forecast.halftime is None or view.state.status is not LiveStatus.LIVE:
        return ""
    half = view.forecast.halftime
    return f"{_margin(view.state, half.margin, half.margin_80)}, said at {game_clock(_HALF, QUARTER_SECONDS // 2)}"


def before_line(view: LiveView) -> str:
    """What was said before tip-off: `"Celtics 64%, by 4"`; empty where nothing was."""
    if view.pregame is None:
        return ""
    team_id, share = _likelier(view.state, view.pregame.home_win_prob)
    margin = round(view.pregame.margin if team_id == view.state.home_id else -view.pregame.margin)
    said = f"{words.nickname(team_id)} {words.percent(share)}"
    return f"{said}, by {margin}" if margin > 0 else said


def swing_line(card: LiveCard) -> str:
    """The biggest swing so far: `"Lakers from 31% to 62%, Q3 8:00 to Q3 2:10"`; empty where the chance moved little."""
    swing = biggest_swing(card.points)
    if swing is None or abs(swing.change) < SOME_SWING:
        return ""
    span = f"{clock_after(swing.start.played)} to {clock_after(swing.end.played)}"
    return f"{rise(card.view.state, swing)}, {span}"


def rise(state: LiveState, swing: Swing) -> str:
    """A swing seen from the side that it favours: `"Lakers from 31% to 62%"`."""
    team_id = state.home_id if swing.change > 0 else state.away_id
    before, after = (_of(state, team_id, one.home_win_prob) for one in (swing.start, swing.end))
    return f"{words.nickname(team_id)} from {words.percent(before)} to {words.percent(after)}"


def alike_line(one: Alike) -> str:
    """A past game like this one: `"LAL at BOS, 1 Feb 2019: BOS by 4 then, LAL by 6 in the end"`.

    In the first half also how it stood at half-time; of one that is compared with a whole game only its end.
    """
    game = f"{words.code(one.away_id)} at {words.code(one.home_id)}, {words.short_day(one.league_day)}"
    if one.minute >= MINUTES:
        return f"{game}: {_lead(one, one.final_margin)}"
    half = f" {_lead(one, one.halftime_margin)} at half-time," if one.minute < HALFTIME else ""
    return f"{game}: {_lead(one, one.margin)} then,{half} {_lead(one, one.final_margin)} in the end"


def outcomes_line(found: Outcomes) -> str:
    """`"Of the 100 past games most like this one, the home side won 71; 8 in 10 ended from -6 to +19 for it"`."""
    span = f"{found.low:+d} to {found.high:+d}"
    return (
        f"Of the {found.n} past games most like this one, the home side won {found.home_won}; "
        f"8 in 10 ended from {span} for it"
    )


def board_line(view: LiveView, bold: str = "", tip: str = "") -> str:
    """A game in a line that fits a phone: `"LAL 80-88 BOS · Q3 4:12 · BOS 81%"`.

    Before tip-off `"LAL at BOS · 19:30 ET · BOS 64%"`, once it is over `"✅ LAL 104-118 BOS · Final · BOS 64% before"`,
    marked with whether the likelier winner won. `bold` is put on both sides of the chance, `tip` in the place of the
    time of tip-off.
    """
    state = view.state
    if state.status in (LiveStatus.UPCOMING, LiveStatus.PUT_OFF):
        when = tip if tip and state.status is LiveStatus.UPCOMING else clock(state)
        return " · ".join(filter(None, [codes(state), when, _short_chance(view, bold)]))
    score = f"{words.code(state.away_id)} {state.moment.away}-{state.moment.home} {words.code(state.home_id)}"
    if state.status is LiveStatus.LIVE:
        return " · ".join(filter(None, [score, clock(state), _short_chance(view, bold)]))
    if view.pregame is None:
        return f"{score} · {clock(state)}"
    team_id, share = _likelier(state, view.pregame.home_win_prob)
    right = (state.moment.margin > 0) == (team_id == state.home_id)
    return f"{'✅' if right else '❌'} {score} · {clock(state)} · {words.code(team_id)} {words.percent(share)} before"


def sparkline(points: Sequence[LivePoint], cells: int = 16) -> str:
    """The home side's chance over a whole game, one of eight heights a cell, as far as it has been played: `"▄▅▇▆"`."""
    if not points:
        return ""
    whole = max(QUARTERS * QUARTER_SECONDS, points[-1].played)
    shown = []
    at = 0
    for cell in range(1, cells + 1):
        until = whole * cell / cells
        while at + 1 < len(points) and points[at + 1].played <= until:
            at += 1
        shown.append(_CELLS[min(int(points[at].home_win_prob * len(_CELLS)), len(_CELLS) - 1)])
        if points[-1].played <= until:
            break
    return "".join(shown)


def notes(found: LiveBoard) -> tuple[str, ...]:
    """What a reader of a board must know, of which game where it concerns one, and why the feed does not answer.

    A single turn that the feed missed is not worth a word: the next one makes it good.
    """
    concerned: dict[str, list[str]] = {}
    for view in found.games:
        for note in view.notes:
            concerned.setdefault(note, []).append(codes(view.state))
    said = [note if len(games) > 1 else f"{games[0]}: {note}" for note, games in concerned.items()]
    silent = found.polled_at is None or found.as_of - found.polled_at > SILENT
    to_come = [one.state for one in found.games if one.state.status is LiveStatus.UPCOMING and not one.notes]
    if any(_is_late(one, found.as_of) for one in to_come):
        said.append("Some games should have begun: their scores are not known here.")
    return (*said, *((found.problem,) if found.problem and silent else ()))


def _is_late(state: LiveState, now: datetime) -> bool:
    return state.tip_utc is not None and now - state.tip_utc > LATE


def _result(view: LiveView) -> str:
    moment: Moment = view.state.moment
    if view.state.status is not LiveStatus.FINAL or moment.margin == 0:
        return ""
    return f"{words.nickname(view.state.home_id if moment.margin > 0 else view.state.away_id)} won"


def _chance(view: LiveView, told: Callable[[float], str]) -> str:
    found = favourite(view)
    if found is None or view.state.status in (LiveStatus.FINAL, LiveStatus.PUT_OFF):
        return ""
    team_id, share = found
    if share < _COIN_FLIP:
        return f"A coin flip ({words.nickname(team_id)} {words.percent(share)})"
    return f"{words.nickname(team_id)} win {told(share)}"


def _how_often(share: float) -> str:
    """As for a game to come; late in a game a chance comes closer to certainty than any before tip-off."""
    return "almost every time" if share >= _ALMOST_CERTAIN else words.how_often(share)


def _short_chance(view: LiveView, bold: str) -> str:
    found = favourite(view)
    if found is None or view.state.status is LiveStatus.PUT_OFF:
        return ""
    return f"{bold}{words.code(found[0])} {words.percent(found[1])}{bold}"


def _likelier(state: LiveState, home_win_prob: float) -> tuple[int, float]:
    return (state.home_id, home_win_prob) if home_win_prob >= 0.5 else (state.away_id, 1 - home_win_prob)


def _of(state: LiveState, team_id: int, home_win_prob: float) -> float:
    return home_win_prob if team_id == state.home_id else 1 - home_win_prob


def _margin(state: LiveState, margin: float, interval: Range) -> str:
    low, high = (round(bound) for bound in interval)
    if low > 0 or high < 0:
        near, far = sorted((abs(low), abs(high)))
        spread = f"by {near} to {far}"
    else:
        spread = f"from {_by(state, low)} to {_by(state, high)}"
    return f"{_by(state, round(margin))} ({spread}, 8 times in 10)"


def _by(state: LiveState, margin: int) -> str:
    """`"Celtics by 6"`, `"level"`."""
    if margin == 0:
        return "level"
    return f"{words.nickname(state.home_id if margin > 0 else state.away_id)} by {abs(margin)}"


def _lead(one: Alike, margin: int) -> str:
    if margin == 0:
        return "level"
    return f"{words.code(one.home_id if margin > 0 else one.away_id)} by {abs(margin)}"
