"""Pronunciations as people write them: ARPAbet in any dress, or IPA.

ARPAbet as in the CMU Pronouncing Dictionary: 39 phonemes, vowels with a stress of 0, 1 or 2 or
without. IPA as in dictionaries of American English, and what of British English has a counterpart:
International Phonetic Association (1999), Handbook, Cambridge University Press.
"""

import difflib
import functools
import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from engine.data.pronunciations import pronunciations
from engine.errors import DataError
from engine.seq2seq.vocabulary import CONSONANTS, MAX_PHONEMES, PHONEME_IDS, VOWELS

EXAMPLE = "K AE1 T"

_PIECE = re.compile(r"[^\s,;.|/\\\-–—_{}()\[\]]+")
_ENTRY = re.compile(r"\s*(?P<word>[a-z'][a-z'.\-]*)(?:\(\d+\))?\s+(?P<rest>\S.*)")
_STRESSED = re.compile(r"([A-Z]+)(\d+)")
_NAMED = frozenset(PHONEME_IDS) - {"_"}

# What people write who know another phoneme set, or guess.
_MEANT = {
    "AX": "AH0",
    "AXR": "ER0",
    "IX": "IH0",
    "UX": "UW",
    "DX": "T",
    "NX": "N",
    "EL": "AH0 L",
    "EM": "AH0 M",
    "EN": "AH0 N",
    "HV": "HH",
    "WH": "W",
    "A": "AE",
    "C": "K",
    "E": "EH",
    "H": "HH",
    "I": "IH",
    "J": "JH",
    "O": "OW",
    "Q": "K",
    "U": "AH",
    "X": "K S",
}

_PRIMARY, _SECONDARY, _LONG, _SYLLABIC = "ˈ", "ˌ", "ː", "\u0329"
_CENTRING = (("ɪ", "IH"), ("e", "EH"), ("ɛ", "EH"), ("ʊ", "UH"))
_IPA = {
    **{"aɪ": "AY", "aʊ": "AW", "eɪ": "EY", "oʊ": "OW", "əʊ": "OW", "ɔɪ": "OY", "ɒɪ": "OY"},
    **{f"{vowel}ə{r}": f"{phoneme} R" for vowel, phoneme in _CENTRING for r in ("", "r", "ɹ")},
    **{"ər": "ER", "əɹ": "ER"},
    **{"ɜɹ": "ER", "ɜr": "ER", "ɝɹ": "ER", "ɝr": "ER", "ɚɹ": "ER", "ɚr": "ER"},
    **{"ɑ": "AA", "ɒ": "AA", "a": "AA", "æ": "AE", "ʌ": "AH", "ə": "AH", "ɐ": "AH", "ɔ": "AO"},
    **{"ɛ": "EH", "e": "EH", "ɜ": "ER", "ɝ": "ER", "ɚ": "ER", "ɪ": "IH", "ɨ": "IH", "i": "IY"},
    **{"o": "OW", "ʊ": "UH", "u": "UW", "ʉ": "UW"},
    **{"tʃ": "CH", "ʧ": "CH", "dʒ": "JH", "ʤ": "JH", "ð": "DH", "ŋ": "NG", "ʃ": "SH"},
    **{"θ": "TH", "ʒ": "ZH", "j": "Y", "ɡ": "G", "ɹ": "R", "ɾ": "T", "ʔ": "T", "ɫ": "L"},
    **{"ʍ": "W", "ɦ": "HH", "h": "HH", "x": "K"},
    **{symbol: symbol.upper() for symbol in "bdfgklmnprstvwz"},
}
_IPA_ONLY = frozenset("".join(_IPA) + _PRIMARY + _SECONDARY + _LONG) - frozenset(
    "abcdefghijklmnopqrstuvwxyz"
)


class Token(NamedTuple):
    """A piece of what was typed, as it stands between two blanks.

    Attributes:
        text: As typed; of IPA, one symbol.
        start: Where it begins in what was typed.
        phonemes: What it was read as; none where it could not be.
        problem: A sentence that says why it could not be read.
        meant: What it may have been meant for, where somebody could know.
    """

    text: str
    start: int
    phonemes: tuple[str, ...] = ()
    problem: str = ""
    meant: str = ""


def read(text: str) -> list[Token]:
    """Read one pronunciation piece by piece, whatever is wrong with some of them.

    Args:
        text: As of `parse`.

    Returns:
        The pieces in order; none for an empty text.
    """
    pieces = list(_PIECE.finditer(text))
    if not _NAMED.issuperset(piece[0].upper() for piece in pieces) and _is_ipa(text):
        return _read_ipa(text)
    return [_read(piece[0], piece.start()) for piece in pieces]


def parse(text: str) -> tuple[str, ...]:
    """Read one pronunciation.

    Args:
        text: ARPAbet in capitals or not, with blanks, commas or dashes between the phonemes, or
            nothing where they can be told apart without; or IPA.

    Returns:
        1 to 40 phonemes.

    Raises:
        DataError: There is none, one is unknown, or there are too many.
    """
    return phonemes_of(read(text))


def phonemes_of(tokens: Sequence[Token]) -> tuple[str, ...]:
    """The phonemes of a whole pronunciation; raises as `parse`."""
    if not tokens:
        raise DataError(f"There is no phoneme; type some, such as {EXAMPLE}.")
    for token in tokens:
        if token.problem:
            raise DataError(token.problem)
    phonemes = tuple(phoneme for token in tokens for phoneme in token.phonemes)
    if len(phonemes) > MAX_PHONEMES:
        raise DataError(
            f"{len(phonemes)} phonemes are too many: a word may have {MAX_PHONEMES} at most."
        )
    return phonemes


