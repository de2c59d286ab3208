"""Makes text safe to show in a terminal, on one line.

File names, columns and words come from outside. A control character in them could move the cursor,
change colours or hide text (ECMA-48 escape sequences), and a file name may not even be UTF-8. Such
characters are written as escapes, as in a Python string.
"""

import unicodedata

# Python represents bytes of a file name that are not UTF-8 as these surrogates (PEP 383).
_FIRST_BYTE, _LAST_BYTE = 0xDC80, 0xDCFF
# The most characters in a sentence.
_MOST = 1000
# Zero-width non-joiner and joiner, which Persian and emoji need.
_JOINERS = "\u200c\u200d"


def printable(text: object, keep: str = "") -> str:
    r"""Replace control characters, and bytes that are no characters, by escapes such as `\x1b`.

    Args:
        text: What to show; anything but a string is converted to one.
        keep: Characters to leave unchanged, such as the line ends of a table.
    """
    text = str(text)
    if text.isascii() and text.isprintable():
        return text
    return "".join(each if each in keep or _is_plain(each) else _escaped(each) for each in text)


def sentence(text: object) -> str:
    """Convert a text to one line for a terminal; the middle of a very long one is left out."""
    line = printable(text)
    if len(line) <= _MOST:
        return line
    return f"{line[: _MOST * 3 // 4]} … {line[-(_MOST // 4) :]}"


def shortened(text: object, most: int = 200) -> str:
    """Return the beginning of a text that may be very long, to quote it in a sentence."""
    text = str(text)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _is_plain(character: str) -> bool:
    is_space = unicodedata.category(character) == "Zs"
    return character.isprintable() or is_space or character in _JOINERS


def _escaped(character: str) -> str:
    number = ord(character)
    if _FIRST_BYTE <= number <= _LAST_BYTE:
        return f"\\x{number - 0xDC00:02x}"
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")
