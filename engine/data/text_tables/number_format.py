"""The number format of a text file: the decimal mark and the thousands separators.

`1.200` is 1.2 if the decimal mark is a point, and 1200 if it is a comma. Other cells of the file
show which it is: `2,5`, `0.75`, `1.234,5` and `1,234,567` can be read in only one way. If there are
no such cells, a column of whole numbers up to 999 and numbers such as `1.200` was written with
thousands separators, because a program that writes three decimals writes them everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import polars as pl

_POINT, _COMMA = ".", ","
_OTHER = {_POINT: _COMMA, _COMMA: _POINT}
_SPACE, _APOSTROPHE = "space", "'"
# A pattern for each thousands separator, for use in a character class; spaces are any of Unicode.
_CLASSES = {_POINT: r"\.", _COMMA: ",", _SPACE: r"\s\x{A0}\x{202F}", _APOSTROPHE: "'’´"}
_EXPONENT = r"(?:[eE][+-]?\d+)?"
_CURRENCY = (
    r"(?:[A-Z]{1,2}\$|\p{Sc}|EUR|USD|GBP|CHF|JPY|INR|BRL|SEK|NOK|DKK|PLN|CZK|HUF|kr\.?|zł|Kč|Ft"
    r"|TL|Rs\.?|Fr\.)"
)
# Signs around a number that are not part of it.
_SIGNS = {
    "minus": (r"^[−–‒﹣－]\s*", "-"),
    "bracket": (r"^(\p{Sc}?\s*)\((.*\d.*)\)$", "-$1$2"),
    "nothing": (r"^\p{Sc}\s*-$", "0"),  # as accountants write 0
    "whole": (r"(\d)[.,][-–—]{1,2}$", "$1"),
    "behind": (r"^([^+-].*\d.*)-$", "-$1"),
}
_CURRENCY_BEFORE = rf"^([+-]?)\s*{_CURRENCY}\s*([+-]?\d|[+-]?[.,]\d)"
_CURRENCY_BEHIND = rf"\s*{_CURRENCY}$"
_PERCENT = r"\s*%$"
_INVISIBLE = r"[\x{200B}\x{200E}\x{200F}\x{202A}-\x{202E}\x{2060}\x{FEFF}]"
_MANY = 3  # ambiguous cells for each unambiguous one
_MAX_SMALL = 3  # digits of a number below a thousand


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How numbers are written.

    Attributes:
        decimal: The decimal mark, a point or a comma.
        thousands: The thousands separators that are understood, keys of THOUSANDS.
    """

    decimal: str = _POINT
    thousands: tuple[str, ...] = (_COMMA, _SPACE, _APOSTROPHE)

    @classmethod
    def with_decimal(cls, decimal: str, thousands: str | None = None) -> "NumberFormat":
        """The format with a decimal mark.

        Args:
            decimal: The decimal mark.
            thousands: The thousands separator; None for all that cannot be anything else.
        """
        if thousands is None:
            return cls(decimal, (_OTHER[decimal], _SPACE, _APOSTROPHE))
        return cls(decimal, (thousands,) if thousands else ())

    @property
    def plain(self) -> str:
        """A pattern for numbers without thousands separators."""
        mark = _CLASSES[self.decimal]
        return rf"^[+-]?(?:\d+(?:{mark}\d*)?|{mark}\d+){_EXPONENT}$"

    @property
    def grouped(self) -> str:
        """A pattern for numbers with separators: groups of three, or of two as in India."""
        mark = _CLASSES[self.decimal]
        groups = [rf"[1-9]\d{{0,2}}(?:[{_CLASSES[each]}]\d{{3}})+" for each in self.thousands]
        if _COMMA in self.thousands:
            groups.append(r"[1-9]\d?(?:,\d{2})+,\d{3}")
        either = "|".join(groups) or r"\b\B"  # matches nothing
        return rf"^[+-]?(?:{either})(?:{mark}\d*)?{_EXPONENT}$"


def both_ways(cell: str, decimal: str) -> tuple[float, float]:
    """The number in a cell with one decimal mark, and with the other."""
    import polars as pl

    cells = pl.Series([cell])
    ways = [parse(cells, NumberFormat.with_decimal(mark)) for mark in (decimal, _OTHER[decimal])]
    return float(ways[0][0]), float(ways[1][0])


def number_of(cell: str, number_format: NumberFormat | None = None) -> float:
    """Parse one cell, with the other decimal mark if the first does not fit; else NaN."""
    import polars as pl

    cells = cleaned(pl.Series([cell], dtype=pl.String)).cells
    first = number_format or NumberFormat()
    other = NumberFormat.with_decimal(_OTHER[first.decimal])
    numbers = [float(parse(cells, each)[0]) for each in (first, other)]
    return numbers[0] if numbers[0] == numbers[0] else numbers[1]


