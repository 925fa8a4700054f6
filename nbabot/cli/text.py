"""Answers as plain text for a terminal of 80 columns. The wording is `engine.core.words`; here is only the layout."""

from __future__ import annotations

from collections.abc import Sequence

from engine.core import outlook_words, words
from engine.core.odds import fair_home_probability
from engine.core.records import GameForecast, Outcome, Pick, Slate, SlateGame
from engine.core.reports import CalibrationBin, TrackRecord
from nbabot.cli.output import show, show_pairs, show_table

_MARKS = {Outcome.HIT: "hit", Outcome.MISS: "miss", Outcome.VOID: "void", Outcome.PENDING: ""}
_BAR = 40


def figure(value: float | None, digits: int) -> str:
    """A number to so many digits, a whole number as such; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if float(value).is_integer() and abs(value) >= 2 else f"{value:.{digits}f}"


def show_forecast(answer: GameForecast, simulated: bool) -> None:
    """Print who wins, how sure, the expected score, why, and what the answer rests on."""
    if simulated:
        show(f"{words.SIMULATED}\n")
    show(words.matchup(answer))
    show(words.setting(answer))
    show()
    show(f"  {words.chance(answer)}")
    show(f"  {_bar(answer)}")
    show(f"  Expected score: {words.score(answer)}")
    if spread := outlook_words.margin_range(answer):
        show(f"  Margin: {spread}")
    show()
    if answer.drivers:
        show("Why (points of margin, and for whom)")
        reasons = [words.driver(reason, answer) for reason in answer.drivers]
        show_pairs([(f"  {worth:>9}", said) for worth, said in reasons])
        show()
    _show_availability(answer)
    show_pairs(_footing(answer))
    if answer.line is not None:
        show(f"\n{words.GAMBLING}")


def _show_availability(answer: GameForecast) -> None:
    if answer.availability:
        rows = [outlook_words.outlook_row(one) for one in answer.availability]
        show_table(("team", "player", "status", "plays", "min", "margin"), rows, right=(3, 4, 5))
        show()


def _bar(answer: GameForecast) -> str:
    filled = min(_BAR - 1, max(1, round(_BAR * answer.home_win_prob)))
    home, away = words.code(answer.home_id), words.code(answer.away_id)
    shares = words.percent(answer.home_win_prob), words.other_percent(answer.home_win_prob)
    return f"{home} {shares[0]} {'█' * filled}{'░' * (_BAR - filled)} {shares[1]} {away}"


def _footing(answer: GameForecast) -> list[tuple[str, str]]:
    edge = outlook_words.edge(answer)
    return [
        ("model", words.knowledge(answer)),
        ("as of", words.moment(answer.as_of)),
        *[(label, said) for label, said in (("line", outlook_words.line(answer)), ("edge", edge)) if said],
        *[("note", note) for note in words.caveats(answer)],
    ]


def show_slate(slate: Slate) -> None:
    """Print a day's games, one per line, then what became of the picks."""
    if slate.simulated:
        show(f"{words.SIMULATED}\n")
    day = words.day(slate.league_day)
    if not slate.games:
        show(f"No games on {day}.")
    else:
        show(f"{day}: {len(slate.games)} games\n" if len(slate.games) > 1 else f"{day}: one game\n")
        over = any(item.final for item in slate.games)
        headings = ("game", "pick", "chance", "expected", *(("final", "") if over else ()))
        show_table(headings, [_slate_row(item, over) for item in slate.games], right=(2,))
    show()
    notes = [
        *slate.notes,
        *([words.UNPUBLISHED] if any(item.final and not item.published for item in slate.games) else []),
    ]
    models = sorted({item.forecast.model for item in slate.games})
    lines = [("as of", words.moment(slate.as_of)), *([("model", ", ".join(models))] if models else [])]
    show_pairs([*lines, *[("note", note) for note in notes]])


def _slate_row(item: SlateGame, over: bool) -> tuple[str, ...]:
    answer = item.forecast
    away, home = words.code(answer.away_id), words.code(answer.home_id)
    row = (
        f"{away} {words.between(answer.neutral)} {home}",
        words.nickname(answer.pick_id),
        words.percent(answer.pick_prob),
        f"{away} {round(answer.away_score)}, {home} {round(answer.home_score)}",
    )
    if not over:
        return row
    final = f"{away} {item.game.away_points}, {home} {item.game.home_points}" if item.final else "not known yet"
    return (*row, final, _MARKS[item.outcome])


def show_record(record: TrackRecord) -> None:
    """Print how the published picks have done, and how well their percentages have held."""
    if record.simulated:
        show(f"{words.SIMULATED}\n")
    graded = record.hits + record.misses
    show(f"{record.n:,} picks published{_span(record)}\n")
    accuracy = f" ({record.accuracy:.1%} right)" if record.accuracy is not None else ""
    show_pairs(
        [
            ("graded", f"{graded:,}: {record.hits:,} hits, {record.misses:,} misses{accuracy}"),
            ("others", f"{record.pending:,} without a result yet, {record.voids:,} void"),
            ("log loss", f"{figure(record.log_loss, 4)} (0.6931 is a coin flip, lower is better)"),
            ("Brier", f"{figure(record.brier, 4)} (0.25 is a coin flip, lower is better)"),
            ("margin", f"off by {figure(record.margin_mae, 1)} points on average"),
            ("market", _market(record)),
        ]
    )
    show_reliability(record.calibration)


def show_reliability(bins: Sequence[CalibrationBin]) -> None:
    """Print how often the home side won to whom a chance was given; nothing for no games."""
    if bins:
        show("\nWhen the home side was given ... it won:\n")
        rows = [
            (f"{one.low:.0%} to {one.high:.0%}", f"{one.n:,}", f"{one.mean_forecast:.1%}", f"{one.observed:.1%}")
            for one in bins
        ]
        show_table(("chance", "games", "forecast", "came true"), rows, right=(1, 2, 3))


def show_published(picks: Sequence[Pick]) -> None:
    """Print picks as they were published, with the market's chance for the same side where it was known."""
    if picks:
        show("\nEvery pick as it was published:\n")
        headings = ("published", "game", "pick", "chance", "line", "model", "outcome")
        show_table(headings, [_published(pick) for pick in picks], right=(3, 4))


def _published(pick: Pick) -> tuple[str, ...]:
    line = None if pick.line is None else fair_home_probability(pick.line)
    theirs = "–" if line is None else words.percent(line if pick.pick_id == pick.home_id else 1 - line)
    teams = f"{words.code(pick.away_id)} – {words.code(pick.home_id)}"
    mine = (words.nickname(pick.pick_id), words.percent(pick.pick_prob), theirs, pick.model)
    return (words.moment(pick.published_at), teams, *mine, pick.outcome.value)


def show_no_picks(every: TrackRecord) -> None:
    """Say that a record holds no pick: of the days asked for, where `every` published pick lies on others."""
    if every.n:
        show(f"No picks of that span: {every.n:,} are published{_span(every)}.")
    else:
        show("No picks have been published yet: nbabot run publishes each day's.")


def _span(record: TrackRecord) -> str:
    if record.first_day is None or record.last_day is None:
        return ""
    return f", {words.day(record.first_day)} to {words.day(record.last_day)}"


def _market(record: TrackRecord) -> str:
    if not record.n_market:
        return "no closing line is known for a graded pick"
    ours, theirs = figure(record.log_loss_on_market, 4), figure(record.market_log_loss, 4)
    return f"on {record.n_market:,} games with a closing line: ours {ours}, the line's {theirs} (log loss)"
