"""How a text file is laid out: its delimiter, its header, and what stands above it.

Spreadsheets, other programs and people write "CSV" in many ways. A file laid out as polars reads
it is left on disk; any other is rewritten in memory. CleverCSV (van den Burg et al. 2019, Wrangling
messy CSV files by detecting row and type patterns) finds delimiters too; why it is not used:
docs/decisions/0021-tables.md.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from engine.data import encoding
from engine.data.number_format import are_numbers
from engine.data.table_options import TableOptions
from engine.errors import DataError
from engine.plain_text import shortened

SAMPLE_BYTES = 1 << 20
SAMPLE_ROWS = 50
# A tab, semicolon or bar in every line separates; a comma may as well be a decimal comma.
SEPARATORS = ("\t", ";", "|", ",")
# In upper case; whatever the case in the file.
MISSING = frozenset(
    (
        *("", "NA", "N/A", "N.A.", "#N/A", "#NA", "NAN", "NULL", "NONE", "NIL", "<NA>", "NAT"),
        *("?", "-", "--", ".", "..", "–", "—", "\\N", "MISSING", "#NV", "#N/V", "K.A."),
        # The errors of spreadsheets, in English and German.
        *("#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!"),
        *("#WERT!", "#BEZUG!", "#ZAHL!"),
    )
)
# What a line of comments begins with.
_COMMENT = re.compile(r"\s*(#|%|//|;;|!)[\s#%/;!]*")
_EXCEL = re.compile(r'"?sep=(?P<separator>.)"?\s*', re.IGNORECASE)
_LINE_END = re.compile(rb"\r\n?|\n")
# A value in a line of values between spaces, perhaps in quotation marks, as R writes it.
_SPACED = re.compile(r'"((?:[^"\\]|\\.|"")*)"|(\S+)')
_YEAR = re.compile(r"(19|20)\d\d")
_ALONE = "Each line was read as one number, with a decimal comma or thousands separators."
_MOST_SHOWN = 60  # characters of a line that is repeated


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How to read a text file.

    Attributes:
        content: The file, or its text as UTF-8 with `separator` between values.
        encoding: Of the file.
        separator: One character.
        delimiter: The same as the user knows it: a space where the file has white space.
        header: The cells of the line that names the columns, as they stand; None if there is none.
        width: How many values a row has.
        skip_rows: Lines above the header, or above the first row where there is none.
        start: Lines above the first row of values.
        ends_empty: Whether there is a separator behind the last value of each row, or nearly.
        notes: Sentences about what was left out, or guessed.
        doubts: Those of them about what could be read in another way too.
    """

    content: Path | bytes
    encoding: str
    separator: str
    delimiter: str
    header: list[str] | None
    width: int
    skip_rows: int
    start: int
    ends_empty: bool = False
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


class _Row(NamedTuple):
    """A line of the sample, or several where a value goes over line ends.

    Attributes:
        first, last: Numbers of its lines, from 1.
        text: As it stands.
        cells: Its values, without spaces around them.
    """

    first: int
    last: int
    text: str
    cells: list[str]

    @property
    def is_blank(self) -> bool:
        return not any(self.cells)


