from datetime import UTC, date, datetime

import pytest

from engine.core import calendar
from engine.core.calendar import SeasonType
from engine.core.errors import DateOutOfRangeError, UsageError


def test_a_late_tip_belongs_to_the_league_day_before_its_utc_day() -> None:
    assert calendar.league_day(datetime(2025, 1, 16, 3, 30, tzinfo=UTC)) == date(2025, 1, 15)


def test_noon_of_a_day_falls_on_that_league_day_in_winter_and_summer() -> None:
    for day in (date(2025, 1, 15), date(2025, 3, 9), date(2025, 6, 22), date(2025, 11, 2)):
        assert calendar.league_day(calendar.noon_of(day)) == day


def test_game_types_come_from_an_allow_list_of_prefixes() -> None:
    assert calendar.season_type_of("0022400061") is SeasonType.REGULAR
    assert calendar.season_type_of("0062400001") is SeasonType.CUP_FINAL
    assert calendar.season_type_of("0092400001") is None


def test_seasons_are_read_from_ranges_and_lists() -> None:
    assert calendar.parse_seasons("2017-18..2019-20,2021-22") == (2017, 2018, 2019, 2021)
    assert calendar.season_label(1999) == "1999-00"


@pytest.mark.parametrize("text", ["2017-19", "17-18", "2019-20..2017-18", "", "1890-91", "last"])
def test_what_is_no_season_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        calendar.parse_seasons(text)


def test_days_can_be_named_by_words() -> None:
    today = date(2025, 1, 15)
    assert calendar.parse_day("today", today) == today
    assert calendar.parse_day(" Tomorrow ", today) == date(2025, 1, 16)
    assert calendar.parse_day("2024-12-25", today) == date(2024, 12, 25)


@pytest.mark.parametrize("text", ["2025-02-30", "15.1.2025", "1900-01-01", "9999-01-01", "soon"])
def test_what_is_no_day_of_the_league_is_refused(text: str) -> None:
    with pytest.raises(DateOutOfRangeError):
        calendar.parse_day(text, date(2025, 1, 15))
