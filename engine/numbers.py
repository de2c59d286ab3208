"""Numbers as people write them, wherever they are typed.

Python's own readers take more: `1_0` for 10, and they read endless digits for minutes or refuse
them in their own words.
"""

import re

_WHOLE = re.compile(r"\s*[+-]?\d{1,18}\s*")
_MOST_CHARACTERS = 400  # float64 has no number that takes more digits before its point


def whole(text: str) -> int:
    """Read a whole number of at most 18 digits.

    Raises:
        ValueError: It is none.
    """
    if not _WHOLE.fullmatch(text):
        raise ValueError("no whole number")
    return int(text)


def real(text: str) -> float:
    """Read a number; `inf` and `nan` are such, and for others to refuse.

    Raises:
        ValueError: It is none.
    """
    if "_" in text or len(text) > _MOST_CHARACTERS:
        raise ValueError("no number")
    return float(text)
