"""One player's card as Discord gets it, in a warm process, without and with the picture of his form.

    python -m bench.player_card

On the simulated league and, with real seasons, on those; a model is trained where none is shipped. Target: p50 under
20 ms without the picture, under 150 ms with it; suggestions for a few letters well under Discord's 3 seconds.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from bench.tables import data_folder, show
from engine.core import player_words
from engine.core.calendar import noon_of
from engine.core.errors import NoModelError, UsageError
from engine.core.player_records import PlayerForecast, Stat
from engine.engine import Engine
from engine.sources.simulated import write_league
from nbabot.player_card import card
from nbabot.player_chart import form_png

DAY = date(2025, 1, 15)
PLAYERS = 100
TYPED = ("j", "jo", "jok", "jayson t", "al", "mar", "luka", "sga")
HEADINGS = ("data", "first card", "card p50", "p95", "the same again p50", "with picture p50", "p95", "suggestions p95")


def main() -> None:
    """Measure and print the table."""
    rows: list[tuple[str, ...]] = []
    with tempfile.TemporaryDirectory() as folder:
        league = Path(folder) / "league"
        write_league(league, seasons=(2024,))
        for name, data in (("simulated, 1 season", league), ("real, every season", data_folder())):
            if data is None:
                rows.append((name, "skipped: NBABOT_DATA is absent", *[""] * (len(HEADINGS) - 2)))
                continue
            engine = Engine(Path(folder) / name, now=lambda: noon_of(DAY))
            engine.import_paths([data])
            _put_a_model_in_production(engine)
            rows.append((name, *_measured(engine)))
            engine.close()
    show("one player's card, milliseconds", HEADINGS, rows)


def _put_a_model_in_production(engine: Engine) -> None:
    try:
        engine.champion("player")
    except NoModelError:
        (made,) = engine.train_player(["ridge"])
        engine.promote(made.name, made.version, "bench", "the only one", force=True)


def _measured(engine: Engine) -> tuple[str, ...]:
    first = _milliseconds(lambda: _card(engine, _somebody(engine)))
    names = _askable(engine)
    _picture(engine, names[0])
    fresh = [_milliseconds(lambda name=name: _card(engine, name, Stat.REB)) for name in names]
    again = [_milliseconds(lambda name=name: _card(engine, name, Stat.REB)) for name in names]
    drawn = [_milliseconds(lambda name=name: _picture(engine, name)) for name in names]
    typed = [_milliseconds(lambda part=part: engine.players(part, 25)) for part in TYPED * 3]
    figures = (first, *_spread(fresh), statistics.median(again), *_spread(drawn), _spread(typed)[1])
    return tuple(f"{figure:.1f}" for figure in figures)


def _somebody(engine: Engine) -> str:
    return engine.rotation(engine.slate().games[0].game.home_id)[0].name


def _askable(engine: Engine) -> list[str]:
    """Players of the day's games: their cards are those that are asked for."""
    teams = [team for item in engine.slate().games for team in (item.game.home_id, item.game.away_id)]
    names = [one.name for team in teams for one in engine.rotation(team)]
    return [name for name in names if _answers(engine, name)][:PLAYERS]


def _answers(engine: Engine, name: str) -> bool:
    try:
        engine.player(name, "BOS", stat=Stat.STL)
    except UsageError:
        return False
    return True


def _card(engine: Engine, name: str, stat: Stat = Stat.PTS) -> PlayerForecast:
    forecast = engine.player(name, stat=stat, line=4.5)
    card(forecast, stat, player_words.record(stat, engine.champion("player")), engine.simulated)
    return forecast


def _picture(engine: Engine, name: str) -> None:
    forecast = _card(engine, name)
    form_png(forecast, Stat.PTS, engine.player_games(forecast.player_id))


def _spread(times: list[float]) -> tuple[float, float]:
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


def _milliseconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    main()
