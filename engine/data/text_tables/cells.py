"""The cells of a text file: numbers, markers of missing values, or words.

polars splits the file into cells, block by block of rows; what a number or a marker of a missing
value looks like is decided here. All cells of a block are treated as one long column, so that
20,000 columns take no longer than 20,000 rows. Numbers are kept, words only where they are wanted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from engine.data.tables.missing_words import MISSING
from engine.data.tables.options import TableOptions
from engine.data.tables.roles import MAX_CLASSES, MAX_NAMED
from engine.data.text_tables import number_format
from engine.data.text_tables.number_format import Evidence, NumberFormat, Verdict
from engine.data.text_tables.sniffing import Layout

if TYPE_CHECKING:
    import polars as pl

BLOCK_CELLS = 2_000_000
TRUE, FALSE = ("TRUE",), ("FALSE",)
# Cells of the first rows from which the number format is detected, unless they leave it open.
_HEAD_CELLS = 100_000
# The kinds of cells.
NUMBER, MISSES, TRUTH, OTHER = range(4)
_MARKS = [".", ","]


@dataclass(slots=True, eq=False)
class Columns:
    """What is known about W columns after R rows; empty lines are not rows.

    Attributes:
        n_rows: R.
        n_numbers, n_truths, n_others: (W,) counts of numbers, of true or false, and of words.
        first_other: For each column with words, the row of the first one, from 0, and the word.
        signs: For each kind of sign that was removed, (W,) counts of cells that had it.
        zeros: (W,) bool, whether a whole number has a leading zero, as codes do.
        words: For the columns that were wanted as text, a series for each block.
    """

    n_rows: int
    n_numbers: np.ndarray
    n_truths: np.ndarray
    n_others: np.ndarray
    first_other: dict[int, tuple[int, str]]
    signs: dict[str, np.ndarray]
    zeros: np.ndarray
    words: "dict[int, list[pl.Series]]" = field(default_factory=dict)
    _blocks: list[np.ndarray] = field(default_factory=list)

    @classmethod
    def none(cls, width: int) -> "Columns":
        """Columns before the first row."""

        def counts() -> np.ndarray:
            return np.zeros(width, np.int64)

        signs = {name: counts() for name in ("currency", "percent", "bracket", "space")}
        zeros = np.zeros(width, bool)
        return cls(0, counts(), counts(), counts(), {}, signs, zeros)

    def add(self, numbers: np.ndarray) -> None:
        """Append (W, n) numbers of more rows."""
        self._blocks.append(numbers)
        self.n_rows += numbers.shape[1]

    def numbers(self, columns: Sequence[int]) -> np.ndarray:
        """(R, len(columns)) float64, NaN where there is no number."""
        if not self._blocks:
            return np.empty((0, len(columns)))
        every = list(columns) == list(range(len(self.zeros)))
        parts = [block if every else block[list(columns)] for block in self._blocks]
        return (parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)).T

    def column(self, index: int) -> np.ndarray:
        """(R,) float64, one of the columns."""
        parts = [block[index] for block in self._blocks]
        return parts[0] if len(parts) == 1 else np.concatenate([*parts, np.empty(0)])

    def text(self, column: int) -> "pl.Series":
        """(R,) the words of a column that was wanted as text, null where a cell is empty."""
        import polars as pl

        parts = self.words[column]
        return pl.concat(parts) if parts else pl.Series([], dtype=pl.String)


def blocks(layout: Layout) -> "Iterator[pl.DataFrame]":
    """The cells of a file as text, block by block of rows; raises what polars raises."""
    import polars as pl

    scan = pl.scan_csv(
        layout.content,
        separator=layout.separator,
        has_header=False,  # otherwise polars would rename repeated names
        skip_lines=layout.start,
        infer_schema=False,
        comment_prefix=layout.comment,
        new_columns=[str(index) for index in range(layout.width)],
        glob=False,
    )
    n_rows = max(1, BLOCK_CELLS // layout.width)
    try:
        yield from scan.collect_batches(chunk_size=n_rows, lazy=True)
    except pl.exceptions.NoDataError:
        return


class Reader:
    """Reads blocks of cells.

    Attributes:
        verdict: How numbers are written, as far as that is known.
        columns: What has been read.
        n_gaps: Rows without their last value.
        hits: The values that the user declared missing, and that were found.
    """

    def __init__(
        self,
        width: int,
        delimiter: str,
        options: TableOptions,
        as_text: Iterable[int] = (),
        every_text: bool = False,
        verdict: Verdict | None = None,
    ) -> None:
        """Start to read.

        Args:
            width: W.
            delimiter: The delimiter of values.
            options: What the user has chosen.
            as_text: The columns that are wanted as text, besides those that are mostly words.
            every_text: Whether all columns are wanted as text.
            verdict: How numbers are written, if that is known already.
        """
        self._delimiter, self._options = delimiter, options
        self._as_text, self._every_text = frozenset(as_text), every_text
        self._evidence: Evidence | None = Evidence(width) if verdict is None else None
        self.verdict = verdict or self._judge()
        self.columns = Columns.none(width)
        self.n_gaps = 0
        self.hits: set[str] = set()

    @property
    def is_settled(self) -> bool:
        """Whether everything was read in the number format of the whole file."""
        return self._evidence is None or self._judge().formats == self.verdict.formats

    def final_verdict(self) -> Verdict:
        """How numbers are written, according to all cells."""
        return self.verdict if self._evidence is None else self._judge()

    def read(self, frame: "pl.DataFrame") -> None:
        """Read the next block."""
        cells, plain, n_rows = _cells_of(frame)
        if not n_rows:
            return
        width = frame.width
        self.n_gaps += cells.slice((width - 1) * n_rows).null_count()
        if self._evidence is not None:
            self._gather(cells, n_rows, width)
            if not self.columns.n_rows:
                self.verdict = self._judge()
        numbers = np.full((width, n_rows), np.nan)
        kinds = np.full((width, n_rows), MISSES, np.uint8)
        for each, own in _by_format(self.verdict.formats).items():
            self._read_some(cells, plain, own, each, numbers, kinds)
        self._count(cells, n_rows, kinds)
        self.columns.add(numbers)

    def _judge(self) -> Verdict:
        assert self._evidence is not None
        options = self._options
        return number_format.judge(
            self._evidence, self._delimiter, options.decimal, options.thousands
        )

    def _gather(self, cells: "pl.Series", n_rows: int, width: int) -> None:
        """Look for cells that show how numbers are written.

        They are looked for in the first rows, and further down in the columns where that is still
        open.
        """
        assert self._evidence is not None
        first = not self.columns.n_rows
        n_head = max(1, _HEAD_CELLS // width)
        rows = np.arange(n_rows)
        if first:
            self._look_at(cells, np.arange(width), rows[:n_head], n_rows)
        rest = rows[n_head:] if first else rows
        if not len(rest):
            return
        is_open = np.flatnonzero(self._evidence.is_open).tolist()
        marked = [
            index
            for index in is_open
            if cells.slice(index * n_rows, n_rows).str.contains_any(_MARKS).any()
        ]
        self._look_at(cells, np.array(marked, np.int64), rest, n_rows)

    def _look_at(
        self, cells: "pl.Series", columns: np.ndarray, rows: np.ndarray, n_rows: int
    ) -> None:
        assert self._evidence is not None
        if not len(columns):
            return
        places = (columns[:, np.newaxis] * n_rows + rows).ravel()
        some = cells.gather(places)
        held = some.is_not_null().to_numpy() & ~_is_in(some, MISSING)
        bare = number_format.cleaned(some.filter(held)).cells
        self._evidence.add(bare, np.repeat(columns, len(rows))[held])

    def _read_some(
        self,
        cells: "pl.Series",
        plain: "pl.Series",
        own: np.ndarray,
        number_format_: NumberFormat,
        numbers: np.ndarray,
        kinds: np.ndarray,
    ) -> None:
        """Read the columns with one number format into (W, n_rows) arrays."""
        import polars as pl

        width, n_rows = numbers.shape
        some, found = cells, plain
        if len(own) < width:
            places = (own[:, np.newaxis] * n_rows + np.arange(n_rows)).ravel()
            some, found = cells.gather(places), plain.gather(places)
        if number_format_.decimal == ",":  # numbers with a point take the slow path
            quick = some.str.replace(",", ".", literal=True)
            pointed = some.str.contains(".", literal=True)
            quick = pl.select(pl.when(~pointed).then(quick)).to_series()
            found = quick.cast(pl.Float64, strict=False)
        values = found.fill_null(np.nan).to_numpy().copy()
        own_kinds = np.where(np.isnan(values), MISSES, NUMBER).astype(np.uint8)
        slow = np.flatnonzero((some.is_not_null() & found.is_null()).to_numpy())
        if len(slow):
            columns = own[slow // n_rows]
            rest = some.gather(slow)
            own_kinds[slow], values[slow] = self._read_slowly(rest, columns, number_format_)
        self._take_missing(values, own_kinds, number_format_)
        numbers[own] = values.reshape(len(own), n_rows)
        kinds[own] = own_kinds.reshape(len(own), n_rows)

    def _read_slowly(
        self, cells: "pl.Series", columns: np.ndarray, number_format_: NumberFormat
    ) -> tuple[np.ndarray, np.ndarray]:
        """The kinds and numbers of cells that are not plain numbers."""
        kinds = np.full(len(cells), OTHER, np.uint8)
        missing = _is_in(cells, MISSING)
        for code in self._options.missing:
            which = _is_in(cells, [code])
            missing |= which
            self.hits |= {code} if which.any() else set()
        truths = {True: _is_in(cells, TRUE), False: _is_in(cells, FALSE)}
        bare = number_format.cleaned(cells)
        values = number_format.parse(bare.cells, number_format_)
        is_number = ~np.isnan(values) & ~missing
        for truth, which in truths.items():
            kinds[which], values[which] = TRUTH, float(truth)
        kinds[is_number] = NUMBER
        kinds[missing] = MISSES
        values[missing] = np.nan
        signs = {
            "currency": bare.currency,
            "percent": bare.percent,
            "bracket": bare.bracket,
            "space": number_format.has_spaces(bare.cells),
        }
        width = len(self.columns.zeros)
        for name, which in signs.items():
            self.columns.signs[name] += np.bincount(columns[which & is_number], minlength=width)
        return kinds, values

    def _take_missing(
        self, values: np.ndarray, kinds: np.ndarray, number_format_: NumberFormat
    ) -> None:
        """Mark the numbers that the user declared missing, compared as float32."""
        rounded = None
        for code in self._options.missing:
            number = number_format.number_of(code, number_format_)
            if np.isnan(number):
                continue
            rounded = values.astype(np.float32) if rounded is None else rounded
            which = rounded == np.float32(number)
            if which.any():
                self.hits.add(code)
                kinds[which], values[which] = MISSES, np.nan

    def _count(self, cells: "pl.Series", n_rows: int, kinds: np.ndarray) -> None:
        """Add the counts of a block of (W, n_rows) kinds to those of the columns."""
        columns = self.columns
        columns.n_numbers += (kinds == NUMBER).sum(axis=1)
        columns.n_truths += (kinds == TRUTH).sum(axis=1)
        others = kinds == OTHER
        n_others = others.sum(axis=1)
        columns.n_others += n_others
        new = [int(i) for i in np.flatnonzero(n_others) if int(i) not in columns.first_other]
        if new:
            rows = others[new].argmax(axis=1)
            texts = cells.gather(np.array(new) * n_rows + rows).to_list()
            for index, row, text in zip(new, rows.tolist(), texts, strict=True):
                columns.first_other[index] = (columns.n_rows + row, text)
        if not columns.n_rows:
            self._look_for_codes(cells, n_rows)
        self._keep_words(cells, n_rows, kinds)

    def _look_for_codes(self, cells: "pl.Series", n_rows: int) -> None:
        n_head = min(n_rows, max(1, _HEAD_CELLS // len(self.columns.zeros)))
        width = len(self.columns.zeros)
        places = (np.arange(width)[:, np.newaxis] * n_rows + np.arange(n_head)).ravel()
        codes = cells.gather(places).str.contains(r"^0\d+$").fill_null(False).to_numpy()
        self.columns.zeros |= codes.reshape(width, n_head).any(axis=1)

    def _keep_words(self, cells: "pl.Series", n_rows: int, kinds: np.ndarray) -> None:
        """Keep the text of columns that are mostly words: names, or a few different words."""
        words, is_first = self.columns.words, not self.columns.n_rows
        n_words, n_numbers = (kinds == OTHER).sum(axis=1), (kinds == NUMBER).sum(axis=1)
        mostly = (n_words > n_numbers) | (n_words + n_numbers == 0)
        for column in range(len(kinds)) if is_first else list(words):
            own = cells.slice(column * n_rows, n_rows)
            wanted = self._every_text or column in self._as_text
            if not wanted and mostly[column]:
                wanted = self._may_be_names(own)
            if wanted:
                words.setdefault(column, []).append(own)
            else:
                words.pop(column, None)

    def _may_be_names(self, words: "pl.Series") -> bool:
        """Whether words may be the names or classes of rows."""
        n_rows = self.columns.n_rows + len(words)
        return n_rows <= MAX_NAMED or words.n_unique() <= MAX_CLASSES + 1


class _Cells(NamedTuple):
    """The cells of some rows, column by column.

    Attributes:
        texts: (W n,) text without surrounding spaces, null for empty cells.
        plain: (W n,) the numbers with a decimal point among them, null elsewhere.
        n_rows: n, without empty rows.
    """

    texts: "pl.Series"
    plain: "pl.Series"
    n_rows: int


def _cells_of(frame: "pl.DataFrame") -> _Cells:
    """Concatenate the columns of a frame, without empty rows."""
    import polars as pl

    texts = pl.concat(frame.get_columns(), rechunk=True)
    plain = texts.cast(pl.Float64, strict=False)
    odd = (texts.is_not_null() & plain.is_null()).arg_true()
    if len(odd):  # most cells are plain numbers; only the others are cleaned
        texts = texts.scatter(odd, _clean(texts.gather(odd)))
        plain = texts.cast(pl.Float64, strict=False)
    if not texts.null_count():
        return _Cells(texts, plain, frame.height)
    empty = texts.is_null().to_numpy().reshape(frame.width, frame.height)
    held: np.ndarray = ~np.all(empty, axis=0)
    if not held.all():
        own = pl.Series(np.tile(held, frame.width))
        texts, plain = texts.filter(own), plain.filter(own)
    return _Cells(texts, plain, int(held.sum()))


def _clean(raw: "pl.Series") -> "pl.Series":
    """Cells without surrounding spaces, null where nothing is left."""
    import polars as pl

    cells = raw.str.strip_chars()
    quoted = cells.str.starts_with('"') & (cells != raw)
    if quoted.any():  # `1, "2"` has a space before its quotation mark, so it is part of the value
        inner = cells.str.extract(r'^"((?s:.*))"$').str.replace_all('""', '"', literal=True)
        chosen = pl.when(quoted & inner.is_not_null()).then(inner).otherwise(cells)
        cells = pl.select(chosen).to_series().str.strip_chars()
    return pl.select(pl.when(cells != "").then(cells)).to_series()


def _by_format(formats: Sequence[NumberFormat]) -> Mapping[NumberFormat, np.ndarray]:
    """The columns of each number format."""
    found: dict[NumberFormat, list[int]] = {}
    for index, each in enumerate(formats):
        found.setdefault(each, []).append(index)
    return {each: np.array(own) for each, own in found.items()}


def _is_in(cells: "pl.Series", words: Iterable[str]) -> np.ndarray:
    """Which cells are one of these words, ignoring case: (n,) bool."""
    upper = [word.upper() for word in words]
    if not upper:
        return np.zeros(len(cells), bool)
    found: np.ndarray = cells.str.to_uppercase().is_in(upper).fill_null(False).to_numpy()
    return found
