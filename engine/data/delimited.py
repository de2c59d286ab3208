"""Tables in text files, whose values are told apart by a separator: CSV and its kin."""

from collections.abc import Mapping, Sequence
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING

from engine.data.cells import count_others, first_other, read_numbers, reread, scan_cells
from engine.data.columns import choose, listed, numbered, unique_names
from engine.data.dataset import Dataset, dataset_of
from engine.data.lines import blank_rows, count_rows, has_quotes, rewritten
from engine.data.names import names_in
from engine.data.sniffing import NUMBER, Layout, layout_of
from engine.errors import DataError

if TYPE_CHECKING:
    import polars as pl

MOST_HALVES = 3


class Kind(Enum):
    """What the cells of a column are, missing ones aside."""

    NUMBER = auto()
    COMMA = auto()  # numbers with a decimal comma
    TRUTH = auto()  # true and false
    EMPTY = auto()
    TEXT = auto()
    HALF = auto()  # text, of which at least half could have been numbers


NOT_NUMBERS = (Kind.EMPTY, Kind.TEXT, Kind.HALF)


def read_delimited(path: Path, source: str, wanted: Sequence[str] | None) -> Dataset:
    """Read the columns of numbers of a text file, or those that are wanted.

    Args:
        path: The file.
        source: Its name as the user gave it.
        wanted: Columns by name, or by number from 1; None for all that are numbers.

    Raises:
        DataError: The file is no table, has no numbers, or has not the columns wanted.
        OSError: It cannot be read.
    """
    layout = layout_of(path, source)
    width = len(layout.first_row)
    names = unique_names(layout.first_row) if layout.has_header else numbered(width)
    indices = range(width) if wanted is None else choose(wanted, names, source)
    cells, frame = _read(layout, indices, source)
    kinds = _kinds(cells, frame, indices, layout.separator == ";")
    left_out = [index for index, kind in kinds.items() if kind in NOT_NUMBERS]
    if left_out and wanted is not None:
        why = _why_not(cells, left_out[0], kinds[left_out[0]])
        raise DataError(f'Column "{names[left_out[0]]}" of {source} {why}.')
    numeric = [index for index in indices if index not in set(left_out)]
    if not numeric:
        why = "".join(f" {sentence}" for sentence in _half_notes(cells, names, kinds))
        raise DataError(f"{source} has no column of numbers; its columns: {listed(names)}.{why}")
    frame = frame.with_columns(_reread(cells, kinds).head(frame.height))
    words = [str(index) for index in range(width) if index not in set(numeric)]
    return dataset_of(
        frame.select([str(index) for index in numeric]).to_numpy(),
        [names[index] for index in numeric],
        source,
        left_out=[names[index] for index in left_out],
        notes=(*_header_notes(layout), *_left_out_notes(cells, names, kinds)),
        names=names_in(cells.select(words), len(words), frame.height),
    )


def _read(
    layout: Layout, indices: Sequence[int], source: str
) -> "tuple[pl.LazyFrame, pl.DataFrame]":
    """Read columns as `read_numbers` does, without blank lines at the end of the file."""
    import polars as pl

    try:
        cells = scan_cells(layout)
        frame = read_numbers(cells, indices)
    except pl.exceptions.PolarsError:
        frame = None
    n_blank = blank_rows(layout)
    # A quotation mark within a value can make polars fail, or lose rows without a word; and a row
    # that is too short is filled up. Counting takes longer than reading, so only where it must be.
    short = frame is not None and len(layout.first_row) > 1 and frame["gap"].sum() > n_blank
    doubtful = short or has_quotes(layout)
    if frame is None or (doubtful and count_rows(layout, source) != frame.height):
        layout = rewritten(layout, source)
        cells = scan_cells(layout)
        frame = read_numbers(cells, indices)
    if frame.height <= n_blank:
        raise DataError(f"{source} has a header line and no rows.")
    return cells, frame.head(frame.height - n_blank)


def _kinds(
    cells: "pl.LazyFrame", frame: "pl.DataFrame", indices: Sequence[int], decimal_comma: bool
) -> dict[int, Kind]:
    """Tell what each column is; those with text in them need a second look at the file."""
    numbers = {index: frame[str(index)].is_not_nan().sum() for index in indices}
    kinds = {index: Kind.NUMBER if numbers[index] else Kind.EMPTY for index in indices}
    doubtful = [index for index in indices if frame[f"{index}?"].any()]
    if not doubtful:
        return kinds
    counts = count_others(cells, doubtful, decimal_comma)
    for index, others in zip(doubtful, counts, strict=True):
        if not others.total:
            continue
        if others.total == others.truths and not numbers[index]:
            kinds[index] = Kind.TRUTH
        elif others.total == others.commas and not others.points:
            kinds[index] = Kind.COMMA
        else:
            could_be = numbers[index] + others.commas
            kinds[index] = Kind.HALF if could_be >= others.total - others.commas else Kind.TEXT
    return kinds


def _reread(cells: "pl.LazyFrame", kinds: Mapping[int, Kind]) -> "pl.DataFrame":
    commas = [index for index, kind in kinds.items() if kind is Kind.COMMA]
    truths = [index for index, kind in kinds.items() if kind is Kind.TRUTH]
    return reread(cells, commas, truths)


def _why_not(cells: "pl.LazyFrame", index: int, kind: Kind) -> str:
    if kind is Kind.EMPTY:
        return "has no values"
    return f"is not numbers: {first_other(cells, index)}"


def _left_out_notes(
    cells: "pl.LazyFrame", names: Sequence[str], kinds: Mapping[int, Kind]
) -> list[str]:
    """Name the columns left out."""
    texts = [names[index] for index, kind in kinds.items() if kind in (Kind.TEXT, Kind.HALF)]
    blanks = [names[index] for index, kind in kinds.items() if kind is Kind.EMPTY]
    notes = [f"Left out, not numbers: {listed(texts)}."] if texts else []
    notes += [f"Left out, no values: {listed(blanks)}."] if blanks else []
    return notes + _half_notes(cells, names, kinds)


def _half_notes(
    cells: "pl.LazyFrame", names: Sequence[str], kinds: Mapping[int, Kind]
) -> list[str]:
    """Say what stands in the way of columns of which at least half are numbers."""
    halves = [index for index, kind in kinds.items() if kind is Kind.HALF]
    return [f"In column {names[i]}, {first_other(cells, i)}." for i in halves[:MOST_HALVES]]


def _header_notes(layout: Layout) -> list[str]:
    if not layout.has_header:
        return ["The first line is numbers, so the columns are named by number."]
    if any(NUMBER.fullmatch(cell) for cell in layout.first_row):
        return [f"The first line was read as the names of columns: {listed(layout.first_row)}."]
    return []
