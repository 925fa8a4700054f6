"""Logging for all of nbabot: structlog on top of the standard library, so that libraries' records take the same way.

On a terminal lines are pretty, otherwise JSON, always on stderr; the same events go as JSON lines to `logs/nbabot.log`
in the home folder. Whatever looks like a secret is blotted out just before a line is written. Importing this module
configures nothing: `configure()` does.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Mapping, MutableMapping
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

import structlog
from structlog.typing import Processor

BLOT = "[redacted]"
_SECRET_KEY = re.compile(r"token|secret|password|passwd|api_?key|authorization|cookie", re.IGNORECASE)
_SECRET_TEXT = re.compile(
    r"[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}"  # a Discord token
    r"|(?<=apiKey=)[^&\s\"']+"
    r"|(?<=/webhooks/)\d+/[\w-]{20,}"
    r"|(?<=Bot )[\w.-]{20,}|(?<=Bearer )[\w.-]{20,}"
)
_FILE_BYTES = 5_000_000
_FILES_KEPT = 3


def log_path(home: Path) -> Path:
    """The log file of a home folder."""
    return home / "logs" / "nbabot.log"


def current_file() -> Path | None:
    """The log file that events go to now; None before `configure`."""
    files = (one for one in logging.getLogger().handlers if isinstance(one, _LateFile))
    return next((Path(one.baseFilename) for one in files), None)


def configure(home: Path, level: str = "info", terminal_level: str | None = None) -> None:
    """Send events of at least `level` to the log file, and of at least `terminal_level` (default: `level`) to stderr.

    The file is made when the first event is written. May be called again; the last call counts.
    """
    root = logging.getLogger()
    for handler in list(root.handlers):
        if getattr(handler, "of_nbabot", False):
            root.removeHandler(handler)
            handler.close()
    handlers = [_terminal(terminal_level or level), _file(log_path(home), level)]
    for handler in handlers:
        handler.of_nbabot = True  # type: ignore[attr-defined]
        root.addHandler(handler)
    root.setLevel(min(handler.level for handler in handlers))
    for noisy in ("discord", "apscheduler", "asyncio", "httpx", "httpcore", "pdfminer"):
        logging.getLogger(noisy).setLevel(logging.DEBUG if level == "debug" else logging.WARNING)
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def redact(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """structlog processor: blot out values under secret-looking keys and secret-looking parts of every text."""
    return {key: _clean(key, value) for key, value in event.items()}


def _clean(key: str, value: object) -> object:
    if _SECRET_KEY.search(key) and value is not None:
        return BLOT
    if isinstance(value, str):
        return _blotted(value)
    if isinstance(value, Mapping):
        return {name: _clean(str(name), inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean("", inner) for inner in value]
    return value if isinstance(value, (int, float, bool, type(None), logging.LogRecord)) else _blotted(str(value))


def _blotted(text: str) -> str:
    for name in ("DISCORD_TOKEN", "NBABOT_DISCORD_TOKEN", "THE_ODDS_API_KEY"):
        token = os.environ.get(name, "").strip()
        if len(token) >= 8:
            text = text.replace(token, BLOT)
    return _SECRET_TEXT.sub(BLOT, text)


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]


def _formatter(renderer: Processor) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared(),
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, redact, renderer],
    )


def _terminal(level: str) -> logging.Handler:
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(level.upper())
    if sys.stderr.isatty():
        plain = structlog.dev.plain_traceback
        handler.setFormatter(_formatter(structlog.dev.ConsoleRenderer(exception_formatter=plain)))
    else:
        handler.setFormatter(_formatter(structlog.processors.JSONRenderer()))
    return handler


class _LateFile(RotatingFileHandler):
    """Makes its folder and file when the first line is written; where that fails there is nowhere to say so."""

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the standard library's name
        """Stay quiet: a full disk must not fill the terminal too."""


def _file(path: Path, level: str) -> logging.Handler:
    handler = _LateFile(path, maxBytes=_FILE_BYTES, backupCount=_FILES_KEPT, encoding="utf-8", delay=True)
    handler.setLevel(level.upper())
    handler.setFormatter(_formatter(structlog.processors.JSONRenderer()))
    return handler
