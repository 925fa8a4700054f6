"""Matching a player's name as a feed writes it to a known player: accents, suffixes, "Last, First", short names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "v"})
CLOSE_ENOUGH = 85.0
"""Similarity (0 to 100), of first and of last name, from which two spellings within one team count as one name."""
CLEAR_LEAD = 8.0
"""By how much the best spelling must beat the second best."""
_UNDECOMPOSED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})
_SHORT_FORMS = (
    ("alex", "alexander", "alexandre", "sasha"),
    ("mo", "moe", "moritz", "mohamed", "moses", "maurice"),
    ("nic", "nick", "nicolas", "nicholas", "nikola"),
    ("matt", "matthew", "mathew"),
    ("mike", "michael"),
    ("bill", "will", "william", "billy"),
    ("bob", "bobby", "rob", "robert"),
    ("ron", "ronald", "ronnie"),
    ("tony", "anthony"),
    ("steph", "stephen", "steven", "steve", "stephon"),
    ("bub", "carlton"),
    ("bones", "nahshon"),
)


@dataclass(frozen=True, slots=True)
class KnownPlayer:
    """A player with an id; `team_id` is his team as of the moment of the question, None where it is unknown."""

    player_id: int
    name: str
    team_id: int | None


@dataclass(frozen=True, slots=True)
class PlainName:
    """A name in the form in which names are compared: lower case, letters and digits only."""

    first: str
    last: str
    suffix: str

    @property
    def whole(self) -> str:
        """First and last name without the suffix."""
        return f"{self.first} {self.last}".strip()


@dataclass(frozen=True, slots=True)
class Match:
    """The player meant, or None with the nearest name that was not near enough."""

    player: KnownPlayer | None
    nearest: str | None = None


@lru_cache(maxsize=4096)
def plain_name(text: str) -> PlainName:
    """`"Porter Jr., Kévin"` and `"Kevin Porter Jr."` -> first "kevin", last "porter", suffix "jr"."""
    last, comma, first = text.partition(",")
    words = _words(f"{first} {last}" if comma else text)
    suffix = ""
    while len(words) > 1 and words[-1] in SUFFIXES:
        suffix = words.pop()
    return PlainName(words[0] if words else "", " ".join(words[1:]), suffix)


def spoken(text: str) -> str:
    """`"Porter Jr., Kevin"` -> `"Kevin Porter Jr."`; other names stay as they are."""
    last, comma, first = text.partition(",")
    return f"{first.strip()} {last.strip()}" if comma else text


def match_player(name: str, team_id: int, known: Sequence[KnownPlayer]) -> Match:
    """The one known player who goes by `name` and plays for `team_id`; of other teams only on an equal name.

    Nothing is guessed: where two players fit equally well, none is taken. Two different suffixes never match.
    """
    wanted = plain_name(name)
    own = [player for player in known if player.team_id == team_id and _suffixes_agree(wanted, player)]
    for same in (_equal, _equal_but_suffix, _short_form):
        if found := _only(own, wanted, same):
            return Match(found)
    close, nearest = _closest(wanted, own)
    if close:
        return Match(close, nearest)
    others = [player for player in known if player.team_id != team_id and _suffixes_agree(wanted, player)]
    return Match(_only(others, wanted, _equal) or _only(others, wanted, _equal_but_suffix), nearest)


def _words(text: str) -> list[str]:
    lower = text[:100].lower().translate(_UNDECOMPOSED)
    plain = unicodedata.normalize("NFKD", lower).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", " ", re.sub(r"['.`]", "", plain)).split()


def _suffixes_agree(wanted: PlainName, player: KnownPlayer) -> bool:
    theirs = plain_name(player.name).suffix
    return not wanted.suffix or not theirs or wanted.suffix == theirs


def _only(
    players: Iterable[KnownPlayer], wanted: PlainName, same: Callable[[PlainName, PlainName], bool]
) -> KnownPlayer | None:
    fitting = [player for player in players if same(wanted, plain_name(player.name))]
    return fitting[0] if len({player.player_id for player in fitting}) == 1 else None


def _equal(one: PlainName, other: PlainName) -> bool:
    return one == other or (one.suffix == other.suffix and _joined(one) == _joined(other))


def _equal_but_suffix(one: PlainName, other: PlainName) -> bool:
    return _joined(one) == _joined(other)


def _joined(name: PlainName) -> str:
    """Without blanks: feeds differ over "RayJ" and "Ray J"."""
    return name.whole.replace(" ", "")


def _short_form(one: PlainName, other: PlainName) -> bool:
    """Same last name, and one first name is the beginning, the initials or a usual short form of the other."""
    if one.last != other.last or not one.last:
        return False
    short, long = sorted((one.first, other.first), key=len)
    if len(short) <= 2:
        return short[:1] == long[:1]
    return long.startswith(short) or any(short in forms and long in forms for forms in _SHORT_FORMS)


def _closest(wanted: PlainName, players: Sequence[KnownPlayer]) -> tuple[KnownPlayer | None, str | None]:
    """The player whose first and last name are both spelled nearly so, if one clearly is; and the nearest name."""
    if not players:
        return None, None
    scored = sorted(((_similarity(wanted, plain_name(player.name)), player) for player in players), key=_score)
    best, player = scored[-1]
    second = scored[-2][0] if len(scored) > 1 else 0.0
    nearest = player.name if best >= CLOSE_ENOUGH / 2 else None
    return (player if best >= CLOSE_ENOUGH and best - second >= CLEAR_LEAD else None), nearest


def _similarity(one: PlainName, other: PlainName) -> float:
    from rapidfuzz import fuzz

    return min(fuzz.ratio(one.first, other.first), fuzz.ratio(one.last, other.last))


def _score(pair: tuple[float, KnownPlayer]) -> float:
    return pair[0]
