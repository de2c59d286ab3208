"""How a table was read: the dialect of its file, and the kind and role of each column."""

from dataclasses import dataclass
from enum import StrEnum

from engine.data.tables.options import Role, TableOptions


class Kind(StrEnum):
    """What the cells of a column contain, apart from missing values."""

    NUMBERS = "numbers"
    TRUTHS = "true and false"
    WORDS = "words"
    NOTHING = "no values"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnReading:
    """One column of a table.

    Attributes:
        name: Unique in its table.
        kind: What its cells are.
        role: What it is for.
        why: Why a column is not clustered: which cell is not a number, or what the column looks
            like; empty for a column that is clustered.
    """

    name: str
    kind: Kind
    role: Role
    why: str = ""

    @property
    def can_be_clustered(self) -> bool:
        """Whether its cells are numbers."""
        return self.kind in (Kind.NUMBERS, Kind.TRUTHS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a table was read.

    Attributes:
        options: The options, including what was detected. Reading the file with them gives the same
            table, without doubts.
        columns: All columns, in the order of the file.
        is_text: Whether the file is text, and so has a delimiter, a decimal mark and so on.
        thousands: The thousands separator that was found. It is not an option, because a file may
            have two of them.
        doubts: Sentences about what is ambiguous; none if everything is clear.
    """

    options: TableOptions
    columns: tuple[ColumnReading, ...]
    is_text: bool
    thousands: str | None = None
    doubts: tuple[str, ...] = ()

    @property
    def numeric(self) -> tuple[str, ...]:
        """The names of the columns that can be clustered, whether they are or not."""
        return tuple(column.name for column in self.columns if column.can_be_clustered)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The beginning of a table, as it is read.

    Attributes:
        reading: How it is read.
        cells: The first rows, one text for each column: numbers as they were understood, without
            thousands separators and with a decimal point; words unchanged; nothing where a value is
            missing.
        lines: The first lines of the file unchanged, for comparison; none if it is not text.
        problem: Why nothing can be clustered; empty if something can.
        is_whole: Whether the whole file was read; otherwise roles and kinds may turn out different.
        notes: Sentences about how it was read, apart from doubts.
    """

    reading: Reading
    cells: tuple[tuple[str, ...], ...]
    lines: tuple[str, ...]
    problem: str = ""
    is_whole: bool = True
    notes: tuple[str, ...] = ()
