from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from engine.core.errors import NoDataError, UsageError
from engine.core.records import ClosingLine, PlayedGame
from engine.features.contract import GAME_FEATURES
from engine.models.evaluation import Plan, ablation, backtest, line_forecasts, walk_forward
from engine.models.fitting import Fitter
from engine.models.market import Lines
from engine.models.recipes import ENSEMBLE, FAMILIES, MARKET
from engine.models.scoring import LINE
from engine.models.training import TrainingSet, build_training_set

TESTED = (2022, 2023)
FAMILIES_WITHOUT_LINES = tuple(family for family in FAMILIES if family != MARKET)


@pytest.fixture(scope="module")
def lines(league: list[PlayedGame]) -> dict[str, ClosingLine]:
    """A line for four games of five; one of them without a moneyline, one without spread and total."""
    priced = [one.game.game_id for at, one in enumerate(league) if at % 5]
    found = {game_id: ClosingLine(game_id, -3.0, 212.5, -150, 130) for game_id in priced}
    tested = [one.game.game_id for one in league if one.game.season == 2023 and one.game.game_id in found]
    found[tested[0]] = replace(found[tested[0]], moneyline_away=None)
    found[tested[1]] = replace(found[tested[1]], spread=None, total=None)
    return found


def test_a_season_is_forecast_from_earlier_seasons_only(training_set: TrainingSet) -> None:
    """Other results in a season and in all later ones leave its forecasts where they are."""
    later = training_set.season >= 2022
    turned = replace(training_set, margin=np.where(later, training_set.margin + 6.5, training_set.margin))
    before, after = (
        walk_forward(Fitter(data), Plan(TESTED, FAMILIES_WITHOUT_LINES)).forecasts for data in (training_set, turned)
    )
    first = training_set.season == 2022
    second = training_set.regular & (training_set.season == 2023)
    for family in FAMILIES_WITHOUT_LINES:
        np.testing.assert_array_equal(before[family].probability[first], after[family].probability[first])
        assert (before[family].probability[second] != after[family].probability[second]).any()


def test_later_seasons_do_not_change_the_scores_of_earlier_ones(
    league: list[PlayedGame], training_set: TrainingSet
) -> None:
    short = build_training_set([one for one in league if one.game.season <= 2022])
    plan = Plan([2022], ["logistic"])
    assert backtest(Fitter(short), plan).rows == backtest(Fitter(training_set), plan).rows


def test_a_backtest_is_deterministic(training_set: TrainingSet, lines: dict[str, ClosingLine]) -> None:
    one, two = (backtest(Fitter(training_set, lines), Plan(TESTED)) for _ in range(2))
    assert one == two


def test_another_seed_moves_bands_and_intervals_and_nothing_else(training_set: TrainingSet) -> None:
    one, two = (backtest(Fitter(training_set), Plan(TESTED, ["elo", "logistic"], seed)).rows[1] for seed in (1, 2))
    assert one.against_elo != two.against_elo
    assert one.log_loss == two.log_loss


def test_every_family_is_scored_on_all_regular_season_games_and_on_those_of_the_market(
    training_set: TrainingSet, lines: dict[str, ClosingLine]
) -> None:
    result = backtest(Fitter(training_set, lines), Plan([2023]), simulated=True)
    regular = {one for one, keep in zip(training_set.game_id, training_set.regular, strict=True) if keep}
    tested = {
        one for one, season in zip(training_set.game_id, training_set.season, strict=True) if season == 2023
    } & regular
    priced = {one for one in tested & set(lines) if lines[one].moneyline_away is not None}
    assert [row.family for row in result.rows] == [*FAMILIES, LINE]
    assert result.seasons == ("2023-24",)
    assert result.simulated
    assert any("Regular-season games only" in note for note in result.notes)
    for row in result.rows:
        assert row.n == len(priced if row.family == LINE else tested)
        assert row.n_market == len(priced)
        assert row.log_loss_on_market is not None
    line = result.rows[-1]
    assert (line.log_loss_on_market, line.margin_mae_on_market) == (line.log_loss, line.margin_mae)
    assert (line.against_line, line.margin_80_coverage) == (None, None)
    assert result.rows[0].against_elo is None
    for row in result.rows[:-1]:
        assert row.against_line is not None
        assert row.against_line.n == row.n_market
        assert row.margin_80_coverage is not None
        assert row.ece_low < row.ece_high
    assert [one.family for one in result.reliability] == [*FAMILIES, LINE]
    assert [curve.season for curve in result.curves] == ["2023-24"]


def test_the_rows_by_season_add_up_to_the_whole(training_set: TrainingSet, lines: dict[str, ClosingLine]) -> None:
    result = backtest(Fitter(training_set, lines), Plan(TESTED, ["elo"]))
    for whole in result.rows:
        seasons = [row for row in result.by_season if row.family == whole.family]
        assert [row.season for row in seasons] == ["2022-23", "2023-24"]
        months = [row for row in result.by_month if row.family == whole.family]
        assert months[0].month == "October"
        assert sum(row.n for row in months) == whole.n
        parts = seasons
        assert sum(row.n for row in parts) == whole.n
        assert sum(row.n * row.log_loss for row in parts) / whole.n == pytest.approx(whole.log_loss)


