"""The top of a table in a text file: titles, comments, names, units, values."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from engine.data.tables.missing_words import are_missing, is_missing
from engine.data.tables.options import TableOptions
from engine.data.text_tables.number_format import are_numbers
from engine.errors import DataError
from engine.plain_text import shortened

# What comment lines begin with.
# Not a semicolon: a row whose first cells are empty may begin with several.
_COMMENT = re.compile(r"\s*(?P<mark>#|%|//|!)[\s#%/!]*")
EXCEL = re.compile(r'"?sep=(?P<separator>.)"?\s*', re.IGNORECASE)
_YEAR = re.compile(r"(19|20)\d\d")
# Units do not begin with digits, perhaps after a sign.
_AMOUNT = re.compile(r"[^\w(]*\(?\d")
_MOST_SHOWN = 60  # characters of a quoted line
_MOST_UNITS = 3  # lines
# A cell may contain a polygon, or an encoded picture; Python's limit is 128 KiB.
csv.field_size_limit(1 << 19)


class Row(NamedTuple):
    """A line of the sample, or several lines if a value spans line ends.

    Attributes:
        first, last: The numbers of its lines, from 1.
        text: The text, unchanged.
        cells: The values, without surrounding spaces.
    """

    first: int
    last: int
    text: str
    cells: list[str]

    @property
    def is_blank(self) -> bool:
        """Whether it is empty."""
        return not any(self.cells)


def cells_of(text: str, separator: str) -> Iterator[list[str]]:
    """Split lines as Python's csv module does; a blank line gives an empty list."""
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)


def rows_of(text: str, separator: str) -> Iterator[Row]:
    """Split lines into rows of cells; raises csv.Error as the csv module does."""
    lines = list(io.StringIO(text, newline=""))
    reader = cells_of(text, separator)
    first = 1
    for cells in reader:
        last = reader.line_num  # type: ignore[attr-defined]
        line = "".join(lines[first - 1 : last]).strip("\r\n")
        yield Row(first, last, line, [cell.strip() for cell in cells])
        first = last + 1


def is_comment(text: str) -> bool:
    """Whether a line begins like a comment."""
    return _COMMENT.match(text) is not None


def commonest(widths: Sequence[int]) -> int:
    """The width that most rows have; in a tie the larger one, because titles are short."""
    return max(widths, key=lambda width: (widths.count(width), width))


