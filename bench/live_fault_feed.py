"""What a feed of games under way can do wrong, and a game that goes otherwise than games go."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import count

from bench.live_fault_night import USUAL, Night, Pace
from bench.live_files import made_up_scores

MIDDLE, LATE = 900, 1800
"""Seconds of play after which things go wrong, and later."""
Do = Callable[[Night], Awaitable[str]]


@dataclass(frozen=True)
class Fault:
    """What is done in a night, and says what was seen. `due` messages are to end with the result, `back` times a score
    may drop, as baskets are taken back."""

    inflict: Do
    due: int = 2
    back: int = 0
    pace: Pace = USUAL
    limits: bool = False


async def nothing(night: Night) -> str:
    """The night as it should be."""
    await night.begins()
    await night.over()
    return ""


def feed(kind: str, seconds: float = 90, match: str = "", at: int = MIDDLE) -> Fault:
    """The feed goes wrong in one way for a while."""

    async def inflict(night: Night) -> str:
        await night.begins()
        await night.reaches(at)
        night.host.fail(kind, 10_000, match)
        await night.passes(seconds)
        night.host.heal()
        await night.over()
        return f"for {seconds:g} s; {night.logged('live_feed_failed')} turns failed"

    return Fault(inflict)


async def old_copies(night: Night) -> str:
    """Every other answer is an old one."""
    await night.begins()
    while night.played < night.length():
        night.host.fail("stale", 1, "scoreboard")
        await night.passes(10)
    return f"{night.logged('live_sighting_doubted')} sightings doubted"


def taken_back(points: int, after: float) -> Fault:
    """The feed counts points too many, and takes them back so many seconds of play later."""

    async def inflict(night: Night) -> str:
        true = night.games[0].scores
        told = [replace(one, home=one.home + points) if one.played >= MIDDLE else one for one in true]
        night.retell(told)
        await night.begins()
        await night.reaches(MIDDLE + after)
        night.retell(true)
        await night.over()
        return f"{points} points, {after / night.pace.games:g} s later"

    return Fault(inflict, back=2)


async def too_soon(night: Night) -> str:
    """The game is shown as final with two points too many; they are taken back later."""
    true = night.games[0].scores
    night.retell([*true[:-1], replace(true[-1], away=true[-1].away + 2)])
    await night.begins()
    await night.over()
    await night.passes(60)
    night.retell(true)
    await night.passes(90)
    return "corrected 60 s after the end"


async def overtime_after_all(night: Night) -> str:
    """The game is shown as final; a minute later the winning basket is taken back, and there is an overtime."""
    true = next(one for one in map(partial(made_up_scores, overtime=True), count(1)) if one[-1].period == 5)
    until_then = [one for one in true if one.period < 5]
    night.retell([*until_then[:-1], replace(until_then[-1], home=until_then[-1].home + 2)])
    await night.begins()
    await night.over()
    await night.rests(60)
    night.retell(true)
    await night.rests(30)
    await night.reaches(night.length())
    return "60 s after the end"


async def broken_off(night: Night) -> str:
    """The game is put off for good in its second quarter."""
    await night.begins()
    await night.reaches(MIDDLE)
    night.put_off = True
    night.host.fail("postponed", 1_000_000, "scoreboard")
    await night.passes(120)
    return "put off in Q2"


async def goes_on_after_all(night: Night) -> str:
    """The game is shown as put off for some minutes, then goes on."""
    await night.begins()
    await night.reaches(MIDDLE)
    night.put_off = True
    night.host.fail("postponed", 1_000_000, "scoreboard")
    await night.rests(120)
    night.put_off = False
    night.host.heal()
    await night.over()
    return "put off for 120 s"


async def stands_still(night: Night) -> str:
    """Nothing happens in the game for longer than in any break."""
    await night.begins()
    await night.reaches(MIDDLE)
    await night.rests(30 * 60)
    told = "broken off" in str((await night.card()).embeds)
    await night.over()
    return f"30 min, {'told' if told else 'NOT TOLD'}"


def overtimes(number: int) -> Fault:
    """A game with overtimes."""

    async def inflict(night: Night) -> str:
        games = (made_up_scores(seed, overtime=True) for seed in count(1))
        night.retell(next(one for one in games if one[-1].period == 4 + number))
        await night.begins()
        await night.over()
        await night.passes(30)
        return str((await night.card()).embeds[0]["description"]).splitlines()[0]

    return Fault(inflict)


KINDS = ("403", "429", "500", "empty", "html", "truncated", "garbled", "broken", "absurd", "cut", "no games")
FEED_FAULTS: dict[str, Fault] = {
    "none": Fault(nothing),
    **{f"feed: {kind}": feed(kind) for kind in KINDS},
    "feed: hangs": feed("hang", 60),
    "feed: plays hang": feed("hang", 90, "playbyplay"),
    "feed: yesterday's scoreboard": feed("yesterday", match="scoreboard"),
    "feed: game missing": feed("missing", match="scoreboard"),
    "feed: 403 until after the end": feed("403", 480, at=LATE),
    "feed: old copies between new ones": Fault(old_copies),
    "feed: score drops by 6 for 15 s": replace(feed("backwards", 15, "scoreboard"), pace=Pace(clock=40, games=1.5)),
    "feed: clock stands, score goes on": feed("stuck", 90, "scoreboard"),
    "a basket taken back": taken_back(2, 60),
    "8 points taken back": taken_back(8, 300),
    "result corrected after the end": Fault(too_soon, back=2),
    "final, then an overtime": Fault(overtime_after_all, back=2),
    "broken off for good": Fault(broken_off),
    "put off, then it goes on": Fault(goes_on_after_all),
    "nothing happens for half an hour": Fault(stands_still),
    "overtime": overtimes(1),
    "double overtime": overtimes(2),
}
