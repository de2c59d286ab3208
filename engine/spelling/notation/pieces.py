"""The pieces of a line of phonemes: the text between blanks, dashes and brackets."""

import re

from engine.spelling.vocabulary import PHONEME_IDS

NAMED = frozenset(PHONEME_IDS) - {"_"}
PIECE = re.compile(r"[^\s,;.|/\\\-–—_{}()\[\]·•‧+<>⟨⟩]+")


def knows(piece: str) -> bool:
    """Whether a piece is a phoneme, in upper or lower case."""
    return piece.upper() in NAMED


def all_named(text: str) -> bool:
    """Whether there are pieces, and all of them are phonemes."""
    pieces = PIECE.findall(text)
    return bool(pieces) and all(map(knows, pieces))