def layout_of(path: Path, source: str, options: TableOptions | None = None) -> Layout:
    """Find out how a text file is laid out.

    Args:
        path: The file.
        source: Its name as the user gave it.
        options: What the user has chosen already.

    Raises:
        DataError: The file is empty, is no text, or has a quotation mark that is never closed.
        OSError: It cannot be read.
    """
    options = options or TableOptions()
    path = path.absolute()  # polars would take a ~ for the user's folder
    found = encoding.encoding_of(path)
    name = options.encoding or found.name
    content = _readable(path, name)
    text = sample_of(content)
    if "\0" in text:
        raise DataError(f"{source} is not a text file, so it cannot be read as a table.")
    if not text.strip():
        raise DataError(f"{source} is empty.")
    notes = []
    if found.is_guessed and not options.encoding:
        notes.append(
            f"The file is not UTF-8 and was read as {name}; if letters look wrong, choose another "
            "encoding (--encoding)."
        )
    try:
        separator = options.delimiter or _of_excel(text) or separator_of(text)
        alone = not options.delimiter and _is_one_column(text) and "," in text
        delimiter = separator
        if separator == " ":
            content = _with_tabs(content)
            text, separator = sample_of(content), "\t"
        rows = list(islice(_rows(text, separator), SAMPLE_ROWS + (options.skip_rows or 0)))
    except csv.Error:
        raise DataError(f"{source} has a quotation mark that is never closed.") from None
    if all(row.is_blank for row in rows):
        raise DataError(f"{source} holds no values.")
    top = _Top(rows, options, source)
    if alone:
        notes.append(_ALONE)
    return Layout(
        content=content,
        encoding=name,
        separator=separator,
        delimiter=delimiter,
        header=top.header,
        width=top.width,
        skip_rows=top.skip_rows,
        start=top.start,
        ends_empty=top.ends_empty,
        notes=(*notes, *top.notes),
        doubts=(*top.doubts, *([_ALONE] if alone else [])),
    )


