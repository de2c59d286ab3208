"""The first lines of a file of text as they stand, where it cannot be read as a table."""

from itertools import islice
from pathlib import Path

from engine.data.tables.options import TableOptions
from engine.data.text_tables.encoding import encoding_of

# Of these suffixes files are text; see `engine.data.tables.readers.READERS`.
_TEXT = (".csv", ".tsv", ".txt")
_MAX_BYTES = 2**16
_MAX_LINES = 30


def raw_lines(path: str | Path, options: TableOptions) -> tuple[str, ...]:
    """The first lines of a file.

    Args:
        path: Of the file, there or not.
        options: In which its encoding may have been chosen.

    Returns:
        Lines without their ends, with U+FFFD for what cannot be decoded; none where the file is no
        text or cannot be read.
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
