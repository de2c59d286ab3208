"""Words that mean that a value is missing, as programs and people write them."""

from collections.abc import Sequence

import numpy as np

# In upper case; the case in the file does not matter.
MISSING = frozenset(
    (
        *("", "NA", "N/A", "N.A.", "#N/A", "#NA", "NAN", "NULL", "NONE", "NIL", "<NA>", "NAT"),
        *("?", "-", "--", ".", "..", ":", "–", "—", "\\N", "MISSING"),
        *("#NV", "#N/V", "#N/D", "K.A.", "K. A.", "N.D.", "N. D."),
        # The errors of spreadsheets, in English, German and French.
        *("#DIV/0!", "#DIV/0", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#ERROR!"),
        *("#WERT!", "#BEZUG!", "#ZAHL!", "#VALEUR!", "#NOMBRE!", "#NUL!"),
    )
)


def is_missing(cell: str) -> bool:
    """Whether a cell says that its value is missing."""
    return cell.strip().upper() in MISSING


def are_missing(cells: Sequence[str]) -> np.ndarray:
    """Which cells say that their value is missing: (n,) bool."""
    return np.array([is_missing(cell) for cell in cells], bool)