class _Top:
    """What the first lines of a file are: titles, comments, names, units, values.

    Attributes:
        header, width, skip_rows, start, ends_empty, notes, doubts: As of `Layout`.
    """

    def __init__(self, rows: Sequence[_Row], options: TableOptions, source: str) -> None:
        """Go down the lines.

        Args:
            rows: The first ones.
            options: What the user has chosen.
            source: The file's name, for a complaint.

        Raises:
            DataError: No line is left.
        """
        self.notes: list[str] = []
        self.doubts: list[str] = []
        self._skipped: list[_Row] = []
        self._comment: _Row | None = None
        rest = self._below(rows, options, source)
        self.width = _width_of(rest)
        if options.skip_rows is None:
            rest = self._without_titles(rest)
        self.skip_rows = self.start = rest[0].first - 1
        self.header: list[str] | None = None
        ends = [row.cells[-1] for row in rest[1:] if len(row.cells) == self.width > 1]
        self.ends_empty = bool(ends) and not any(ends)
        self._name_columns(rest, options)
        self._say_what_is_skipped(options)

    def _below(self, rows: Sequence[_Row], options: TableOptions, source: str) -> list[_Row]:
        """The rows below the lines that the user leaves out; the first is not blank."""
        n_skipped = options.skip_rows or 0
        rest = [row for row in rows if row.first > n_skipped]
        if options.skip_rows is None and rest and _EXCEL.fullmatch(rest[0].text):
            rest = rest[1:]
        while rest and rest[0].is_blank:
            rest = rest[1:]
        if not rest:
            raise DataError(
                f"{source} holds no values below line {n_skipped:,}; skip fewer lines."
                if n_skipped
                else f"{source} holds no values."
            )
        return rest

    def _without_titles(self, rows: list[_Row]) -> list[_Row]:
        """The rows from the first on that belongs to the table."""
        first = next(
            (
                index
                for index, row in enumerate(rows)
                if not row.is_blank
                and not _is_comment(row.text)
                and not self._is_title(rows, index)
                and (len(row.cells) == self.width or self._names_fewer(rows, index))
            ),
            None,
        )
        if first is None:  # nothing but comments: they may be values after all
            return rows
        above = [row for row in rows[:first] if not row.is_blank]
        comments = [row for row in above if _is_comment(row.text)]
        self._comment = comments[-1] if comments and comments[-1] is above[-1] else None
        self._skipped = above
        return rows[first:]

    def _is_title(self, rows: Sequence[_Row], index: int) -> bool:
        """Whether a row is one text and nothing else, as a spreadsheet writes a title."""
        first, *others = rows[index].cells
        below = rows[index + 1 :]
        return (
            len(others) == self.width - 1 > 0
            and not any(others)
            and not are_numbers([first])[0]
            and sum(1 for row in below if sum(map(bool, row.cells)) > 1) > 1
        )

    def _names_fewer(self, rows: Sequence[_Row], index: int) -> bool:
        """Whether a row names all columns but one: R has none for its row names.

        The row below it is one of values; a title stands above names, or a blank line.
        """
        cells, below = rows[index].cells, rows[index + 1 : index + 2]
        return (
            len(cells) == self.width - 1
            and all(cells)
            and not are_numbers(cells).any()
            and any(len(row.cells) == self.width and are_numbers(row.cells).any() for row in below)
        )

    def _name_columns(self, rows: list[_Row], options: TableOptions) -> None:
        first, below = rows[0], [row for row in rows[1:] if not row.is_blank]
        cells = first.cells
        commented = _COMMENT.sub("", first.text, count=1) != first.text
        if commented and options.skip_rows is not None:
            cells = _without_comment(cells)
        has_header = options.header
        if has_header is None:
            has_header = is_header(cells, [row.cells for row in below])
        if has_header:
            self.header = self._fitted(cells, below, options)
            self.start = below[0].first - 1 if below else first.last
            self._doubt_header(cells, options)
            self._skip_units(below, options)
            return
        names = _without_comment(self._comment.cells) if self._comment else []
        fit = len(names) in (self.width, self.width - 1) and options.header is None
        if self._comment and names and fit and not are_numbers(names).any():
            self._skipped.remove(self._comment)
            self.header, self.skip_rows = (
                self._fitted(names, rows, options),
                self._comment.first - 1,
            )
            self.start = first.first - 1
            return
        self.notes.append("The first line is numbers, so the columns are named by number.")

    def _fitted(self, names: list[str], below: Sequence[_Row], options: TableOptions) -> list[str]:
        """As many names as there are columns: R has none for its row names."""
        missing = [""] * (self.width - len(names))
        if missing and not self.ends_empty:
            sentence = "The first column has no name: it was taken for that of the rows."
            self.notes.append(sentence)
            firsts = [row.cells[0] for row in below if row.cells]
            counts = [str(number) for number in range(1, len(firsts) + 1)]
            if are_numbers(firsts).any() and firsts != counts and options.header is None:
                self.doubts.append(sentence)
        return [*names, *missing] if self.ends_empty else [*missing, *names]

    def _doubt_header(self, cells: Sequence[str], options: TableOptions) -> None:
        numbers = [cell for cell, is_one in zip(cells, are_numbers(cells), strict=True) if is_one]
        is_unnamed = cells[0] == "" and len(numbers) == len(cells) - 1
        if numbers and not is_unnamed:
            names = ", ".join(shortened(cell, 30) for cell in cells[:8])
            more = "" if len(cells) <= 8 else f" and {len(cells) - 8} more"
            sentence = f"The first line was read as the names of columns: {names}{more}."
            self.notes.append(sentence)
            if options.header is None and not all(map(_YEAR.fullmatch, numbers)):
                self.doubts.append(sentence)

    def _skip_units(self, below: Sequence[_Row], options: TableOptions) -> None:
        """Leave out lines under the names that hold no numbers where all others do."""
        for index, row in enumerate(below[:3]):
            rest = [each.cells for each in below[index + 1 :] if len(each.cells) == self.width]
            if len(row.cells) != self.width or len(rest) < 2 or are_numbers(row.cells).any():
                return
            numeric, missing = _kinds(rest)
            measured = (numeric | missing).all(axis=0) & numeric.any(axis=0)
            if not (measured & ~_missing(row.cells)).any():
                return
            self.start = below[index + 1].first - 1
            sentence = f'Line {row.first}, "{_shown(row)}", was left out: it holds no numbers.'
            self.notes.append(sentence)
            if options.skip_rows is None:
                self.doubts.append(sentence)

    def _say_what_is_skipped(self, options: TableOptions) -> None:
        if not self._skipped or options.skip_rows is not None:
            return
        lines = [f'"{_shown(row)}"' for row in self._skipped[:3]]
        more = "" if len(self._skipped) <= 3 else f" and {len(self._skipped) - 3} more lines"
        self.notes.append(f"Left out above the table: {', '.join(lines)}{more}.")


