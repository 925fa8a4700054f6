"""A past game played again: what a channel that follows it would have been sent, on this terminal."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import TracebackType

import discord
from rich.live import Live

from engine.core import live_words, words
from engine.core.live_games import LiveCard, LiveRecord
from engine.core.posts import Post
from engine.core.records import Game
from engine.engine import Engine
from nbabot.channels import Delivered, Delivery, as_panel, plain
from nbabot.cli.live_text import most_like_it, show_live_record
from nbabot.cli.output import console, progress_bar, show, visible
from nbabot.embeds import unpacked
from nbabot.live_loop import LiveLoop
from nbabot.live_messages import CARD, over
from nbabot.posting import Courier

CHANNEL = "replay"
"""Key and scheme of the one channel that there is in a replay."""
_ENDINGS = (signal.SIGTERM, *((signal.SIGHUP,) if hasattr(signal, "SIGHUP") else ()))


def replay_game(engine: Engine, game_id: str, speed: float) -> None:
    """Play a game again at a speed and print what is posted of it, and at the end how its forecasts fared."""
    view = engine.live(game_id).view
    state = view.state
    with ExitStack() as stack:
        stack.enter_context(_tidy_end())
        with progress_bar() as progress:
            replay = stack.enter_context(engine.replay(game_id, speed, progress))
        if engine.simulated:
            show(f"{words.SIMULATED}\n")
        show(
            f"{live_words.teams(state)}, {words.day(state.league_day)}, played again {speed:g} times as fast on a copy "
            f"of this home, as a channel that follows it would see it. {' '.join(view.notes)}\n"
        )
        asyncio.run(_play(replay.engine, replay.game, speed, replay.clock.start))
        card = replay.engine.live(game_id)
        _sum_up(card, replay.settle())


@contextmanager
def _tidy_end() -> Iterator[None]:
    """Have SIGTERM, and a terminal that is closed, end the program as Ctrl-C does, so that the copy is removed."""
    before = {told: signal.signal(told, lambda number, frame: sys.exit(128 + number)) for told in _ENDINGS}
    try:
        yield
    finally:
        for told, handler in before.items():
            signal.signal(told, handler)


async def _play(engine: Engine, game: Game, speed: float, start: Callable[[], None]) -> None:
    """Follow the game as the service does from the moment that the clock is started, until all is delivered."""
    engine.follows.add(CHANNEL, game.game_id, game.league_day, engine.now())
    with ReplaySender() as sender:
        courier = Courier(engine, sender)
        following = LiveLoop(engine, lambda topic: (), courier.flush, speed)
        start()
        while not over(await asyncio.to_thread(lambda: engine.live(game.game_id).view)):
            await asyncio.sleep(await following.round())
            sender.check()
        await following.round()
        await following.stop()
        await courier.flush()
        sender.check()


class ReplaySender:
    """Draws the message that edits itself in its place, and prints the others; in a pipe every change is a line."""

    scheme = CHANNEL

    def __init__(self) -> None:
        self._console = console(stderr=False)
        self._edits: Counter[int] = Counter()
        self._live = Live(console=self._console, auto_refresh=False, vertical_overflow="visible")
        self._failure: OSError | None = None

    def __enter__(self) -> ReplaySender:
        if sys.stdout.isatty():
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    async def deliver(self, post: Post) -> Delivery:
        """Show the post as it now reads."""
        try:
            for embed in unpacked(post.payload):
                self._show(post, embed)
        except OSError as error:
            self._failure = error
        self._edits[post.id] += 1
        return Delivered(f"{CHANNEL}-{post.id}")

    def check(self) -> None:
        """Raise OSError where something could not be shown: nobody reads on, or the disk is full.

        `deliver` does not, for a delivery that fails is tried again while the game goes on.
        """
        if self._failure is not None:
            raise self._failure

    def _show(self, post: Post, embed: discord.Embed) -> None:
        if not sys.stdout.isatty():
            print(visible(_line(embed, self._edits[post.id])), flush=True)
        elif post.kind.startswith(CARD):
            self._live.update(as_panel(embed), refresh=True)
        else:
            self._console.print(as_panel(embed))


def _line(embed: discord.Embed, edit: int) -> str:
    """A message in a line: what was done, its title, and how the game stands."""
    stands = plain((embed.description or "").split("\n")[0]).plain
    done = f"edit {edit}" if edit else "posted"
    return f"{done:>8}  {embed.title} · {stands}"


def _sum_up(card: LiveCard, found: LiveRecord) -> None:
    """Print how the forecasts of the game fared, and which past games went like it."""
    show()
    show_live_record(found)
    said = sum(band.n for band in found.bands)
    if said:
        loss = sum(band.n * band.log_loss for band in found.bands) / said
        show(f"\n{said} forecasts logged and graded; log loss over the game {loss:.4f} (0.6931 is a coin flip).")
    if alike := most_like_it(card):
        show("\n".join(alike))
