"""What became of a published pick before tip-off, when the news moved it. Frozen dataclasses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from engine.core.outlooks import PlayerOutlook
from engine.core.records import Picked


@dataclass(frozen=True, slots=True)
class PickUpdate(Picked):
    """A published pick as seen again at `made_at`, by the same model with newer word on who plays.

    `before` is the home side's probability as last published, `home_win_prob` the new one; `reasons` name the players
    that the news is about. The pick itself stays as it was published: it is what is graded.
    """

    game_id: str
    league_day: date
    home_id: int
    away_id: int
    before: float
    home_win_prob: float
    margin: float
    total: float
    reasons: tuple[str, ...]
    availability: tuple[PlayerOutlook, ...]
    model: str
    made_at: datetime
