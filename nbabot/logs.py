"""Logging for all of nbabot: structlog on top of the standard library, so that libraries' records take the same way.

On a terminal lines are pretty, otherwise JSON, always on stderr; the same events go as JSON lines to `logs/nbabot.log`
in the home folder, and errors once more to `logs/errors.log`, where no routine buries them. Whatever looks like a
secret is blotted out just before a line is written. Importing this module configures nothing: `configure()` does.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler, TimedRotatingFileHandler
from pathlib import Path
from typing import Any

import structlog
from structlog.typing import Processor

BLOT = "[redacted]"
_SECRET_KEY = re.compile(r"token|secret|password|passwd|api_?key|authorization|cookie", re.IGNORECASE)
_SECRET_TEXT = re.compile(
    r"[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}"  # a Discord token
    r"|(?<=://)[^/\s:@\"']+:[^/\s@\"']+(?=@)"  # a name and a password in an address
    r"|(?<=apiKey=)[^&\s\"']+"
    r"|(?<=/webhooks/)\d+/[\w-]{20,}"
    r"|(?<=Bot )[\w.-]{20,}|(?<=Bearer )[\w.-]{20,}"
)
_NOISY = ("discord", "apscheduler", "asyncio", "httpx", "httpcore", "pdfminer", "aiohttp")


@dataclass(frozen=True, slots=True)
class LogPolicy:
    """What is logged, and how files are renewed.

    `levels` are those of single modules by name, what lies below a module included. Files are renewed at `size_mb`
    megabytes, or with `daily` at midnight UTC; `keep` old ones are kept.
    """

    level: str = "info"
    levels: Mapping[str, str] = field(default_factory=dict)
    daily: bool = False
    size_mb: float = 5.0
    keep: int = 3


USUAL = LogPolicy()


def log_path(home: Path) -> Path:
    """The log file of a home folder."""
    return home / "logs" / "nbabot.log"


def current_file() -> Path | None:
    """The log file that events go to now; None before `configure`."""
    files = (one for one in logging.getLogger().handlers if isinstance(one, (_SizedFile, _DailyFile)))
    return next((Path(one.baseFilename) for one in files), None)


def configure(home: Path, policy: LogPolicy = USUAL, terminal_level: str | None = None) -> None:
    """Send events to the log files, and of at least `terminal_level` (default: the policy's level) to stderr.

    Files are made when their first event is written. May be called again; the last call counts.
    """
    root = logging.getLogger()
    for handler in list(root.handlers):
        if getattr(handler, "of_nbabot", False):
            root.removeHandler(handler)
            handler.close()
    lowest = min((policy.level, *policy.levels.values()), key=_rank)
    handlers = [
        _terminal(max(terminal_level or lowest, lowest, key=_rank)),
        _file(log_path(home), lowest, policy),
        _file(log_path(home).with_name("errors.log"), "error", policy),
    ]
    for handler in handlers:
        handler.of_nbabot = True  # type: ignore[attr-defined]
        root.addHandler(handler)
    root.setLevel(policy.level.upper())
    _set_levels(policy)
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _set_levels(policy: LogPolicy) -> None:
    """Give single modules their levels, and take those of an earlier policy away."""
    for name, logger in list(logging.root.manager.loggerDict.items()):
        if getattr(logger, "of_nbabot", False) and isinstance(logger, logging.Logger):
            logging.getLogger(name).setLevel(logging.NOTSET)
    quiet = dict.fromkeys(_NOISY, policy.level if policy.level == "debug" else "warning")
    for name, level in {**quiet, **policy.levels}.items():
        logger = logging.getLogger(name)
        logger.setLevel(level.upper())
        logger.of_nbabot = True  # type: ignore[attr-defined]


def _rank(level: str) -> int:
    return logging.getLevelNamesMapping()[level.upper()]


def redact(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """structlog processor: blot out values under secret-looking keys and secret-looking parts of every text."""
    return {key: _clean(key, value) for key, value in event.items()}


def redacted(value: object) -> object:
    """A value with the secret-looking parts of it, and what stands under secret-looking keys, blotted out."""
    return _clean("", value)


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


class _Late:
    """Makes a file and its folder when the first line is written; where that fails there is nowhere to say so."""

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)  # type: ignore[attr-defined]
        opened: TextIOWrapper = super()._open()  # type: ignore[misc]
        return opened

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the standard library's name
        """Stay quiet: a full disk must not fill the terminal too."""


class _SizedFile(_Late, RotatingFileHandler):
    """Renewed when it has grown."""


class _DailyFile(_Late, TimedRotatingFileHandler):
    """Renewed every day."""

    def getFilesToDelete(self) -> list[str]:  # noqa: N802 - the standard library's name
        """Old files; none where a day ends before the first line was written, and there is no folder yet."""
        return super().getFilesToDelete() if Path(self.baseFilename).parent.is_dir() else []


def _file(path: Path, level: str, policy: LogPolicy) -> logging.Handler:
    handler: logging.Handler
    if policy.daily:
        handler = _DailyFile(path, "midnight", backupCount=policy.keep, encoding="utf-8", delay=True, utc=True)
    else:
        size = int(policy.size_mb * 1_000_000)
        handler = _SizedFile(path, maxBytes=size, backupCount=policy.keep, encoding="utf-8", delay=True)
    handler.setLevel(level.upper())
    handler.setFormatter(_formatter(structlog.processors.JSONRenderer()))
    return handler
