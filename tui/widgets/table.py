"""A table of rows that can be refreshed in place: the cursor stays, unchanged cells are not painted again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.coordinate import Coordinate
from textual.widgets import DataTable

PADDING = 2
"""Cells that the table adds to each column's width."""
MARKER_WIDTH = 1 + PADDING
_SCROLLBAR = 2


@dataclass(frozen=True, slots=True)
class Column:
    """A column of fixed width; `right` aligns its label and cells to the right."""

    label: str
    width: int
    right: bool = False


def room(width: int, columns: Sequence[Column]) -> int:
    """Cells left beside the marker, these columns and the scroll bar in a table as wide as `width`."""
    return width - MARKER_WIDTH - sum(column.width + PADDING for column in columns) - _SCROLLBAR


class Table(DataTable[Text], inherit_bindings=False):
    """Rows chosen by up and down (or k and j) and opened by Enter; left and right are the screen's.

    A marker in front of the chosen row shows the cursor where there is no colour.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "cursor_up", "Up", show=False),
        Binding("down,j", "cursor_down", "Down", show=False),
        Binding("pageup", "page_up", "Page up", show=False),
        Binding("pagedown", "page_down", "Page down", show=False),
        Binding("home", "scroll_top", "First row", show=False),
        Binding("end", "scroll_bottom", "Last row", show=False),
        Binding("enter", "select_cursor", "Open"),
    ]

    def __init__(self, id: str) -> None:  # noqa: A002 - the name that Textual uses
        super().__init__(id=id, cursor_type="row", show_row_labels=False)
        self._kinds: tuple[Column, ...] = ()
        self._keys: list[str] = []
        self._marked: str | None = None

    @property
    def chosen(self) -> str | None:
        """Key of the row under the cursor."""
        return self._keys[self.cursor_row] if 0 <= self.cursor_row < len(self._keys) else None

    def show(self, columns: Sequence[Column], rows: Mapping[str, Sequence[str | Text]]) -> None:
        """Show these rows; what is shown already is left alone, and the cursor stays on its row."""
        if tuple(columns) == self._kinds and list(rows) == self._keys:
            self._amend(rows)
        else:
            self._fill(tuple(columns), rows)

    def choose(self, key: str) -> None:
        """Put the cursor on a row, if it is there."""
        if key in self._keys:
            self.move_cursor(row=self._keys.index(key), animate=False)

    def _fill(self, columns: tuple[Column, ...], rows: Mapping[str, Sequence[str | Text]]) -> None:
        chosen, row = self.chosen, self.cursor_row
        self.clear(columns=columns != self._kinds)
        if columns != self._kinds:
            self.add_column("", width=1, key="marker")
            for place, column in enumerate(columns):
                label = Text(column.label, justify="right" if column.right else "left")
                self.add_column(label, width=column.width, key=str(place))
        self._kinds, self._keys, self._marked = columns, list(rows), None
        for key, cells in rows.items():
            self.add_row(Text(""), *self._aligned(cells), key=key)
        if self._keys:
            kept = self._keys.index(chosen) if chosen and chosen in self._keys else min(row, len(rows) - 1)
            self.move_cursor(row=kept, animate=False)
        self._mark()

    def _amend(self, rows: Mapping[str, Sequence[str | Text]]) -> None:
        for line, (key, cells) in enumerate(rows.items()):
            for place, cell in enumerate(self._aligned(cells)):
                if self.get_cell_at(Coordinate(line, place + 1)) != cell:
                    self.update_cell(key, str(place), cell)

    def _aligned(self, cells: Sequence[str | Text]) -> list[Text]:
        texts = [cell.copy() if isinstance(cell, Text) else Text(cell) for cell in cells]
        for text, column in zip(texts, self._kinds, strict=True):
            text.justify = "right" if column.right else "left"
        return texts

    def on_data_table_row_highlighted(self) -> None:
        """Move the marker to the chosen row."""
        self._mark()

    def _mark(self) -> None:
        if self.chosen == self._marked:
            return
        if self._marked in self._keys:
            self.update_cell(self._marked, "marker", Text(""))
        if self.chosen is not None:
            self.update_cell(self.chosen, "marker", Text("▸"))
        self._marked = self.chosen
