from __future__ import annotations

import getpass
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.core.alerts import Finding, Severity
from engine.engine import Engine

Run = Callable[..., Any]


@pytest.fixture
def raised(home: Path) -> None:
    engine = Engine(home)
    findings = [
        Finding("job", "picks", Severity.WARNING, "The picks job was not done: \x1b[31mno\x1b[0m games."),
        Finding("job", "recap", Severity.CRITICAL, "The recap job was not done."),
    ]
    engine.alerts.check(findings, ("job",))
    engine.close()


def test_nothing_open_says_when_alerts_are_raised(ask: Run) -> None:
    assert "nbabot run" in ask("alerts", "list").out
    assert ask("alerts", "list", "--json").json == {"alerts": []}
    assert "no alert" in ask("alerts", "history").out


@pytest.mark.usefixtures("raised")
def test_an_alert_is_listed_acknowledged_resolved_and_remembered(ask: Run) -> None:
    by_subject = {one["subject"]: one for one in ask("alerts", "list", "--json").json["alerts"]}
    number = by_subject["picks"]["number"]
    seen = ask("alerts", "ack", number, "--json").json
    assert (seen["state"], seen["acknowledged_by"]) == ("acknowledged", getpass.getuser())
    assert f"seen by {getpass.getuser()}" in ask("alerts", "list").out
    assert f"resolved by {getpass.getuser()}" in ask("alerts", "resolve", number).out
    assert "picks" not in [one["subject"] for one in ask("alerts", "list", "--json").json["alerts"]]
    states = {one["subject"]: one["state"] for one in ask("alerts", "history", "--json").json["alerts"]}
    assert (states["picks"], states["recap"]) == ("resolved", "open")


@pytest.mark.usefixtures("raised")
def test_the_list_shows_the_worst_first_and_no_escape_sequence(ask: Run) -> None:
    out = ask("alerts", "list").out
    assert "\x1b" not in out
    assert out.index("critical") < out.index("warning")


@pytest.mark.parametrize("verb", ["ack", "resolve"])
def test_an_alert_that_does_not_exist_is_one_sentence(ask: Run, verb: str) -> None:
    result = ask("alerts", verb, "99")
    assert result.code == 2
    assert "There is no alert 99: nbabot alerts list shows the open ones." in " ".join(result.err.split())


def test_a_number_that_is_none_is_wrong_usage(ask: Run) -> None:
    assert ask("alerts", "ack", "first").code == 2
