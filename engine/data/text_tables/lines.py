"""Reads a text file with Python's csv module, which is slower than polars, but accepts more.

It handles what polars does not: rows of different lengths, quotation marks in odd places, and the
line number of a row.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import chain, islice
from typing import BinaryIO

from engine.data.text_tables.sniffing import Layout
from engine.errors import DataError

BLOCK_BYTES = 1 << 20


def has_quotes(layout: Layout) -> bool:
    """Whether there are quotation marks among the values."""
    with _opened(layout) as file:
        for _ in range(layout.start):
            file.readline()
        return any(b'"' in block for block in iter(lambda: file.read(BLOCK_BYTES), b""))


def count_comments(layout: Layout) -> int:
    """Count the lines among the values that are skipped because they begin like a comment."""
    if layout.comment is None:
        return 0
    mark = layout.comment.encode()
    with _opened(layout) as file:
        return sum(line.startswith(mark) for line in islice(file, layout.start, None))


def count_rows(layout: Layout, source: str) -> int:
    """The number of rows of values; raises what `_rows` raises."""
    return sum(any(cell.strip() for cell in cells) for _, cells in _rows(layout, source))


def lines_of(layout: Layout, source: str, rows: Iterable[int]) -> dict[int, int]:
    """Find the lines of rows in the file.

    Args:
        layout: The layout of the file.
        source: The name of the file as the user gave it.
        rows: The numbers of the rows, from 0, without blank lines.

    Returns:
        For each row the number of its line, from 1.

    Raises:
        DataError: Raised by `_rows`.
    """
    wanted = set(rows)
    found: dict[int, int] = {}
    row = -1
    for line, cells in _rows(layout, source):
        if len(found) == len(wanted):
            break
        row += any(cell.strip() for cell in cells)
        if row in wanted and row not in found:
            found[row] = line
    return found


def rewritten(layout: Layout, source: str) -> Layout:
    """Rewrite the file in memory, with quotation marks where polars needs them, and without blank
    lines; raises what `_rows` raises.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=layout.separator, lineterminator="\n")
    writer.writerows(
        cells for _, cells in _rows(layout, source) if any(cell.strip() for cell in cells)
    )
    return replace(layout, content=text.getvalue().encode(), start=0)


def _rows(layout: Layout, source: str) -> Iterator[tuple[int, list[str]]]:
    """Read every row of values, also blank ones, with the line in which it begins.

    Raises:
        DataError: A row has more values than the table has columns, or fewer and is not blank; or
            a quotation mark is never closed.
    """
    end = "\0"  # the last line, unless an open quotation mark swallows it
    start = layout.start + 1
    with io.TextIOWrapper(_opened(layout), "utf-8-sig", newline="") as text:
        for _ in islice(text, layout.start):
            pass
        lines = _without_comments(text, layout.comment)
        reader = csv.reader(chain(lines, [end]), delimiter=layout.separator, skipinitialspace=True)
        with suppress(csv.Error):  # a value of more than 128 KiB: a quotation mark is open
            for row in reader:
                if row == [end]:
                    return
                if row and row[-1].endswith(end):
                    break
                _check_length(row, layout, start, source)
                yield start, row
                start = layout.start + reader.line_num + 1
    raise DataError(f"Line {start:,} of {source} has a quotation mark that is never closed.")


def _without_comments(lines: Iterable[str], comment: str | None) -> Iterator[str]:
    """The lines, with comments blanked so that line numbers do not change."""
    return ("\n" if comment is not None and line.startswith(comment) else line for line in lines)


def _check_length(row: list[str], layout: Layout, line: int, source: str) -> None:
    width = layout.width
    least = width - layout.ends_empty
    if len(row) > width or (len(row) < least and any(cell.strip() for cell in row)):
        n_columns = "1 column" if width == 1 else f"{width:,} columns"
        raise DataError(
            f"Line {line:,} of {source} has {len(row):,} {'value' if len(row) == 1 else 'values'}, "
            f"but the table has {n_columns}; correct that line, or delete it."
        )


def _opened(layout: Layout) -> BinaryIO:
    content = layout.content
    return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")
