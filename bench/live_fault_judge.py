"""What channels were shown of games under way: every version of every message, held against how the game went."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from engine.core import words
from engine.core.records import Game

WRITTEN = re.compile(r"(?:POST|PATCH) /channels/(\d+)/messages")
_MARK = re.compile(r"nbabot · (?P<sort>live|swing) (?P<what>.+) · [0-9-]+")
_SCORE = re.compile(r"\*\*(?P<first>[^*\d]+) (?P<more>\d+), (?P<second>[^*\d]+) (?P<less>\d+)\*\* · (?P<clock>[^\n]+)")
BOARD, PUT_OFF = "board", "Put off"


@dataclass(frozen=True, slots=True)
class Point:
    """Since a moment (seconds), the feed's game stands at this score; `over`: and is over. Put off, it has no score."""

    since: float
    home: int | None
    away: int | None
    over: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """What a message said of a game from a moment (seconds) on."""

    at: float
    home: int | None
    away: int | None
    clock: str

    @property
    def over(self) -> bool:
        """Whether it says that nothing more will come."""
        return self.clock.startswith(("Final", PUT_OFF))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of the messages of one game: how many were `due` to show its end, and did so rightly.

    `wrong` and `backwards` are counts of the versions of all messages. `stale` is the longest time, in seconds, for
    which one that ended rightly went on showing a score that was none any more.
    """

    due: int
    right: int
    versions: int
    wrong: int
    backwards: int
    stale: float


def footers(embeds: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """The sort of a message, live or swing, and what it is about, by its footers."""
    for embed in embeds:
        if found := _MARK.search(str(embed.get("footer", {}).get("text", ""))):
            yield found["sort"], found["what"]


def standing(server: Any, sort: str) -> Counter[tuple[int, str]]:
    """How often a message of a sort was sent, by channel and by what it is about; those since deleted count."""
    found: Counter[tuple[int, str]] = Counter()
    for message in server.message_store.values():
        if message.author is server.bot_user and not message.ephemeral:
            found.update((message.channel_id, what) for one, what in footers(message.embeds) if one == sort)
    return found


def histories(server: Any, game: Game) -> dict[tuple[int, str], list[Shown]]:
    """What every message about a game has said of its score, by channel and by what the message is about, in order."""
    found: dict[tuple[int, str], list[Shown]] = {}
    for request in server.requests:
        written = WRITTEN.match(str(request))
        if written is None or request.status != 200:
            continue
        embeds = (request.json or {}).get("embeds", [])
        for sort, what in footers(embeds):
            if sort == "live" and what.split(" ")[0] in (game.game_id, BOARD):
                said = _said(_text(embeds[0]), game, request.t + request.ms / 1000)
                found.setdefault((int(written[1]), what), []).extend(said)
    return found


def judge(shown: dict[tuple[int, str], list[Shown]], course: Sequence[Point], due: int, speed: float = 1) -> Verdict:
    """Hold what was shown against the course of the game in the feed; `due` messages were to show its end.

    `speed`: how many of the seconds that the verdict counts in lie in one of theirs.
    """
    if not course:
        return Verdict(due, 0, 0, 0, 0, 0.0)
    versions = [one for history in shown.values() for one in history]
    scores = [
        [(one.home, one.away) for one in said if one.home is not None and one.away is not None]
        for said in shown.values()
    ]
    back = sum(now[0] < then[0] or now[1] < then[1] for said in scores for then, now in pairwise(said))
    last = course[-1]
    right = [one for one in shown.values() if one and _score(one[-1]) == _score(last)]
    stale = max((_stale(history, course) for history in right), default=0.0)
    wrong = sum(_is_wrong(one, course) for one in versions)
    return Verdict(due, len(right), len(versions), wrong, back, stale * speed)


def _said(text: str, game: Game, at: float) -> Iterator[Shown]:
    """The score in a card, or in the game's line of the evening's message; nothing before tip-off."""
    home, away = words.nickname(game.home_id), words.nickname(game.away_id)
    teams = (
        f"**{away} at {home}** · {PUT_OFF}",
        f"{words.code(game.away_id)} at {words.code(game.home_id)} · {PUT_OFF}",
    )
    if any(one in text for one in teams):
        yield Shown(at, None, None, PUT_OFF)
        return
    if found := _SCORE.search(text):
        points = {found["first"]: int(found["more"]), found["second"]: int(found["less"])}
        if points.keys() == {home, away}:
            yield Shown(at, points[home], points[away], found["clock"].strip())
        return
    line = re.search(rf"{words.code(game.away_id)} (\d+)-(\d+) {words.code(game.home_id)} · ([^·\n]+)", text)
    if line:
        yield Shown(at, int(line[2]), int(line[1]), line[3].strip())


def _text(embed: dict[str, Any]) -> str:
    """Description and fields."""
    return "\n".join([str(embed.get("description", "")), *(str(one["value"]) for one in embed.get("fields", []))])


def _score(one: Point | Shown) -> tuple[int | None, int | None, bool]:
    return one.home, one.away, one.over


def _is_wrong(shown: Shown, course: Sequence[Point]) -> bool:
    """Whether the feed had not shown that score, or that the game is over, by then."""
    known = [one for one in course if one.since <= shown.at]
    return not any((one.home, one.away) == (shown.home, shown.away) and one.over >= shown.over for one in known)


def _stale(history: Sequence[Shown], course: Sequence[Point]) -> float:
    """The longest time for which a message went on showing what another score had replaced."""
    longest = 0.0
    for version, until in zip(history, [*(one.at for one in history[1:]), None], strict=True):
        end = until if until is not None else max(history[-1].at, course[-1].since)
        said = (version.home, version.away, version.over)
        same = [one.since for one in course if (one.home, one.away, one.over) == said and one.since <= version.at]
        since = same[-1] if same else version.at
        outdated = next((one.since for one in course if one.since > since), None)
        if outdated is not None and end > outdated:
            longest = max(longest, end - max(outdated, history[0].at))
    return longest
