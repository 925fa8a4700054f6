"""The official injury report as printed: a table in a PDF, read by where its words stand.

Only the first row of a game or team names it; the rows below leave those columns blank, across pages too. Every row has
one line in the status column (or NOT YET SUBMITTED under the reason); names and reasons may take several lines, which
stand closer to each other than two rows ever do.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from engine.core.errors import FeedShapeError

HOST = "ak-static.cms.nba.com"
COLUMNS = ("date", "time", "matchup", "team", "player", "status", "reason")
PENDING = "NOT YET SUBMITTED"
_HEADINGS = ("Game", "Game", "Matchup", "Team", "Player", "Current", "Reason")
_TITLE = re.compile(r"Injury Report: ?(\d\d/\d\d/\d\d) (\d\d:\d\d) ?([AP]M)")
_NUMBER = re.compile(r"Page (\d+) of (\d+)$")
_WORD_GAP = 1.0
"""Points between two characters from which they are two words: the report's blanks are narrow."""
_LINE_GAP = 0.8
"""Gap between two lines of one cell, in line heights, is smaller than this; between two rows it is larger."""
_LEEWAY = 2.0
"""Points by which words of one line or column may stand off."""


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    left: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class _Cell:
    """Lines of one column that belong together."""

    column: str
    text: str
    top: float
    bottom: float

    def joined(self, below: _Cell) -> _Cell:
        return _Cell(self.column, f"{self.text} {below.text}", self.top, below.bottom)

    def holds(self, height: float) -> bool:
        return self.top - _LEEWAY <= height <= self.bottom + _LEEWAY


@dataclass(frozen=True, slots=True)
class PrintedReport:
    """The report's head, as (date, time, AM or PM), and its rows from first to last, blanks as printed.

    A row maps names of COLUMNS to texts.
    """

    head: tuple[str, str, str]
    rows: tuple[Mapping[str, str], ...]


def read_report(payload: bytes) -> PrintedReport:
    """The rows of a report's PDF. Raises FeedShapeError when it is no PDF or not laid out as a report."""
    head: tuple[str, str, str] | None = None
    starts: tuple[float, ...] = ()
    rows: list[dict[str, str]] = []
    numbers: list[tuple[str, str]] = []
    for words in _pages(payload):
        body: list[_Word] = []
        for line in _lines(words):
            text = " ".join(word.text for word in line)
            headings = [word for word in line if word.text in _HEADINGS]
            number = _NUMBER.search(text)
            numbers += [(number[1], number[2])] if number else []
            if title := _TITLE.match(text):
                head = head or (title[1], title[2], title[3])
            elif [word.text for word in headings] == list(_HEADINGS):
                starts = tuple(word.left for word in headings)
            elif not number:
                body += line
        if head is None or not starts:
            break
        _read_page(_cells(body, starts), rows)
    if head is None or not starts:
        raise misread("without title or column headings")
    if numbers != [(str(number), str(len(numbers))) for number in range(1, len(numbers) + 1)] or not numbers:
        raise misread("of which pages are missing")
    return PrintedReport(head, tuple(rows))


def misread(how: str) -> FeedShapeError:
    """The error of a report that is not as reports are, `how` completing "an injury report ..."."""
    return FeedShapeError(HOST, f"{HOST} sent an injury report {how}: try again after the next one.")


def _pages(payload: bytes) -> Iterator[list[_Word]]:
    import pdfplumber

    try:
        with pdfplumber.open(io.BytesIO(payload)) as document:
            for page in document.pages:
                yield [_word(found) for found in page.extract_words(x_tolerance=_WORD_GAP)]
    except Exception as error:  # a damaged PDF makes the library raise whatever the damage leads to
        raise misread("that is no readable PDF") from error


def _word(found: Mapping[str, Any]) -> _Word:
    return _Word(str(found["text"]), float(found["x0"]), float(found["top"]), float(found["bottom"]))


def _lines(words: Iterable[_Word]) -> Iterator[list[_Word]]:
    """Words by height on the page, those of one line from left to right."""
    ordered = sorted(words, key=lambda word: word.top)
    while ordered:
        line = [word for word in ordered if word.top - ordered[0].top <= _LEEWAY]
        ordered = ordered[len(line) :]
        yield sorted(line, key=lambda word: word.left)


def _cells(words: Iterable[_Word], starts: Sequence[float]) -> list[_Cell]:
    """The page's cells from top to bottom."""
    found: list[_Cell] = []
    placed = sorted(((_column(word, starts), word) for word in words), key=lambda pair: pair[0])
    for column, group in groupby(placed, key=lambda pair: pair[0]):
        own: list[_Cell] = []
        for line in _lines(word for _, word in group):
            text = " ".join(word.text for word in line)
            cell = _Cell(COLUMNS[column], text, min(word.top for word in line), max(word.bottom for word in line))
            if own and cell.top - own[-1].bottom < _LINE_GAP * (cell.bottom - cell.top):
                own[-1] = own[-1].joined(cell)
            else:
                own.append(cell)
        found += own
    return sorted(found, key=lambda cell: cell.top)


def _column(word: _Word, starts: Sequence[float]) -> int:
    return max((at for at, start in enumerate(starts) if start <= word.left + _LEEWAY), default=0)


def _read_page(cells: Sequence[_Cell], rows: list[dict[str, str]]) -> None:
    """Append the page's rows to `rows`. Cells above the page's first row end the last row of the page before."""
    anchors = [cell for cell in cells if cell.column == "status" or cell.text.startswith(PENDING)]
    middles = [(cell.top + cell.bottom) / 2 for cell in anchors]
    for cell in cells:
        if not any(cell.holds(middle) for middle in middles):
            if not rows or (middles and cell.bottom > middles[0]):
                raise misread(f"with a text that belongs to no row ({cell.text[:40]!r})")
            rows[-1][cell.column] = f"{rows[-1].get(cell.column, '')} {cell.text}".strip()
    rows += [{cell.column: cell.text for cell in cells if cell.holds(middle)} for middle in middles]
