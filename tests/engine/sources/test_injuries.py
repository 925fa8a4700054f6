from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from engine.core.errors import FeedMissingError, FeedShapeError
from engine.core.injuries import InjuryStatus, TeamReport
from engine.core.teams import resolve_team
from engine.sources.injuries import ATTEMPTS, fetch_injuries, parse_injuries, report_names

LEFTS = (24, 120, 200, 265, 425, 586, 667)
HEADINGS = ("Game Date", "Game Time", "Matchup", "Team", "Player Name", "Current Status", "Reason")
PITCH, PADDING = 14, 22
HEAD = "01/15/26 11:45 AM"
NOON = datetime(2026, 1, 15, 17, tzinfo=UTC)

Text = tuple[float, float, str]
"""Left and top, in points, and what stands there."""
Row = Sequence[str]
"""Date, time, matchup, team, player, status, reason; a | parts the lines of a cell."""


def pdf(pages: Sequence[Sequence[Text]], foot: tuple[float, float] = (398, 540), total: int = 0) -> bytes:
    """A PDF of landscape A4 pages in ten-point Helvetica, numbered at their foot as pages of `total` (default: all)."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{4 + 2 * at} 0 R' for at in range(len(pages)))}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for at, told in enumerate(pages):
        texts = [*told, (*foot, f"Page {at + 1} of {total or len(pages)}")]
        drawn = "\n".join(
            f"BT /F1 10 Tf {left} {595 - top - 10} Td <{text.encode('latin-1').hex()}> Tj ET"
            for left, top, text in texts
        )
        objects += [
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 595] /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {5 + 2 * at} 0 R >>",
            f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        ]
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return f"{body}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}".encode("latin-1")


def page(rows: Sequence[Row], headings: bool = True, first_top: float = 130, head: str = HEAD) -> list[Text]:
    """The texts of a page laid out as the league does: cells centred in their row, headings on the first page only."""
    texts: list[Text] = [(289, 45, f"Injury Report: {head}")]
    if headings:
        texts += [(left, 108, heading) for left, heading in zip(LEFTS, HEADINGS, strict=True)]
    top = first_top
    for row in rows:
        cells = [cell.split("|") if cell else [] for cell in row]
        tallest = max(map(len, cells))
        for left, lines in zip(LEFTS, cells, strict=True):
            texts += [(left, top + PITCH * (at + (tallest - len(lines)) / 2), line) for at, line in enumerate(lines)]
        top += PADDING + PITCH * (tallest - 1)
    return texts


def report(*pages: Sequence[Row], head: str = HEAD) -> bytes:
    return pdf([page(rows, at == 0, 80 if at else 130, head) for at, rows in enumerate(pages)])


FIRST: Row = (
    "01/15/2026",
    "07:30 (ET)",
    "BOS@LAL",
    "Boston Celtics",
    "Ash, Tom",
    "Out",
    "Injury/Illness - Left Knee; Sprain",
)


def listed(payload: bytes) -> dict[str, list[tuple[str, str, str]]]:
    """Player, status and reason by the team's abbreviation."""
    return {
        code: [(player.name, player.status.value, player.reason) for player in team.players]
        for code in ("BOS", "LAL", "MIA", "UTA")
        for team in parse_injuries(payload).rows
        if team.team_id == resolve_team(code).team_id
    }


def test_blank_cells_are_those_above_also_on_the_next_page() -> None:
    payload = report(
        [
            FIRST,
            ("", "", "", "", "Birch Jr., Al", "Questionable", "Rest"),
            ("", "", "", "Los Angeles Lakers", "Cole, X", "Probable", "Rest"),
        ],
        [
            ("", "", "", "", "Dorn, Y", "Doubtful", "Rest"),
            ("", "", "MIA@UTA", "Miami Heat", "Elm, Z", "Available", "Rest"),
        ],
    )
    assert [name for name, _, _ in listed(payload)["BOS"]] == ["Ash, Tom", "Birch Jr., Al"]
    assert [name for name, _, _ in listed(payload)["LAL"]] == ["Cole, X", "Dorn, Y"]
    assert listed(payload)["MIA"] == [("Elm, Z", "Available", "Rest")]


