"""Minutes in a team's first game of a season, where nobody has told who came and who left: features.player_summer.

    python -m bench.player_summer

Prints which share of a rotation is still there when the next season begins, by expected minutes, in the seasons that
the rule was learned from; then how far expected minutes were off in the first games of later seasons: with all of last
season's team-mates counted as available, with the rule, and with a list and an injury report that made no mistake.
Players who left and whom nobody knows to have left are not in it, nor is anybody with fewer than five appearances.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.real_seasons import PLAYERS, TEAMS, read
from bench.tables import data_folder, show
from engine.core.calendar import season_label
from engine.core.records import PlayedGame
from engine.features.availability import Availability
from engine.features.player_league import Asked, PlayerLeague
from engine.features.player_summer import STAYED, STEP, after_summer
from engine.features.ratings import EXPECTED_MINUTES
from engine.models.player.data import EARLIER_GAMES, build_player_set
from engine.models.player.fitting import RIDGE, PlayerFitter

LEARNED, TESTED = range(2017, 2023), (2023, 2024)
REGULAR = 28.0
"""Minutes last played from which a player counts among the regulars."""
RULES = ("everybody counts", "the rule", "a list and a report without error")


class Kept(NamedTuple):
    """One player of a rotation before the first game of a season."""

    season: int
    minutes: float
    appeared: bool


@dataclass(frozen=True, slots=True)
class Opener:
    """One appearance in a team's first game: minutes usual and played, and the row under each of RULES."""

    season: int
    usual: float
    played: float
    rows: tuple[tuple[float, ...], ...]


def main() -> None:
    """Import, walk, fit a ridge before each tested season, and print."""
    folder = data_folder()
    if folder is None:
        print("no real seasons here (NBABOT_DATA): nothing measured")
        return
    played = read([folder / TEAMS, folder / PLAYERS]).played
    kept, openers = walked(played)
    show("Rotations that were there in the next season's first game, 2017-18 to 2022-23", *_shares(kept))
    fitter = PlayerFitter(build_player_set(played))
    columns = ("season", "counted", "n", "too many", "MAE", f"n of {REGULAR:.0f}+", "too many", "MAE")
    rows = [
        row for season in TESTED for row in _missed(fitter, season, [one for one in openers if one.season == season])
    ]
    show("Expected minutes in each team's first game, of players who stayed", columns, rows)


def walked(played: Iterable[PlayedGame]) -> tuple[list[Kept], list[Opener]]:
    """Every rotation and every appearance in the first games of LEARNED and TESTED."""
    league = PlayerLeague()
    kept: list[Kept] = []
    openers: list[Opener] = []
    for _, day in groupby(played, key=lambda one: one.game.league_day):
        today = list(day)
        for one in today:
            if one.game.season >= LEARNED[0] and (first := _first(league, one)):
                appeared = {line.player_id: line.minutes for line in one.lines if line.minutes > 0}
                kept += _kept(league, one, first, appeared)
                openers += _openers(league, one, first, appeared)
        for one in today:
            league.advance(one)
    return kept, openers


def _first(league: PlayerLeague, played: PlayedGame) -> list[int]:
    """The teams of a game that have not played yet in its season."""
    game = played.game
    return [one for one in (game.home_id, game.away_id) if not league.league.games_seen(one, game.season)]


def _kept(
    league: PlayerLeague, played: PlayedGame, teams: Sequence[int], appeared: Mapping[int, float]
) -> Iterator[Kept]:
    own = {(line.player_id, line.team_id) for line in played.lines}
    for team_id in teams:
        for one in league.league.players.rotation(team_id, played.game.season):
            yield Kept(played.game.season, one.minutes, one.player_id in appeared and (one.player_id, team_id) in own)


def _openers(
    league: PlayerLeague, played: PlayedGame, teams: Sequence[int], appeared: Mapping[int, float]
) -> Iterator[Opener]:
    game, told = played.game, league.described(played)
    there = after_summer(league.league, teams, game.season)
    for player_id, team_id in told.teams.items():
        form = league.form(player_id)
        if form is None or form.team_id != team_id or team_id not in teams or form.games < EARLIER_GAMES:
            continue
        known = Availability({player_id: 1.0}), Availability({**there, player_id: 1.0}), told.matchup.availability
        asked = (Asked(replace(told.matchup, availability=one), {player_id: team_id}) for one in known)
        rows = tuple(league.row(one)[player_id] for one in asked)
        usual = form.in_season(game.season).expected_minutes
        yield Opener(game.season, usual, appeared[player_id], rows)


def _shares(kept: Sequence[Kept]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    rows: list[tuple[str, ...]] = []
    for at, share in enumerate(STAYED):
        low = EXPECTED_MINUTES + at * STEP
        high = low + STEP if at + 1 < len(STAYED) else 99.0
        there = [one.appeared for one in kept if low <= one.minutes < high and one.season in LEARNED]
        name = f"{low:.0f}-{high:.0f}" if high < 99 else f"{low:.0f}+"
        rows.append((name, f"{len(there):,}", f"{np.mean(there):.3f}", f"{share:.2f}"))
    return ("expected minutes", "n", "share there", "the rule's"), rows


def _missed(fitter: PlayerFitter, season: int, openers: Sequence[Opener]) -> Iterator[tuple[str, ...]]:
    model = fitter.model(RIDGE, fitter.data.before(season))
    played = np.array([one.played for one in openers])
    regular = np.array([one.usual >= REGULAR for one in openers])
    for at, rule in enumerate(RULES):
        rows = np.array([one.rows[at] for one in openers], dtype=np.float32)
        off = model.expect_all(rows).minutes - played
        cells = [cell for one in (off, off[regular]) for cell in _cells(one)]
        yield (season_label(season), rule, *cells)


def _cells(off: NDArray[np.floating[Any]]) -> tuple[str, str, str]:
    """How many, how far off on the whole, and how far off each."""
    return f"{len(off)}", f"{off.mean():+.2f}", f"{np.abs(off).mean():.2f}"


if __name__ == "__main__":
    main()
