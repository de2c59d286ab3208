"""The layout of a text file: its encoding, its delimiter, and the lines above its values.

Spreadsheets, other programs and people write "CSV" in many ways. A file that polars can read is
left on disk; any other is rewritten in memory. CleverCSV (van den Burg et al. 2019, Wrangling messy
CSV files by detecting row and type patterns) finds delimiters too; docs/decisions/0021-tables.md
says why it is not used.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.data.tables.missing_words import are_missing
from engine.data.tables.options import DELIMITERS, TableOptions
from engine.data.text_tables import encoding
from engine.data.text_tables.head import EXCEL, Head, Row, commonest, is_comment, rows_of
from engine.data.text_tables.number_format import are_numbers
from engine.errors import DataError

SAMPLE_BYTES = 1 << 20
# Rows that are examined, without comments; more if they are short.
_MIN_ROWS, _MAX_ROWS, _CELLS = 50, 250, 20_000
# A tab, semicolon or bar in every line is a separator; a comma may also be a decimal comma.
SEPARATORS = ("\t", ";", "|", ",")
_LINE_END = re.compile(rb"\r\n?|\n")
# A value in a line separated by spaces, perhaps in quotation marks, as R writes it.
_SPACED = re.compile(r'"((?:[^"\\]|\\.|"")*)"|(\S+)')
_MOST_OF_LINE = 200  # characters of a line that is a number or a title
_ALONE = "Each line was read as one number, with a decimal comma or thousands separators."
# Two digits or more after a comma, the first one a zero: not a whole number.
_CENTS = re.compile(r"[+-]?\d+,(\d{2,})")
# What a file really is, whatever its name says.
_OTHERS = {
    b"PK\x03\x04": "an archive or an Excel workbook; save it as CSV",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook; save it as CSV",
    b"PAR1": "a Parquet file; let its name end in .parquet",
    b"\x1f\x8b": "compressed; unpack it",
    b"%PDF": "a PDF; save the table as CSV",
    b"\x93NUMPY": "a NumPy file; let its name end in .npy",
}
_WEB_PAGE = re.compile(r"\s*<(!doctype html|html|table)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How to read a text file.

    Attributes:
        content: The file, or its text as UTF-8 with `separator` between values.
        encoding: The encoding of the file.
        separator: The separator, one character.
        delimiter: The delimiter as the user knows it: a space if the file has white space.
        header: The cells of the line that names the columns, unchanged; None if there is none.
        width: The number of values in a row.
        skip_rows: Lines above the header, or above the first row if there is no header.
        start: Lines above the first row of values.
        comment: What comments begin with, if there are some above the values.
        ends_empty: Whether all or nearly all rows have a separator after the last value.
        notes: Sentences about what was left out, or guessed.
        doubts: Those of them about what is ambiguous.
    """

    content: Path | bytes
    encoding: str
    separator: str
    delimiter: str
    header: list[str] | None
    width: int
    skip_rows: int
    start: int
    comment: str | None = None
    ends_empty: bool = False
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def layout_of(path: Path, source: str, options: TableOptions | None = None) -> Layout:
    """Detect the layout of a text file.

    Args:
        path: The file.
        source: The name of the file as the user gave it.
        options: What the user has chosen already.

    Raises:
        DataError: The file is empty, is not text, or does not look like a table.
        OSError: It cannot be read.
    """
    options = options or TableOptions()
    path = path.absolute()  # polars would expand a ~ to the user's home
    found = encoding.encoding_of(path)
    name = options.encoding or found.name
    _refuse_others(path, source)
    content = _readable(path, name, source)
    text = sample_of(content)
    if "\0" in text:
        raise _no_text(source)
    if not text.strip():
        raise DataError(f"{source} is empty.")
    notes = []
    if found.is_guessed and not options.encoding:
        notes.append(
            f"The file is not UTF-8 and was read as {name}; if letters look wrong, choose another "
            "encoding (--encoding)."
        )
    try:
        separator = options.delimiter or _of_excel(text, source) or separator_of(text)
        alone = not options.delimiter and "," in text and _is_one_column(text)
        delimiter = separator
        if separator == " ":
            content = _with_tabs(content)
            text, separator = sample_of(content), "\t"
        rows = _sampled(rows_of(text, separator), options.skip_rows or 0)
    except csv.Error:
        raise DataError(f"{source} has a quotation mark that is never closed.") from None
    if all(row.is_blank for row in rows):
        raise DataError(f"{source} holds no values.")
    head = Head(rows, options, source)
    if alone:
        notes.append(_ALONE)
    return Layout(
        content=content,
        encoding=name,
        separator=separator,
        delimiter=delimiter,
        header=head.header,
        width=head.width,
        skip_rows=head.skip_rows,
        start=head.start,
        comment=head.comment,
        ends_empty=head.ends_empty,
        notes=(*notes, *head.notes),
        doubts=(*head.doubts, *([_ALONE] if alone else [])),
    )