@pytest.mark.parametrize("lines", [2, 3, 5, 8])
def test_a_reason_of_many_lines_stays_with_its_player(lines: int) -> None:
    long = "|".join(f"line {number}" for number in range(lines))
    rows = [FIRST, ("", "", "", "", "Birch, Al", "Out", long), ("", "", "", "", "Cole, X", "Out", "Rest")]
    reasons = [reason for _, _, reason in listed(report(rows))["BOS"]]
    assert reasons == [FIRST[6], long.replace("|", " "), "Rest"]


def test_a_name_of_two_lines_is_one_name() -> None:
    rows = [FIRST, ("", "", "", "", "Birchington-Castlebury|III, Alexander", "Out", "one|two|three")]
    assert listed(report(rows))["BOS"][1] == ("Birchington-Castlebury III, Alexander", "Out", "one two three")


def test_a_reason_that_goes_on_at_the_head_of_the_next_page_is_one_reason() -> None:
    overleaf = [(667.0, 80.0, "and its end"), *page([("", "", "", "", "Birch, Al", "Out", "Rest")], False, 110)]
    payload = pdf([page([(*FIRST[:6], "A beginning")]), overleaf])
    assert listed(payload)["BOS"] == [("Ash, Tom", "Out", "A beginning and its end"), ("Birch, Al", "Out", "Rest")]


def test_a_team_yet_to_submit_is_told_from_one_that_lists_nobody() -> None:
    payload = report([("01/15/2026", "07:30 (ET)", "BOS@LAL", "Boston Celtics", "", "", "NOT YET SUBMITTED")])
    teams = {team.team_id: team for team in parse_injuries(payload).rows}
    boston, lakers = resolve_team("BOS").team_id, resolve_team("LAL").team_id
    assert teams[boston] == TeamReport(
        datetime(2026, 1, 15, 16, 45, tzinfo=UTC),
        date(2026, 1, 15),
        boston,
        lakers,
        datetime(2026, 1, 16, 0, 30, tzinfo=UTC),
        False,
    )
    assert (teams[lakers].submitted, teams[lakers].players, teams[lakers].opponent_id) == (True, (), boston)


@pytest.mark.parametrize(
    ("printed", "hour"), [("12:00 (ET)", 17), ("01:00 (ET)", 18), ("11:30 (ET)", 16), ("10:30 (ET)", 27)]
)
def test_a_tip_off_without_am_or_pm_is_the_hour_at_which_games_begin(printed: str, hour: int) -> None:
    team = parse_injuries(report([(FIRST[0], printed, *FIRST[2:])])).rows[0]
    assert team.tip_utc is not None
    assert team.tip_utc.replace(minute=0) == datetime(2026, 1, 15, tzinfo=UTC) + timedelta(hours=hour)


def test_a_status_that_is_not_known_is_left_out_and_noted() -> None:
    found = parse_injuries(report([FIRST, ("", "", "", "", "Birch, Al", "Resting", "")]))
    assert [len(team.players) for team in found.rows] == [1, 0]
    assert found.notes == ("1 rows of the unknown status 'Resting' were left out",)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"<html>Access Denied</html>",
        report([FIRST])[:300],
        pdf([[(100, 100, "A page of something else")]]),
        pdf([[*page([]), (667, 300, "lost")]]),
        pdf([page([FIRST])], total=2),
        report([(*FIRST[:3], "Real Madrid", *FIRST[4:])]),
        report([("01/15/2026", "07:30 (ET)", "BOS-LAL", *FIRST[3:])]),
        report([("15.01.2026", *FIRST[1:])]),
        report([("", "", *FIRST[2:])]),
        report([(*FIRST[:3], "Miami Heat", *FIRST[4:])]),
    ],
    ids=[
        "empty",
        "web page",
        "cut",
        "other",
        "no row",
        "a page gone",
        "foreign team",
        "matchup",
        "date",
        "no date",
        "other team",
    ],
)
def test_what_is_not_laid_out_as_a_report_is_an_error_in_one_sentence(payload: bytes) -> None:
    with pytest.raises(FeedShapeError) as caught:
        parse_injuries(payload)
    assert str(caught.value).startswith("ak-static.cms.nba.com sent an injury report ")
    assert "\n" not in str(caught.value)


