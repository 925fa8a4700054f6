"""`nbabot player`, `train player` and `backtest player` as a person sees them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.core.calendar import noon_of
from engine.core.player_records import Stat
from engine.engine import Engine

DAY, NEXT = "2024-12-12", "2024-12-13"
PAGE = Path(__file__).resolve().parents[3] / "docs" / "json.md"
Run = Callable[..., Any]


@pytest.fixture
def ask_of_players(run: Run, players_home: Path) -> Run:
    return lambda *words: run("--home", players_home, *words, "--as-of", DAY)


@pytest.fixture
def name(players_home: Path) -> str:
    """A regular whose team plays that day."""
    engine = Engine(players_home, now=lambda: noon_of(date.fromisoformat(DAY)))
    found = engine.rotation(engine.slate().games[0].game.home_id)[0].name
    engine.close()
    return found


def keys_of(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from keys_of(one)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys_of(inner)


def documented(section: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", PAGE.read_text().split(f"## {section}\n")[1].split("\n## ")[0]))


def test_a_forecast_says_what_to_expect_and_how_sure_that_is(ask_of_players: Run, name: str) -> None:
    out = ask_of_players("player", name).out
    assert out.startswith("SIMULATED")
    assert f"{name}: about" in out
    assert "8 times in 10" in out
    for stat in Stat:
        assert stat.words in out
    assert "player-ridge@1.0.0" in out


def test_one_stat_and_a_line(ask_of_players: Run, name: str) -> None:
    out = ask_of_players("player", name, "--stat", "reb", "--line", "4.5").out
    assert re.search(r"Over 4\.5: \d+% · under: \d+%", out)
    assert "assists" not in out
    assert "GAMBLER" in out


def test_json_has_the_documented_keys_and_the_stat_asked_for(ask_of_players: Run, name: str) -> None:
    answer = ask_of_players("player", name, "--stat", "pts", "--line", "10", "--json").json
    assert set(keys_of(answer)) - documented("player") == set()
    assert [one["stat"] for one in answer["stats"]] == ["pts"]
    line = answer["line"]
    assert line["over"] + line["under"] + line["push"] == pytest.approx(1)
    assert line["push"] > 0


def test_a_stat_that_is_not_forecast_is_refused_with_those_that_are(ask_of_players: Run, name: str) -> None:
    result = ask_of_players("player", name, "--stat", "fouls")
    assert result.code == 2
    assert "pts" in result.err


def test_an_unknown_player_is_one_sentence(ask_of_players: Run) -> None:
    result = ask_of_players("player", "zzyzx")
    assert result.code == 2
    assert "No player of the league is called 'zzyzx'" in result.err
    assert not result.out


def test_training_names_the_next_step_and_promotes_nothing(ask_of_players: Run) -> None:
    out = ask_of_players("train", "player", "--families", "mean").out
    assert "player-mean@1.1.0" in out
    assert "nbabot models promote player-mean 1.1.0" in out
    versions = ask_of_players("train", "player", "--families", "mean", "--json").json["models"]
    assert versions[0]["version"] == "1.2.0"
    assert versions[0]["status"] == "candidate"


def test_a_family_that_does_not_exist_is_refused_before_anything_is_read(ask_of_players: Run) -> None:
    result = ask_of_players("train", "player", "--families", "elo")
    assert result.code == 2
    assert "mean, linear, ridge, lasso, xgboost" in result.err


@pytest.fixture
def published(players_home: Path) -> int:
    """How many figures of players were published on the day and graded on the next."""
    engine = Engine(players_home, now=lambda: noon_of(date.fromisoformat(DAY)))
    made = engine.publish_player_picks()
    engine.now = lambda: noon_of(date.fromisoformat(NEXT))
    engine.grade()
    engine.close()
    return made


def test_the_record_of_players_counts_every_published_figure(run: Run, players_home: Path, published: int) -> None:
    asked = ("--home", players_home, "record", "--players", "--as-of", NEXT)
    answer = run(*asked, "--json").json
    assert set(keys_of(answer)) - documented("record") == set()
    assert sum(one["n"] for one in answer["stats"]) == published
    assert all(one["n"] == one["hits"] + one["misses"] + one["voids"] + one["pending"] for one in answer["stats"])
    out = run(*asked).out
    assert f"{published:,} figures of players published" in out
    assert all(re.search(rf"^{stat.value} ", out, re.MULTILINE) for stat in Stat)
    assert max(map(len, out.splitlines())) <= 80


def test_the_record_of_one_stat_is_asked_for(run: Run, players_home: Path, published: int) -> None:
    asked = ("--home", players_home, "record", "--players", "--stat", "reb", "--as-of", NEXT, "--json")
    assert [one["stat"] for one in run(*asked).json["stats"]] == ["reb"]


def test_an_empty_record_of_players_says_why(ask_of_players: Run, run: Run, players_home: Path) -> None:
    assert "nbabot run publishes each day's" in " ".join(ask_of_players("record", "--players").out.split())
    assert ask_of_players("record", "--players", "--json").json["stats"] == []


def test_a_span_without_published_figures_names_those_of_others(run: Run, players_home: Path, published: int) -> None:
    asked = ("--home", players_home, "record", "--players", "--season", "2023-24", "--as-of", NEXT)
    assert f"None of that span. {published:,} figures" in run(*asked).out


def test_options_of_the_record_that_do_not_go_together_are_refused(ask_of_players: Run) -> None:
    for words, said in (((), "add --players"), (("--players", "--picks"), "leave out --picks or --players")):
        result = ask_of_players("record", "--stat", "pts", *words)
        assert result.code == 2
        assert said in " ".join(result.err.split())
