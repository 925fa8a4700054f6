from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from engine.core.errors import NoDataError, UsageError
from engine.core.records import ClosingLine, PlayedGame
from engine.models.evaluation import MARKET, backtest, market_forecasts, walk_forward
from engine.models.training import FAMILIES, TrainingSet, build_training_set

TESTED = (2022, 2023)


@pytest.fixture(scope="module")
def lines(league: list[PlayedGame]) -> dict[str, ClosingLine]:
    """A line for every second game; one of them without a moneyline, one without spread and total."""
    found = {one.game.game_id: ClosingLine(one.game.game_id, -3.0, 212.5, -150, 130) for one in league[::2]}
    tested = [one.game.game_id for one in league if one.game.season == 2022 and one.game.game_id in found]
    found[tested[0]] = replace(found[tested[0]], moneyline_away=None)
    found[tested[1]] = replace(found[tested[1]], spread=None, total=None)
    return found


def test_a_season_is_forecast_from_earlier_seasons_only(training_set: TrainingSet) -> None:
    """Turning every result of a season and all later ones leaves its forecasts where they are."""
    turned = replace(
        training_set, margin=np.where(training_set.season >= 2022, -training_set.margin, training_set.margin)
    )
    before, after = walk_forward(training_set, TESTED, ["logistic"]), walk_forward(turned, TESTED, ["logistic"])
    first = training_set.season == 2022
    np.testing.assert_array_equal(before["logistic"].probability[first], after["logistic"].probability[first])
    second = training_set.regular & (training_set.season == 2023)
    assert (before["logistic"].probability[second] != after["logistic"].probability[second]).all()


def test_later_seasons_do_not_change_the_scores_of_earlier_ones(
    league: list[PlayedGame], training_set: TrainingSet
) -> None:
    short = build_training_set([one for one in league if one.game.season <= 2022])
    assert backtest(short, {}, [2022]).rows == backtest(training_set, {}, [2022]).rows


def test_a_backtest_is_deterministic(training_set: TrainingSet, lines: dict[str, ClosingLine]) -> None:
    assert backtest(training_set, lines, TESTED) == backtest(training_set, lines, TESTED)


def test_every_family_is_scored_on_all_regular_season_games_and_on_those_of_the_market(
    training_set: TrainingSet, lines: dict[str, ClosingLine]
) -> None:
    result = backtest(training_set, lines, TESTED, simulated=True)
    regular = {one for one, keep in zip(training_set.game_id, training_set.regular, strict=True) if keep}
    tested = {
        one for one, season in zip(training_set.game_id, training_set.season, strict=True) if season in TESTED
    } & regular
    priced = {one for one in tested & set(lines) if lines[one].moneyline_away is not None}
    assert [row.family for row in result.rows] == [*FAMILIES, MARKET]
    assert result.seasons == ("2022-23", "2023-24")
    assert result.simulated
    assert any("Regular-season games only" in note for note in result.notes)
    for row in result.rows:
        assert row.n == len(priced if row.family == MARKET else tested)
        assert row.n_market == len(priced)
        assert row.log_loss_on_market is not None
    market = result.rows[-1]
    assert (market.log_loss_on_market, market.margin_mae_on_market) == (market.log_loss, market.margin_mae)


def test_the_rows_by_season_add_up_to_the_whole(training_set: TrainingSet, lines: dict[str, ClosingLine]) -> None:
    result = backtest(training_set, lines, TESTED, ["elo"])
    for whole in result.rows:
        parts = [row for row in result.by_season if row.family == whole.family]
        assert [row.season for row in parts] == ["2022-23", "2023-24"]
        assert sum(row.n for row in parts) == whole.n
        assert sum(row.n * row.log_loss for row in parts) / whole.n == pytest.approx(whole.log_loss)


def test_the_market_row_is_the_line_without_the_vig(training_set: TrainingSet) -> None:
    wanted = training_set.game_id[5]
    forecasts = market_forecasts(training_set, {wanted: ClosingLine(wanted, -4.5, 215.0, -200, 170)})
    home, away = 200 / 300, 100 / 270
    assert forecasts.probability[5] == pytest.approx(home / (home + away))
    assert (forecasts.margin[5], forecasts.total[5]) == (4.5, 215.0)
    assert math.isnan(forecasts.probability[4])


def test_without_closing_lines_there_is_no_market_row_and_a_note_says_so(training_set: TrainingSet) -> None:
    result = backtest(training_set, {}, [2023])
    assert [row.family for row in result.rows] == list(FAMILIES)
    assert all(row.n_market == 0 and row.log_loss_on_market is None for row in result.rows)
    assert any("No closing lines" in note for note in result.notes)


def test_the_made_up_league_is_forecast_better_than_by_a_coin(training_set: TrainingSet) -> None:
    for row in backtest(training_set, {}, TESTED).rows:
        assert row.log_loss < 0.66, row.family
        assert row.margin_mae is not None
        assert row.margin_mae < 11, row.family


def test_progress_counts_seasons(training_set: TrainingSet) -> None:
    seen: list[tuple[str, int, int]] = []
    backtest(training_set, {}, TESTED, ["elo"], lambda *step: seen.append(step))
    assert seen == [("backtest", 0, 2), ("backtest", 1, 2), ("backtest", 2, 2)]


def test_a_season_without_games_is_refused(training_set: TrainingSet) -> None:
    with pytest.raises(NoDataError, match="2030-31"):
        backtest(training_set, {}, [2030])


def test_the_first_season_cannot_be_tested(training_set: TrainingSet) -> None:
    with pytest.raises(NoDataError, match="too few to fit on"):
        backtest(training_set, {}, [2019])


def test_an_unknown_family_is_refused(training_set: TrainingSet) -> None:
    with pytest.raises(UsageError, match="'oracle' is not a model family"):
        backtest(training_set, {}, [2023], ["oracle"])


@pytest.mark.real_data
def test_the_yardstick_figures_are_reached_on_the_real_seasons(
    real_games: tuple[list[PlayedGame], dict[str, ClosingLine]],
) -> None:
    games, lines = real_games
    result = backtest(build_training_set(games), lines, range(2017, 2023))
    rows = {row.family: row for row in result.rows}
    assert {row.n_market for row in result.rows} == {7056}
    assert rows["elo"].log_loss_on_market <= 0.634
    assert rows["logistic"].log_loss_on_market <= 0.630
    assert rows["logistic"].log_loss_on_market >= 0.610, "better than any public figure without odds: look for a leak"
    assert rows[MARKET].log_loss == pytest.approx(0.6065, abs=5e-5)
    assert rows[MARKET].accuracy == pytest.approx(0.670, abs=5e-4)
    assert rows[MARKET].margin_mae == pytest.approx(10.12, abs=5e-3)
    assert rows[MARKET].total_mae == pytest.approx(14.62, abs=5e-3)