def separator_of(text: str) -> str:
    """Choose the separator that splits every line into the same number of values, at least 2.

    Lines above the table may differ. A space stands for any run of white space between numbers. If
    no separator fits all lines, the one that fits most is chosen; a comma for a single column.
    """
    if _is_one_column(text):
        return "\t" if "," in text else ","
    fits = {separator: _fit(text, separator) for separator in SEPARATORS}
    best = max(SEPARATORS[::-1], key=lambda separator: fits[separator])
    whole = [separator for separator in SEPARATORS if fits[separator] == 1.0]
    if whole and not (whole == [","] and _has_decimal_commas(text)):
        return whole[0]
    return " " if (fits[best] < 0.8 or whole) and _is_spaced(text) else best


def _fit(text: str, separator: str) -> float:
    """The fraction of rows with the most common width, from the first such row on."""
    try:
        rows = _sampled(rows_of(text, separator))
    except csv.Error:  # a wide table with another separator
        return 0.0
    held = [row for row in rows if row.cells]
    widths = [len(r.cells) for r in held if not is_comment(r.text)] or [len(r.cells) for r in held]
    width = commonest(widths)
    table = widths[widths.index(width) :]
    share = table.count(width) / len(table) if width > 1 else 0.0
    return (
        share if len(table) > 1 or len(widths) == 1 else 0.5 * share
    )  # a single line is weak evidence


def _has_decimal_commas(text: str) -> bool:
    """Whether there are spaces inside the values between commas, as in `1,5 2,25`."""
    rows = [row for row in _sampled(rows_of(text, ",")) if row.cells and not is_comment(row.text)]
    if "," in rows[0].text and not are_numbers(rows[0].text.split()).all():
        return False  # names between commas
    cells = [cell for row in rows for cell in row.cells]
    return any(re.fullmatch(r"\d+\s+[+-]?\d+", cell) for cell in cells)


def _sampled(rows: Iterator[Row], n_more: int = 0) -> list[Row]:
    """The first rows, enough of them to classify the lines."""
    found: list[Row] = []
    n_rows = n_cells = 0
    for row in rows:
        found.append(row)
        if is_comment(row.text) or row.first <= n_more:
            continue
        n_rows, n_cells = n_rows + 1, n_cells + len(row.cells)
        if n_rows >= _MIN_ROWS and (n_cells >= _CELLS or n_rows >= _MAX_ROWS):
            break
    return found


def sample_of(content: Path | bytes) -> str:
    """The first lines, without a byte order mark, and without an incomplete last line."""
    if isinstance(content, Path):
        with content.open("rb") as file:
            head = file.read(SAMPLE_BYTES)
    else:
        head = content[:SAMPLE_BYTES]
    if len(head) == SAMPLE_BYTES:
        head = head[: head.rfind(b"\n") + 1] or head
    return head.decode("utf-8-sig", "replace")


