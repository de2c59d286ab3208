"""The roles of the columns of a table: to be clustered, or to give the names or classes of rows.

A number is not always a measurement: pandas and R write row numbers as a column without a name, and
tables have ids, keys and classes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from engine.data.tables.columns import listed
from engine.data.tables.options import Role
from engine.data.tables.reading import ColumnReading, Kind
from engine.errors import DataError

if TYPE_CHECKING:
    import polars as pl

# With more rows nobody reads the names, and they would take more memory than the points.
MAX_NAMED = 100_000
MAX_CLASSES = 50
_HEAD = 1000
_NUMBERS_ROWS = "it numbers the rows"
_NO_OTHERS = "it may measure nothing, but there is no other column of numbers"
# With fewer rows, whole numbers that increase by one may mean anything.
_MIN_COUNTED = 8
# Names of columns that identify rows, at any position.
_KEYS = frozenset(
    (
        *("id", "ids", "uid", "uuid", "guid", "pk", "oid", "fid", "pid", "gid", "sku", "gtin"),
        *("ean", "isbn", "issn", "ssn", "nr", "n°", "nº", "№", "#", "rowid", "rownum", "rownames"),
        *("identifier", "kennung", "matrikelnr", "sno", "plz", "zip", "zipcode", "postcode"),
        *("phone", "telephone", "telefon", "tel", "fax", "mobile", "iban"),
    )
)
# Names that do so only in the first column: elsewhere NO is nitric oxide, and index a measure.
_FIRST_KEYS = _KEYS | frozenset(
    (
        *("no", "num", "number", "key", "index", "idx", "row", "rows", "record", "obs"),
        *("observation", "case", "zeile", "ligne", "numero", "numéro", "nummer", "serial", "seq"),
        *("sequence", "level", "item", "fall"),
    )
)
_KEY_WORDS = frozenset(("id", "ids", "nr", "key", "nummer", "number", "identifier", "kennung"))
# Endings of a single word, as in Kundennummer and userid; some English words end alike.
_KEY_ENDING = re.compile(r"[a-zà-ÿ]{2,}(nummer|number|nr|id|key)")
_NO_KEYS = frozenset(
    (
        *("acid", "aid", "arid", "avid", "avoid", "bid", "covid", "did", "fluid", "grid", "humid"),
        *("hybrid", "kid", "lipid", "liquid", "mid", "monkey", "paid", "plaid", "raid", "rapid"),
        *("said", "solid", "steroid", "thyroid", "turkey", "valid", "void", "whiskey"),
    )
)
_UNNAMED = re.compile(r"unnamed( level)?( \d+)+( level \d+)?|(index )?level \d+")
_CLASS_NAMES = frozenset(
    (
        *("class", "classes", "label", "labels", "target", "targets", "category", "categories"),
        *("species", "cluster", "clusters", "klasse", "kategorie", "classe", "catégorie"),
    )
)
# Independent variables, which may well increase by one from row to row.
_MEASURED = frozenset(
    (
        *("x", "y", "z", "t", "u", "v", "time", "year", "age", "day", "hour", "minute", "second"),
        *("week", "month", "quarter", "date", "temperature", "temp", "dose", "depth", "height"),
        *("width", "length", "distance", "position", "level", "step", "epoch", "iteration", "rank"),
        *("frequency", "channel", "concentration", "speed", "voltage", "angle", "energy", "mass"),
        *("zeit", "jahr", "tag", "stunde", "monat", "woche", "temperatur", "dosis", "tiefe"),
        *("temps", "an", "jour", "mois", "semaine", "température"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What is known about a column before its role is assigned.

    Attributes:
        name: Unique in its table.
        is_nameless: Whether the file has no name for it.
        kind: What its cells contain.
        numbers: (R,) float64, NaN where a value is missing; None if the cells are not numbers.
        words: (R,) text, null where a value is missing; None if they were not kept.
        is_code: Whether its numbers have leading zeros.
        why_not: A sentence about a cell that is not a number; empty if all are numbers.
        is_broken: Whether most cells are numbers, but some are not.
    """

    name: str
    is_nameless: bool = False
    kind: Kind
    numbers: np.ndarray | None = None
    words: "pl.Series | None" = None
    is_code: bool = False
    why_not: str = ""
    is_broken: bool = False


