"""The terminal UI: places, keys that work everywhere, and the heartbeat that keeps the screen up to date."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

from textual import on
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.theme import Theme
from textual.widget import AwaitMount

from engine.core.alerts import AlertState, Severity
from engine.engine import Engine
from tui.desk import Desk
from tui.long_work import LongWork
from tui.memory import Memory
from tui.messages import AlertsSeen, FeedAsked, QuestionFailed
from tui.screens.base import EngineScreen
from tui.screens.help import HelpScreen, keys_of
from tui.widgets.keys import described
from tui.widgets.title import PLACES

_TOASTS: dict[Severity, SeverityLevel] = {
    Severity.INFO: "information",
    Severity.WARNING: "warning",
    Severity.CRITICAL: "error",
}
REFRESH_SECONDS = 3.0
"""How often the screen in front asks again: what another program changes is seen within 5 s."""
FIRST_TURN = 2.0
"""Seconds after the start at which the feed of games under way is asked first: the first paint comes before it."""
SOONEST_TURN, LATEST_TURN = 5.0, 900.0
"""Bounds of the wait between two of its turns, in seconds."""
AFTER_FAILURE = 60.0


class NbabotApp(App[None]):
    """nbabot at the keyboard, on one engine. Each place keeps its own stack of screens, and so its place.

    `memory` is the file in which the place and the theme outlive the run; None: they do not. `desk` knows the
    schedule, the log and the check-up; None: those parts say so. `follow` has the feed of games under way asked, which
    shows the present only: not for an engine in the past.
    """

    TITLE = "nbabot"
    CSS_PATH = "nbabot.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"switch_mode('{mode}')", name, show=False) for key, mode, name in PLACES),
        Binding("question_mark", "help", "Help", key_display="?"),
        Binding("q", "quit", "Quit"),
    ]

    def __init__(
        self,
        engine: Engine,
        refresh_seconds: float = REFRESH_SECONDS,
        memory: Path | None = None,
        desk: Desk | None = None,
        follow: bool = True,
    ) -> None:
        super().__init__()
        self.engine = engine
        self.desk = desk
        self._refresh_seconds = refresh_seconds
        self._memory = Memory(memory)
        self._alerts_told: set[tuple[int, Severity]] = set()
        self._follow = follow
        self._feed = LongWork(self, "live feed")
        for _, mode, name in PLACES:
            self.add_mode(mode, self._opener(mode, name))

    def _opener(self, mode: str, name: str) -> Callable[[], Screen[Any]]:
        """Makes the screen of a place, which is imported only when somebody goes there."""
        return lambda: getattr(import_module(f"tui.screens.{mode}"), f"{name}Screen")(self.engine)

    async def on_mount(self) -> None:
        """Open the place of the last run, else the slate, and start the heartbeat."""
        left = self._memory.read()
        if left.theme in self.available_themes:
            self.theme = left.theme
        self.theme_changed_signal.subscribe(self, self._remember_theme)
        await self.switch_mode(left.place if left.place in self._modes else "slate")
        self.set_interval(self._refresh_seconds, self._refresh_screen)
        if self._follow:
            self.set_timer(FIRST_TURN, self._ask_feed)
        self.set_timer(1.5, lambda: self.run_worker(self._settle_in, thread=True, exit_on_error=False))

    def switch_mode(self, mode: str) -> AwaitMount:
        """Go to a place, and remember it."""
        self._memory.write(replace(self._memory.content, place=mode))
        return super().switch_mode(mode)

    def _remember_theme(self, theme: Theme) -> None:
        self._memory.write(replace(self._memory.content, theme=theme.name))

    def _settle_in(self) -> None:
        """While the person looks at the first screen, import the others, so that going there is quick.

        What is loaded by then stays: a full look for garbage, which no key can interrupt, leaves it out from here on
        (a quarter of the time and less). Tests, which open many apps in one process, go without.
        """
        for _, mode, _ in PLACES:
            import_module(f"tui.screens.{mode}")
        if not self.is_headless:
            gc.collect()
            gc.freeze()

    def _refresh_screen(self) -> None:
        if isinstance(self.screen, EngineScreen):
            self.screen.reload()

    def _ask_feed(self) -> None:
        """Give the feed of games under way its turn, in a thread that does not keep the program from ending."""
        self._feed.start(lambda _: FeedAsked(self.engine.poll_live()))

    @on(FeedAsked)
    def _take_turn(self, message: FeedAsked) -> None:
        """Show at once what has changed, and come again when the engine says so."""
        if message.poll.changed and isinstance(self.screen, EngineScreen):
            self.screen.follow()
        self.set_timer(min(max(message.poll.wait_s, SOONEST_TURN), LATEST_TURN), self._ask_feed)

    @on(QuestionFailed)
    def _wait_for_feed(self) -> None:
        """The store could not be read or written, which the questions of the screens tell: try again later."""
        self.set_timer(AFTER_FAILURE, self._ask_feed)

    @on(AlertsSeen)
    def _tell_alerts(self, message: AlertsSeen) -> None:
        """Tell each alert that nobody has acknowledged once, and again only where it has become worse."""
        for alert in message.alerts:
            key = (alert.number, alert.severity)
            if alert.state is AlertState.OPEN and key not in self._alerts_told:
                self._alerts_told.add(key)
                title = f"Alert {alert.number} · acknowledge it in the Monitor"
                self.notify(alert.text, title=title, severity=_TOASTS[alert.severity], timeout=15, markup=False)

    def action_help(self) -> None:
        """Explain the screen in front."""
        if isinstance(self.screen, EngineScreen):
            self.push_screen(HelpScreen(self.screen.ABOUT, keys_of(self.screen)))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The places, what can be done on the screen in front, then what Textual offers (theme, screenshot ...)."""
        for key, mode, name in PLACES:
            yield SystemCommand(name, f"Go to {name} ({key})", lambda mode=mode: self.switch_mode(mode))
        for one in described(screen):
            if one.node is not self:
                binding, node = one.binding, one.node
                meaning = binding.tooltip or binding.description
                key = self.get_key_display(binding)
                yield SystemCommand(
                    meaning, f"On this screen ({key})", lambda act=binding.action, node=node: self.run_action(act, node)
                )
        yield SystemCommand("Help", "What this screen is for, and its keys", self.action_help)
        yield from super().get_system_commands(screen)