def parse_entry(line: str) -> tuple[str | None, tuple[str, ...]]:
    """Read a line of a pronouncing dictionary: perhaps a word in lower case, and how it is said.

    Returns:
        The word, or None; and the phonemes.

    Raises:
        DataError: As `parse`.
    """
    line = line.partition("#")[0].strip()
    found = _ENTRY.fullmatch(line)
    if found and (line != line.lower() or (not _knows(found["word"]) and _known(found["rest"]))):
        return found["word"], parse(found["rest"])
    return None, parse(line)


def _knows(token: str) -> bool:
    return token.upper() in _NAMED


def _known(text: str) -> bool:
    """Whether a text is nothing but phonemes in whatever dress."""
    try:
        return bool(parse(text))
    except DataError:
        return False


def _read(text: str, start: int) -> Token:
    """The phoneme of a piece, or its phonemes where blanks were left out."""
    name = text.upper()
    if name in _NAMED:
        return Token(text, start, (name,))
    if len(name) > 3 * MAX_PHONEMES:
        too_long = f"{name[:12]}... is too long: a word may have {MAX_PHONEMES} phonemes."
        return Token(text, start, problem=too_long)
    phonemes = _cut(name)
    if phonemes is None:
        advice, meant = _advice(name)
        return Token(text, start, problem=f"{name} is not a phoneme{advice}", meant=meant)
    return Token(text, start, phonemes)


@functools.lru_cache(maxsize=1024)
def _cut(token: str) -> tuple[str, ...] | None:
    """Cut a token into the fewest phonemes, each vowel with the digit behind it, if there is a way.

    Only N G can be read as NG too, which is far more frequent.
    """
    # From the end: how to read what follows each place.
    rests: list[tuple[str, ...] | None] = [None] * len(token) + [()]
    for start in reversed(range(len(token))):
        for size in (1, 2, 3):
            piece, after = token[start : start + size], token[start + size : start + size + 1]
            rest = rests[start + size] if start + size <= len(token) else None
            if rest is None or piece not in _NAMED or after.isdigit():
                continue
            found = rests[start]
            if found is None or len(rest) + 1 < len(found):
                rests[start] = (piece, *rest)
    return rests[0]


def _advice(token: str) -> tuple[str, str]:
    """The end of a sentence about an unknown token, and what it may have been meant for."""
    stressed = _STRESSED.fullmatch(token)
    if stressed and stressed[1] in CONSONANTS:
        return f": only vowels carry a stress; write {stressed[1]}.", stressed[1]
    if stressed and stressed[1] in VOWELS:
        meant = f"{stressed[1]}1"
        return f": the stress of a vowel is 0, 1 or 2, as in {meant}.", meant
    name = stressed[1] if stressed else token
    listed = pronunciations().get(token.lower(), [()])[0]
    if len(token) > 2 and listed:
        meant = " ".join(listed)
        return f" but a word; it sounds like {meant}.", meant
    if name in _MEANT:
        return f"; did you mean {_MEANT[name]}?", _MEANT[name]
    close = difflib.get_close_matches(token, sorted(_NAMED), 1, 0.5)
    if close:
        return f"; did you mean {close[0]}?", close[0]
    return f"; write how a word sounds, such as {EXAMPLE} for cat.", ""


def _is_ipa(text: str) -> bool:
    stripped = text.strip()
    slashed = len(stripped) > 2 and stripped[0] + stripped[-1] in ("//", "[]")
    return slashed or not _IPA_ONLY.isdisjoint(stripped)


def _read_ipa(text: str) -> list[Token]:
    """A token for each sound of IPA; vowels have no stress where the text marks none at all."""
    symbols = _plain_ipa(text)
    is_marked = _PRIMARY in symbols or _SECONDARY in symbols
    stress, place = "0", 0
    tokens: list[Token] = []
    while place < len(symbols):
        if symbols[place] in (_PRIMARY, _SECONDARY):
            stress = "1" if symbols[place] == _PRIMARY else "2"
            place += 1
            continue
        size = next((n for n in (3, 2) if symbols[place : place + n] in _IPA), 1)
        symbol = symbols[place : place + size]
        place += size
        start = max(text.find(symbol), 0)
        if symbol not in _IPA:
            problem = f"{symbol} is no sound of English in IPA; leave it out."
            tokens.append(Token(symbol, start, problem=problem))
            continue
        phonemes = []
        for phoneme in _IPA[symbol].split():
            is_vowel = phoneme in VOWELS
            phonemes.append(phoneme + stress if is_vowel and is_marked else phoneme)
            stress = "0" if is_vowel else stress
        tokens.append(Token(symbol, start, tuple(phonemes)))
    return tokens


def _plain_ipa(text: str) -> str:
    """Without what makes no difference to an English word: lengths, ties, syllables, brackets."""
    decomposed = unicodedata.normalize("NFD", text.lower()).replace("'", _PRIMARY)
    # A consonant that is a syllable has its vowel before it.
    decomposed = re.sub(f"(.){_SYLLABIC}", r"ə\1", decomposed)
    return "".join(
        symbol
        for symbol in decomposed
        if not unicodedata.combining(symbol)
        and unicodedata.category(symbol) not in ("Zs", "Cc", "Ps", "Pe", "Pd")
        and symbol not in "ː.ˑ‿ʰʲʷˠ/\\|,"
    )
