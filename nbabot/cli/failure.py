"""How a failed command ends: one sentence on stderr, an exit code, and for the unexpected a trace in the log file."""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import typer

from engine.core.errors import NbabotError


def report(error: Exception, words: Sequence[str]) -> int:
    """Tell the person what went wrong, and return the exit code. `words` is the command line, for --home."""
    if isinstance(error, NbabotError):
        return _say(str(error), error.exit_code)
    if isinstance(error, typer.Abort):
        return _say("Stopped; nothing was changed.", 1)
    if isinstance(error, typer.TyperException):
        message = error.format_message().strip()
        return _say(f"{message} Try: {_help_of(error)}", error.exit_code)
    return _unexpected(error, words)


def _say(sentence: str, code: int) -> int:
    print(f"nbabot: {sentence}", file=sys.stderr)
    return code


def _help_of(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    return f"{context.command_path if context else 'nbabot'} --help"


def _unexpected(error: Exception, words: Sequence[str]) -> int:
    """Apologise with an id; the trace goes to the log file, and to stderr only where NBABOT_DEBUG asks for it."""
    import structlog

    from nbabot import logs

    number = uuid.uuid4().hex[:8]
    home = _home(words)
    logs.configure(home, terminal_level="critical")
    structlog.get_logger("nbabot.cli").error("unexpected_error", error_id=number, exc_info=error)
    if os.environ.get("NBABOT_DEBUG", "") not in ("", "0"):
        import traceback

        traceback.print_exception(error)
    kind = type(error).__name__
    path = logs.log_path(home)
    return _say(f"Sorry, nbabot itself failed ({kind}): please report id {number} with its lines in {path}.", 1)


def _home(words: Sequence[str]) -> Path:
    """The home folder of the failed command, without relying on settings that may be what failed."""
    from nbabot import settings

    named = next((Path(after) for word, after in pairwise(words) if word == "--home"), None)
    try:
        return settings.load(home=named).home
    except NbabotError:
        return named or settings.default_home()