def test_the_line_row_is_the_line_without_the_vig(training_set: TrainingSet) -> None:
    wanted = training_set.game_id[5]
    forecasts = line_forecasts(Lines.of({wanted: ClosingLine(wanted, -4.5, 215.0, -200, 170)}, training_set.game_id))
    home, away = 200 / 300, 100 / 270
    assert forecasts.probability[5] == pytest.approx(home / (home + away))
    assert (forecasts.margin[5], forecasts.total[5]) == (4.5, 215.0)
    assert math.isnan(forecasts.probability[4])


def test_without_closing_lines_there_is_no_line_and_no_market_and_a_note_says_so(training_set: TrainingSet) -> None:
    result = backtest(Fitter(training_set), Plan([2023]))
    assert [row.family for row in result.rows] == list(FAMILIES_WITHOUT_LINES)
    assert all(row.n_market == 0 and row.log_loss_on_market is None for row in result.rows)
    assert any("No closing lines" in note for note in result.notes)


def test_the_made_up_league_is_forecast_better_than_by_a_coin(training_set: TrainingSet) -> None:
    for row in backtest(Fitter(training_set), Plan(TESTED)).rows:
        assert row.log_loss < 0.68, row.family
        assert row.margin_mae is not None
        assert row.margin_mae < 11, row.family


def test_leaving_out_what_tells_most_costs_most(training_set: TrainingSet) -> None:
    plan = Plan(TESTED, ["logistic"])
    whole, without_travel = (ablation(training_set, plan, group)[0] for group in ("", "travel"))
    blind = training_set
    for group in {feature.group for feature in GAME_FEATURES} - {"home court"}:
        blind = blind.without(group)
    only_home = ablation(blind, plan, "")[0]
    assert whole.log_loss == backtest(Fitter(training_set), plan).rows[0].log_loss
    assert abs(without_travel.log_loss - whole.log_loss) < 0.01 < only_home.log_loss - whole.log_loss


def test_progress_counts_seasons(training_set: TrainingSet) -> None:
    seen: list[tuple[str, int, int]] = []
    backtest(Fitter(training_set), Plan(TESTED, ["elo"]), lambda *step: seen.append(step))
    assert seen == [("backtest", 0, 2), ("backtest", 1, 2), ("backtest", 2, 2)]


def test_a_season_without_games_is_refused(training_set: TrainingSet) -> None:
    with pytest.raises(NoDataError, match="2030-31"):
        backtest(Fitter(training_set), Plan([2030], ["elo"]))


def test_the_first_season_cannot_be_tested(training_set: TrainingSet) -> None:
    with pytest.raises(NoDataError, match="too few to fit on"):
        backtest(Fitter(training_set), Plan([2019]))


def test_an_unknown_family_is_refused() -> None:
    with pytest.raises(UsageError, match="'oracle' is not a model family"):
        Plan([2023], ["oracle"])


@pytest.mark.real_data
def test_the_yardstick_figures_are_reached_on_the_real_seasons(
    real_games: tuple[list[PlayedGame], dict[str, ClosingLine]],
) -> None:
    games, lines = real_games
    result = backtest(Fitter(build_training_set(games), lines), Plan(range(2017, 2023)))
    rows = {row.family: row for row in result.rows}
    assert {row.n_market for row in result.rows} == {7056}
    assert rows["elo"].log_loss_on_market <= 0.634
    ensemble, market, line = rows[ENSEMBLE], rows[MARKET], rows[LINE]
    assert ensemble.log_loss_on_market <= 0.6175
    assert ensemble.log_loss_on_market >= 0.607, "better than the closing line: look for a leak"
    assert ensemble.against_elo.high < 0
    assert 0.95 <= ensemble.calibration_slope <= 1.05
    assert ensemble.margin_mae <= 10.25
    assert ensemble.total_mae <= 15.0
    assert ensemble.margin_80_coverage == pytest.approx(0.8, abs=0.03)
    assert market.against_line.low <= 0
    assert line.log_loss == pytest.approx(0.6065, abs=5e-5)
    assert line.accuracy == pytest.approx(0.670, abs=5e-4)
    assert line.margin_mae == pytest.approx(10.12, abs=5e-3)
    assert line.total_mae == pytest.approx(14.62, abs=5e-3)


def test_without_an_injury_feed_only_the_rows_that_forecasts_are_read_from_change(training_set: TrainingSet) -> None:
    plan = Plan([2022], ["logistic"])
    same = replace(training_set, unaware=training_set.x)
    other = replace(training_set, unaware=training_set.x * 0.5)
    known = backtest(Fitter(training_set), plan).rows
    assert backtest(Fitter(same), replace(plan, injuries_known=False)).rows == known
    assert backtest(Fitter(other), plan).rows == known
    assert backtest(Fitter(other), replace(plan, injuries_known=False)).rows != known
