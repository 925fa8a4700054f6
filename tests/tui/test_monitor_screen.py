"""The Monitor: inputs, picks and alerts, each with its own words for what cannot be said yet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.core.errors import NoModelError
from engine.core.monitor_reports import Verdict

VERDICTS = ("two windows", "this window only", "a little off", "as usual")


async def test_inputs_stand_the_furthest_first_with_their_verdict_in_words(tui, house) -> None:
    async with tui.house(house, (80, 24)) as pilot:
        lines = (await tui.press(pilot, "4")).split("\n")
        shown = [line[4:28].strip() for line in lines if any(word in line for word in VERDICTS)]
        assert shown[:3] == ["pace", "three_point_luck", "home_edge"]
        assert "Inputs: 1 drifting" in tui.painted(pilot)
        text = await tui.press(pilot, "enter")
        assert "drifting: two windows" in text
        assert "Score of windows of 200 games" in text


async def test_the_picks_say_where_their_brier_score_lies_and_v_turns_to_another_version(tui, house) -> None:
    async with tui.house(house, (110, 30)) as pilot:
        text = await tui.press(pilot, "4", "right")
        assert "0.235, above its band: worse than chance" in text
        assert "░ 95% of such windows" in text
        assert "● 20 picks or more" in text
        assert "game-logistic@1: 200 graded picks" in await tui.press(pilot, "v")


async def test_too_few_games_or_picks_are_a_state_of_their_own(tui, house) -> None:
    house.report = replace(
        house.report, verdict=Verdict.NOT_ENOUGH_DATA, n=35, features=(), performance=(), summary="Too early to tell."
    )
    async with tui.house(house, (80, 24)) as pilot:
        text = await tui.press(pilot, "4")
        assert "Not enough data · game-elo@2" in text
        assert "35 of the 200 games since its training that a judgement takes." in text
        assert "0 of the 200 graded picks that a judgement takes." in await tui.press(pilot, "right")


async def test_without_a_model_its_sentence_stands_in_the_place_of_a_verdict(tui, house, monkeypatch) -> None:
    def fail(window: int = 200) -> None:
        raise NoModelError("No model is in production: run nbabot train game.")

    monkeypatch.setattr(house, "monitor", fail)
    async with tui.house(house, (80, 24)) as pilot:
        assert "No model is in production" in await tui.press(pilot, "4")
        assert not any("No model" in sentence for sentence in tui.told(pilot))


@pytest.mark.parametrize(("key", "state"), [("a", "acknowledged"), ("x", "resolved")])
async def test_an_alert_is_acknowledged_or_resolved_in_the_name_of_the_person_at_the_keyboard(
    tui, house, key: str, state: str
) -> None:
    async with tui.house(house, (80, 24)) as pilot:
        await tui.press(pilot, "4", "left", key)
        assert f"Alert 1 is {state} by ada." in tui.told(pilot)
        text = await tui.press(pilot, "h")
        assert "Alerts of 30 days: 3" in text
        assert "resolved" in text


async def test_nothing_is_measured_again_while_nothing_changed(tui, house) -> None:
    asked = []
    real, house.monitor = house.monitor, lambda window=200: asked.append(1) or real(window)
    async with tui.house(house, (80, 24)) as pilot:
        await tui.press(pilot, "4")
        for _ in range(3):
            pilot.app.screen.reload()
            await tui.settle(pilot)
        assert len(asked) == 1
        house.promote("game-logistic", "3", "someone", "elsewhere")
        pilot.app.screen.reload()
        await tui.settle(pilot)
        assert len(asked) == 2
