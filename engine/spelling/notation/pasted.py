"""A line of text as it comes from elsewhere, with what nobody sees in it taken out.

Unicode Standard Annex 15 (normalization forms): full-width letters, superscripts and the like are
turned into the plain ones (NFKC), but for the modifier letters, which are symbols of IPA.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

QUOTES = "\"'`´‘’‚‛“”„‟«»‹›「」『』"
# They mean nothing else; a single one may be a stress of IPA.
_SURE = "“”„‟«»「」『』"
# What may close each of the others. A backtick at the end alone colours a vowel of X-SAMPA.
_CLOSING = {
    **{'"': '"', "'": "'’", "`": "`'", "´": "´", "‘": "’", "’": "’", "‚": "‘’", "‛": "’"},
    **{"‹": "›", "›": "‹"},
}
_R_COLOURED = re.compile(r"[@{}&3AEIOUQVaeiou]:?`$")
# Characters that have no picture, or an empty one, and are no blanks: fillers, joiners, selectors.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


class Pasted(NamedTuple):
    """A text, and where each of its characters stands in what was pasted.

    Attributes:
        text: The characters that count.
        places: For each of them, its place in `source`.
        source: As pasted.
    """

    text: str
    places: tuple[int, ...]
    source: str

    def typed(self, start: int, end: int) -> tuple[str, int]:
        """What was pasted for the characters from `start` up to `end`, and where it begins."""
        if start >= end:
            return "", 0
        first, last = self.places[start], self.places[end - 1]
        return self.source[first : last + 1], first

    def placed(self, text: str, places: Sequence[int]) -> "Pasted":
        """Another text, each character of which came from that place of this one."""
        return Pasted(text, tuple(self.places[place] for place in places), self.source)


def pasted(source: str) -> Pasted:
    """Take out what nobody sees, and write what looks alike alike.

    Zero-width and directional characters, byte order marks and soft hyphens go; blanks of all
    kinds become a blank, dashes a hyphen.
    """
    text: list[str] = []
    places: list[int] = []
    for place, character in enumerate(source):
        for each in _plain(character):
            text.append(each)
            places.append(place)
    return Pasted("".join(text), tuple(places), source)


def unquoted(given: Pasted) -> Pasted:
    """Without blanks and quotation marks of whatever kind around it.

    They go in pairs that match. Alone, a typographic one goes too, and any at the end, but for the
    backtick of X-SAMPA; one before a pronunciation may be a stress.
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
    if character == "\t":  # parts columns
        return character
    if category in ("Zs", "Zl", "Zp", "Cc") or character == "\u2800":  # an empty cell of braille
        return " "
    if character == "\u2212" or category == "Pd":  # the minus sign
        return "-"
    # Accents that stand alone would become a blank and an accent.
    if category in ("Lm", "Sk") or character in QUOTES:
        return character
    return unicodedata.normalize("NFKC", character)
