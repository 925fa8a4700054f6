"""How a failed command ends: one sentence on stderr, an exit code, and for the unexpected a trace in the log file."""

from __future__ import annotations

import os
import sys
import textwrap
import uuid
from pathlib import Path

import typer

from engine.core.errors import NbabotError
from nbabot.cli.output import visible


def report(error: Exception) -> int:
    """Tell the person what went wrong, and return the exit code."""
    if isinstance(error, NbabotError):
        return say(str(error), error.exit_code)
    if isinstance(error, typer.Abort):
        return say("Stopped.", 1)
    if isinstance(error, typer.TyperException):
        return say(_usage(error), error.exit_code)
    return _unexpected(error)


def say(sentence: str, code: int) -> int:
    """Print a failure's sentence on stderr, in one line where it is not a terminal; returns `code`."""
    line = f"nbabot: {visible(' '.join(sentence.split()))}"
    if sys.stderr.isatty():
        columns = os.get_terminal_size(sys.stderr.fileno()).columns or 80
        line = textwrap.fill(line, columns, break_long_words=False, break_on_hyphens=False)
    print(line, file=sys.stderr)
    return code


def _usage(error: typer.TyperException) -> str:
    message = error.format_message().strip()
    context = getattr(error, "ctx", None)
    takes_names = context and any(one.param_type_name == "argument" for one in context.command.params)
    if takes_names and "extra argument" in message:
        message += ": put quotes round a name of several words, such as 'la clippers'"
    end = "" if message.endswith((".", "?")) else "."
    return f"{message}{end} Try: {context.command_path if context else 'nbabot'} --help."


def _unexpected(error: Exception) -> int:
    """Apologise with an id; the trace goes to the log file, and to stderr only where NBABOT_DEBUG asks for it."""
    number = uuid.uuid4().hex[:8]
    file = _noted(error, number)
    if os.environ.get("NBABOT_DEBUG", "") not in ("", "0"):
        import traceback

        traceback.print_exception(error)
    where = f" with its lines in {file}" if file else ""
    return say(f"Sorry, nbabot itself failed ({type(error).__name__}): please report id {number}{where}.", 1)


def _noted(error: Exception, number: str) -> Path | None:
    """Write the trace to the log file in use, else to that of the default home; the file, where that could be done."""
    try:
        import structlog

        from nbabot import logs, settings

        file = logs.current_file() or logs.log_path(settings.default_home())
        logs.configure(file.parent.parent, terminal_level="critical")
        structlog.get_logger("nbabot.cli").error("unexpected_error", error_id=number, exc_info=error)
        return file if file.is_file() else None
    except Exception:
        return None  # whatever stands in the way of the log must not hide the failure itself
