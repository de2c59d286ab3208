"""Files of pronunciations, line by line, in the encodings in which programs write them.

UTF-8 with a byte order mark or without, UTF-16 either way round (PowerShell writes it with a
mark), and Windows-1252, byte for byte where UTF-8 is broken. A file may be longer than memory, or a
pipe that never ends, so only its first bytes are looked at.
"""

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

from engine.data import encoding
from engine.data.opening import open_file
from engine.errors import DataError

_TOLERANT = "windows-1252-where-broken"
_SAMPLE = 4096
# Characters of a line; what follows cannot be a word any more, and need not be kept.
_LONGEST = 2**16


def opened(path: str) -> io.TextIOWrapper:
    """Open a file, or stdin where it is `-`, as text.

    Raises:
        DataError: It is not there, is no file, or may not be read.
    """
    if path != "-":
        return _text(open_file(path, pipes=True))
    try:
        return _text(open(0, "rb", closefd=False))
    except OSError as error:
        raise DataError(f"stdin cannot be read: {error.strerror or error}.") from error


def lines_of(file: io.TextIOWrapper) -> Iterator[str]:
    """The lines of a file, of each as much as could be read as one word."""
    while line := file.readline(_LONGEST):
        # Unicode has line ends of its own, at which two words must not become one.
        yield from line.splitlines() or [""]
        while line and not line.endswith("\n"):
            line = file.readline(_LONGEST)


def _text(file: BinaryIO) -> io.TextIOWrapper:
    assert isinstance(file, io.BufferedReader)
    return io.TextIOWrapper(
        file, encoding.told_by(file.peek(_SAMPLE)[:_SAMPLE]) or "utf-8", _TOLERANT
    )


def _as_windows_1252(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    broken = error.object[error.start : error.end]
    if error.encoding.startswith("utf-16"):
        return "\ufffd", error.end
    return broken.decode("windows-1252", "replace"), error.end


codecs.register_error(_TOLERANT, _as_windows_1252)