def assign(
    columns: Sequence[Column], chosen: Sequence[tuple[str, Role]], source: str
) -> list[ColumnReading]:
    """Give each column its role.

    Args:
        columns: All columns, in the order of the file.
        chosen: The roles that the user has chosen, by name.
        source: The name of the file, for errors.

    Raises:
        DataError: A role was chosen for a column that does not exist, or cannot have it.
    """
    given = dict(chosen)
    if gone := [name for name in given if name not in {column.name for column in columns}]:
        raise DataError(f"{source} has no column {listed(gone)}, for which a role was chosen.")
    found: list[tuple[Role, str]] = []
    leads = True
    for column in columns:
        found.append(_by_itself(leads, column))
        leads = leads and found[-1][1] == _NUMBERS_ROWS
    if not any(
        role is Role.CLUSTER and column.name not in given
        for column, (role, _) in zip(columns, found, strict=True)
    ):  # then there is nothing else to cluster
        found = [
            (Role.CLUSTER, _NO_OTHERS if each[1] else "")
            if column.kind in (Kind.NUMBERS, Kind.TRUTHS)
            else each
            for column, each in zip(columns, found, strict=True)
        ]
    taken: set[Role] = set(given.values())
    readings = []
    for column, (role, why) in zip(columns, found, strict=True):
        if column.name in given:
            role, why = _given(column, given[column.name], source)
        elif role in (Role.NAME, Role.CLASS):
            if role in taken:
                role, why = Role.LEAVE_OUT, column.why_not or f"{why}, and so does another column"
            taken.add(role)
        readings.append(ColumnReading(name=column.name, kind=column.kind, role=role, why=why))
    return readings


def notes(readings: Sequence[ColumnReading], columns: Sequence[Column]) -> list[str]:
    """Sentences about the roles of all columns that are not clustered."""
    sentences = []
    numeric = [each for each in readings if each.can_be_clustered and each.role is not Role.CLUSTER]
    for why in dict.fromkeys(each.why for each in numeric if each.why):
        names = listed([each.name for each in numeric if each.why == why])
        sentences.append(f"Not clustered, unless you choose it: {names} ({why}).")
    if dubious := [each.name for each in readings if each.why == _NO_OTHERS]:
        sentences.append(f"Clustered, though they may only number the rows: {listed(dubious)}.")
    for role, what in ((Role.CLASS, "class"), (Role.NAME, "name")):
        names_of = [each.name for each in readings if each.role is role]
        if names_of and not any(each.name in names_of and each.why for each in numeric):
            sentences.append(f"Read as the {what} of each row: {listed(names_of)}.")
    left = [
        column
        for column, each in zip(columns, readings, strict=True)
        if each.role is Role.LEAVE_OUT and not each.can_be_clustered
    ]
    words = [column for column in left if column.kind is Kind.WORDS]
    if words:
        places = [f"{column.name} ({column.why_not})" for column in words]
        sentences.append(f"Left out, not numbers: {listed(places)}.")
    empty = [column.name for column in left if column.kind is Kind.NOTHING]
    if empty:
        sentences.append(f"Left out, no values: {listed(empty)}.")
    if any(column.is_broken for column in words):
        sentences.append("Correct such cells, or name them as missing.")
    return sentences


def _by_itself(leads: bool, column: Column) -> tuple[Role, str]:
    """The likely role of a column, and why it is not clustered."""
    if column.kind is Kind.WORDS:
        return _of_words(column)
    if column.kind is Kind.NOTHING:
        return Role.LEAVE_OUT, "it has no values"
    if column.kind is Kind.NUMBERS:
        assert column.numbers is not None
        if _numbers_rows(leads, column):
            return Role.LEAVE_OUT, _NUMBERS_ROWS
        if _is_class(column):
            return Role.CLASS, "it is the class of each row"
        if column.is_code:
            return Role.LEAVE_OUT, "its values are codes: they begin with zeros"
    return Role.CLUSTER, ""


def _of_words(column: Column) -> tuple[Role, str]:
    words = column.words
    if column.is_broken or words is None:
        return Role.LEAVE_OUT, column.why_not
    held = words.drop_nulls()
    n_different = held.n_unique()
    if 1 < n_different <= min(MAX_CLASSES, len(held) / 2):
        return Role.CLASS, "it is the class of each row"
    if n_different > 1 and len(words) <= MAX_NAMED:
        return Role.NAME, "it names the rows"
    if len(words) == 1:
        return Role.NAME, "it names the row"
    return Role.LEAVE_OUT, column.why_not


