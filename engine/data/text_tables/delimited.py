"""Tables in text files whose values are delimited by a separator: CSV and the like."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.data.dataset import Dataset
from engine.data.tables import assembly, roles
from engine.data.tables.columns import choose, listed, numbered, unique_names
from engine.data.tables.options import DECIMALS, Role, TableOptions
from engine.data.tables.reading import ColumnReading, Kind, Preview, Reading
from engine.data.text_tables import cells
from engine.data.text_tables.cells import Columns, Reader
from engine.data.text_tables.lines import (
    count_comments,
    count_rows,
    has_quotes,
    lines_of,
    rewritten,
)
from engine.data.text_tables.number_format import NumberFormat, Verdict, are_numbers, both_ways
from engine.data.text_tables.raw_lines import raw_lines
from engine.data.text_tables.sniffing import Layout, layout_of
from engine.errors import DataError
from engine.plain_text import shortened

if TYPE_CHECKING:
    import polars as pl

_MOST_OF_CELL = 40
_FURTHER_DOWN = " If its numbers begin further down, skip the lines above them (--skip-rows)."
_PREVIEW_BYTES = 1 << 22


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A text file that has been read.

    Attributes:
        source: The name of the file as the user gave it.
        layout: Its layout.
        verdict: How its numbers are written.
        names: W unique names.
        found: The contents of the columns.
        unfound: The values that the user declared missing, but that are nowhere in the file.
    """

    source: str
    layout: Layout
    verdict: Verdict
    names: tuple[str, ...]
    found: Columns
    unfound: tuple[str, ...] = ()

    @property
    def indices(self) -> list[int]:
        """The columns that count; not the empty one after a trailing separator."""
        last = len(self.names) - 1
        nothing = self.layout.ends_empty and self.kind(last) is Kind.NOTHING
        header = self.layout.header
        is_nameless = header is None or not header[last].strip()
        return list(range(last if nothing and is_nameless and last else last + 1))

    def kind(self, index: int) -> Kind:
        """What the cells of a column contain."""
        found = self.found
        if found.n_others[index] or (found.n_truths[index] and found.n_numbers[index]):
            return Kind.WORDS
        if found.n_truths[index]:
            return Kind.TRUTHS
        return Kind.NUMBERS if found.n_numbers[index] else Kind.NOTHING

    def is_broken(self, index: int) -> bool:
        """Whether most cells of a column of words are numbers."""
        others = self.found.n_others[index] + self.found.n_truths[index]
        return self.kind(index) is Kind.WORDS and bool(self.found.n_numbers[index] >= others)

    def numbers(self, indices: Sequence[int]) -> np.ndarray:
        """(R, len(indices)) float64."""
        return self.found.numbers(indices)


def read_delimited(
    path: Path, source: str, wanted: Sequence[str] | None, options: TableOptions | None = None
) -> Dataset:
    """Read the columns of a text file that will be clustered, or those that are asked for.

    Args:
        path: The file.
        source: The name of the file as the user gave it.
        wanted: Columns by name, or by number from 1; None for those that look like measurements,
            or were given that role.
        options: What is known about the file; None for nothing.

    Raises:
        DataError: The file is not a table, has no numbers, or lacks a column that is asked for.
        OSError: It cannot be read.
    """
    options = options or TableOptions()
    table = _read(layout_of(path, source, options), source, options)
    return _dataset(table, wanted, options)


def read_typed(path: Path, source: str, options: TableOptions) -> "pl.DataFrame":
    """Read every column of a text file: numbers as numbers, words unchanged.

    Codes with leading zeros, and integers that float64 cannot represent, remain text.

    Args:
        path: The file.
        source: The name of the file as the user gave it.
        options: How to read it.

    Returns:
        R rows, without empty lines, with unique column names.

    Raises:
        DataError, OSError: Raised by `read_delimited`.
    """
    import polars as pl

    options = replace(options, missing=())
    table = _read(layout_of(path, source, options), source, options, every_text=True)
    series = []
    for index in table.indices:
        if table.kind(index) is Kind.WORDS or _loses(table, index):
            own = table.found.text(index)
        else:
            own = assembly.typed(table.found.column(index), table.kind(index))
        series.append(own.alias(table.names[index]))
    return pl.DataFrame(series)