def separator_of(text: str) -> str:
    """Choose the separator that cuts every line into the same number of values, 2 or more.

    Lines above the table may differ. A space stands for any run of white space between numbers.
    Where no separator fits all lines, the one that fits most; a comma for a single column.
    """
    if _is_one_column(text):
        return "\t" if "," in text else ","
    fits = {separator: _fit(text, separator) for separator in SEPARATORS}
    best = max(SEPARATORS[::-1], key=lambda separator: fits[separator])
    whole = [separator for separator in SEPARATORS if fits[separator] == 1.0]
    if whole:
        return whole[0]
    return " " if fits[best] < 0.8 and _is_spaced(text) else best


def _fit(text: str, separator: str) -> float:
    """How many of the rows below the first of the commonest width have that width, from 0 to 1."""
    try:
        rows = [row for row in islice(rows_of(text, separator), SAMPLE_ROWS) if row]
    except csv.Error:  # a value of more than 128 KiB: a wide table, and not its separator
        return 0.0
    widths = [len(row) for row in rows if not _is_comment(row[0])] or [len(row) for row in rows]
    commonest = _commonest(widths)
    table = widths[widths.index(commonest) :]
    share = table.count(commonest) / len(table) if commonest > 1 else 0.0
    return share if len(table) > 1 or len(widths) == 1 else 0.5 * share  # one line says little


def is_header(cells: list[str], below: Sequence[Sequence[str]] = ()) -> bool:
    """Whether the first row names columns: it has a word, or is the header of an unnamed table.

    A row that has words only where the rows below it have words too, and a broken number, is one
    of values. pandas writes a table without names as `,0,1,2`: a blank, then column numbers.

    Args:
        cells: Of the first row.
        below: The rows that follow.
    """
    if cells[0] == "" and cells[1:] == [str(index) for index in range(len(cells) - 1)]:
        return True
    numbers = are_numbers(cells)
    words = [
        not is_one and not is_missing(cell) for cell, is_one in zip(cells, numbers, strict=True)
    ]
    if not any(words):
        return all(is_missing(cell) for cell in cells)
    same = [row for row in below if len(row) == len(cells)]
    if not numbers.any() or not same:
        return True
    is_broken = any(
        "." in c or "," in c for c, is_one in zip(cells, numbers, strict=True) if is_one
    )
    has_words = ~np.any(_kinds(same)[0], axis=0)
    return not (is_broken and has_words[words].all())


def is_missing(cell: str) -> bool:
    """Whether a cell says that there is no value."""
    return cell.strip().upper() in MISSING


def rows_of(text: str, separator: str) -> Iterator[list[str]]:
    """Read lines as Python's csv module does; a blank line is an empty list."""
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)


def sample_of(content: Path | bytes) -> str:
    """The first lines, without a byte order mark, and without a line that was cut off."""
    if isinstance(content, Path):
        with content.open("rb") as file:
            head = file.read(SAMPLE_BYTES)
    else:
        head = content[:SAMPLE_BYTES]
    if len(head) == SAMPLE_BYTES:
        head = head[: head.rfind(b"\n") + 1] or head
    return head.decode("utf-8-sig", "replace")


def _rows(text: str, separator: str) -> Iterator[_Row]:
    """The lines of the sample, cut into cells; csv.Error as of the csv module."""
    lines = text.splitlines(keepends=True)
    reader = rows_of(text, separator)
    first = 1
    for cells in reader:
        last = reader.line_num  # type: ignore[attr-defined]
        yield _Row(first, last, _line(lines, first, last), [cell.strip() for cell in cells])
        first = last + 1


def _line(lines: Sequence[str], first: int, last: int) -> str:
    return "".join(lines[first - 1 : last]).strip("\r\n")


def _width_of(rows: Sequence[_Row]) -> int:
    """How many values most rows have."""
    held = [row for row in rows if not row.is_blank]
    return _commonest(
        [len(row.cells) for row in held if not _is_comment(row.text)]
        or [len(row.cells) for row in held]
    )


