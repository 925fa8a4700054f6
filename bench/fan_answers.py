"""Every answer for fans as a thread of the bot makes it: from the question to embed, picture and buttons.

    python -m bench.fan_answers

On a simulated league whose picks of a month are published and graded. Target: p95 of an answer under 500 ms, of drawing
a picture under 150 ms. "first" is the first of its kind in the process, imports of the drawing library included.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path

from bench.tables import show
from engine.core import live_choice
from engine.core.calendar import noon_of
from engine.core.named_games import NamedGame
from engine.core.teams import TEAMS
from engine.engine import Engine
from engine.sources.simulated import write_league
from nbabot.calibration_chart import calibration_png
from nbabot.fan_answers import FanAnswers
from nbabot.game_answers import GameAnswers, pages_of
from nbabot.live_answers import LiveAnswers
from nbabot.live_chart import course_of, course_png
from nbabot.slate_chart import rows_of, slate_png

DAY = date(2025, 1, 15)
LIVED = 30
"""Days whose picks are published and graded before the day of the questions."""
TIMES = 60
HEADINGS = ("answer", "first, ms", "p50", "p95", "target p95")


def main() -> None:
    """Measure and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        day = DAY - timedelta(days=LIVED)
        engine = Engine(Path(folder), now=lambda: noon_of(day))
        write_league(Path(folder) / "league", seasons=(2023, 2024))
        engine.import_paths([Path(folder) / "league"])
        _put_a_model_in_production(engine)
        while day < DAY:
            engine.publish_picks()
            day += timedelta(days=1)
            engine.grade()
        show("answers for fans, milliseconds", HEADINGS, [*_answers(engine), *_pictures(engine)])
        engine.close()


def _put_a_model_in_production(engine: Engine) -> None:
    best = engine.train_game(["logistic", "elo", "margin"])[0]
    engine.promote(best.name, best.version, "bench", "one of three", force=True)


def _answers(engine: Engine) -> Iterable[tuple[str, ...]]:
    games, fans, live = GameAnswers(engine), FanAnswers(engine), LiveAnswers(engine)
    played = cycle(live_choice.name_of(view.state) for view in engine.live_board(DAY - timedelta(days=1)).games)
    pairs = cycle(
        NamedGame(one.abbreviation, other.abbreviation) for one in TEAMS for other in TEAMS if one is not other
    )
    names = cycle(team.abbreviation for team in TEAMS)
    asked: tuple[tuple[str, Callable[[], object]], ...] = (
        ("/predict", lambda: games.predict(next(pairs), 1)),
        ("/why", lambda: games.why(next(pairs))),
        ("/compare, 3 models", lambda: games.compare(next(pairs))),
        ("/odds", lambda: games.odds(next(pairs))),
        ("/today, drawn before", lambda: games.slate(None, 1)),
        ("/live, the evening", lambda: live.asked(None, 1)),
        ("/live, a game from tip-off to its end", lambda: live.asked(str(next(played)), 1)),
        ("/team", lambda: fans.team(next(names))),
        ("/record", lambda: fans.record(None)),
        ("/models", fans.models),
        ("/status", fans.status),
    )
    for name, ask in asked:
        yield name, *_times(ask), "500"


def _pictures(engine: Engine) -> Iterable[tuple[str, ...]]:
    page, found = rows_of(pages_of(engine.slate().games * 10)[0]), engine.record()
    yield f"picture of {len(page)} games", *_times(lambda: slate_png.__wrapped__(page)), "150"
    yield "picture of the record", *_times(lambda: calibration_png.__wrapped__(found)), "150"
    course = course_of(engine.live(engine.live_board(DAY - timedelta(days=1)).games[0].state.game_id))
    yield (
        f"picture of a whole game, {len(course.points)} points",
        *_times(lambda: course_png.__wrapped__(course)),
        "150",
    )


def _times(ask: Callable[[], object]) -> tuple[str, ...]:
    """Milliseconds of the first time, and median and 95th percentile of the others."""
    taken = []
    for _ in range(TIMES):
        start = time.perf_counter()
        ask()
        taken.append(1000 * (time.perf_counter() - start))
    others = taken[1:]
    figures = taken[0], statistics.median(others), statistics.quantiles(others, n=20)[-1]
    return tuple(f"{figure:.1f}" for figure in figures)


if __name__ == "__main__":
    main()
