"""The first lines of a text file, unchanged, for files that cannot be read as a table."""

from itertools import islice
from pathlib import Path

from engine.data.tables.options import TableOptions
from engine.data.text_tables.encoding import encoding_of

# The suffixes of text files; see `engine.data.tables.readers.READERS`.
_TEXT = (".csv", ".tsv", ".txt")
_MAX_BYTES = 2**16
_MAX_LINES = 30


def raw_lines(path: str | Path, options: TableOptions) -> tuple[str, ...]:
    """The first lines of a file.

    Args:
        path: The path of the file, existing or not.
        options: The encoding may have been chosen in them.

    Returns:
        Lines without line ends, with U+FFFD for what cannot be decoded; none if the file is not
        text, or cannot be read.
    """
    path = Path(path)
    if path.suffix.lower() not in _TEXT:
        return ()
    try:
        with path.open("rb") as file:
            head = file.read(_MAX_BYTES)
        name = options.encoding or encoding_of(path).name
    except OSError:
        return ()
    text = head.decode(name, "replace").removeprefix("\ufeff")
    return () if "\0" in text else tuple(islice(text.splitlines(), _MAX_LINES))
