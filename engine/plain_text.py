"""Text that is safe to show in a terminal, on one line.

File names, columns and words come from elsewhere: a control character in them could move the
cursor, change colours or hide what stands there (ECMA-48 escape sequences), and a file name need
not be UTF-8 at all. All of them are written as Python would write them in a string.
"""

import unicodedata

# Bytes of a file name that are no UTF-8 are these surrogates in Python (PEP 383).
_FIRST_BYTE, _LAST_BYTE = 0xDC80, 0xDCFF
# Characters of a sentence.
_MOST = 1000
# Zero-width joiner and non-joiner: Persian and emoji are not written without them.
_JOINERS = "\u200c\u200d"


def printable(text: object, keep: str = "") -> str:
    r"""Write what would act on a terminal, or is no character, as an escape such as `\x1b`.

    Args:
        text: What is to be shown; anything but a string is turned into one.
        keep: Characters that stay as they are, such as the line ends of a table.
    """
    text = str(text)
    if text.isascii() and text.isprintable():
        return text
    return "".join(each if each in keep or _is_plain(each) else _escaped(each) for each in text)


def sentence(text: object) -> str:
    """A sentence on one line of a terminal; one that repeats endless text has a gap in it."""
    line = printable(text)
    if len(line) <= _MOST:
        return line
    return f"{line[: _MOST * 3 // 4]} … {line[-(_MOST // 4) :]}"


def shortened(text: object, most: int = 200) -> str:
    """The beginning of a text that may be endless, for a sentence that repeats it."""
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
