"""The encoding of a text file: known from its first bytes, or guessed from its letters.

UTF-8, UTF-16 and UTF-32 can be recognized with certainty. Any other file is taken for Windows-1252,
which programs for Western languages write, unless charset-normalizer rules that out. For a short
file charset-normalizer cannot choose among the one-byte encodings by itself
(docs/decisions/0021-tables.md).
"""

import codecs
import logging
import re
from pathlib import Path
from typing import NamedTuple

from engine.errors import DataError

SAMPLE_BYTES = 1 << 20
# The longer marks first: the mark of UTF-32 begins with that of UTF-16.
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
WESTERN = "windows-1252"
# Other encodings to guess. Those of Central Europe differ too little from the Western one.
_OTHERS = ("cp1251", "cp1253", "cp932", "gb18030", "euc_kr")
_NAMES = {"cp1251": "windows-1251", "cp1253": "windows-1253"}
_GUESS_BYTES = 1 << 16
# In UTF-16 each line end, separator and digit of a table has a zero byte.
_ZEROS = 0.1
# The fraction of non-printable characters that a text may have.
_ODD = 0.01


class Encoding(NamedTuple):
    """How to decode a file.

    Attributes:
        name: The name that Python knows.
        is_guessed: Whether it is likely, but not certain.
    """

    name: str
    is_guessed: bool = False


def encoding_of(path: Path) -> Encoding:
    """Detect the encoding of a text file; an OSError if it cannot be read."""
    with path.open("rb") as file:
        head = file.read(SAMPLE_BYTES)
    if certain := certain_from(head):
        return Encoding(certain)
    if _is_utf8(path):
        return Encoding("utf-8")
    return Encoding(guessed(_foreign_lines(path)), is_guessed=True)


def certain_from(head: bytes) -> str | None:
    """The encoding that is certain from the first bytes of a file; None if there is none.

    UTF-8 with a byte order mark is `utf-8-sig`, which removes the mark.
    """
    for mark, name in _MARKS.items():
        if head.startswith(mark):
            return name
    return _without_mark(head) if b"\0" in head else None


def as_utf8(path: Path, encoding: str, source: str | None = None) -> Path | bytes:
    """The path of a file that is UTF-8 already; otherwise its text as UTF-8.

    Args:
        path: The file.
        encoding: Its encoding.
        source: The name of the file as the user gave it; None for the path.

    Raises:
        DataError: The text is in another encoding.
        OSError: The file cannot be read.
    """
    if codecs.lookup(encoding).name in ("utf-8", "utf-8-sig") and _is_utf8(path):
        return path
    content, source = path.read_bytes(), str(path) if source is None else source
    try:
        return content.decode(encoding).removeprefix("\ufeff").encode("utf-8", "replace")
    except (UnicodeError, ValueError) as error:
        if b"\0" in content and not encoding.lower().startswith(("utf-16", "utf-32")):
            raise DataError(
                f"{source} is not a text file, so it cannot be read as a table."
            ) from error
        raise DataError(
            f"{source} is not text in {encoding}; choose another encoding (--encoding)."
        ) from error


def guessed(content: bytes) -> str:
    """The most likely encoding of bytes that are not UTF-8."""
    from charset_normalizer import from_bytes

    logging.getLogger("charset_normalizer").setLevel(logging.ERROR)
    try:
        content.decode("cp1252")
    except UnicodeDecodeError:  # five bytes are undefined in it
        candidates = list(_OTHERS)
    else:
        candidates = ["cp1252", *_OTHERS]
    found = list(from_bytes(content, cp_isolation=candidates))
    if not found:
        return "latin-1" if "cp1252" not in candidates else WESTERN
    if any("cp1252" in each.could_be_from_charset for each in found):
        return WESTERN
    return _NAMES.get(found[0].encoding, found[0].encoding)


def _without_mark(head: bytes) -> str:
    """UTF-16 without a byte order mark; UTF-8 if the zero bytes do not fit UTF-16.

    In UTF-16 each line end and separator of a table has a zero byte, all of them at even offsets,
    or all at odd ones.
    """
    for name, first in (("utf-16-le", 1), ("utf-16-be", 0)):
        if head[first::2].count(0) != head.count(0) or head.count(0) < _ZEROS * len(head):
            continue
        text = head[: len(head) // 2 * 2].decode(name, "replace")
        odd = sum(not (each.isprintable() or each.isspace()) for each in text)
        if odd <= _ODD * len(text):
            return name
    return "utf-8"


def _foreign_lines(path: Path) -> bytes:
    """The lines of a file that are not ASCII, enough of them for a guess."""
    lines: list[bytes] = []
    size = 0
    with path.open("rb") as file:
        while size < _GUESS_BYTES and (block := file.read(SAMPLE_BYTES)):
            foreign = [line for line in re.split(rb"[\r\n]+", block) if not line.isascii()]
            lines += foreign
            size += sum(map(len, foreign))
    return b"\n".join(lines)[:_GUESS_BYTES]


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(SAMPLE_BYTES):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
