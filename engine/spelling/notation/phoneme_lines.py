"""Reads files of pronunciations line by line, in the encodings that programs write.

These are UTF-8 with or without a byte order mark, UTF-16 in either byte order (PowerShell writes it
with a mark), and Windows-1252 for bytes that are not valid UTF-8. A file may be larger than the
memory, or an endless pipe, so only its first bytes are examined.
"""

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

from engine.data.opening import open_file
from engine.data.text_tables import encoding
from engine.errors import DataError

_TOLERANT = "windows-1252-where-broken"
_SAMPLE = 4096
# The first bytes of compressed files: gzip, zip, bzip2, xz, zstandard, 7-Zip.
_COMPRESSED = (b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf")
# Control characters that a text has only by mistake, and the largest fraction of them allowed.
_CONTROL = bytes({*range(32)} - {*b"\t\n\v\f\r\x1a\x1b"})
_MOST_CONTROL = 0.05
_DOS_END = "\x1a"
# Characters of a line that are kept; a longer line cannot be a word with its phonemes.
_LONGEST = 2**16


def opened(path: str) -> io.TextIOWrapper:
    """Open a file, or stdin if it is `-`, as text.

    Raises:
        DataError: It does not exist, is not a file, may not be read, or is not text.
    """
    if path != "-":
        return _text(open_file(path, pipes=True), path)
    try:
        return _text(open(0, "rb", closefd=False), "stdin")
    except OSError as error:
        raise DataError(f"stdin cannot be read: {error.strerror or error}.") from error


def lines_of(file: io.TextIOWrapper) -> Iterator[str]:
    """The lines of a file, each cut to the length of the longest entry."""
    while line := file.readline(_LONGEST):
        # Unicode has more line ends, at which two words must not be joined.
        yield from line.rstrip(_DOS_END).splitlines() or [""]
        while line and not line.endswith("\n"):
            line = file.readline(_LONGEST)


def _text(file: BinaryIO, name: str) -> io.TextIOWrapper:
    assert isinstance(file, io.BufferedReader)
    head = file.peek(_SAMPLE)[:_SAMPLE]
    name_of_encoding = encoding.certain_from(head) or "utf-8"
    # In UTF-16 every second byte may be zero.
    if problem := _no_text(head) if name_of_encoding == "utf-8" else "":
        file.close()
        raise DataError(f"{name} {problem}")
    return io.TextIOWrapper(file, name_of_encoding, _TOLERANT)


def _no_text(head: bytes) -> str:
    """Why the first bytes of a file are not text; empty if they may be."""
    if head.startswith(_COMPRESSED):
        return "is compressed; unpack it, and give the text that is in it."
    n_control = len(head) - len(head.translate(None, _CONTROL))
    if n_control > _MOST_CONTROL * len(head):
        return "holds no text; give a text file with one pronunciation a line."
    return ""


def _as_windows_1252(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    broken = error.object[error.start : error.end]
    if error.encoding.startswith("utf-16"):
        return "\ufffd", error.end
    return broken.decode("windows-1252", "replace"), error.end


codecs.register_error(_TOLERANT, _as_windows_1252)
