"""The symbols of both sides and their ids: phonemes of the CMU dictionary, letters of a word.

The first 70 phonemes and the 28 letters are the lecture's. After them come the 15 vowels whose
stress was left out, which people type and no dictionary holds.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from engine.errors import ParameterError

PADDING = "_"
START = "*"

VOWELS = (
    *("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER"),
    *("EY", "IH", "IY", "OW", "OY", "UH", "UW"),
)
CONSONANTS = (
    *("B", "CH", "D", "DH", "F", "G", "HH", "JH", "K", "L", "M", "N"),
    *("NG", "P", "R", "S", "SH", "T", "TH", "V", "W", "Y", "Z", "ZH"),
)
STRESSES = ("0", "1", "2")
# How the mouth makes them, each kind by its name in the plural.
KINDS: dict[str, tuple[str, ...]] = {
    "vowels": VOWELS,
    "stops": ("B", "D", "G", "K", "P", "T"),
    "affricates": ("CH", "JH"),
    "fricatives": ("DH", "F", "HH", "S", "SH", "TH", "V", "Z", "ZH"),
    "nasals": ("M", "N", "NG"),
    "liquids and glides": ("L", "R", "W", "Y"),
}
# For each phoneme without its stress, a word that has it.
EXAMPLES: dict[str, str] = {
    **{"AA": "odd", "AE": "at", "AH": "hut", "AO": "ought", "AW": "cow", "AY": "hide"},
    **{"EH": "Ed", "ER": "hurt", "EY": "ate", "IH": "it", "IY": "eat", "OW": "oat"},
    **{"OY": "toy", "UH": "hood", "UW": "two"},
    **{"B": "be", "CH": "cheese", "D": "dee", "DH": "thee", "F": "fee", "G": "green"},
    **{"HH": "he", "JH": "gee", "K": "key", "L": "lee", "M": "me", "N": "knee"},
    **{"NG": "ping", "P": "pee", "R": "read", "S": "sea", "SH": "she", "T": "tea"},
    **{"TH": "theta", "V": "vee", "W": "we", "Y": "yield", "Z": "zee", "ZH": "seizure"},
}

PHONEMES = (
    PADDING,
    *sorted([*CONSONANTS, *(vowel + stress for vowel in VOWELS for stress in STRESSES)]),
    *VOWELS,
)
N_LECTURE_PHONEMES = 70
# Padding ends a word: the first one that a speller writes is its end mark.
LETTERS = (PADDING, *"abcdefghijklmnopqrstuvwxyz", START)

PHONEME_IDS = {phoneme: index for index, phoneme in enumerate(PHONEMES)}
LETTER_IDS = {letter: index for index, letter in enumerate(LETTERS)}
END_ID = LETTER_IDS[PADDING]
START_ID = LETTER_IDS[START]

MAX_PHONEMES = 40
MAX_LETTERS = 24  # of a word to train on
# What the words to train on have at most; beyond it a speller writes what it never learned.
LONGEST_WORD = 22  # letters: deinstitutionalization
LONGEST_PRONUNCIATION = 20  # phonemes

# For each phoneme's id, the id of the same phoneme without its stress.
BARE_IDS = np.array([PHONEME_IDS[phoneme.rstrip("012")] for phoneme in PHONEMES], np.int32)


def bare(phonemes: Sequence[str]) -> tuple[str, ...]:
    """The phonemes without their stress."""
    return tuple(phoneme.rstrip("012") for phoneme in phonemes)


def encode_phonemes(
    pronunciations: Sequence[Sequence[str]], length: int | None = None
) -> np.ndarray:
    """Turn B pronunciations into (B, T) int32 ids, padded to `length` or to the longest."""
    return _encode(pronunciations, PHONEME_IDS, length)


def encode_letters(words: Sequence[str], length: int | None = None) -> np.ndarray:
    """Turn B words into (B, L) int32 ids, padded to `length` or to the longest."""
    return _encode(words, LETTER_IDS, length)


def decode_letters(ids: Iterable[int]) -> str:
    """Read a word up to its end mark, or to the end of (L,) ids."""
    letters = []
    for index in ids:
        if index == END_ID:
            break
        letters.append(LETTERS[index])
    return "".join(letters)


def check_prefix(prefix: str) -> None:
    """Refuse what no word can begin with: anything but up to 24 letters, and `_` to end it.

    Raises:
        ParameterError: It is not of letters, or too long.
    """
    body = prefix.removesuffix(PADDING)
    if prefix and not (body.isascii() and body.isalpha() and body.islower()):
        raise ParameterError(f"A word cannot begin with {prefix}; give it letters from a to z.")
    if len(body) > MAX_LETTERS:
        raise ParameterError(f"{len(body):,} letters are too many; a word may have {MAX_LETTERS}.")


def _encode(rows: Sequence[Sequence[str]], ids: dict[str, int], length: int | None) -> np.ndarray:
    length = max(map(len, rows), default=0) if length is None else length
    encoded = np.zeros((len(rows), length), np.int32)
    for row, symbols in zip(encoded, rows, strict=True):
        row[: len(symbols)] = [ids[symbol] for symbol in symbols]
    return encoded
