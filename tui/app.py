"""The terminal UI: places, keys that work everywhere, and the heartbeat that keeps the screen up to date."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from textual import on
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.notifications import SeverityLevel
from textual.screen import Screen

from engine.core.alerts import AlertState, Severity
from engine.engine import Engine
from tui.messages import AlertsSeen
from tui.screens.base import EngineScreen
from tui.screens.help import HelpScreen, keys_of
from tui.screens.models import ModelsScreen
from tui.screens.slate import SlateScreen
from tui.widgets.title import PLACES

_TOASTS: dict[Severity, SeverityLevel] = {
    Severity.INFO: "information",
    Severity.WARNING: "warning",
    Severity.CRITICAL: "error",
}
REFRESH_SECONDS = 3.0
"""How often the screen in front asks again: what another program changes is seen within 5 s."""


class NbabotApp(App[None]):
    """nbabot at the keyboard, on one engine. Each place keeps its own stack of screens, and so its place."""

    TITLE = "nbabot"
    CSS_PATH = "nbabot.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"switch_mode('{mode}')", name, show=False) for key, mode, name in PLACES),
        Binding("question_mark", "help", "Help", key_display="?"),
        Binding("q", "quit", "Quit"),
    ]

    def __init__(self, engine: Engine, refresh_seconds: float = REFRESH_SECONDS) -> None:
        super().__init__()
        self.engine = engine
        self._refresh_seconds = refresh_seconds
        self._alerts_told: set[tuple[int, Severity]] = set()
        self.add_mode("slate", lambda: SlateScreen(engine))
        self.add_mode("models", lambda: ModelsScreen(engine))

    async def on_mount(self) -> None:
        """Open the slate and start the heartbeat."""
        await self.switch_mode("slate")
        self.set_interval(self._refresh_seconds, self._refresh_screen)

    def _refresh_screen(self) -> None:
        if isinstance(self.screen, EngineScreen):
            self.screen.reload()

    @on(AlertsSeen)
    def _tell_alerts(self, message: AlertsSeen) -> None:
        """Tell each alert that nobody has acknowledged once, and again only where it has become worse."""
        for alert in message.alerts:
            key = (alert.number, alert.severity)
            if alert.state is AlertState.OPEN and key not in self._alerts_told:
                self._alerts_told.add(key)
                title = f"Alert {alert.number} · seen it: nbabot alerts ack {alert.number}"
                self.notify(alert.text, title=title, severity=_TOASTS[alert.severity], timeout=15, markup=False)

    def action_help(self) -> None:
        """Explain the screen in front."""
        if isinstance(self.screen, EngineScreen):
            self.push_screen(HelpScreen(self.screen.ABOUT, keys_of(self.screen)))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The places, then what Textual offers (theme, quit, screenshot ...)."""
        for _, mode, name in PLACES:
            yield SystemCommand(name, f"Go to {name}", lambda mode=mode: self.switch_mode(mode))
        yield SystemCommand("Help", "What this screen is for, and its keys", self.action_help)
        yield from super().get_system_commands(screen)
