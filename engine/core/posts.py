"""Posts on their way to a channel, as the faces hand them in and get them back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class PostState(StrEnum):
    """How far a post has come."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Draft:
    """A post as handed in: one per league day, kind and channel. After `expires` it is of no use to a reader."""

    league_day: date
    kind: str
    channel: str
    payload: str
    expires: datetime

    @property
    def nonce(self) -> str:
        """24 characters fixed by day, kind and channel: Discord makes at most one message of them within minutes."""
        key = f"{self.league_day.isoformat()} {self.kind} {self.channel}"
        return hashlib.sha256(key.encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Post:
    """A stored post. `attempts` counts claims of this revision, the present one included.

    `revision` counts how often its content was changed since it was first stored; `message_id` is the message that
    carries it once there is one, `sent_at` when that message was last sent or changed.
    """

    id: int
    league_day: date
    kind: str
    channel: str
    nonce: str
    payload: str
    state: PostState
    attempts: int
    created: datetime
    expires: datetime
    message_id: str | None
    error: str | None
    revision: int = 0
    sent_at: datetime | None = None
