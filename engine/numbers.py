"""Parses numbers as people type them.

Python's own `int` and `float` accept more, such as `1_0` for 10, and take minutes for very long
numbers, or refuse them in their own words.
"""

import re

_WHOLE = re.compile(r"\s*[+-]?\d{1,18}\s*")
_MOST_CHARACTERS = 400  # no float64 has more digits before its point


def whole(text: str) -> int:
    """Parse a whole number of at most 18 digits.

    Raises:
        ValueError: It is not one.
    """
    if not _WHOLE.fullmatch(text):
        raise ValueError("no whole number")
    return int(text)


def real(text: str) -> float:
    """Parse a number. `inf` and `nan` are accepted; callers may refuse them.

    Raises:
        ValueError: It is not one.
    """
    if "_" in text or len(text) > _MOST_CHARACTERS:
        raise ValueError("no number")
    return float(text)
