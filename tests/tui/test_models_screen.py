from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

from rich.console import Console

from engine.core.errors import BundleError, NoModelError
from engine.core.reports import AuditEntry, ModelStatus
from tui.screens.models import ModelsScreen
from tui.screens.role import Move
from tui.screens.slate import SlateScreen
from tui.widgets.model_rows import AuditTrail


async def test_it_lists_versions_with_their_figures_and_the_audit_trail_and_1_goes_back(tui) -> None:
    async with tui() as pilot:
        text = await tui.press(pilot, "3")
        assert "▸     candidate  game-logistic@3    0.6370     64.1%" in text
        assert "champion   game-elo@2" in text
        assert "[Game models: 2]" in text
        assert "none → game-elo@2  ada: first model" in text
        assert "SIMULATED" not in text
        text = await tui.press(pilot, "enter")
        assert "12,345 rows" in text
        assert "2007-10-30 to 2024-06-17" in text
        assert re.search("Margin MAE +10.90", text)
        assert "3: elo, rest, absences" in await tui.press(pilot, "pagedown")
        await tui.press(pilot, "escape")
        assert isinstance(pilot.app.screen, ModelsScreen)
        await pilot.resize_terminal(160, 45)
        await tui.settle(pilot)
        text = tui.painted(pilot)
        assert "Margin MAE" in text
        assert "12,345" in text
        assert "7,056" in text
        await tui.press(pilot, "1")
        assert isinstance(pilot.app.screen, SlateScreen)


async def test_a_version_that_learned_from_the_simulated_league_is_marked_in_the_table(tui, small) -> None:
    small.versions[0] = replace(small.versions[0], simulated=True)
    async with tui() as pilot:
        text = await tui.press(pilot, "3")
    assert "candidate  game-logistic@3  SIMULATED" in text
    assert text.count("SIMULATED") == 1


def test_a_long_reason_in_the_audit_trail_wraps_beside_the_moment() -> None:
    why = "it beats the champion by a wide margin on all five seasons of the walk-forward test"
    entry = AuditEntry(datetime(2025, 1, 15, 17, tzinfo=UTC), "game", "ada", why, "game-elo@2", "game-logistic@3")
    strips = Console(width=76).render_lines(AuditTrail((entry,)))
    lines = ["".join(segment.text for segment in strip) for strip in strips]
    assert lines[0].startswith("Wed 15 Jan 2025 12:00 ET  game-elo@2 → game-logistic@3  ada:")
    assert len(lines) > 2
    assert all(line.startswith(" " * 26 + line.strip()[0]) for line in lines[1:])
    assert why in " ".join(" ".join(lines).split())


async def test_p_shows_from_and_to_and_promotes_with_the_default_reason(tui, small) -> None:
    async with tui() as pilot:
        text = await tui.press(pilot, "3", "p")
        assert "Put game-logistic@3 into production?" in text
        assert "✓ The gate holds" in text
        assert "game-elo@2 is better." in text
        text = await tui.press(pilot, "pagedown")
        assert re.search(r"├─+●─+┤", text), "the interval of the difference, clear of zero"
        text = await tui.press(pilot, "enter")
        assert "champion   game-logistic@3" in text
        assert "previous   game-elo@2" in text
        assert "game-elo@2 → game-logistic@3" in text
        assert tui.told(pilot) == ["game-logistic@3 is the champion now."]
        assert "model game-logistic@3" in await tui.press(pilot, "1")
    name, version, who, why = small.promoted[0]
    assert (name, version, why) == ("game-logistic", "3", Move.PROMOTE.reason)
    assert who


async def test_a_typed_reason_goes_into_the_audit_trail_and_without_one_nothing_is_promoted(tui, small) -> None:
    async with tui() as pilot:
        text = await tui.press(pilot, "3", "p", "backspace", "enter")
        assert "Say why in a few words:" in text
        assert small.promoted == []
        await tui.type_in(pilot, *"better", "enter")
        assert ": better" in tui.painted(pilot)
    assert small.promoted[0][3] == "better"


async def test_esc_the_cancel_button_and_the_champion_promote_nothing(tui, small) -> None:
    async with tui() as pilot:
        await tui.press(pilot, "3", "p", "escape", "p", "tab", "tab", "enter")
        assert isinstance(pilot.app.screen, ModelsScreen)
        await tui.press(pilot, "down", "p")
        assert tui.told(pilot) == ["game-elo@2 is the champion already."]
        assert small.promoted == []
        await tui.press(pilot, "up", "p", "tab", "enter")
    assert len(small.promoted) == 1, "only the promote button promotes"


async def test_what_speaks_against_a_promotion_is_shown_and_needs_a_reason_of_ones_own(tui, small) -> None:
    small.objections = ("It is worse than game-elo@2: log loss +0.0100.",)
    async with tui() as pilot:
        text = await tui.press(pilot, "3", "p")
        assert "It is worse than game-elo@2" in text
        assert "Promote anyway" in text
        assert "Say why in a few words:" in await tui.press(pilot, "enter")
        assert small.promoted == []
        await tui.type_in(pilot, *"trial", "enter")
    assert small.promoted[0][3] == "trial"


