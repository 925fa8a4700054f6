"""What a forecast must admit: what is not known, what is unusual, what is only supposed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from engine.core import calendar
from engine.core.outlook_words import joined
from engine.core.records import Game, GameStatus
from engine.core.teams import BY_ID
from engine.features.contract import Matchup
from engine.features.game import LeagueState, Side
from engine.predictions.availability import GameNews
from engine.predictions.people import People
from engine.store import games
from engine.store.database import Database

FRESH_DAYS = 3
EARLY_SEASON_GAMES = 5
FEWEST_PLAYERS = 8
"""A team with fewer fit players must play some of them far longer than they are used to."""
_LIKELY = 0.5
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A game to be forecast, and all that is known of it."""

    game: Game
    matchup: Matchup
    league: LeagueState
    news: GameNews
    sides: tuple[Side, Side]
    today: date

    @property
    def teams(self) -> tuple[tuple[int, Side], tuple[int, Side]]:
        """Both teams' ids with their sides, home side first."""
        return (self.game.home_id, self.sides[0]), (self.game.away_id, self.sides[1])

    @property
    def newcomers(self) -> tuple[int, ...]:
        """Teams of which few games of the season are known."""
        season = self.game.season
        return tuple(team for team, _ in self.teams if self.league.games_seen(team, season) < EARLY_SEASON_GAMES)


def notes_on(asked: Asked, database: Database, people: People) -> tuple[str, ...]:
    """The caveats of a forecast in plain words, gravest first."""
    game = asked.game
    notes = (
        ""
        if game.game_id
        else f"Hypothetical game in {BY_ID[game.home_id].city}: no meeting of the two is scheduled then.",
        "Neutral site: no home edge for either side." if game.neutral else "",
        "This game has been postponed." if game.status is GameStatus.POSTPONED else "",
        stale_note(database, asked.league.data_through, asked.today),
        _early_note(asked),
        _no_rows_note(asked),
        _injury_note(asked),
        _few_players_note(asked),
        _moved_note(asked, people),
        _rookies_note(asked, people),
    )
    return tuple(note for note in notes if note)


def stale_note(database: Database, data_through: date | None, today: date) -> str:
    """A word on old results where newer ones must exist, not in a pause that the schedule shows; else empty."""
    age = (today - data_through).days if data_through else 0
    if data_through is None or age <= FRESH_DAYS or not games.results_missing(database, data_through, today):
        return ""
    return f"The newest result known is {age} days old ({data_through}): import newer ones for a better forecast."


def hindsight_note(learned_through: date | None, day: date) -> str:
    """A word on a model that has learned from the day that it forecasts, or from later ones; else empty."""
    if learned_through is None or learned_through < day:
        return ""
    return f"In hindsight: the model has learned from games up to {learned_through}, so this is no fair test of it."


def _early_note(asked: Asked) -> str:
    if not asked.newcomers:
        return ""
    season = calendar.season_label(asked.game.season)
    unlisted = "" if asked.news.listed else ", and who has changed teams since is not known"
    return (
        f"Early season: few games of {season} are known for the {_nicknames(asked.newcomers)}, so earlier seasons "
        f"weigh heavily{unlisted}."
    )


def _no_rows_note(asked: Asked) -> str:
    unknown = [team for team, side in asked.teams if not side.members]
    if not unknown:
        return ""
    return f"No player rows are known for the {_nicknames(unknown)}: judged by results alone."


def _injury_note(asked: Asked) -> str:
    unheard = [team for team, side in asked.teams if side.members and team in asked.news.unheard]
    if not unheard:
        return ""
    if not asked.news.reported:
        day = f"{asked.game.league_day.day} {asked.game.league_day:%b}"
        return f"Who is hurt is not known (no injury report for {day}): judged by who has played lately."
    return f"The {_nicknames(unheard)} have not told the league yet who is hurt: judged by who has played lately."


def _few_players_note(asked: Asked) -> str:
    known = asked.news.availability
    notes = []
    for team, side in asked.teams:
        squad = asked.league.players.squad(team, asked.game.season, known.teams) if side.members else frozenset()
        fit = sum(known.chances.get(player_id, 1.0) >= _LIKELY for player_id in squad)
        if squad and fit < FEWEST_PLAYERS:
            notes.append(f"Only {fit} known players of the {BY_ID[team].nickname} are likely to play.")
    return " ".join(notes)


def _moved_note(asked: Asked, people: People) -> str:
    """Players counted on by a team for which they have not played yet."""
    last = asked.league.players.teams()
    return _told(
        "New with the team and not yet seen in it",
        ((one.player_id, team) for team, side in asked.teams for one in side.members if last[one.player_id][0] != team),
        people,
    )


def _rookies_note(asked: Asked, people: People) -> str:
    """Players of a team's list who have never played, while the season is so young that this says little of them."""
    seen = asked.league.players.teams()
    new = [
        (player_id, team)
        for player_id, team in sorted(asked.news.availability.teams.items())
        if team in asked.newcomers and player_id not in seen
    ]
    return _told("New to the league, so counted as bench players", new, people)


def _told(what: str, players: Iterable[tuple[int, int]], people: People) -> str:
    teams = dict(players)
    names = people.names(teams)
    said = [f"{names[one]} ({BY_ID[team].abbreviation})" for one, team in teams.items() if one in names]
    more = f" and {len(said) - _NAMED} more" if len(said) > _NAMED else ""
    return f"{what}: {', '.join(said[:_NAMED])}{more}." if said else ""


def _nicknames(teams: Iterable[int]) -> str:
    return joined([BY_ID[team].nickname for team in teams])
