"""Numbers as people type and read them.

Python's own `int` and `float` accept more, such as `1_0` for 10, take minutes for very long
numbers, or refuse them in their own words.
"""

import re

_WHOLE = re.compile(r"\s*[+-]?\d{1,18}\s*")
_MOST_CHARACTERS = 400  # no float64 has more digits before its point


def whole(text: str) -> int:
    """Parse a whole number of at most 18 digits.

    Raises:
        ValueError: The text is not a whole number.
    """
    if not _WHOLE.fullmatch(text):
        raise ValueError("not a whole number")
    return int(text)


def real(text: str) -> float:
    """Parse a number. `inf` and `nan` are accepted; callers may refuse them.

    Raises:
        ValueError: The text is not a number.
    """
    if "_" in text or len(text) > _MOST_CHARACTERS:
        raise ValueError("not a number")
    return float(text)


def counted(number: int, what: str, plural: str = "") -> str:
    """A number of things, in the singular or the plural: by default with an s."""
    return f"{number:,} {what if number == 1 else plural or f'{what}s'}"
