from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from nbabot import logs

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz01"


@pytest.fixture(autouse=True)
def _taken_away_again() -> Iterator[None]:
    root = logging.getLogger()
    level = root.level
    yield
    logs.configure(Path("unused"))  # takes the levels of modules away
    for handler in [one for one in root.handlers if getattr(one, "of_nbabot", False)]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
    structlog.reset_defaults()


def lines(home: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in logs.log_path(home).read_text().splitlines()]


def test_events_are_json_lines_on_stderr_and_in_the_file(tmp_path, capfd):
    logs.configure(tmp_path)
    structlog.get_logger("engine.somewhere").info("imported", rows=3)
    out, err = capfd.readouterr()
    assert out == ""
    assert json.loads(err) == lines(tmp_path)[0]
    assert lines(tmp_path)[0].items() >= {"event": "imported", "rows": 3, "level": "info"}.items()


def test_the_terminal_can_be_quieter_than_the_file(tmp_path, capfd):
    logs.configure(tmp_path, terminal_level="warning")
    structlog.get_logger("x").info("quiet")
    structlog.get_logger("x").warning("loud")
    assert "quiet" not in capfd.readouterr().err
    assert [line["event"] for line in lines(tmp_path)] == ["quiet", "loud"]


def test_configuring_alone_makes_no_file(tmp_path):
    logs.configure(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_configuring_twice_does_not_write_twice(tmp_path):
    logs.configure(tmp_path)
    logs.configure(tmp_path)
    structlog.get_logger("x").warning("once")
    assert len(lines(tmp_path)) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"token": "abc"},
        {"discord_token": "abc", "nested": {"Authorization": "Bot abc"}},
        {"note": f"logging in with {TOKEN} now"},
        {"headers": ["Authorization", f"Bot {TOKEN}"]},
        {"url": f"https://discord.com/api/webhooks/12345/{'w' * 40}"},
        {"error": ValueError(f"bad token {TOKEN}")},
    ],
)
def test_secrets_are_blotted_out_wherever_they_stand(tmp_path, capfd, fields):
    logs.configure(tmp_path)
    structlog.get_logger("x").warning("event", **fields)
    for text in (capfd.readouterr().err, logs.log_path(tmp_path).read_text()):
        assert logs.BLOT in text
        assert TOKEN not in text
        assert "abc" not in text
        assert "wwww" not in text


def test_the_configured_token_is_blotted_out_in_any_form(tmp_path, capfd, monkeypatch):
    monkeypatch.setenv("DISCORD_TOKEN", "unusual form of token")
    logs.configure(tmp_path)
    logging.getLogger("discord.http").warning("sent with %s", "unusual form of token")
    assert "unusual form" not in capfd.readouterr().err + logs.log_path(tmp_path).read_text()


def test_a_trace_is_kept_and_its_secrets_are_not(tmp_path):
    logs.configure(tmp_path, terminal_level="critical")
    try:
        raise RuntimeError(TOKEN)
    except RuntimeError:
        structlog.get_logger("x").exception("broke")
    assert "RuntimeError" in str(lines(tmp_path)[0]["exception"])
    assert TOKEN not in logs.log_path(tmp_path).read_text()


def test_a_folder_that_cannot_be_written_does_not_stop_the_work(tmp_path, capfd):
    (tmp_path / "file").write_text("in the way")
    logs.configure(tmp_path / "file")
    structlog.get_logger("x").warning("still said")
    err = capfd.readouterr().err
    assert "still said" in err
    assert "Traceback" not in err


def test_a_key_in_an_address_is_blotted_out_and_an_http_client_says_nothing_of_its_requests(tmp_path):
    logs.configure(tmp_path, terminal_level="critical")
    logging.getLogger("httpx").info("GET https://odds.example/v4?apiKey=%s&markets=h2h", "0123456789abcdef")
    assert not logs.log_path(tmp_path).exists()
    structlog.get_logger("x").warning("GET https://odds.example/v4?apiKey=0123456789abcdef&markets=h2h")
    text = logs.log_path(tmp_path).read_text()
    assert "0123456789abcdef" not in text
    assert "markets=h2h" in text


def test_errors_stand_apart_as_well(tmp_path):
    logs.configure(tmp_path, terminal_level="critical")
    structlog.get_logger("x").info("routine")
    structlog.get_logger("x").error("broken")
    errors = (tmp_path / "logs" / "errors.log").read_text().splitlines()
    assert [json.loads(line)["event"] for line in errors] == ["broken"]
    assert [line["event"] for line in lines(tmp_path)] == ["routine", "broken"]


def test_a_module_may_say_more_or_less_than_the_rest_until_it_is_configured_otherwise(tmp_path):
    logs.configure(
        tmp_path, logs.LogPolicy("warning", {"engine.sources": "debug", "engine.store": "error"}), "critical"
    )
    for name in ("engine.sources.http", "engine.store", "engine.models"):
        structlog.get_logger(name).debug(f"debug {name}")
        structlog.get_logger(name).warning(f"warning {name}")
    assert [line["event"] for line in lines(tmp_path)] == [
        "debug engine.sources.http", "warning engine.sources.http", "warning engine.models"
    ]  # fmt: skip
    logs.configure(tmp_path, terminal_level="critical")
    structlog.get_logger("engine.sources.http").debug("too much again")
    assert lines(tmp_path)[-1]["event"] == "warning engine.models"


@pytest.mark.parametrize("policy", [logs.LogPolicy(size_mb=0.001, keep=2), logs.LogPolicy(daily=True, keep=2)])
def test_files_are_renewed_and_only_so_many_old_ones_kept(tmp_path, policy):
    logs.configure(tmp_path, policy, terminal_level="critical")
    files = [one for one in logging.getLogger().handlers if getattr(one, "baseFilename", "").endswith("nbabot.log")]
    for number in range(40):
        if policy.daily and number % 8 == 0:
            files[0].rolloverAt = number * 86_400  # long ago: the next line belongs to another day
        structlog.get_logger("x").info("event", number=number, filler="x" * 60)
    kept = sorted(path.name for path in (tmp_path / "logs").iterdir())
    assert 2 <= len(kept) <= 3, kept
    assert json.loads(logs.log_path(tmp_path).read_text().splitlines()[-1])["number"] == 39
