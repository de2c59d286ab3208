"""The symbols of both sides and their ids: phonemes of the CMU dictionary, letters of a word.

The first 70 phonemes and the 28 letters are the lecture's. After them come the 15 vowels without
their stress, which people type and no dictionary contains.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from engine.errors import ParameterError
from engine.seq2seq.vocabulary import Vocabulary

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
# The manner of articulation, each kind by its name in the plural.
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
LETTERS = (PADDING, *"abcdefghijklmnopqrstuvwxyz", START)

SOURCE = Vocabulary(PHONEMES)
TARGET = Vocabulary(LETTERS, start=START)
PHONEME_IDS = SOURCE.ids
LETTER_IDS = TARGET.ids
START_ID = TARGET.start_id

MAX_PHONEMES = 40
MAX_LETTERS = 24  # of a word in the training set
# The longest in the training set; what is longer a speller has never learned.
LONGEST_WORD = 22  # letters: deinstitutionalization
LONGEST_PRONUNCIATION = 20  # phonemes

# For the id of each phoneme, the id of the same phoneme without stress.
BARE_IDS = np.array([PHONEME_IDS[phoneme.rstrip("012")] for phoneme in PHONEMES], np.int32)


def bare(phonemes: Sequence[str]) -> tuple[str, ...]:
    """The phonemes without stress."""
    return tuple(phoneme.rstrip("012") for phoneme in phonemes)


def encode_phonemes(
    pronunciations: Sequence[Sequence[str]], length: int | None = None
) -> np.ndarray:
    """Turn B pronunciations into (B, T) int32 ids, padded to `length` or to the longest."""
    return SOURCE.encode(pronunciations, length)


def encode_letters(words: Sequence[str], length: int | None = None) -> np.ndarray:
    """Turn B words into (B, L) int32 ids, padded to `length` or to the longest."""
    return TARGET.encode(words, length)


def decode_letters(ids: Iterable[int]) -> str:
    """Read a word up to its end mark, or to the end of (L,) ids."""
    return "".join(TARGET.decode(ids))


def check_prefix(prefix: str) -> None:
    """Raise an error for a prefix that no word can have: at most 24 letters, and `_` to end it.

    Raises:
        ParameterError: It has other characters than letters, or is too long.
    """
    body = prefix.removesuffix(PADDING)
    if prefix and not (body.isascii() and body.isalpha() and body.islower()):
        raise ParameterError(f"A word cannot begin with {prefix}; give it letters from a to z.")
    if len(body) > MAX_LETTERS:
        raise ParameterError(f"{len(body):,} letters are too many; a word may have {MAX_LETTERS}.")
