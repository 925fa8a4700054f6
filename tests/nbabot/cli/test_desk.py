"""What `nbabot tui` hands to the screens of jobs and data."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.core.errors import UsageError
from engine.core.progress import silent
from nbabot.cli.desk import OperatorDesk
from nbabot.cli.session import Session


@pytest.fixture
def session(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Session:
    """Noon of 15 January 2025 in a simulated league, without a channel and with feeds that nobody serves."""
    monkeypatch.chdir(tmp_path)
    for host in ("STATS", "CDN", "INJURIES"):
        monkeypatch.setenv(f"NBABOT_SOURCES__{host}_URL", "http://127.0.0.1:9")
    with Session(str(home), None, "2025-01-15") as opened:
        yield opened  # type: ignore[misc]


def test_the_schedule_is_told_with_what_is_due_done_and_waiting(session: Session) -> None:
    desk = OperatorDesk(session)
    before = {job.name: job for job in desk.jobs()}
    assert "sync" not in before, "a simulated league asks no feed"
    assert (before["picks"].state, before["picks"].next, before["picks"].last) == ("due", None, None)
    assert desk.run("cleanup").endswith(".")
    after = {job.name: job for job in desk.jobs()}
    assert (after["cleanup"].state, after["cleanup"].last.state) == ("done", "done")
    assert after["cleanup"].next is not None
    assert after["cleanup"].next > session.engine.now()
    assert "was done on" in desk.run("cleanup")


def test_a_job_without_a_channel_is_refused_with_the_setting_to_make(session: Session) -> None:
    with pytest.raises(UsageError, match=r"set discord\.picks_channel_id"):
        OperatorDesk(session).run("picks")


def test_the_check_up_looks_at_all_that_the_doctor_does_and_the_log_is_that_of_the_home(
    session: Session, home: Path
) -> None:
    desk = OperatorDesk(session)
    assert {"python", "database", "model", "discord"} <= {check.name for check in desk.check_up(silent)}
    assert desk.log == home / "logs" / "nbabot.log"