def _commonest(widths: Sequence[int]) -> int:
    """The width that most rows have; of two, the larger: titles are short."""
    return max(widths, key=lambda width: (widths.count(width), width))


def _shown(row: _Row) -> str:
    return shortened(" ".join(row.text.split()), _MOST_SHOWN)


def _is_comment(text: str) -> bool:
    return _COMMENT.match(text) is not None


def _without_comment(cells: list[str]) -> list[str]:
    """The values of a line of comment."""
    first = _COMMENT.sub("", cells[0], count=1).strip()
    return [first, *cells[1:]] if first or len(cells) == 1 else cells[1:]


def _of_excel(text: str) -> str | None:
    """The separator that a first line such as `sep=;` names."""
    found = _EXCEL.fullmatch(text.split("\n", 1)[0].rstrip("\r"))
    return found["separator"] if found else None


def _is_one_column(text: str) -> bool:
    """Whether there is a name of one word, and below it one number a line, such as 1,5 or 1 200."""
    first, *rest = [line.strip() for line in text.splitlines() if line.strip()][:SAMPLE_ROWS]
    is_name = len(re.split(r"[\s,;|]", first)) == 1 and not are_numbers([first]).any()
    return is_name and bool(rest) and bool(are_numbers(rest).all())


def _readable(path: Path, name: str) -> Path | bytes:
    """The file, or its text as UTF-8 where polars could not read the file."""
    content = encoding.as_utf8(path, name)
    head = content[:SAMPLE_BYTES] if isinstance(content, bytes) else b""
    if isinstance(content, Path):
        with content.open("rb") as file:
            head = file.read(SAMPLE_BYTES)
    if b"\r" in head and b"\n" not in head:  # the line ends of old Macintosh programs
        whole = content if isinstance(content, bytes) else content.read_bytes()
        return whole.replace(b"\r", b"\n")
    if isinstance(content, Path) and not _has_text_as_name(path):
        return content.read_bytes()
    return content


def _has_text_as_name(path: Path) -> bool:
    """Whether a name can be given to polars: on Linux it need not be text."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_spaced(text: str) -> bool:
    """Whether the last of the lines are values in columns, with white space between."""
    lines = [line for line in text.splitlines()[: 2 * SAMPLE_ROWS] if line.strip()]
    rows = [_spaced(line) for line in lines if not _is_comment(line)]
    if not rows:
        return False
    widths = [len(row) for row in rows]
    width = _commonest(widths)
    table = rows[widths.index(width) :]
    if width < 2 or widths[widths.index(width) :].count(width) != len(table):
        return False
    columns = list(zip(*(table[1:] or table), strict=True))
    numeric = [bool(np.all(are_numbers(column) | _missing(column))) for column in columns]
    quoted = '"' in "".join(lines)
    return all(numeric) or (any(numeric) and (quoted or len(table) > 2))


def _kinds(rows: Sequence[Sequence[str]]) -> tuple[np.ndarray, np.ndarray]:
    """Which cells of (n, W) are numbers, and which say that there is no value: bool."""
    cells = [cell for row in rows for cell in row]
    shape = len(rows), len(rows[0])
    return are_numbers(cells).reshape(shape), _missing(cells).reshape(shape)


def _missing(cells: Sequence[str]) -> np.ndarray:
    return np.array([is_missing(cell) for cell in cells], bool)


def _spaced(line: str) -> list[str]:
    """The values of a line, with white space between."""
    return [
        found[2] if found[1] is None else found[1].replace('\\"', '"').replace('""', '"')
        for found in _SPACED.finditer(line)
    ]


def _with_tabs(content: Path | bytes) -> bytes:
    """Write one tab for each run of white space."""
    data = content.read_bytes() if isinstance(content, Path) else content
    lines = _LINE_END.split(data.removeprefix(codecs.BOM_UTF8))
    if b'"' not in data:
        return b"\n".join(b"\t".join(line.split()) for line in lines)
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerows(_spaced(line.decode("utf-8", "replace")) for line in lines)
    return text.getvalue().encode()