class Head:
    """The first lines of a table, classified.

    Attributes:
        header, width, skip_rows, start, ends_empty, comment: The same as in `sniffing.Layout`.
        notes: Sentences about what was left out, or guessed.
        doubts: Those of them about what is ambiguous.
    """

    def __init__(self, rows: Sequence[Row], options: TableOptions, source: str) -> None:
        """Classify the lines from top to bottom.

        Args:
            rows: The first rows.
            options: What the user has chosen.
            source: The name of the file, for errors.

        Raises:
            DataError: No line is left, or there are more names than values.
        """
        self.notes: list[str] = []
        self.doubts: list[str] = []
        self.comment: str | None = None
        self.header: list[str] | None = None
        self._options, self._source = options, source
        self._skipped: list[Row] = []
        self._named: Row | None = None  # a comment right above the table
        rest = self._below(rows)
        held = [row for row in rest if not row.is_blank]
        values = [row for row in held if not is_comment(row.text)] or held
        self.width = commonest([len(row.cells) for row in values])
        if options.skip_rows is None:
            rest = self._without_titles(rest)
        self.skip_rows = self.start = rest[0].first - 1
        ends = [row.cells[-1] for row in rest[1:] if len(row.cells) == self.width > 1]
        self.ends_empty = bool(ends) and not any(ends)
        self._name_columns(rest)
        self._say_what_is_skipped()

    def _below(self, rows: Sequence[Row]) -> list[Row]:
        """The rows below the lines that the user skips; the first is not blank."""
        n_skipped = self._options.skip_rows or 0
        rest = [row for row in rows if row.first > n_skipped]
        self._look_for_comments([row for row in rows if row.first <= n_skipped])
        if self._options.skip_rows is None and rest and EXCEL.fullmatch(rest[0].text):
            rest = rest[1:]
        while rest and rest[0].is_blank:
            rest = rest[1:]
        if not rest:
            raise DataError(
                f"{self._source} holds no values below line {n_skipped:,}; skip fewer lines."
                if n_skipped
                else f"{self._source} holds no values."
            )
        return rest

    # Titles and comments

    def _without_titles(self, rows: list[Row]) -> list[Row]:
        """The rows from the first one that belongs to the table."""
        first = next((i for i in range(len(rows)) if self._belongs(rows, i)), None)
        if first is None:  # only comments: they may be values after all
            return rows
        above = [row for row in rows[:first] if not row.is_blank]
        comments = self._look_for_comments(above)
        self._named = above[-1] if above and above[-1] in comments else None
        if any(are_numbers(row.cells).all() for row in above if row not in comments):
            self.doubts.append("Lines of numbers above the table were left out.")
        self._skipped = above
        return rows[first:]

    def _look_for_comments(self, above: Sequence[Row]) -> list[Row]:
        """The comments among the lines above the table; they decide the file's comment sign."""
        comments = [row for row in above if is_comment(row.text)]
        if comments and (found := _COMMENT.match(comments[-1].text)):
            self.comment = found["mark"]
        return comments

    def _belongs(self, rows: Sequence[Row], index: int) -> bool:
        """Whether a row and all rows below it belong to the table."""
        row = rows[index]
        if row.is_blank or is_comment(row.text) or self._is_title(rows, index):
            return False
        if len(row.cells) == self.width:
            return True
        if len(row.cells) > self.width:
            return self._names_more(rows, index)
        return self._names_fewer(rows, index)

    def _is_title(self, rows: Sequence[Row], index: int) -> bool:
        """Whether a row is a single text, as a spreadsheet writes a title.

        A header of pandas may have one name after the empty one of its index: values follow it.
        """
        cells = rows[index].cells
        held = [cell for cell in cells if cell]
        below = [row for row in rows[index + 1 :] if sum(map(bool, row.cells)) > 1]
        if len(cells) != self.width or self.width < 2 or len(held) != 1 or len(below) < 2:
            return False
        if are_numbers(held)[0]:
            return False
        return bool(cells[0]) or not are_numbers(below[0].cells).any()

    def _names_fewer(self, rows: Sequence[Row], index: int) -> bool:
        """Whether a row names all columns but one: R writes no name for the row names.

        The row below must have values; below a title there are names, or a blank line.
        """
        cells = rows[index].cells
        return len(cells) == self.width - 1 and all(cells) and self._has_values_below(rows, index)

    def _names_more(self, rows: Sequence[Row], index: int) -> bool:
        """Whether a row names more columns than there are, directly above the values."""
        return self._has_values_below(rows, index)

    def _has_values_below(self, rows: Sequence[Row], index: int) -> bool:
        below = rows[index + 1 : index + 2]
        return not are_numbers(rows[index].cells).any() and any(
            len(row.cells) == self.width and are_numbers(row.cells).any() for row in below
        )

    def _say_what_is_skipped(self) -> None:
        if not self._skipped or self._options.skip_rows is not None:
            return
        lines = [f'"{_shown(row)}"' for row in self._skipped[:3]]
        more = "" if len(self._skipped) <= 3 else f" and {len(self._skipped) - 3} more lines"
        self.notes.append(f"Left out above the table: {', '.join(lines)}{more}.")

    # Names

    def _name_columns(self, rows: list[Row]) -> None:
        first, below = rows[0], [row for row in rows[1:] if not row.is_blank]
        values, chosen = [row.cells for row in below], self._options.header
        if self._is_named_above(first) and chosen is not False:
            assert self._named is not None
            self._skipped.remove(self._named)
            self.skip_rows, self.start = self._named.first - 1, first.first - 1
            self.header = self._fitted(_without_comment(self._named.cells), rows)
            return
        cells = first.cells
        if is_comment(first.text) and self._options.skip_rows is not None:
            cells = _without_comment(cells)
        has_header = is_header(cells, values) if chosen is None else chosen
        if not has_header:
            self._say_that_values_are_first(first)
            return
        self.start = below[0].first - 1 if below else first.last
        self.header = self._fitted(cells, below)
        self._doubt_header(first, cells)
        self._skip_units(below)

    def _is_named_above(self, first: Row) -> bool:
        """Whether the comment directly above the values names them, as from NumPy's savetxt."""
        if self._named is None:
            return False
        names = _without_comment(self._named.cells)
        fits = len(names) in (self.width, self.width - 1) and len(names) > 0
        return fits and not are_numbers(names).any() and bool(are_numbers(first.cells).any())

    def _say_that_values_are_first(self, first: Row) -> None:
        words = ~are_numbers(first.cells) & ~are_missing(first.cells)
        sentence = "The first line was read as values, so the columns are named by number."
        if not words.any():
            sentence = "The first line is numbers, so the columns are named by number."
        elif self._options.header is None and not _has_broken(first.cells):
            self.doubts.append(sentence)
        self.notes.append(sentence)

    def _fitted(self, names: list[str], below: Sequence[Row]) -> list[str]:
        """Names for all columns; R writes none for the row names."""
        while len(names) > self.width and not names[-1]:
            names = names[:-1]
        if len(names) > self.width:
            raise DataError(
                f"Line {self.skip_rows + 1:,} of {self._source} names {len(names):,} columns, but "
                f"the lines below have {self.width:,} values; correct it, or skip it (--skip-rows)."
            )
        missing = [""] * (self.width - len(names))
        if missing and not self.ends_empty:
            sentence = "The first column has no name: it was taken for that of the rows."
            self.notes.append(sentence)
            firsts = [row.cells[0] for row in below if row.cells]
            counts = [str(number) for number in range(1, len(firsts) + 1)]
            is_open = self._options.header is None
            if are_numbers(firsts).any() and firsts != counts and is_open:
                self.doubts.append(sentence)
        return [*names, *missing] if self.ends_empty else [*missing, *names]

    def _doubt_header(self, first: Row, cells: Sequence[str]) -> None:
        numbers = [cell for cell, is_one in zip(cells, are_numbers(cells), strict=True) if is_one]
        is_unnamed = cells[0] == "" and len(numbers) == len(cells) - 1
        if not numbers or is_unnamed:
            return
        names = ", ".join(shortened(" ".join(cell.split()), 30) for cell in cells[:8])
        more = "" if len(cells) <= 8 else f" and {len(cells) - 8} more"
        which = "The first line" if first.first == 1 else f"Line {first.first:,}"
        sentence = f"{which} was read as the names of columns: {names}{more}."
        self.notes.append(sentence)
        if self._options.header is None and not all(map(_YEAR.fullmatch, numbers)):
            self.doubts.append(sentence)

    def _skip_units(self, below: Sequence[Row]) -> None:
        """Skip lines below the names that have no numbers in columns where all other lines have."""
        for index, row in enumerate(below[:_MOST_UNITS]):
            rest = [each.cells for each in below[index + 1 :] if len(each.cells) == self.width]
            if len(row.cells) != self.width or len(rest) < 2 or are_numbers(row.cells).any():
                return
            numeric, missing = kinds_of(rest)
            measured = (numeric | missing).all(axis=0) & numeric.any(axis=0)
            units = [
                cell
                for cell, counts in zip(row.cells, measured.tolist(), strict=True)
                if counts and not is_missing(cell)
            ]
            others = [
                cell
                for cell, counts in zip(row.cells, measured.tolist(), strict=True)
                if not counts and not is_missing(cell) and cell[0] not in "[("
            ]
            if not units or others or any(map(_AMOUNT.match, units)):
                return
            self.start = below[index + 1].first - 1
            sentence = f'Line {row.first:,}, "{_shown(row)}", was left out: it holds no numbers.'
            self.notes.append(sentence)
            if self._options.skip_rows is None:
                self.doubts.append(sentence)


