"""Answers about teams, the record and the bot itself: from a question to what is sent, in any thread."""

from __future__ import annotations

from engine.core import words
from engine.core.reports import ModelStatus
from engine.engine import Engine
from nbabot.calibration_chart import calibration_png, calibration_words
from nbabot.embeds import about
from nbabot.embeds.record import record
from nbabot.embeds.teams import team
from nbabot.replies import Picture, Reply

CHART = "calibration.png"


class FanAnswers:
    """Every answer is the engine's, unchanged."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def team(self, name: str) -> Reply:
        """How good a team is."""
        return Reply(team(self._engine.team(name)))

    def record(self, days: int | None) -> Reply:
        """How the published picks have done, with a picture where any is graded."""
        found = self._engine.record(days)
        champion = next((one for one in self._engine.models() if one.status is ModelStatus.CHAMPION), None)
        embed = record(found, days, words.track(self._engine.record(), champion), self._engine.now())
        if not found.calibration:
            return Reply(embed)
        return Reply(embed, Picture(CHART, calibration_png(found), calibration_words(found)))

    def models(self) -> Reply:
        """Which versions there are, and who answers."""
        simulated = self._engine.simulated
        known = [one for one in self._engine.models(None) if one.simulated == simulated or _in_use(one.status)]
        return Reply(about.models(known, simulated))

    def status(self) -> Reply:
        """How old the data are, and how feeds and jobs have fared."""
        feeds, newest = self._engine.feeds, self._engine.runs.newest()
        return Reply(about.status(self._engine.status(), feeds.tasks(), feeds.hosts(), newest))

    def about(self) -> Reply:
        """The method, its limits, and a word on betting."""
        return Reply(about.about(self._engine.simulated))


def _in_use(status: ModelStatus) -> bool:
    return status in (ModelStatus.CHAMPION, ModelStatus.CHALLENGER)
