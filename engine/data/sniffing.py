"""How a text file is laid out: its encoding, separator and header, told from its first lines.

Spreadsheets, other programs and people write "CSV" in many ways. A file laid out as polars reads
it is left on disk; any other is rewritten in memory.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from engine.errors import DataError

SAMPLE_BYTES = 1 << 20
SAMPLE_ROWS = 50
# A tab, semicolon or bar in every line separates; a comma may as well be a decimal comma.
SEPARATORS = ("\t", ";", "|", ",")
MISSING = ("", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?", "-")
STRIPPED = ' \t\xa0"'  # `1, "2"` has a space before its quotation mark
NUMBER = re.compile(r"[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|inf(inity)?|nan)", re.IGNORECASE)
COMMENT = "# \t"  # before the names, as savetxt of NumPy writes them
_LINE_END = re.compile(rb"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Layout:
    """How to read a text file.

    Attributes:
        content: The file, or its text as UTF-8 with `separator` between values.
        separator: One character.
        first_row: The cells of the first line that is not blank, without spaces around them.
        has_header: Whether the first row names the columns.
        blank: Lines before the first row, which hold nothing.
    """

    content: Path | bytes
    separator: str
    first_row: list[str]
    has_header: bool
    blank: int


def layout_of(path: Path, source: str) -> Layout:
    """Find out how a text file is laid out.

    Raises:
        DataError: The file is empty, is no text, or has a quotation mark that is never closed.
        OSError: It cannot be read.
    """
    content = _as_utf8(path)
    text = _sample(content)
    if "\0" in text:
        raise DataError(f"{source} is not a text file, so it cannot be read as a table.")
    if not text.strip():
        raise DataError(f"{source} is empty.")
    try:
        separator = separator_of(text)
        if separator == " ":
            content = _with_tabs(content)
            text, separator = _sample(content), "\t"
        rows = list(islice(rows_of(text, separator), SAMPLE_ROWS))
    except csv.Error:
        raise DataError(f"{source} has a quotation mark that is never closed.") from None
    held = [index for index, row in enumerate(rows) if any(cell.strip() for cell in row)]
    if not held:
        raise DataError(f"{source} holds no values.")
    first_row = [cell.strip() for cell in rows[held[0]]]
    return Layout(content, separator, first_row, is_header(first_row, separator), held[0])


def separator_of(text: str) -> str:
    """Choose the separator that cuts every line into the same number of values, 2 or more.

    A space stands for any run of white space between numbers. Where no separator fits all lines,
    the one that fits most; a comma for a single column.
    """
    fits = {}
    for separator in SEPARATORS:
        widths = [len(row) for row in islice(rows_of(text, separator), SAMPLE_ROWS) if row]
        commonest = max(widths, key=widths.count)
        fits[separator] = widths.count(commonest) / len(widths) if commonest > 1 else 0.0
    best = max(SEPARATORS[::-1], key=lambda separator: fits[separator])
    whole = [separator for separator in SEPARATORS if fits[separator] == 1.0]
    if whole:
        return whole[0]
    return " " if not any(fits.values()) and _is_spaced(text) else best


def is_header(cells: list[str], separator: str) -> bool:
    """Whether the first row names columns: it has a word, or is the header of an unnamed table.

    pandas writes a table without names as `,0,1,2`: a blank for the index, then column numbers.
    """
    if cells[0] == "" and cells[1:] == [str(index) for index in range(len(cells) - 1)]:
        return True
    if separator == ";":
        cells = [cell.replace(",", ".") for cell in cells]
    words = [cell for cell in cells if not NUMBER.fullmatch(cell) and cell not in MISSING]
    return bool(words) or all(cell in MISSING for cell in cells)


def rows_of(text: str, separator: str) -> Iterator[list[str]]:
    """Read lines as Python's csv module does; a blank line is an empty list."""
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)


def blank_tail(tail: bytes, separator: str) -> int:
    """Count the lines at the end of a file that hold nothing but spaces and separators."""
    blank = tail[len(tail.rstrip(b" \r\n\t" + separator.encode())) :]
    ends = blank.count(b"\n")
    # The first line end belongs to the last row that holds something; a line without an end counts.
    return max(0, ends - 1 + (ends > 0 and not blank.endswith(b"\n")))


def _as_utf8(path: Path) -> Path | bytes:
    """Leave a file on disk that polars can read; else give its text in UTF-8."""
    path = path.absolute()  # polars would take a ~ for the user's folder
    with path.open("rb") as file:
        head = file.read(SAMPLE_BYTES)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return path.read_bytes().decode("utf-16", "replace").encode()
    if b"\0" in head:
        return head  # no text: not worth being read to its end
    if not _is_utf8(path):
        return path.read_bytes().decode("latin-1").encode()
    if b"\r" in head and b"\n" not in head:  # the line ends of old Macintosh programs
        return path.read_bytes().replace(b"\r", b"\n")
    return path if _has_text_as_name(path) else path.read_bytes()


def _has_text_as_name(path: Path) -> bool:
    """Whether a name can be given to polars: on Linux it need not be text."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(SAMPLE_BYTES):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _sample(content: Path | bytes) -> str:
    """The first lines, without a byte order mark, and without a line that was cut off."""
    if isinstance(content, Path):
        with content.open("rb") as file:
            head = file.read(SAMPLE_BYTES)
    else:
        head = content[:SAMPLE_BYTES]
    if len(head) == SAMPLE_BYTES:
        head = head[: head.rfind(b"\n") + 1] or head
    return head.decode("utf-8-sig", "replace")


def _is_spaced(text: str) -> bool:
    """Whether the lines after the first are numbers in columns, with white space between."""
    lines = text.lstrip(COMMENT).splitlines()[: 2 * SAMPLE_ROWS]
    rows = [line.split() for line in lines if line.strip()]
    widths = {len(row) for row in rows}
    numbers = all(NUMBER.fullmatch(cell) for row in rows[1:] or rows for cell in row)
    return len(widths) == 1 and widths != {1} and numbers


def _with_tabs(content: Path | bytes) -> bytes:
    """Write one tab for each run of white space."""
    data = content.read_bytes() if isinstance(content, Path) else content
    lines = _LINE_END.split(data.removeprefix(codecs.BOM_UTF8).lstrip(COMMENT.encode()))
    return b"\n".join(b"\t".join(line.split()) for line in lines)
