"""Whether the worth of knowing who is out could be a leak: the known absences thinned out, and made up.

    python -m bench.leak_check [--seasons 2017-18..2022-23,2023-24..2024-25]

A blow-out empties the bench, so who appeared says something of the result if the wrong players are looked at. Of the
absences that count as known this keeps only those of players who are expected to play ever longer, whom no score keeps
on the bench, and then replaces them by invented ones of the same frequency, which must be worth nothing. Family
`margin`; reads the real seasons in NBABOT_DATA (default ../shared/data) into a temporary folder.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from unittest import mock

from bench.real_seasons import PLAYERS, TEAMS, read
from bench.tables import data_folder, show
from engine.core.calendar import parse_seasons
from engine.core.records import PlayedGame
from engine.features.availability import Availability, Member, chance_after
from engine.features.contract import Matchup
from engine.features.game import LeagueState
from engine.models.evaluation import Plan, backtest
from engine.models.fitting import Fitter
from engine.models.training import build_training_set

SPANS = "2017-18..2022-23,2023-24..2024-25"
THRESHOLDS = (12.0, 16.0, 20.0, 24.0, 28.0, 32.0)
Describe = Callable[[LeagueState, PlayedGame], Matchup]
_described = LeagueState.described


def main() -> int:
    """Print the table; 0 also where there is no real data to measure on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seasons", default=SPANS)
    spans = [parse_seasons(text) for text in parser.parse_args().seasons.split(",")]
    folder = data_folder()
    if folder is None:
        print("no real seasons here (NBABOT_DATA): nothing measured")
        return 0
    played = read([folder / TEAMS, folder / PLAYERS]).played
    rows = [(f"{least:.0f} minutes or more", *scores(played, spans, _only_of(least))) for least in THRESHOLDS]
    rows.append(("invented absences", *scores(played, spans, _invented)))
    rows.append(("nobody's", *scores(played, spans, _unaware)))
    headings = [f"log loss {span[0]} to {span[-1]}" for span in spans]
    show("Absences known of players expected to play", ("absences", *headings), rows)
    return 0


def scores(played: Sequence[PlayedGame], spans: Sequence[Sequence[int]], described: Describe) -> list[str]:
    """Log loss over each span of seasons, with the knowledge of absences that `described` gives."""
    with mock.patch.object(LeagueState, "described", described):
        fitter = Fitter(build_training_set(played))
    return [f"{backtest(fitter, Plan(span, ('margin',))).rows[0].log_loss:.4f}" for span in spans]


def _only_of(least: float) -> Describe:
    def described(state: LeagueState, played: PlayedGame) -> Matchup:
        whole = _described(state, played)
        known = {
            one.player_id: whole.availability.chances[one.player_id]
            for one in _rotations(state, whole)
            if one.minutes >= least and one.player_id in whole.availability.chances
        }
        return replace(whole, availability=Availability(known))

    return described


def _invented(state: LeagueState, played: PlayedGame) -> Matchup:
    whole, dice = _described(state, played), random.Random(played.game.game_id)
    drawn = {one.player_id: float(dice.random() < chance_after(one.missed)) for one in _rotations(state, whole)}
    return replace(whole, availability=Availability(drawn))


def _unaware(_: LeagueState, played: PlayedGame) -> Matchup:
    return Matchup.of(played.game)


def _rotations(state: LeagueState, matchup: Matchup) -> list[Member]:
    teams = (matchup.home_id, matchup.away_id)
    return [one for team_id in teams for one in state.players.rotation(team_id, matchup.season)]


if __name__ == "__main__":
    raise SystemExit(main())
