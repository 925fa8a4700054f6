"""Which game under way is meant by what somebody wrote."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from engine.core import words
from engine.core.errors import UnknownTeamError, UsageError
from engine.core.live_games import LiveBoard, LiveState, LiveStatus, LiveView
from engine.core.named_games import NamedGame, is_game, parse_game, split_day
from engine.core.teams import BY_ID, Team, resolve_matchup, resolve_team


def game_meant(text: str, today: date, board_of: Callable[[date | None], LiveBoard]) -> LiveView:
    """The game that is meant by "Lakers at Celtics", "LAL@BOS 2025-01-15" or one team, "Lakers", "Lakers yesterday".

    `board_of` gives the games of a day, of this evening for None. Raises UsageError where no such game is on that day.
    """
    wanted: tuple[Team, ...]
    name, day = split_day(text, today)
    if is_game(name):
        named = parse_game(name, today)
        wanted = resolve_matchup(named.home, named.away)
    else:
        wanted = _side_by_side(name)
    board = board_of(day)
    ids = {team.team_id for team in wanted}
    for view in board.games:
        if ids <= {view.state.home_id, view.state.away_id}:
            return view
    who = " and ".join(team.nickname for team in wanted)
    verb = "play each other" if len(wanted) > 1 else "play"
    raise UsageError(f"The {who} do not {verb} on {words.day(board.league_day)}: choose one of that day's games.")


def _side_by_side(name: str) -> tuple[Team, ...]:
    """The team of a name, or two teams of a word each: `"BOS LAL"`."""
    try:
        return (resolve_team(name),)
    except UnknownTeamError:
        match name.split():
            case [first, second]:
                return resolve_matchup(first, second)
        raise


def only_one_on(board: LiveBoard) -> LiveView | None:
    """The game under way where there is just one."""
    on = [view for view in board.games if view.state.status is LiveStatus.LIVE]
    return on[0] if len(on) == 1 else None


def name_of(state: LiveState) -> NamedGame:
    """A game as `game_meant` finds it again."""
    return NamedGame(BY_ID[state.home_id].abbreviation, BY_ID[state.away_id].abbreviation, state.league_day)