def is_header(cells: Sequence[str], below: Sequence[Sequence[str]] = ()) -> bool:
    """Whether the first row names columns: it has a word, or heads a table without names.

    A row is a row of values if it has words only where the rows below have words, and numbers where
    they have numbers; years are names. pandas writes a table without names as `,0,1,2` or `0,1,2`.

    Args:
        cells: The first row.
        below: The rows that follow.
    """
    cells = list(cells)
    same = [row for row in below if len(row) == len(cells)]
    numbers, words = are_numbers(cells), ~are_numbers(cells) & ~are_missing(cells)
    if cells[0] == "" and cells[1:] == [str(index) for index in range(len(cells) - 1)]:
        return True
    if not words.any():
        return bool(are_missing(cells).all()) or _are_labels(cells, same)
    if not numbers.any() or not same:
        return True
    numeric, missing = kinds_of(same)
    has_words: np.ndarray = ~np.any(numeric, axis=0)
    if not has_words[words].all():
        return True
    if _has_broken(cells):
        return False
    has_numbers: np.ndarray = np.all(numeric | missing, axis=0)
    given = [cell for cell, is_one in zip(cells, numbers, strict=True) if is_one]
    return len(same) < 2 or not has_numbers[numbers].all() or all(map(_YEAR.fullmatch, given))


def kinds_of(rows: Sequence[Sequence[str]]) -> tuple[np.ndarray, np.ndarray]:
    """Which of (n, W) cells are numbers, and which mean missing: bool."""
    cells = [cell for row in rows for cell in row]
    shape = len(rows), len(rows[0])
    return are_numbers(cells).reshape(shape), are_missing(cells).reshape(shape)


def _are_labels(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row of numbers names columns: it numbers them, or has years, and other numbers
    follow below.
    """
    values = [cell for row in below for cell in row]
    counts = [str(index) for index in range(len(cells))], [str(i + 1) for i in range(len(cells))]
    if len(cells) > 1 and cells in counts:
        return _has_broken(values)
    years = all(map(_YEAR.fullmatch, cells)) and len(set(cells)) == len(cells) > 1
    return years and bool(values) and not any(map(_YEAR.fullmatch, values))


def _has_broken(cells: Sequence[str]) -> bool:
    """Whether a cell is a number with a decimal mark."""
    marked = [cell for cell in cells if "." in cell or "," in cell]
    return bool(marked) and bool(are_numbers(marked).any())


def _without_comment(cells: list[str]) -> list[str]:
    """The values in a comment line."""
    first = _COMMENT.sub("", cells[0], count=1).strip()
    return [first, *cells[1:]] if first or len(cells) == 1 else cells[1:]


def _shown(row: Row) -> str:
    return shortened(" ".join(row.text.replace('"', "").split()), _MOST_SHOWN)
