from __future__ import annotations

from engine.core.errors import BundleError, NoModelError
from engine.core.reports import ModelStatus
from tui.screens.models import ModelsScreen
from tui.screens.promote import DEFAULT_REASON
from tui.screens.slate import SlateScreen


async def test_it_lists_versions_with_status_and_figures_and_the_audit_trail(tui) -> None:
    async with tui() as pilot:
        text = await tui.press(pilot, "2")
    assert "▸  candidate  game-logistic@3    0.6370     64.1%" in text
    assert "champion   game-elo@2" in text
    assert "none → game-elo@2  ada: first model" in text


async def test_more_figures_appear_where_there_is_room(tui) -> None:
    async with tui(size=(160, 45)) as pilot:
        text = await tui.press(pilot, "2")
    assert "Margin MAE" in text
    assert "12,345" in text
    assert "7,056" in text


async def test_enter_shows_everything_known_of_a_version(tui) -> None:
    async with tui() as pilot:
        text = await tui.press(pilot, "2", "enter")
        assert "12,345 rows" in text
        assert "Margin MAE    10.90" in text
        await tui.press(pilot, "escape")
        assert isinstance(pilot.app.screen, ModelsScreen)


async def test_p_shows_from_and_to_and_promotes_with_the_default_reason(tui, small) -> None:
    async with tui() as pilot:
        text = await tui.press(pilot, "2", "p")
        assert "from  game-elo@2" in text
        assert "to    game-logistic@3" in text
        text = await tui.press(pilot, "enter")
        assert "champion   game-logistic@3" in text
        assert "previous   game-elo@2" in text
        assert "game-elo@2 → game-logistic@3" in text
        assert tui.told(pilot) == ["game-logistic@3 is the champion now."]
        assert "forecasts by game-logistic@3" in await tui.press(pilot, "1")
    name, version, who, why = small.promoted[0]
    assert (name, version, why) == ("game-logistic", "3", DEFAULT_REASON)
    assert who


async def test_the_typed_reason_goes_into_the_audit_trail(tui, small) -> None:
    async with tui() as pilot:
        await tui.press(pilot, "2", "p")
        await tui.type_in(pilot, *"better", "enter")
        assert ": better" in tui.painted(pilot)
    assert small.promoted[0][3] == "better"


async def test_without_a_reason_nothing_is_promoted(tui, small) -> None:
    async with tui() as pilot:
        text = await tui.press(pilot, "2", "p", "backspace", "enter")
        assert "Say why in a few words:" in text
    assert small.promoted == []


async def test_esc_and_the_cancel_button_promote_nothing(tui, small) -> None:
    async with tui() as pilot:
        await tui.press(pilot, "2", "p", "escape", "p", "tab", "tab", "enter")
        assert isinstance(pilot.app.screen, ModelsScreen)
        await tui.press(pilot, "p", "tab", "enter")
    assert len(small.promoted) == 1, "only the promote button promotes"


async def test_the_champion_is_not_promoted_again(tui, small) -> None:
    async with tui() as pilot:
        await tui.press(pilot, "2", "down", "p")
        assert tui.told(pilot) == ["game-elo@2 is the champion already."]
    assert small.promoted == []


async def test_a_refused_promotion_is_told_and_changes_nothing(tui, small) -> None:
    async with tui() as pilot:
        await tui.press(pilot, "2", "p")
        small.failure = BundleError("The bundle of game-logistic@3 was altered: train it again.")
        text = await tui.press(pilot, "enter")
        assert str(small.failure) in tui.told(pilot)
        assert "champion   game-elo@2" in text


async def test_a_promotion_made_elsewhere_shows_within_the_heartbeat(tui, small) -> None:
    async with tui(refresh=0.1) as pilot:
        await tui.press(pilot, "2", "down")
        small.promote("game-logistic", "3", "someone", "elsewhere")
        await pilot.pause(0.3)
        await tui.settle(pilot)
        text = tui.painted(pilot)
        assert "champion   game-logistic@3" in text
        assert "▸  previous   game-elo@2" in text, "the cursor stays on its row"
        assert "someone: elsewhere" in " ".join(text.split())


async def test_without_models_it_says_what_to_do(tui, small) -> None:
    async with tui() as pilot:
        small.versions, small.audit = [], []
        text = await tui.press(pilot, "2", "p")
        assert "No model versions yet: run `nbabot train game`" in text
        assert "No version has been promoted yet." in text


async def test_a_failing_registry_shows_its_sentence(tui, small) -> None:
    async with tui() as pilot:
        small.failure = NoModelError("The registry cannot be read: run `nbabot doctor`.")
        assert "The registry cannot be read" in await tui.press(pilot, "2")


async def test_a_first_model_is_promoted_from_none(tui, small) -> None:
    small.versions = [one for one in small.versions if one.status is not ModelStatus.CHAMPION]
    small.failure = NoModelError("No model is in production.")
    async with tui() as pilot:
        small.failure = None
        text = await tui.press(pilot, "2", "p")
        assert "from  none" in text


async def test_1_goes_back_to_the_slate(tui) -> None:
    async with tui() as pilot:
        await tui.press(pilot, "2", "1")
        assert isinstance(pilot.app.screen, SlateScreen)
