from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.core.calendar import noon_of
from engine.engine import Engine

DAY = "2025-01-15"
MONEYLINES = {"moneyline_home": -160, "moneyline_away": 140}
Run = Callable[..., Any]


def test_predict_answers_with_the_engines_own_numbers(ask: Run, engine: Engine) -> None:
    forecast = engine.predict("BOS", "LAL")
    answer = ask("predict", "celtics", "Los Angeles Lakers", "--as-of", DAY, "--json").json
    assert answer["home_win_prob"] == forecast.home_win_prob
    assert answer["margin"] == forecast.margin
    assert answer["total"] == forecast.total
    assert answer["home_score"] + answer["away_score"] == pytest.approx(forecast.total)
    assert [driver["points"] for driver in answer["drivers"]] == [driver.points for driver in forecast.drivers]
    assert answer["as_of"] == "2025-01-15T17:00:00Z"
    assert answer["simulated"] is True


def test_predict_has_the_promised_keys(ask: Run) -> None:
    answer = ask("predict", "BOS", "LAL", "--as-of", DAY, "--json").json
    promised = (
        "home away date venue scheduled home_win_prob margin total home_score away_score drivers model as_of notes"
    )
    assert set(promised.split()) <= set(answer)
    assert answer["venue"] in ("home", "neutral")


def test_predict_says_in_words_what_it_says_in_json(ask: Run) -> None:
    answer = ask("predict", "BOS", "LAL", "--as-of", DAY, "--json").json
    text = ask("predict", "BOS", "LAL", "--as-of", DAY).out
    assert "SIMULATED" in text
    assert f"{answer['home']} {round(100 * answer['home_win_prob'])}%" in text
    assert answer["drivers"][0]["text"] in text
    assert answer["model"] in text
    assert max(map(len, text.splitlines())) <= 80


def test_a_game_asked_for_by_its_day_is_the_one_on_the_slate(ask: Run) -> None:
    first = ask("today", "--as-of", DAY, "--json").json["games"][0]
    asked = ask("predict", first["home"], first["away"], "--date", DAY, "--as-of", DAY, "--json").json
    assert asked["scheduled"] is True
    assert {key: asked[key] for key in ("game_id", "home_win_prob", "date")} == {
        key: first[key] for key in ("game_id", "home_win_prob", "date")
    }


def test_today_shows_no_result_of_the_day_itself(ask: Run) -> None:
    games = ask("today", "--as-of", DAY, "--json").json["games"]
    assert games
    assert all(game["home_points"] is None for game in games)


def test_the_next_day_shows_the_results_and_says_that_nothing_was_published(ask: Run) -> None:
    shown = ask("today", "--date", "yesterday", "--as-of", "2025-01-16").out
    assert "hit" in shown
    assert "count in no record" in " ".join(shown.split())


def test_today_fits_80_columns(ask: Run) -> None:
    for day in (DAY, "2025-01-16"):
        text = ask("today", "--date", DAY, "--as-of", day).out
        assert max(map(len, text.splitlines())) <= 80


def test_record_counts_published_picks_once_they_are_graded(
    ask: Run, engine_at: Callable[[date], Engine], home: Path
) -> None:
    picks = engine_at(date(2025, 1, 15)).publish_picks()
    engine_at(date(2025, 1, 16)).grade()
    before = ask("record", "--as-of", DAY, "--json").json
    after = ask("record", "--as-of", "2025-01-16", "--json").json
    assert before["pending"] == after["n"] == len(picks)
    assert after["hits"] + after["misses"] == len(picks)
    text = ask("record", "--as-of", "2025-01-16").out
    assert f"{after['hits']} hits, {after['misses']} misses" in text
    assert max(map(len, text.splitlines())) <= 80


