"""The terminal UI in a browser: textual-serve starts one for each page that is opened."""

from __future__ import annotations

import logging
import shlex
from collections.abc import Sequence

from aiohttp import web
from rich.console import Console
from textual_serve.server import Server

from engine.core.errors import UsageError

LOOPBACK = "127.0.0.1"
_OWN_NAMES = (LOOPBACK, "localhost", "[::1]")


class BrowserServer(Server):
    """Serves a command that shows a terminal UI; pages of other sites cannot reach it through their visitors."""

    def __init__(self, command: Sequence[str], host: str, port: int) -> None:
        super().__init__(shlex.join(command), host, port, title="nbabot", public_url=f"http://{_in_url(host)}:{port}")
        names = (*_OWN_NAMES, _in_url(host)) if host == LOOPBACK else (_in_url(host),)
        self._origins = {f"http://{name}:{port}" for name in names}

    def initialize_logging(self) -> None:
        """Events go where those of nbabot go; that a page was asked for is none."""
        logging.getLogger("aiohttp.access").setLevel(logging.WARNING)

    async def on_startup(self, app: web.Application) -> None:
        """Say where it is."""
        Console().print(f"nbabot is at {self.public_url} in this machine's browser; Ctrl-C ends it.", highlight=False)

    def open(self) -> None:
        """Serve until Ctrl-C. Raises UsageError where the address cannot be had."""
        try:
            self.serve()
        except OSError as error:
            reason = error.strerror or error
            raise UsageError(f"{self.public_url} cannot be served ({reason}): choose another --port.") from error

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Open a terminal UI for a page of ours."""
        origin = request.headers.get("Origin")
        if origin is not None and origin not in self._origins:
            raise web.HTTPForbidden(text=f"A page of {origin} may not operate nbabot.")
        return await super().handle_websocket(request)


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
