"""A pasted line of text, without its invisible characters.

Full-width letters, superscripts and the like are replaced by the plain ones (NFKC of Unicode
Standard Annex 15, normalization forms), except for modifier letters, which are symbols of IPA.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

QUOTES = "\"'`´‘’‚‛“”„‟«»‹›「」『』"
# They have no other meaning; a single one may be a stress mark of IPA.
_SURE = "“”„‟«»「」『』"
# The closing marks of each opening one. In X-SAMPA a final backtick marks an r-coloured vowel.
_CLOSING = {
    **{'"': '"', "'": "'’", "`": "`'", "´": "´", "‘": "’", "’": "’", "‚": "‘’", "‛": "’"},
    **{"‹": "›", "›": "‹"},
}
_R_COLOURED = re.compile(r"[@{}&3AEIOUQVaeiou]:?`$")
# Invisible characters that are no blanks: fillers, joiners, selectors.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


class Pasted(NamedTuple):
    """A text, and the position of each of its characters in the pasted text.

    Attributes:
        text: The characters that count.
        places: For each of them, its position in `source`.
        source: The pasted text.
    """

    text: str
    places: tuple[int, ...]
    source: str

    def typed(self, start: int, end: int) -> tuple[str, int]:
        """The pasted text of the characters from `start` up to `end`, and its position."""
        if start >= end:
            return "", 0
        first, last = self.places[start], self.places[end - 1]
        return self.source[first : last + 1], first

    def placed(self, text: str, places: Sequence[int]) -> "Pasted":
        """Another text, with the position in this text from which each character comes."""
        return Pasted(text, tuple(self.places[place] for place in places), self.source)


def pasted(source: str) -> Pasted:
    """Remove invisible characters, and unify characters that look alike.

    Zero-width and directional characters, byte order marks and soft hyphens are removed; blanks of
    all kinds become a blank, dashes a hyphen.
    """
    text: list[str] = []
    places: list[int] = []
    for place, character in enumerate(source):
        for each in _plain(character):
            text.append(each)
            places.append(place)
    return Pasted("".join(text), tuple(places), source)


def unquoted(given: Pasted) -> Pasted:
    """Remove blanks and quotation marks of any kind around a text.

    Quotation marks are removed in matching pairs. A single typographic one is removed too, and any
    single one at the end except the backtick of X-SAMPA; one at the beginning may be a stress mark.
    """
    start, end = 0, len(given.text)
    while start < end:
        first, last = given.text[start], given.text[end - 1]
        if first.isspace():
            start += 1
        elif last.isspace():
            end -= 1
        elif end - start > 1 and last in _CLOSING.get(first, ""):
            start, end = start + 1, end - 1
        elif first in _SURE:
            start += 1
        elif last in QUOTES and not _R_COLOURED.search(given.text, end - 3, end):
            end -= 1
        else:
            break
    return Pasted(given.text[start:end], given.places[start:end], given.source)


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cf", "Cs") or _UNSEEN.fullmatch(character):
        return ""
    if character == "\t":  # separates columns
        return character
    if category in ("Zs", "Zl", "Zp", "Cc") or character == "\u2800":  # the empty cell of braille
        return " "
    if character == "\u2212" or category == "Pd":  # the minus sign
        return "-"
    # Accents without a letter would become a blank and an accent.
    if category in ("Lm", "Sk") or character in QUOTES:
        return character
    return unicodedata.normalize("NFKC", character)
