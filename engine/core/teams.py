"""The 30 franchises and every name they go by. The 10-digit NBA team id is the identity; all else is an alias."""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass

from engine.core.errors import AmbiguousTeamError, UnknownTeamError, UsageError


@dataclass(frozen=True, slots=True)
class Team:
    """One franchise. `colour` is its main colour as 0xRRGGBB, `conference` is East or West."""

    team_id: int
    abbreviation: str
    city: str
    nickname: str
    conference: str
    division: str
    colour: int

    @property
    def name(self) -> str:
        """City and nickname, as in "Boston Celtics"."""
        return f"{self.city} {self.nickname}"


def _team(offset: int, names: tuple[str, str, str], division: str, colour: int) -> Team:
    east = division in ("Atlantic", "Central", "Southeast")
    return Team(1610612700 + offset, *names, "East" if east else "West", division, colour)


TEAMS: tuple[Team, ...] = (
    _team(37, ("ATL", "Atlanta", "Hawks"), "Southeast", 0xE03A3E),
    _team(38, ("BOS", "Boston", "Celtics"), "Atlantic", 0x007A33),
    _team(39, ("CLE", "Cleveland", "Cavaliers"), "Central", 0x860038),
    _team(40, ("NOP", "New Orleans", "Pelicans"), "Southwest", 0x0C2340),
    _team(41, ("CHI", "Chicago", "Bulls"), "Central", 0xCE1141),
    _team(42, ("DAL", "Dallas", "Mavericks"), "Southwest", 0x00538C),
    _team(43, ("DEN", "Denver", "Nuggets"), "Northwest", 0x0E2240),
    _team(44, ("GSW", "Golden State", "Warriors"), "Pacific", 0x1D428A),
    _team(45, ("HOU", "Houston", "Rockets"), "Southwest", 0xCE1141),
    _team(46, ("LAC", "LA", "Clippers"), "Pacific", 0xC8102E),
    _team(47, ("LAL", "Los Angeles", "Lakers"), "Pacific", 0x552583),
    _team(48, ("MIA", "Miami", "Heat"), "Southeast", 0x98002E),
    _team(49, ("MIL", "Milwaukee", "Bucks"), "Central", 0x00471B),
    _team(50, ("MIN", "Minnesota", "Timberwolves"), "Northwest", 0x236192),
    _team(51, ("BKN", "Brooklyn", "Nets"), "Atlantic", 0x000000),
    _team(52, ("NYK", "New York", "Knicks"), "Atlantic", 0xF58426),
    _team(53, ("ORL", "Orlando", "Magic"), "Southeast", 0x0077C0),
    _team(54, ("IND", "Indiana", "Pacers"), "Central", 0xFDBB30),
    _team(55, ("PHI", "Philadelphia", "76ers"), "Atlantic", 0x006BB6),
    _team(56, ("PHX", "Phoenix", "Suns"), "Pacific", 0xE56020),
    _team(57, ("POR", "Portland", "Trail Blazers"), "Northwest", 0xE03A3E),
    _team(58, ("SAC", "Sacramento", "Kings"), "Pacific", 0x5A2D81),
    _team(59, ("SAS", "San Antonio", "Spurs"), "Southwest", 0x8A8D8F),
    _team(60, ("OKC", "Oklahoma City", "Thunder"), "Northwest", 0x007AC1),
    _team(61, ("TOR", "Toronto", "Raptors"), "Atlantic", 0xCE1141),
    _team(62, ("UTA", "Utah", "Jazz"), "Northwest", 0x002B5C),
    _team(63, ("MEM", "Memphis", "Grizzlies"), "Southwest", 0x5D76A9),
    _team(64, ("WAS", "Washington", "Wizards"), "Southeast", 0x002B5C),
    _team(65, ("DET", "Detroit", "Pistons"), "Central", 0xC8102E),
    _team(66, ("CHA", "Charlotte", "Hornets"), "Southeast", 0x1D1160),
)

BY_ID: dict[int, Team] = {team.team_id: team for team in TEAMS}
BY_ABBREVIATION: dict[str, Team] = {team.abbreviation: team for team in TEAMS}