class Cleaned(NamedTuple):
    """Cells without the signs around their numbers.

    Attributes:
        cells: The cells, as text.
        currency, percent, bracket: Which cells had such a sign, bool.
    """

    cells: "pl.Series"
    currency: np.ndarray
    percent: np.ndarray
    bracket: np.ndarray


def cleaned(cells: "pl.Series") -> Cleaned:
    """Remove currency and percent signs, and write every minus sign as a hyphen."""
    cells = cells.str.replace_all(_INVISIBLE, "")
    cells = cells.str.normalize("NFKC").str.strip_chars()  # full-width digits and signs
    bracket = cells.str.contains(_SIGNS["bracket"][0]).fill_null(False)
    for pattern, sign in _SIGNS.values():
        cells = cells.str.replace(pattern, sign)
    percent = cells.str.contains(_PERCENT)
    cells = cells.str.replace(_PERCENT, "")
    currency = cells.str.contains(_CURRENCY_BEFORE) | cells.str.contains(rf"\d{_CURRENCY_BEHIND}")
    cells = cells.str.replace(_CURRENCY_BEFORE, "$1$2").str.replace(_CURRENCY_BEHIND, "")
    return Cleaned(cells, *(_flags(each) for each in (currency, percent, bracket)))


def parse(cells: "pl.Series", number_format: NumberFormat) -> np.ndarray:
    """Parse cleaned cells as (n,) float64, NaN where a cell is not a number."""
    import polars as pl

    between = "".join(_CLASSES[each] for each in number_format.thousands)
    is_plain = cells.str.contains(number_format.plain)
    is_grouped = cells.str.contains(number_format.grouped)
    bare = cells.str.replace_all(f"[{between}]", "") if between else cells
    digits = pl.select(pl.when(is_grouped).then(bare).when(is_plain).then(cells)).to_series()
    if number_format.decimal == _COMMA:
        digits = digits.str.replace(_COMMA, _POINT, literal=True)
    return _floats(digits)


def has_spaces(cells: "pl.Series") -> np.ndarray:
    """Which cells are numbers with spaces between their thousands: (n,) bool."""
    return _flags(cells.str.contains(rf"^[+-]?\d{{1,3}}(?:[{_CLASSES[_SPACE]}]\d{{3}})+(?:[.,]|$)"))


class Evidence:
    """How many cells of each of W columns can be read in only one way, and how many in two.

    Attributes:
        certain: For each decimal mark, (W,) counts of cells that only it can explain.
        either: For each mark, (W,) counts of cells such as `1.200`, where it may be a decimal mark
            or a thousands separator.
        small, large: (W,) counts of whole numbers without a mark, of up to three digits and more.
        numbers: (W,) counts of cells that are numbers in one way or another.
        seen: (W,) counts of cells that were examined.
        examples: For columns that have one, a cell that can be read in two ways.
    """

    def __init__(self, n_columns: int) -> None:
        def none() -> np.ndarray:
            return np.zeros(n_columns, np.int64)

        self.certain = {_POINT: none(), _COMMA: none()}
        self.either = {_POINT: none(), _COMMA: none()}
        self.small, self.large, self.numbers, self.seen = none(), none(), none(), none()
        self.examples: dict[int, str] = {}

    def add(self, cells: "pl.Series", columns: np.ndarray) -> None:
        """Examine cleaned cells, given the (n,) columns they are in."""
        n_columns = len(self.small)
        self.seen += np.bincount(columns, minlength=n_columns)

        def count(which: "pl.Series") -> np.ndarray:
            return np.bincount(columns[_flags(which)], minlength=n_columns)

        whole = cells.str.contains(r"^[+-]?\d+$")
        small = cells.str.contains(rf"^[+-]?\d{{1,{_MAX_SMALL}}}$")
        self.small += count(small)
        self.large += count(whole & ~small)
        self.numbers += count(whole)
        for mark in (_POINT, _COMMA):
            either = _flags(cells.str.contains(rf"^[+-]?[1-9]\d{{0,2}}{_CLASSES[mark]}\d{{3}}$"))
            forms = NumberFormat.with_decimal(mark)
            reads = cells.str.contains(forms.plain) | cells.str.contains(forms.grouped)
            other = NumberFormat.with_decimal(_OTHER[mark])
            reads_other = cells.str.contains(other.plain) | cells.str.contains(other.grouped)
            certain = count(reads & ~reads_other)
            n_either = np.bincount(columns[either], minlength=n_columns)
            self.certain[mark] += certain
            self.either[mark] += n_either
            self.numbers += certain + n_either
            places = np.flatnonzero(either)
            found, firsts = np.unique(columns[places], return_index=True)
            for index, first in zip(found.tolist(), firsts.tolist(), strict=True):
                self.examples.setdefault(index, cells[int(places[first])])

    @property
    def is_open(self) -> np.ndarray:
        """(W,) bool, the columns whose number format is still open."""
        return np.asarray((self.certain[_POINT] == 0) & (self.certain[_COMMA] == 0))

    def has_thousands(self, mark: str) -> np.ndarray:
        """(W,) bool, the columns in which the mark looks like a thousands separator."""
        alone = (self.certain[_POINT] == 0) & (self.certain[_COMMA] == 0)
        mixed = (self.either[mark] > 0) & (self.small > 0) & (self.large == 0)
        return np.asarray(mixed & alone)


