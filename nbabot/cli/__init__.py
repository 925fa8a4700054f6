"""The command line: one file per group of commands; `main` runs them and turns every failure into one sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 not possible now, 2 wrong usage, 130 interrupted."""
    from nbabot.cli import failure
    from nbabot.cli.app import app

    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - open until the program ends
    if sys.stdout is None:
        return failure.say("The output cannot be written: stdout is closed.", 1)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without block characters shows question marks
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = app(words, prog_name="nbabot", standalone_mode=False)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        trouble = _trouble_with_output() if isinstance(error, OSError) else None
        if trouble is None:
            return failure.report(error)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left unwritten must not fail again
        if isinstance(trouble, BrokenPipeError):
            return 1  # the reader has gone away: nobody to tell
        return failure.say(f"The output cannot be written ({trouble.strerror}): send it elsewhere.", 1)
    return code if isinstance(code, int) else 0


def _trouble_with_output() -> OSError | None:
    """Why stdout takes nothing any more, if so: one more line fails too."""
    try:
        print(flush=True)
    except OSError as error:
        return error
    return None