async def test_b_asks_and_goes_back_to_the_previous_champion(tui, small) -> None:
    small.promote("game-logistic", "3", "someone", "elsewhere")
    async with tui() as pilot:
        assert "Go back to game-elo@2?" in await tui.press(pilot, "3", "b")
        assert "champion   game-elo@2" in await tui.press(pilot, "enter")
        assert tui.told(pilot) == ["game-elo@2 is the champion again."]
    assert small.champion.label == "game-elo@2"
    assert small.promoted[-1][3] == Move.ROLL_BACK.reason


async def test_without_a_previous_champion_b_says_so(tui, small) -> None:
    async with tui() as pilot:
        await tui.press(pilot, "3", "b")
        assert tui.told(pilot) == ["There is no version before the champion to go back to."]
    assert small.promoted == []


async def test_h_and_x_make_a_challenger_and_retire_it_with_a_reason(tui, small) -> None:
    async with tui() as pilot:
        await tui.press(pilot, "3", "h")
        await tui.type_in(pilot, *"trial", "enter")
        assert "challenger  game-logistic@3" in tui.painted(pilot)
        assert small.audit[0].why == "trial"
        text = await tui.press(pilot, "x", "enter")
        assert "archived" in text
        assert small.audit[0].why == Move.RETIRE.reason
        await tui.press(pilot, "down", "x", "h")
    assert small.champion.label == "game-elo@2"


async def test_a_version_that_cannot_be_loaded_is_not_promoted_but_may_be_retired(tui, small) -> None:
    small.unloadable = "The bundle of game-logistic@3 was altered: train it again."
    async with tui() as pilot:
        await tui.press(pilot, "3")
        text = await tui.press(pilot, "p", "enter")
        assert small.unloadable in " ".join(text.replace("│", " ").split())
        assert "Nothing can be decided before the comparison is there." in text
        assert "archived" in await tui.press(pilot, "escape", "x", "enter")
    assert small.promoted == []


async def test_c_compares_marked_versions_or_the_chosen_one_with_the_champion(tui) -> None:
    async with tui(size=(100, 30)) as pilot:
        text = await tui.press(pilot, "3", "c")
        assert "game-logistic@3 and game-elo@2" in text
        assert "3,046 games" in text
        assert "more than chance" in text
        text = await tui.press(pilot, "escape", "down", "space", "up", "space")
        assert text.count("◆") == 2
        assert "game-elo@2 and game-logistic@3" in await tui.press(pilot, "c")
        text = await tui.press(pilot, "escape", "space", "down", "space", "c")
        assert tui.told(pilot) == ["There is no second version: choose another one, or mark two with space."]


async def test_the_models_of_players_have_figures_of_their_own(tui, small) -> None:
    async with tui() as pilot:
        text = await tui.press(pilot, "3", "right")
        assert "[Player models: 1]" in text
        assert "Points MAE" in text
        assert "4.369" in text
        assert "No version has been promoted yet." in text
        assert "Log loss" in await tui.press(pilot, "right")


async def test_a_refused_promotion_is_told_and_changes_nothing(tui, small) -> None:
    async with tui() as pilot:
        await tui.press(pilot, "3", "p")
        small.failure = BundleError("The bundle of game-logistic@3 was altered: train it again.")
        text = await tui.press(pilot, "enter")
        assert str(small.failure) in tui.told(pilot)
        assert "champion   game-elo@2" in text


async def test_a_promotion_made_elsewhere_shows_within_the_heartbeat(tui, small) -> None:
    async with tui(refresh=0.1) as pilot:
        await tui.press(pilot, "3", "down")
        small.promote("game-logistic", "3", "someone", "elsewhere")
        text = await tui.until(pilot, "champion   game-logistic@3")
        assert "▸     previous   game-elo@2" in text, "the cursor stays on its row"
        assert "someone: elsewhere" in " ".join(text.split())


async def test_without_models_it_says_what_to_do(tui, small) -> None:
    async with tui() as pilot:
        small.versions, small.audit = [], []
        text = await tui.press(pilot, "3", "p")
        assert "No model versions yet: run `nbabot train game`" in text
        assert "No version has been promoted yet." in text


async def test_a_failing_registry_shows_its_sentence(tui, small) -> None:
    async with tui() as pilot:
        small.failure = NoModelError("The registry cannot be read: run `nbabot doctor`.")
        assert "The registry cannot be read" in await tui.press(pilot, "3")


async def test_a_first_model_is_promoted_from_none(tui, small) -> None:
    small.versions = [one for one in small.versions if one.status is not ModelStatus.CHAMPION]
    small.failure = NoModelError("No model is in production.")
    async with tui() as pilot:
        small.failure = None
        text = await tui.press(pilot, "3", "p")
        assert "In production: none." in text