def test_headings_on_every_page_and_a_page_number_beside_the_title_change_nothing() -> None:
    second = page([("", "", "", "", "Birch, Al", "Out", "Rest")])
    pages = [page([FIRST]), second]
    assert [name for name, _, _ in listed(pdf(pages, foot=(650, 45)))["BOS"]] == ["Ash, Tom", "Birch, Al"]


class Shelf:
    """A server that has some files, and remembers what it was asked."""

    def __init__(self, **files: bytes) -> None:
        self.files = files
        self.asked: list[str] = []

    def find(self, url: str) -> bytes | None:
        self.asked.append(url.rpartition("Injury-Report_")[2].removesuffix(".pdf"))
        return self.files.get("at_" + self.asked[-1].replace("-", "_"))


def test_names_follow_the_clock_of_new_york_and_the_schedule_of_publication() -> None:
    def newest(*moment: int) -> tuple[str, datetime]:
        published, name = next(report_names(datetime(*moment, tzinfo=UTC)))  # type: ignore[misc,arg-type]
        return name, published

    assert newest(2026, 11, 2, 4, 10) == ("Injury-Report_2026-11-01_11_00PM.pdf", datetime(2026, 11, 2, 4, tzinfo=UTC))
    assert newest(2026, 4, 2, 4, 14)[0] == "Injury-Report_2026-04-02_12_00AM.pdf"
    assert newest(2025, 1, 10, 22, 30) == (
        "Injury-Report_2025-01-10_05PM.pdf",
        datetime(2025, 1, 10, 22, 30, tzinfo=UTC),
    )
    assert newest(2025, 1, 10, 22, 29)[0] == "Injury-Report_2025-01-10_04PM.pdf"


def test_the_newest_report_is_found_and_no_older_one_asked_for() -> None:
    shelf = Shelf(at_2026_01_15_11_45AM=report([FIRST]), at_2026_01_15_11_30AM=b"older")
    assert len(fetch_injuries(shelf, NOON).rows) == 2
    assert shelf.asked == ["2026-01-15_12_00PM", "2026-01-15_11_45AM"]


def test_a_report_that_is_stored_already_is_not_fetched_again() -> None:
    shelf = Shelf(at_2026_01_15_11_45AM=report([FIRST]))
    found = fetch_injuries(shelf, NOON, known=datetime(2026, 1, 15, 16, 45, tzinfo=UTC))
    assert (found.rows, shelf.asked) == ((), ["2026-01-15_12_00PM"])


def test_the_search_ends_after_a_bounded_number_of_names() -> None:
    shelf = Shelf()
    with pytest.raises(FeedMissingError, match="run nbabot sync again in an hour"):
        fetch_injuries(shelf, NOON)
    assert len(set(shelf.asked)) == len(shelf.asked) == ATTEMPTS


@pytest.mark.real_data
def test_a_real_report_is_read_whole() -> None:
    path = Path(
        os.environ.get("NBABOT_DATA", "../shared/data"), "api_samples/injury_report/Injury-Report_2025-01-10_05PM.pdf"
    )
    if not path.is_file():
        pytest.skip(f"the real injury report is absent: {path} (set NBABOT_DATA)")
    teams = parse_injuries(path.read_bytes()).rows
    players = [player for team in teams for player in team.players]
    assert Counter(player.status for player in players) == {
        InjuryStatus.OUT: 82,
        InjuryStatus.QUESTIONABLE: 17,
        InjuryStatus.PROBABLE: 6,
        InjuryStatus.AVAILABLE: 4,
        InjuryStatus.DOUBTFUL: 3,
    }
    assert {team.reported_at for team in teams} == {datetime(2025, 1, 10, 22, 30, tzinfo=UTC)}
    assert Counter(team.league_day.day for team in teams) == {10: 14, 11: 14}
    assert sum(not team.submitted for team in teams) == 10
    assert all(player.name.count(",") == 1 and player.reason for player in players)
    kinds = Counter(player.reason.partition(" - ")[0] for player in players)
    assert kinds["Injury/Illness"] + kinds["G League"] == len(players) - 4
