"""Small made-up leagues as played games, and the real seasons where they are present."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from engine.core.calendar import SeasonType
from engine.core.records import ClosingLine, Game, GameStatus, PlayedGame, TeamBox
from engine.core.teams import TEAMS
from engine.engine import Engine
from engine.models.training import TrainingSet, build_training_set
from engine.store import games
from engine.store.database import Database

TEAM_IDS = [team.team_id for team in TEAMS[:10]]
FIRST_SEASON = 2019


def box(game_id: str, team_id: int, points: int, dice: random.Random) -> TeamBox:
    """A box score that adds up to the points."""
    fg3m = dice.randint(8, 16)
    ftm = dice.randint(8, 20)
    ftm += (points - fg3m - ftm) % 2
    return TeamBox(
        game_id=game_id,
        team_id=team_id,
        minutes=240,
        pts=points,
        fgm=(points - fg3m - ftm) // 2,
        fga=dice.randint(80, 95),
        fg3m=fg3m,
        fg3a=fg3m + dice.randint(12, 26),
        ftm=ftm,
        fta=ftm + dice.randint(0, 8),
        oreb=dice.randint(5, 15),
        dreb=dice.randint(25, 40),
        ast=22,
        stl=8,
        blk=5,
        tov=dice.randint(8, 18),
        pf=20,
    )


def played_game(game: Game, points: tuple[int, int], seed: int = 0) -> PlayedGame:
    """A final game with two box scores."""
    dice = random.Random(f"{game.game_id}-{seed}")
    final = Game(
        game.game_id,
        game.season,
        game.season_type,
        game.league_day,
        game.home_id,
        game.away_id,
        game.neutral,
        GameStatus.FINAL,
        *points,
    )
    return PlayedGame(
        final, box(game.game_id, game.home_id, points[0], dice), box(game.game_id, game.away_id, points[1], dice)
    )


def season_of_games(season: int, seed: int) -> list[PlayedGame]:
    """Ten teams of fixed strengths, everyone at everyone twice: 180 games, up to four a day, some at neutral sites."""
    dice = random.Random(f"{season}-{seed}")
    fixtures = [*permutations(range(len(TEAM_IDS)), 2)] * 2
    dice.shuffle(fixtures)
    day, busy, found = date(season, 10, 20), set[int](), list[PlayedGame]()
    for number, (home, away) in enumerate(fixtures):
        if {home, away} & busy or len(busy) == 8:
            day, busy = day + timedelta(days=dice.choice((1, 1, 2))), set()
        busy |= {home, away}
        late = number >= 170
        neutral = number % 45 == 7
        margin = round((home - away) * 1.5 + (0 if neutral else 3) + dice.gauss(0, 11)) or 1
        low = round(dice.gauss(106, 9))
        points = (low + margin, low) if margin > 0 else (low, low - margin)
        kind = SeasonType.PLAYOFFS if late else SeasonType.REGULAR
        game_id = f"{'004' if late else '002'}{season % 100:02d}{number:05d}"
        game = Game(game_id, season, kind, day, TEAM_IDS[home], TEAM_IDS[away], neutral)
        found.append(played_game(game, points))
    return sorted(found, key=lambda one: (one.game.league_day, one.game.game_id))


@pytest.fixture(scope="session")
def remade() -> Callable[[PlayedGame, tuple[int, int]], PlayedGame]:
    """The same game with another score and another box score."""

    def remake(one: PlayedGame, points: tuple[int, int]) -> PlayedGame:
        return played_game(one.game, points, seed=1)

    return remake


@pytest.fixture(scope="session")
def league() -> list[PlayedGame]:
    """Five seasons of a made-up league of ten teams, oldest game first."""
    return [one for season in range(FIRST_SEASON, FIRST_SEASON + 5) for one in season_of_games(season, seed=3)]


@pytest.fixture(scope="session")
def training_set(league: list[PlayedGame]) -> TrainingSet:
    """That league as training rows."""
    return build_training_set(league)


@pytest.fixture(scope="session")
def real_games(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[PlayedGame], dict[str, ClosingLine]]:
    """Every real game, with its players' lines, and closing line; the test is skipped where they are absent."""
    data = Path(os.environ.get("NBABOT_DATA", "../shared/data"))
    folders = [data / "team_game_logs", data / "player_game_logs", data / "closing_odds"]
    if not all(folder.is_dir() for folder in folders):
        pytest.skip(
            f"real seasons are absent: {data} lacks one of {', '.join(one.name for one in folders)} (NBABOT_DATA)"
        )
    home = tmp_path_factory.mktemp("real")
    engine = Engine(home)
    engine.import_paths(folders)
    engine.close()
    database = Database(next(home.glob("*.db")))
    found = list(games.played_games(database)), games.closing_lines(database)
    database.close()
    return found