def _of_excel(text: str, source: str) -> str | None:
    """The separator that a first line such as `sep=;` specifies."""
    found = EXCEL.fullmatch(text.split("\n", 1)[0].rstrip("\r"))
    if found is None:
        return None
    if found["separator"] not in DELIMITERS:
        raise DataError(
            f'Line 1 of {source} asks for the delimiter "{found["separator"]}"; only '
            f"{', '.join(DELIMITERS.values())} can be read."
        )
    return found["separator"]


def _is_one_column(text: str) -> bool:
    """Whether each line below a name or a title is one number, such as 1,5 or 1 200."""
    lines = [line.strip() for line in text.splitlines()[: 2 * _MAX_ROWS] if line.strip()]
    if any(len(line) > _MOST_OF_LINE for line in lines):
        return False
    numbers = are_numbers(lines) | are_missing(lines)
    first = int(np.argmax(numbers)) if numbers.any() else len(lines)
    above, rest = lines[:first], lines[first:]
    if not rest or not numbers[first:].all() or not are_numbers(rest).any():
        return False
    if any(re.search(r"[;|\t,]", line) for line in above):
        return False
    if not any("," in line or " " in line for line in rest):
        return True
    if above:
        widths = {len(line.split()) for line in rest}
        return not (widths == {len(above[-1].split())} and widths != {1})
    # Without a name, whole numbers separated by commas are just as likely.
    cents = [found[1] for line in rest if (found := _CENTS.fullmatch(line))]
    return len({line.count(",") for line in rest}) > 1 or (
        len(cents) == len(rest) and len({*map(len, cents)}) == 1 and any(c[0] == "0" for c in cents)
    )


def _refuse_others(path: Path, source: str) -> None:
    """Raise an error for a file that is not text, and say what it is."""
    with path.open("rb") as file:
        start = file.read(512)
    for mark, what in _OTHERS.items():
        if start.startswith(mark):
            raise DataError(f"{source} is not text but {what}.")
    if _WEB_PAGE.match(start.decode("utf-8", "replace")):
        raise DataError(f"{source} is a web page; save the table in it as CSV.")


def _no_text(source: str) -> DataError:
    return DataError(f"{source} is not a text file, so it cannot be read as a table.")


def _readable(path: Path, name: str, source: str) -> Path | bytes:
    """The file, or its text as UTF-8 if polars could not read the file."""
    content = encoding.as_utf8(path, name, source)
    head = content[:SAMPLE_BYTES] if isinstance(content, bytes) else b""
    if isinstance(content, Path):
        with content.open("rb") as file:
            head = file.read(SAMPLE_BYTES)
    if b"\r" in head and b"\n" not in head:  # line ends of old Macintosh programs
        whole = content if isinstance(content, bytes) else content.read_bytes()
        return whole.replace(b"\r", b"\n")
    if isinstance(content, Path) and not _has_text_as_name(path):
        return content.read_bytes()
    return content


def _has_text_as_name(path: Path) -> bool:
    """Whether polars accepts a name: on Linux names need not be text."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_spaced(text: str) -> bool:
    """Whether the last lines are values in columns, separated by white space."""
    lines = [line for line in text.splitlines()[: 2 * _MIN_ROWS] if line.strip()]
    rows = [_spaced(line) for line in lines if not is_comment(line)]
    if not rows:
        return False
    widths = [len(row) for row in rows]
    width = commonest(widths)
    table = rows[widths.index(width) :]
    if width < 2 or widths[widths.index(width) :].count(width) != len(table):
        return False
    columns = list(zip(*(table[1:] or table), strict=True))
    numeric = [bool(np.all(are_numbers(column) | are_missing(column))) for column in columns]
    quoted = '"' in "".join(lines)
    return all(numeric) or (any(numeric) and (quoted or len(table) > 2))


def _spaced(line: str) -> list[str]:
    """The values of a line that are separated by white space."""
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