_OTHER_NAMES = {
    "ATL": "atlanta hawks",
    "BOS": "celts",
    "CLE": "cavs|cavaliers",
    "NOP": "noh|nok|nor|no|pels|new orleans hornets|nola|new orleans/oklahoma city hornets",
    "CHI": "chi",
    "DAL": "mavs",
    "DEN": "nugs",
    "GSW": "gs|gsw|golden state|dubs|gs warriors|san francisco",
    "HOU": "hou",
    "LAC": "los angeles clippers|la clippers|clips|l a clippers",
    "LAL": "la lakers|l a lakers|los angeles lakers",
    "MIA": "mia",
    "MIL": "mil",
    "MIN": "wolves|t wolves|twolves|minny",
    "BKN": "brk|njn|nj|bk|new jersey nets|new jersey",
    "NYK": "ny|nyc|knickerbockers|ny knicks",
    "ORL": "orl",
    "IND": "indy",
    "PHI": "sixers|philly|76s|phila|seventy sixers|phl",
    "PHX": "pho",
    "POR": "blazers|trailblazers|rip city",
    "SAC": "sacto",
    "SAS": "sa|san",
    "OKC": "sea|seattle supersonics|seattle|supersonics|sonics|oklahoma|okla city",
    "TOR": "raps|tor raptors",
    "UTA": "uth",
    "MEM": "grizz|van|vancouver grizzlies|vancouver",
    "WAS": "wsh|wiz|dc|washington dc|bullets|washington bullets",
    "DET": "det",
    "CHA": "cho|charlotte bobcats|bobcats",
}


def _folded(text: str) -> str:
    """Lower case, no accents, single spaces, only letters and digits: the form in which names are compared."""
    plain = unicodedata.normalize("NFKD", text[:100]).encode("ascii", "ignore").decode().lower()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", plain).split())


def _index() -> dict[str, tuple[Team, ...]]:
    names: dict[str, set[str]] = {"la": {"LAC", "LAL"}, "los angeles": {"LAC", "LAL"}, "l a": {"LAC", "LAL"}}
    for team in TEAMS:
        own = {team.abbreviation, team.nickname, team.name}
        if team.abbreviation not in ("LAC", "LAL"):
            own.add(team.city)
        for name in own | set(_OTHER_NAMES[team.abbreviation].split("|")):
            names.setdefault(_folded(name), set()).add(team.abbreviation)
    return {
        name: tuple(BY_ABBREVIATION[abbreviation] for abbreviation in sorted(teams)) for name, teams in names.items()
    }


_TEAMS_OF_NAME = _index()


def _listed(teams: tuple[Team, ...]) -> str:
    return " or ".join(f"{team.abbreviation} ({team.name})" for team in teams)


def resolve_team(text: str) -> Team:
    """The one team that goes by `text` (abbreviation, city, nickname, old name; case and accents do not matter).

    Raises AmbiguousTeamError or UnknownTeamError with the candidates; nothing is ever guessed.
    """
    name = _folded(text)
    found = _TEAMS_OF_NAME.get(name, ())
    if len(found) == 1:
        return found[0]
    shown = " ".join(text.split())[:40]
    if found:
        codes = [team.abbreviation for team in found]
        raise AmbiguousTeamError(f"'{shown}' could be {_listed(found)}: say which.", codes)
    near = _nearest(name)
    hint = f"did you mean {_listed(near)}?" if near else "use a city, a nickname or an abbreviation such as BOS."
    raise UnknownTeamError(f"No NBA team is called '{shown}': {hint}", [team.abbreviation for team in near])


def resolve_matchup(home: str, away: str) -> tuple[Team, Team]:
    """Both teams of a matchup. Raises as resolve_team, and UsageError when both names mean the same team."""
    first, second = resolve_team(home), resolve_team(away)
    if first is second:
        raise UsageError(f"'{home.strip()[:40]}' and '{away.strip()[:40]}' are both the {first.name}: name two teams.")
    return first, second


def suggest_teams(typed: str, limit: int = 25) -> tuple[Team, ...]:
    """Teams whose names contain what has been typed so far, best first; all teams for an empty string."""
    part = _folded(typed)
    names = {team: [name for name, owners in _TEAMS_OF_NAME.items() if team in owners] for team in TEAMS}
    starts = [team for team in TEAMS if any(name.startswith(part) for name in names[team])]
    inside = [team for team in TEAMS if team not in starts and any(part in name for name in names[team])]
    return tuple((starts + inside or list(_nearest(part)))[:limit])


def _nearest(name: str) -> tuple[Team, ...]:
    """Up to three teams whose names look like `name`; an empty tuple when none does."""
    if not name:
        return ()
    close = [
        alias for alias in _TEAMS_OF_NAME if len(alias) > 3 and (alias in name or (len(name) > 3 and name in alias))
    ]
    close.sort(key=len, reverse=True)
    close += difflib.get_close_matches(name, _TEAMS_OF_NAME, n=5, cutoff=0.6)
    found: dict[Team, None] = {}
    for alias in close:
        found.update(dict.fromkeys(_TEAMS_OF_NAME[alias]))
    return tuple(found)[:3]
