"""Every error that nbabot raises on purpose.

    NbabotError
    ├── UsageError            the request cannot be answered as it was put (exit code 2)
    │   ├── UnknownTeamError
    │   ├── AmbiguousTeamError
    │   ├── UnknownPlayerError
    │   ├── AmbiguousPlayerError
    │   └── DateOutOfRangeError
    └── StateError            the request is fine, the installation is not ready for it (exit code 1)
        ├── NoDataError
        ├── NoModelError
        ├── BundleError
        ├── GateError
        ├── DatabaseError
        ├── BackupError
        ├── BusyError
        ├── SourceError
        │   └── FeedError           `host` says whose answer it was
        │       ├── FeedTimeoutError
        │       ├── FeedBlockedError
        │       ├── FeedKeyError
        │       ├── FeedDownError
        │       ├── FeedUnreachableError
        │       ├── FeedShapeError
        │       ├── FeedEmptyError
        │       ├── FeedMissingError
        │       └── FeedPausedError
        ├── ConfigError
        └── DiscordAccessError

Each message is one clear sentence that a person can act on, so a front end prints `str(error)` and nothing else.
Foreign exceptions (sqlite3, json, OSError, ...) are translated where they arise and do not leave their layer.
"""

from __future__ import annotations

from collections.abc import Sequence


class NbabotError(Exception):
    """Base of all errors raised on purpose; `exit_code` is what the command line returns."""

    exit_code = 1

    @property
    def parts(self) -> tuple[str, str]:
        """What is wrong, and what to do about it (empty where the message does not say): a colon lies between."""
        found, _, remedy = str(self).rstrip(".").rpartition(": ")
        return (found, remedy) if found else (remedy, "")


class UsageError(NbabotError):
    """The request itself is wrong: the person can put it differently and will be answered."""

    exit_code = 2


class UnknownTeamError(UsageError):
    """No team goes by that name; `candidates` holds the abbreviations of the nearest ones."""

    def __init__(self, message: str, candidates: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.candidates = tuple(candidates)


class AmbiguousTeamError(UsageError):
    """More than one team goes by that name; `candidates` holds their abbreviations."""

    def __init__(self, message: str, candidates: Sequence[str]) -> None:
        super().__init__(message)
        self.candidates = tuple(candidates)


class UnknownPlayerError(UsageError):
    """No player of those who can be meant goes by that name; `candidates` holds the names of the nearest ones."""

    def __init__(self, message: str, candidates: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.candidates = tuple(candidates)


class AmbiguousPlayerError(UsageError):
    """More than one player goes by that name; `candidates` holds their names."""

    def __init__(self, message: str, candidates: Sequence[str]) -> None:
        super().__init__(message)
        self.candidates = tuple(candidates)


class DateOutOfRangeError(UsageError):
    """A date that is not a date, or lies where no forecast can be made."""


class StateError(NbabotError):
    """The installation is not ready: data, a model, a file or an access right is missing or damaged."""


class NoDataError(StateError):
    """Nothing is stored that could answer the question."""


class NoModelError(StateError):
    """No model version is in the role that the request needs, or the named version does not exist."""


class BundleError(StateError):
    """A model bundle is incomplete, altered, foreign or made for other features."""


class GateError(StateError):
    """Something speaks against promoting a version; `objections` holds it in sentences."""

    def __init__(self, label: str, objections: Sequence[str]) -> None:
        said = " ".join(objections).rstrip(".")
        super().__init__(f"{label} was not promoted. {said}: to do it all the same, add --force and say --why.")
        self.objections = tuple(objections)


class DatabaseError(StateError):
    """The database is locked, damaged, full, or of a newer version than this program."""


class BackupError(StateError):
    """A backup cannot be written, or is torn, altered, foreign or of a newer version than this program."""


class BusyError(StateError):
    """Another process is doing the same work on this home folder."""


class SourceError(StateError):
    """A file or feed cannot be read, or is not in the expected format."""


class FeedError(SourceError):
    """A feed did not give what was asked; `host` is the feed's name. Messages read "<host> <reason>: <advice>."."""

    def __init__(self, host: str, message: str) -> None:
        super().__init__(message)
        self.host = host

    @property
    def reason(self) -> str:
        """What happened, without the host's name and the advice."""
        return self.parts[0].removeprefix(self.host).strip()


class FeedTimeoutError(FeedError):
    """No answer, or not the whole of it, within the time allowed."""


class FeedBlockedError(FeedError):
    """The host answers and refuses: 403 or 429. `retry_after` is what it asked for, in seconds."""

    retry_after: float | None = None


class FeedKeyError(FeedError):
    """The host does not accept the key (401), or there is none."""


class FeedDownError(FeedError):
    """The host reports a fault of its own (5xx) or cuts the connection."""


class FeedUnreachableError(FeedError):
    """The host was not reached at all: no such name, no route, nobody listens."""


class FeedShapeError(FeedError):
    """An answer that is not what this feed sends: a web page, cut JSON, a key or column that is gone."""


class FeedEmptyError(FeedError):
    """A well-formed answer without rows where there must be some."""


class FeedMissingError(FeedError):
    """The host does not have what was asked: another season, a game without a box score, a list it never had."""


class FeedPausedError(FeedError):
    """The host failed several times in a row and is left alone for a while."""


class ConfigError(StateError):
    """A settings file or environment variable is wrong; the message names the key."""


class DiscordAccessError(StateError):
    """Discord refused the token, or there is none."""
