"""How a table was read: the dialect of its file, and what each column was taken for."""

from dataclasses import dataclass
from enum import StrEnum

from engine.data.tables.options import Role, TableOptions


class Kind(StrEnum):
    """What the cells of a column are, missing ones aside."""

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
        why: A sentence about a column that is not clustered: which cell is no number, or what it
            looks like; empty for a column that is.
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
        options: With what was found out. Reading the file with these options gives the same
            table, and leaves no doubt.
        columns: All of them, in the file's order.
        is_text: Whether the file is text, so that it has a delimiter, a decimal mark and so on.
        thousands: What was found between thousands. It is no option: a file may have two such.
        doubts: Sentences about what could be read in another way too; none where all is clear.
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
        reading: How.
        cells: Its first rows, a text a column: numbers as they were understood, without thousands
            separators and with a decimal point, words as they stand, nothing where a value is
            missing.
        lines: The first lines of the file as they stand, for comparison; none where it is no text.
        problem: Why nothing can be clustered so; empty where something can.
        is_whole: Whether the whole file was looked at; if not, roles and kinds may be others.
        notes: Sentences about how it was read that are no doubts.
    """

    reading: Reading
    cells: tuple[tuple[str, ...], ...]
    lines: tuple[str, ...]
    problem: str = ""
    is_whole: bool = True
    notes: tuple[str, ...] = ()
