"""The names of columns: made unique, chosen by the user, or listed in a sentence."""

from collections.abc import Sequence

from engine.errors import DataError
from engine.plain_text import shortened

MOST_NAMES = 8
_MOST_DIGITS, _MOST_OF_NAME = 9, 80


def numbered(n_columns: int) -> tuple[str, ...]:
    """Names for columns without names: "column 1", "column 2", ..."""
    return tuple(f"column {number}" for number in range(1, n_columns + 1))


def unique_names(names: Sequence[str]) -> tuple[str, ...]:
    """Name blank columns by their number, and number repeated names: "x", "x (2)"."""
    given = [" ".join(name.split()) or f"column {number}" for number, name in enumerate(names, 1)]
    taken = set(given)
    seen: set[str] = set()
    unique = []
    for given_name in given:
        name, count = given_name, 1
        while name in seen or (count > 1 and name in taken):
            count += 1
            name = f"{given_name} ({count})"
        seen.add(name)
        unique.append(name)
    return tuple(unique)


def choose(wanted: Sequence[str], names: Sequence[str], place: str) -> list[int]:
    """Find the columns that the user asks for by name, or by number from 1.

    Args:
        wanted: Names or numbers, in the order wanted; a name takes precedence over a number.
        names: The existing columns.
        place: The table that has them, for the sentence.

    Returns:
        Indices into `names`, from 0, in the order of `wanted`.

    Raises:
        DataError: No column is requested, or a column does not exist, or is requested twice.
    """
    if not wanted:
        raise DataError(f"Choose at least one column of {place}; there are {listed(names)}.")
    index_of = {name: index for index, name in enumerate(names)}
    indices: list[int] = []
    for name in (word.strip() for word in wanted):
        # Python refuses to parse very long numbers.
        number = int(name) if name.isdecimal() and len(name) <= _MOST_DIGITS else 0
        index = index_of.get(name, number - 1)
        if not 0 <= index < len(names):
            raise DataError(
                f'{place} has no column "{shortened(name)}"; there are {listed(names)}.'
            )
        if index in indices:
            raise DataError(f'Column "{names[index]}" of {place} is given twice.')
        indices.append(index)
    return indices


def listed(names: Sequence[str]) -> str:
    """List names for a sentence: the first few of them if there are many, each shortened."""
    first = ", ".join(shortened(name, _MOST_OF_NAME) for name in names[:MOST_NAMES])
    return first if len(names) <= MOST_NAMES else f"{first} and {len(names) - MOST_NAMES} more"