def _loses(table: Table, index: int) -> bool:
    """Whether a column of numbers would lose information if it were parsed."""
    long = table.found.text(index).str.contains(r"^[+-]?\d{16,}$")
    return bool(table.found.zeros[index] or long.any())


def preview_delimited(path: Path, source: str, options: TableOptions) -> Preview:
    """The beginning of a text file as it would be read; raises what `read_delimited` raises."""
    layout = layout_of(path, source, options)
    short, is_whole = _shortened(layout)
    table = _read(short, source, options)
    facts, why_not = _facts(table), ""
    chosen = replace(options, roles=_there(options, table.names))
    readings = roles.assign(facts, chosen.roles, source)
    clustered = [i for i, each in enumerate(readings) if each.role is Role.CLUSTER]
    if not clustered:
        why_not = roles.none_clustered(readings, facts, source, _FURTHER_DOWN)
    reading = _reading(table, readings, options)
    notes = [*layout.notes, *_notes(table, clustered)]
    names = [table.names[index] for index in clustered]
    asked = assembly.asked_about(table.numbers(clustered), names)
    return Preview(
        reading=reading,
        cells=assembly.first_cells(facts),
        lines=raw_lines(path, replace(options, encoding=layout.encoding)),
        problem=why_not,
        is_whole=is_whole,
        notes=(*(each for each in notes if each not in reading.doubts), *asked),
    )


def _there(options: TableOptions, names: Sequence[str]) -> tuple[tuple[str, Role], ...]:
    """The roles of existing columns; another delimiter gives other columns."""
    return tuple((name, role) for name, role in options.roles if name in names)


def _shortened(layout: Layout) -> tuple[Layout, bool]:
    """The layout with only the beginning of a long file, and whether that is the whole file."""
    content = layout.content
    if isinstance(content, Path):
        with content.open("rb") as file:
            head = file.read(_PREVIEW_BYTES + 1)
    else:
        head = content
    if len(head) <= _PREVIEW_BYTES:
        return layout, True
    return replace(layout, content=head[: head.rfind(b"\n", 0, _PREVIEW_BYTES) + 1]), False


def _dataset(table: Table, wanted: Sequence[str] | None, options: TableOptions) -> Dataset:
    names = [table.names[index] for index in table.indices]
    chosen = None if wanted is None else choose(wanted, names, table.source)
    facts = _facts(table, None if chosen is None else set(chosen))
    readings = roles.assign(facts, options.roles, table.source)
    if chosen is None:
        chosen = [i for i, each in enumerate(readings) if each.role is Role.CLUSTER]
    elif bad := [index for index in chosen if not readings[index].can_be_clustered]:
        raise roles.not_numbers(facts[bad[0]], table.source)
    if not chosen:
        raise DataError(roles.none_clustered(readings, facts, table.source, _FURTHER_DOWN))
    if wanted is not None:
        readings = roles.with_clustered(readings, chosen)
    notes = [*table.layout.notes, *_notes(table, table.indices if wanted is None else chosen)]
    return assembly.dataset(
        table.numbers(chosen),
        [facts[index].name for index in chosen],
        table.source,
        facts=facts,
        reading=_reading(table, readings, options),
        left_out=[] if wanted is not None else roles.left_out(readings),
        notes=notes if wanted is not None else [*notes, *roles.notes(readings, facts)],
    )


