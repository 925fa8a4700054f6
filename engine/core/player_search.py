"""Finding the player whom a person means by a name typed in any way: whole, last name only, misspelled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from engine.core.errors import AmbiguousPlayerError, UnknownPlayerError, UsageError
from engine.core.outlook_words import joined
from engine.core.player_names import KnownPlayer, PlainName, plain_name
from engine.core.teams import BY_ID, resolve_team

NEAR = 70.0
"""Similarity (0 to 100) from which a name is offered to somebody who typed another."""
MOST_OFFERED = 5
_LONGEST_TEAM = 40


def find_player(typed: str, players: Sequence[KnownPlayer], among: str) -> KnownPlayer:
    """The one player of `players` meant by `typed`; `among` says in a sentence who they are ("the Celtics").

    A whole name counts before a part of one. Raises AmbiguousPlayerError or UnknownPlayerError with the candidates.
    """
    wanted = plain_name(typed)
    for fits in (_whole, _whole_but_suffix, _last_name, _part):
        found = [player for player in players if wanted.whole and fits(wanted, plain_name(player.name))]
        if len(found) == 1:
            return found[0]
        if found:
            names = _told_apart(found)
            advice = "write the whole name" if len({one.name for one in found}) > 1 else "add the team like this"
            raise AmbiguousPlayerError(
                f"'{_shown(typed)}' could be {joined(names[:MOST_OFFERED], 'or')}: {advice}.", names
            )
    nearest = _nearest(wanted, players)
    advice = f"did you mean {joined(nearest, 'or')}?" if nearest else "check the spelling and the teams."
    raise UnknownPlayerError(f"No player of {among} is called '{_shown(typed)}': {advice}", nearest)


def within_team(typed: str, players: Sequence[KnownPlayer]) -> tuple[str, Sequence[KnownPlayer]]:
    """What was typed without a team in brackets at its end, and the players of that team; all where none is named."""
    name, bracket, team = typed.strip().removesuffix(")").rpartition("(")
    if not bracket or not name.strip() or not typed.rstrip().endswith(")") or len(team) > _LONGEST_TEAM:
        return typed, players
    try:
        team_id = resolve_team(team).team_id
    except UsageError:
        return typed, players
    return name, [one for one in players if one.team_id == team_id]


def _told_apart(found: Sequence[KnownPlayer]) -> list[str]:
    """The names in order; those of namesakes with their teams, as `within_team` reads them."""
    often = Counter(one.name for one in found)
    return sorted(
        f"{one.name} ({BY_ID[one.team_id].abbreviation if one.team_id in BY_ID else 'no team'})"
        if often[one.name] > 1
        else one.name
        for one in found
    )


def _whole(wanted: PlainName, known: PlainName) -> bool:
    return wanted == known


def _whole_but_suffix(wanted: PlainName, known: PlainName) -> bool:
    return wanted.whole == known.whole and (not wanted.suffix or not known.suffix)


def _last_name(wanted: PlainName, known: PlainName) -> bool:
    return wanted.whole == known.last


def _part(wanted: PlainName, known: PlainName) -> bool:
    """The typed words begin the name or the last name, or stand for first and last name by their beginnings."""
    if known.whole.startswith(wanted.whole) or known.last.startswith(wanted.whole):
        return True
    return bool(wanted.last) and known.first.startswith(wanted.first) and known.last.startswith(wanted.last)


def _nearest(wanted: PlainName, players: Sequence[KnownPlayer]) -> list[str]:
    """Names spelled nearly so, as a whole or in the last name, the nearest first."""
    from rapidfuzz import fuzz

    def likeness(player: KnownPlayer) -> float:
        known = plain_name(player.name)
        return max(fuzz.ratio(wanted.whole, known.whole), fuzz.ratio(wanted.last or wanted.whole, known.last))

    near = [(likeness(player), player.name) for player in players]
    return [name for score, name in sorted(near, key=lambda one: (-one[0], one[1])) if score >= NEAR][:MOST_OFFERED]


def _shown(typed: str) -> str:
    return typed.strip()[:40]
