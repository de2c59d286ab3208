"""A text file line by line, as Python's csv module reads it: slower than polars, and it takes more.

For what polars does not tell: rows of different lengths, and quotation marks in odd places.
"""

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from typing import BinaryIO

from engine.data.sniffing import Layout, blank_tail
from engine.errors import DataError

BLOCK_BYTES = 1 << 20


def blank_rows(layout: Layout) -> int:
    """Count the lines at the end that hold nothing."""
    with _opened(layout) as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(0, size - BLOCK_BYTES))
        return blank_tail(file.read(), layout.separator)


def has_quotes(layout: Layout) -> bool:
    """Whether there are quotation marks below the first line."""
    with _opened(layout) as file:
        file.readline()
        return any(b'"' in block for block in iter(lambda: file.read(BLOCK_BYTES), b""))


def count_rows(layout: Layout, source: str) -> int:
    """Count the rows, the header left out; raises as `_rows`."""
    return sum(1 for _ in _rows(layout, source)) - layout.blank - layout.has_header


def rewritten(layout: Layout, source: str) -> Layout:
    """Write the file anew in memory, with the quotation marks where polars wants them."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=layout.separator, lineterminator="\n")
    writer.writerows(_rows(layout, source))
    return replace(layout, content=text.getvalue().encode())


def _rows(layout: Layout, source: str) -> Iterator[list[str]]:
    """Read every row, blank ones and the header too.

    Raises:
        DataError: A row has more values than the first, or fewer and is not blank; or a quotation
            mark is never closed.
    """
    width, end = len(layout.first_row), "\0"  # the last line, unless a value swallows it
    start = 1
    with io.TextIOWrapper(_opened(layout), "utf-8-sig", newline="") as text:
        reader = csv.reader(chain(text, [end]), delimiter=layout.separator, skipinitialspace=True)
        with suppress(csv.Error):  # a value of more than 128 KiB: a quotation mark is open
            for row in reader:
                if row == [end]:
                    return
                if row and row[-1].endswith(end):
                    break
                if len(row) > width or (len(row) < width and any(cell.strip() for cell in row)):
                    raise DataError(
                        f"Line {start:,} of {source} has {len(row)} "
                        f"{'value' if len(row) == 1 else 'values'} "
                        f"where the first line has {width}."
                    )
                start = reader.line_num + 1
                yield row
    raise DataError(f"Line {start:,} of {source} has a quotation mark that is never closed.")


def _opened(layout: Layout) -> BinaryIO:
    content = layout.content
    return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")