def _read(layout: Layout, source: str, options: TableOptions, *, every_text: bool = False) -> Table:
    """Read all columns, without empty lines."""
    names = _names(layout)
    given = {name for name, role in options.roles if role in (Role.NAME, Role.CLASS)}
    as_text = [index for index, name in enumerate(names) if name in given]

    def reader(verdict: Verdict | None = None) -> Reader:
        return Reader(
            *(layout.width, layout.delimiter, options),
            as_text=as_text,
            every_text=every_text,
            verdict=verdict,
        )

    content = layout
    found = _read_all(content, reader())
    # A quotation mark inside a value can make polars fail, or silently lose rows; and polars pads a
    # row that is too short. Counting takes longer than reading, so it is done only if necessary.
    doubtful = found is None or (layout.width > 1 and found.n_gaps) or has_quotes(layout)
    if found is None or (doubtful and count_rows(layout, source) != found.columns.n_rows):
        content = rewritten(layout, source)
        found = _read_all(content, reader())
    if found is None:
        raise DataError(f"{source} cannot be cut into rows and columns.")
    if not found.is_settled:
        found = _read_all(content, reader(found.final_verdict()))
        assert found is not None  # it has been read before
    if not found.columns.n_rows:
        raise DataError(
            f"{source} has a header line and no rows."
            if layout.header is not None
            else f"{source} holds no values."
        )
    layout = _saying_what_is_skipped(layout)
    unfound = tuple(code for code in options.missing if code not in found.hits)
    return Table(source, layout, found.verdict, names, found.columns, unfound)


def _saying_what_is_skipped(layout: Layout) -> Layout:
    """The layout, with a note on comments among the values, which may be values after all."""
    n_lines = count_comments(layout)
    if not n_lines:
        return layout
    lines = "1 line that begins" if n_lines == 1 else f"{n_lines:,} lines that begin"
    note = f"Left out among the values: {lines} with {layout.comment}."
    return replace(layout, notes=(*layout.notes, note))


def _read_all(layout: Layout, reader: Reader) -> Reader | None:
    """Read every block; None if polars cannot."""
    import polars as pl

    try:
        for block in cells.blocks(layout):
            reader.read(block)
    except pl.exceptions.PolarsError:
        return None
    return reader


def _names(layout: Layout) -> tuple[str, ...]:
    header = layout.header
    return numbered(layout.width) if header is None else unique_names(header)


def _facts(table: Table, clustered: Iterable[int] | None = None) -> list[roles.Column]:
    """What is known about the columns that count."""
    found, layout = table.found, table.layout
    wordy = [index for index in table.indices if table.kind(index) is Kind.WORDS]
    shown = [index for index in wordy if index in found.first_other][: assembly.MOST_EXPLAINED]
    shown += [index for index in wordy if table.is_broken(index) and index not in shown][:3]
    shown += [index for index in clustered or () if index in found.first_other][:1]
    rows = {index: found.first_other[index][0] for index in shown if index in found.first_other}
    lines = lines_of(layout, table.source, rows.values()) if rows else {}
    facts = []
    header, kinds = layout.header, {index: table.kind(index) for index in table.indices}
    for index, kind in kinds.items():
        is_number = kind in (Kind.NUMBERS, Kind.TRUTHS)
        line = lines.get(rows[index]) if index in rows else None
        facts.append(
            roles.Column(
                name=table.names[index],
                is_nameless=header is not None and not header[index].strip(),
                kind=kind,
                numbers=found.column(index) if is_number else None,
                words=_words(table, index),
                is_code=bool(found.zeros[index]),
                why_not=_why_not(table, index, line) if kind is Kind.WORDS else "",
                is_broken=table.is_broken(index),
            )
        )
    return facts


def _words(table: Table, index: int) -> "pl.Series | None":
    if index not in table.found.words:
        return None
    words = table.found.text(index)
    return words if len(words) == table.found.n_rows else None


def _why_not(table: Table, index: int, line: int | None) -> str:
    """Which cell of a column is the first that is not a number."""
    if index not in table.found.first_other:
        return "true and false among numbers"
    text = table.found.first_other[index][1]
    cell = f'"{shortened(" ".join(text.split()), _MOST_OF_CELL)}"'
    where = cell if line is None else f"line {line:,} holds {cell}"
    if table.is_broken(index) and are_numbers([text])[0]:
        mark = DECIMALS[table.verdict.formats[index].decimal]
        where += f", which does not fit a decimal {mark}"
    return where