def _given(column: Column, role: Role, source: str) -> tuple[Role, str]:
    if role is Role.CLUSTER and column.kind not in (Kind.NUMBERS, Kind.TRUTHS):
        raise not_numbers(column, source)
    return role, ""


def _numbers_rows(leads: bool, column: Column) -> bool:
    """Whether a column numbers the rows, or identifies each by a number.

    Args:
        leads: Whether it is the first column, or all columns before it number the rows too.
        column: The column.
    """
    numbers, name = column.numbers, _plain(column.name)
    assert numbers is not None
    head = numbers[:_HEAD]
    if (head != np.rint(head)).any() and not np.isnan(head).any():
        return False  # most columns of measurements end here
    values = numbers[~np.isnan(numbers)]
    if not len(values) or not _are_whole(values):
        return False
    if leads and (column.is_nameless or _UNNAMED.fullmatch(name)):
        return True
    counts = len(values) == len(numbers) and bool((np.diff(numbers) == 1).all())
    if leads and counts and numbers[0] in (0, 1) and len(numbers) >= _MIN_COUNTED:
        return not _MEASURED.intersection(name.split())
    is_exact = (np.abs(values) < 2**53).all()  # beyond that, different numbers become equal
    differ = not is_exact or len(np.unique(values)) == len(values)
    return len(values) > 1 and differ and _is_key(name, leads)


def _is_key(name: str, leads: bool) -> bool:
    """Whether a name, in lower case, is that of a column that identifies rows."""
    if name in (_FIRST_KEYS if leads else _KEYS):
        return True
    words = name.split()
    if len(words) > 1:
        return words[-1] in _KEY_WORDS or words[0] in ("id", "nr")
    return bool(_KEY_ENDING.fullmatch(name)) and name not in _NO_KEYS


def _is_class(column: Column) -> bool:
    """Whether a column of few different whole numbers has the name of a class."""
    assert column.numbers is not None
    if _plain(column.name) not in _CLASS_NAMES:
        return False
    values = column.numbers[~np.isnan(column.numbers)]
    if not _are_whole(values):
        return False
    return 1 < len(np.unique(values)) <= min(MAX_CLASSES, len(values) / 2)


def _are_whole(values: np.ndarray) -> bool:
    return bool(np.isfinite(values).all() and (values == np.rint(values)).all())


def _plain(name: str) -> str:
    """A name in lower case, split into words."""
    apart = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", name)
    return " ".join(re.sub(r"[_\-.:]+", " ", apart).lower().split())


def not_numbers(column: Column, source: str) -> DataError:
    """The error that a requested column cannot be clustered."""
    if column.kind is Kind.NOTHING:
        return DataError(f'Column "{column.name}" of {source} has no values.')
    return DataError(f'Column "{column.name}" of {source} is not numbers: {column.why_not}.')


def with_clustered(readings: Sequence[ColumnReading], chosen: Sequence[int]) -> list[ColumnReading]:
    """The same columns, of which only those with these indices are clustered."""
    own = set(chosen)
    found = []
    for index, each in enumerate(readings):
        if index in own:
            each = replace(each, role=Role.CLUSTER, why="")
        elif each.role is Role.CLUSTER:
            each = replace(each, role=Role.LEAVE_OUT, why="")
        found.append(each)
    return found


def none_clustered(
    readings: Sequence[ColumnReading], columns: Sequence[Column], source: str, advice: str = ""
) -> str:
    """Why nothing of a table can be clustered.

    Args:
        readings: The columns of the table.
        columns: What is known about them.
        source: The name of the file as the user gave it.
        advice: What to do if no column of a text file has numbers.
    """
    if any(each.can_be_clustered for each in readings):
        return f"All columns of numbers of {source} are left out; choose one to cluster."
    names = listed([column.name for column in columns])
    explained = [column for column in columns if advice and column.why_not]
    explained.sort(
        key=lambda column: (not column.is_broken, not re.search(r'"[^"]*\d', column.why_not))
    )
    why = f' In "{explained[0].name}", {explained[0].why_not}.' if explained else ""
    return f"{source} has no column of numbers; its columns: {names}.{why}{advice}"


def left_out(readings: Sequence[ColumnReading]) -> list[str]:
    """The names of the columns that are not numbers."""
    return [each.name for each in readings if not each.can_be_clustered]
