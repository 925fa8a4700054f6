"""What is kept of how the bot is used: who asked is a hash, what was asked is the name of a command."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Ending(StrEnum):
    """How a question to the bot ended."""

    ANSWERED = "answered"
    REFUSED = "refused"
    """It could not be answered as it was put, or by this installation: the asker was told why."""
    LIMITED = "limited"
    """Too many in a row."""
    FAILED = "failed"
    """Something broke on our side."""
    LATE = "late"
    """The answer came when Discord had given up waiting."""


@dataclass(frozen=True, slots=True)
class Use:
    """One question as it ended. `milliseconds` from its arrival to the end of the answer; ids are those of Discord.

    The ids stay in memory until the row is written: the store holds salted hashes of them.
    """

    moment: datetime
    user_id: int
    guild_id: int | None
    command: str
    milliseconds: float
    ending: Ending


@dataclass(frozen=True, slots=True)
class CommandUse:
    """One command over a span of days. Times, in milliseconds, are those of its answers; None without any."""

    command: str
    asked: int
    p50_ms: float | None
    p95_ms: float | None
    refused: int
    limited: int
    failed: int
    late: int


@dataclass(frozen=True, slots=True)
class UsageReport:
    """How the bot was used since a moment.

    `askers` and `servers` count hashes: who asked in two months counts twice, since the salt changes with the month.
    """

    since: datetime
    askers: int
    servers: int
    commands: tuple[CommandUse, ...]

    @property
    def asked(self) -> int:
        """Every question."""
        return sum(command.asked for command in self.commands)