def _reading(table: Table, readings: Sequence[ColumnReading], options: TableOptions) -> Reading:
    layout = table.layout
    is_open = options.decimal is None and options.thousands is None
    number_format = _commonest(table.verdict.formats)
    other = "," if number_format.decimal == "." else "."
    thousands = "space" if table.found.signs["space"].any() else other
    return Reading(
        options=replace(
            options,
            delimiter=layout.delimiter,
            decimal=options.decimal or number_format.decimal,
            header=layout.header is not None,
            skip_rows=layout.skip_rows,
            encoding=layout.encoding,
        ),
        columns=tuple(readings),
        is_text=True,
        thousands=thousands if options.thousands is None else options.thousands,
        doubts=(*layout.doubts, *(_number_doubts(table, table.indices) if is_open else ())),
    )


def _commonest(formats: Sequence[NumberFormat]) -> NumberFormat:
    return Counter(formats).most_common(1)[0][0]


def _notes(table: Table, indices: Sequence[int]) -> list[str]:
    """Sentences about signs removed from numbers, and about ambiguous number formats."""
    sentences = _number_doubts(table, indices)
    if table.unfound:
        sentences.append(f"Not found, though given as missing: {listed(table.unfound)}.")
    for decimal in DECIMALS:
        own = [i for i in table.verdict.noted if table.verdict.formats[i].decimal == decimal]
        if own := [index for index in own if index in indices]:
            sentences.append(_doubt(table, own, decimal))
    signs = {
        "currency": "Currency signs were left out",
        "percent": "Percent signs were left out, so that 12 % is 12",
        "bracket": "Numbers in brackets were read as negative",
        "space": "Spaces within numbers were read as thousands separators",
    }
    numeric = [index for index in indices if table.kind(index) is Kind.NUMBERS]
    for name, what in signs.items():
        counts = table.found.signs[name]
        own = [index for index in numeric if counts[index]]
        if own:
            sentences.append(f"{what}: {_listed(table, own)}.")
    truths = [index for index in indices if table.kind(index) is Kind.TRUTHS]
    if truths:
        sentences.append(f"True was read as 1 and false as 0: {_listed(table, truths)}.")
    return sentences


def _listed(table: Table, indices: Sequence[int]) -> str:
    return listed([table.names[index] for index in indices])


def _number_doubts(table: Table, indices: Sequence[int]) -> list[str]:
    """Sentences about how ambiguous numbers were read."""
    verdict, sentences = table.verdict, []
    numeric = [index for index in indices if table.kind(index) is Kind.NUMBERS]
    n_percent, n_numbers = table.found.signs["percent"], table.found.n_numbers
    if mixed := [index for index in numeric if 0 < n_percent[index] < n_numbers[index]]:
        sentences.append(f"Only some numbers have a percent sign: {_listed(table, mixed)}.")
    for decimal, mark in DECIMALS.items():
        own = [i for i in numeric if verdict.formats[i].decimal == decimal]
        if doubtful := [index for index in verdict.doubtful if index in own]:
            sentences.append(_doubt(table, doubtful, decimal))
        if differing := [index for index in verdict.differing if index in own]:
            names = _listed(table, differing)
            sentences.append(f"Unlike the rest, numbers have a decimal {mark}: {names}.")
    return sentences


def _doubt(table: Table, indices: Sequence[int], decimal: str) -> str:
    """A sentence that shows on one cell how ambiguous columns were read."""
    names = _listed(table, indices)
    cell = table.verdict.examples.get(indices[0], "")
    read, other = both_ways(cell, decimal)
    return (
        f"{cell} was read as {read:.15g}, with a decimal {DECIMALS[decimal]}, but could be "
        f"{other:.15g}: {names}. Choose the decimal mark if that is wrong (--decimal)."
    )
