"""The formats of each kind of result, by the suffix of the file to write."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import ParameterError


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of result, and the suffixes that its files may have.

    Attributes:
        name: With its article, for sentences: "a table".
        suffixes: In lower case, with the dot; the usual one first.
        unfit: Suffixes that a user may expect here, each with the reason why it is not possible.
    """

    name: str
    suffixes: tuple[str, ...]
    unfit: dict[str, str] = field(default_factory=dict)

    @property
    def listed(self) -> str:
        """The suffixes for a sentence: ".csv, .tsv, .parquet or .npy"."""
        *others, last = self.suffixes
        return f"{', '.join(others)} or {last}" if others else last


TABLE = Kind("a table", (".csv", ".tsv", ".parquet", ".npy"))
TEXT_TABLE = Kind(
    "a table with text in it",
    (".csv", ".tsv", ".parquet"),
    {".npy": "this table has text in it, and a .npy file is written with numbers only"},
)
PICTURE = Kind("a picture", (".png", ".jpg", ".jpeg", ".svg", ".pdf"))
ANIMATION = Kind("an animation", (".gif",))
WEIGHTS = Kind("the weights of a speller", (".npz",))


_USUAL = (TABLE, PICTURE, ANIMATION, WEIGHTS)


def kind_of(name: str | Path) -> Kind:
    """The kind of result that a file of this name usually contains."""
    return next(kind for kind in _USUAL if suffix_of(name) in kind.suffixes)


def suffix_of(path: str | Path) -> str:
    """The suffix of a path in lower case, with its dot; empty if there is none."""
    return os.path.splitext(os.fspath(path))[1].lower()


def check_suffix(path: str | Path, kind: Kind) -> str:
    """Check that a file name fits the kind of result, before anything slow begins.

    Args:
        path: The file to write.
        kind: What it will contain.

    Returns:
        The suffix, one of `kind.suffixes`.

    Raises:
        ParameterError: The suffix is missing, or not one of that kind.
    """
    suffix = suffix_of(path)
    if suffix in kind.suffixes:
        return suffix
    why = f"{kind.unfit[suffix]}; " if suffix in kind.unfit else ""
    raise ParameterError(
        f"{path} cannot be written as {kind.name}: {why}its name must end in {kind.listed}."
    )
