"""Who is meant by a name: nicknames, parts of names, other spellings; and whom a typed beginning may become."""

from __future__ import annotations

from collections.abc import Sequence

from engine.core.errors import UnknownPlayerError
from engine.core.nicknames import NICKNAMES
from engine.core.player_names import KnownPlayer, plain_name
from engine.core.player_records import PlayerHit
from engine.core.player_search import find_player, within_team

MISSPELLED = 88.0
"""Likeness (0 to 100) from which another spelling is taken for the name itself."""
CLEARLY = 5.0
"""By how much it must beat the next name."""
LIKE = 60.0
"""Likeness from which a player is listed among those who may be meant."""


def player_meant(typed: str, players: Sequence[KnownPlayer]) -> KnownPlayer:
    """The one player meant; of namesakes the one of the team in brackets, "Al Ho (BOS)".

    Raises AmbiguousPlayerError or UnknownPlayerError with the candidates.
    """
    typed, own = within_team(typed, players)
    among, players = "the league" if own is players else "that team", own
    called = _by_nickname(typed, players)
    if called is not None:
        return called
    try:
        return find_player(typed, players, among)
    except UnknownPlayerError:
        ranked = _ranked(typed, players)
        if ranked and ranked[0][0] >= MISSPELLED and (len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= CLEARLY):
            return ranked[0][1]
        raise


def players_like(typed: str, players: Sequence[KnownPlayer], limit: int) -> tuple[PlayerHit, ...]:
    """Players who may be meant by a beginning or a misspelling, the likeliest first; anybody for nothing typed."""
    called = _by_nickname(typed, players)
    ranked = _ranked(typed, players) if typed.strip() else [(100.0, one) for one in players]
    first = [] if called is None else [(100.0, called)]
    found = [*first, *(one for one in ranked if one[1] != called)][:limit]
    return tuple(PlayerHit(one.player_id, one.name, one.team_id, None, round(score, 1)) for score, one in found)


def _by_nickname(typed: str, players: Sequence[KnownPlayer]) -> KnownPlayer | None:
    """The player whom fans call so, if he is among these."""
    plain = plain_name(typed)
    name = NICKNAMES.get(" ".join(filter(None, (plain.whole, plain.suffix))))
    return None if name is None else next((one for one in players if plain_name(one.name) == plain_name(name)), None)


def _ranked(typed: str, players: Sequence[KnownPlayer]) -> list[tuple[float, KnownPlayer]]:
    wanted = plain_name(typed).whole
    scored = [(_likeness(wanted, plain_name(one.name).whole), one) for one in players]
    return sorted((one for one in scored if one[0] >= LIKE), key=lambda one: (-one[0], one[1].name))


def _likeness(wanted: str, name: str) -> float:
    """Likeness of a whole name, or just under it of its beginning or one of its words."""
    from rapidfuzz import fuzz

    parts = [name[: len(wanted)], *(word for word in name.split() if len(word) > 2)]
    return max(fuzz.ratio(wanted, name), *(fuzz.ratio(wanted, part) - 1.0 for part in parts))