class Verdict(NamedTuple):
    """What follows from the evidence.

    Attributes:
        formats: The number format of each column.
        differing: The columns whose format differs from that of the others.
        doubtful: The columns whose numbers are ambiguous.
        noted: The columns whose numbers would be ambiguous without the rest of the file.
        examples: A cell of each such column.
    """

    formats: list[NumberFormat]
    differing: list[int]
    doubtful: list[int]
    noted: list[int]
    examples: dict[int, str]


def judge(
    evidence: Evidence,
    delimiter: str,
    decimal: str | None = None,
    thousands: str | None = None,
) -> Verdict:
    """Decide how the numbers of a file are written.

    Args:
        evidence: The evidence of its cells; a column that is mostly not numbers is ignored.
        delimiter: The delimiter of values. Files with decimal commas use the semicolon.
        decimal: The decimal mark that the user has chosen; None if none.
        thousands: The thousands separator that the user has chosen; "" for no separator.
    """
    n_columns = len(evidence.seen)
    tells = 2 * evidence.numbers >= evidence.seen
    if decimal is None and thousands in _OTHER:
        decimal = _OTHER[thousands]
    certain = {mark: int(counts[tells].sum()) for mark, counts in evidence.certain.items()}
    either = {mark: counts * tells for mark, counts in evidence.either.items()}
    mixed = {mark: evidence.has_thousands(mark) & tells for mark in _OTHER}
    if decimal is not None:
        mark, doubtful = decimal, np.zeros(n_columns, bool)
    elif any(certain.values()):
        mark = max(certain, key=lambda each: certain[each])
        doubtful = mixed[mark]
    else:
        mark = _likely(either, mixed, delimiter if thousands is None else "")
        doubtful = (either[_POINT] > 0) | (either[_COMMA] > 0)
    other = _OTHER[mark]
    # All numbers of a column look like 48.137, in a file with decimal commas.
    alike = evidence.certain[mark] + evidence.certain[other] + evidence.small + evidence.large == 0
    noted = alike & (either[other] > 0) & (either[mark] == 0)
    # A few cells decide, against many ambiguous ones.
    doubtful = doubtful | (
        tells & (evidence.certain[mark] > 0) & (either[other] > _MANY * evidence.certain[mark])
    )
    if decimal is not None or thousands is not None:
        doubtful = noted = np.zeros(n_columns, bool)
    differs = tells & (evidence.certain[other] > 0) & (evidence.certain[mark] == 0)
    formats = [
        NumberFormat.with_decimal(other if differs[index] else mark, thousands)
        for index in range(n_columns)
    ]
    return Verdict(
        formats,
        _indices(differs),
        _indices(doubtful & ~differs),
        _indices(noted & ~doubtful & ~differs),
        evidence.examples,
    )


def _likely(either: dict[str, np.ndarray], mixed: dict[str, np.ndarray], delimiter: str) -> str:
    """The likely decimal mark if no cell is certain; without a delimiter none is for thousands."""
    for mark, other in _OTHER.items() if delimiter else ():
        if mixed[mark].any() and not mixed[other].any():
            return other
    found = [mark for mark in _OTHER if either[mark].any()]
    if found and not delimiter:
        return found[0]
    return _COMMA if found and delimiter == ";" else _POINT


def _indices(which: np.ndarray) -> list[int]:
    return list(map(int, np.flatnonzero(which)))


def _flags(which: "pl.Series") -> np.ndarray:
    return np.asarray(which.fill_null(False).to_numpy(), bool)


def _floats(digits: "pl.Series") -> np.ndarray:
    import polars as pl

    return np.array(digits.cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy(), np.float64)


def are_numbers(cells: Sequence[str]) -> np.ndarray:
    """Which cells are numbers, with either decimal mark: (n,) bool."""
    import polars as pl

    bare = cleaned(pl.Series(cells, dtype=pl.String).str.strip_chars()).cells
    formats = [NumberFormat.with_decimal(mark) for mark in _OTHER]
    found = np.zeros(len(cells), bool)
    for each in formats:
        found |= _flags(bare.str.contains(each.plain) | bare.str.contains(each.grouped))
    found |= _flags(bare.str.contains(r"(?i)^[+-]?(inf(inity)?|nan)$"))
    return found
