"""Reading the settings again while the program runs, as SIGHUP asks: what can change does, the rest is named."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import structlog

from engine.core.errors import ConfigError
from nbabot import settings as reading
from nbabot.settings import Settings

LIVE = ("log", "limits", "usage", "schedule", "backup")
"""The sections that a running program takes up. What else stands in the settings was handed out when it started."""
_STDIN = 0

Reread = Callable[[], Settings]
"""Reads and checks the settings as they stand now. Raises ConfigError."""
Renew = Callable[[Settings], None]
"""Takes up settings in the place of earlier ones."""

log = structlog.get_logger(__name__)


class Reload:
    """The settings in force of a running program; each of `renew` is given those that take their place."""

    def __init__(self, settings: Settings, reread: Reread, *renew: Renew) -> None:
        self._settings = settings
        self._reread = reread
        self._renew = renew

    def __call__(self) -> None:
        """Read the settings and take up what can change; a mistake in them changes nothing. The log says which."""
        try:
            fresh = self._reread()
        except ConfigError as error:
            log.error("settings_refused", reason=str(error), kept="the settings in force")
            return
        changed = _differing(self._settings, fresh)
        held = [key for key in changed if key.partition(".")[0] not in LIVE]
        self._settings = self._settings.model_copy(update={name: getattr(fresh, name) for name in LIVE})
        for renew in self._renew:
            renew(self._settings)
        log.info("settings_read", changed=[key for key in changed if key not in held])
        if held:
            log.warning("settings_need_restart", keys=held, step="they count from the next start on")


def _differing(old: Settings, new: Settings) -> list[str]:
    """The keys whose values differ."""
    was, is_now = reading.flat(old), reading.flat(new)
    return [key for key, value in is_now.items() if was[key] != value]


@contextmanager
def on_hangup(reload: Reload, stop: asyncio.Event) -> Iterator[None]:
    """While the block runs, SIGHUP means to read the settings again, or to stop where the terminal is gone.

    A terminal that is closed sends the same signal; whoever sat there can stop the program no other way.
    """
    loop, at_terminal = asyncio.get_running_loop(), os.isatty(_STDIN)

    def heed() -> None:
        if at_terminal and not os.isatty(_STDIN):
            stop.set()
        else:
            reload()

    with suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):  # Windows, or not the main thread
        loop.add_signal_handler(signal.SIGHUP, heed)
    try:
        yield
    finally:
        with suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):
            loop.remove_signal_handler(signal.SIGHUP)