def test_record_lists_every_pick_as_it_was_published(ask: Run, engine: Engine, home: Path) -> None:
    published = engine.publish_picks()
    with closing(sqlite3.connect(home / "nbabot.db")) as connection, connection:
        line = json.dumps({"game_id": published[0].game_id, "spread": -3.5, "total": 220.0, **MONEYLINES})
        connection.execute("UPDATE picks SET line = ? WHERE game_id = ?", (line, published[0].game_id))
        connection.execute("UPDATE games SET status = 'cancelled' WHERE game_id = ?", (published[1].game_id,))
    connection.close()
    later = Engine(home, now=lambda: noon_of(date(2025, 1, 16)))
    later.grade()
    later.close()
    listed = ask("record", "--as-of", "2025-01-16", "--picks", "--json").json["picks"]
    assert [one["game_id"] for one in listed] == [one.game_id for one in published]
    assert listed[0]["line"] == {"spread": -3.5, "total": 220.0, **MONEYLINES}
    assert (listed[1]["line"], listed[1]["outcome"]) == (None, "void")
    for pick, shown in zip(published, listed, strict=True):
        assert (shown["home_win_prob"], shown["model"]) == (pick.home_win_prob, pick.model)
        assert shown["published_at"] == "2025-01-15T17:00:00Z"
    out = ask("record", "--as-of", "2025-01-16", "--picks").out
    assert out.count(published[0].model.split("@")[0]) == len(published)
    assert "picks" not in ask("record", "--as-of", "2025-01-16", "--json").json


def test_record_of_nothing_says_so(ask: Run) -> None:
    result = ask("record")
    assert result.code == 0
    assert "No picks have been published yet" in result.out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("predict", "LA", "BOS"), "could be LAC (LA Clippers) or LAL (Los Angeles Lakers)"),
        (("predict", "New York-ish", "BOS"), "NYK (New York Knicks)"),
        (("predict", "celtics", "BOS"), "both the Boston Celtics"),
        (("predict", "BOS", "LAL", "--date", "soon"), "write it as 2025-01-15"),
        (("predict", "BOS", "LAL", "--date", "1900-01-01"), "between 1946 and 2099"),
        (("today", "--as-of", "2025-13-01"), "is not a date"),
        (("record", "--season", "2024-26"), "write it as 2024-25"),
        (("record", "--days", "0"), "--days"),
    ],
)
def test_a_wrong_question_gets_one_sentence_and_exit_code_2(ask: Run, words: tuple[str, ...], sentence: str) -> None:
    result = ask(*words)
    assert result.code == 2
    assert result.out == ""
    assert sentence in result.err
    assert result.err.count("\n") == 1


def test_without_data_and_schedule_today_says_what_to_do(run: Run, tmp_path: Path) -> None:
    result = run("today", "--home", tmp_path / "empty")
    assert (result.code, result.out) == (1, "")
    assert "nbabot" in result.err
    assert result.err.count("\n") == 1


def test_record_of_other_days_does_not_say_that_nothing_was_published(ask: Run, engine: Engine) -> None:
    published = len(engine.publish_picks())
    for words in (("--season", "2020-21"), ("--days", "1")):
        result = ask("record", *words)
        assert result.code == 0
        assert f"No picks of that span: {published} are published" in result.out
    assert ask("record", "--days", "99999999999999999999").code == 2


def test_predict_says_nothing_twice(ask: Run) -> None:
    text = ask("predict", "BOS", "LAL", "--as-of", DAY).out
    assert text.count("SIMULATED") == 1
    assert "Hypothetical" not in text
    assert text.count("Who is hurt is not known") == 1


def test_what_if_names_its_players_and_changes_the_answer(ask: Run, engine: Engine) -> None:
    plain = ask("predict", "BOS", "LAL", "--as-of", DAY, "--json").json
    team = engine.predict("BOS", "LAL").home_id
    stars = [one.name for one in engine.rotation(team)[:2]]
    names = ("--out", stars[0], "--out", stars[1].lower())
    answer = ask("predict", "BOS", "LAL", "--as-of", DAY, *names, "--json").json
    assert answer["margin"] != plain["margin"]
    missing = {one["name"]: one for one in answer["availability"] if one["status"] == "out"}
    assert set(missing) == set(stars)
    assert all(one["chance"] == 0 for one in missing.values())
    said = ask("predict", "BOS", "LAL", "--as-of", DAY, *names).out
    assert f"What if: {stars[0]} out, {stars[1]} out." in " ".join(said.split())
    assert all(len(line) <= 80 for line in said.splitlines())


def test_a_name_of_nobody_there_is_one_sentence(ask: Run) -> None:
    result = ask("predict", "BOS", "LAL", "--as-of", DAY, "--out", "Nobody Atall")
    assert (result.code, result.out) == (2, "")
    assert "is called 'Nobody Atall'" in result.err
    assert result.err.count("\n") == 1
