"""Pronunciations in IPA or in X-SAMPA, sound by sound, as phonemes of ARPAbet.

IPA as in dictionaries of American and of British English: International Phonetic Association
(1999), Handbook, Cambridge University Press. X-SAMPA is IPA in ASCII: Wells, J. C. (1995),
Computer-coding the IPA, University College London; its symbols are turned into those of IPA.

The spellers have learned American English. What only British English has is read as the nearest
American phoneme, and its token says so.
"""

import re
import unicodedata
from typing import NamedTuple

from engine.data.pasted import Pasted
from engine.seq2seq.vocabulary import VOWELS

_PRIMARY, _SECONDARY, _LONG, _HALF_LONG, _SYLLABIC = "ˈ", "ˌ", "ː", "ˑ", "\u0329"
_R = ("r", "ɹ", "ɻ")
_CENTRING = (("ɪ", "IH"), ("e", "EH"), ("ɛ", "EH"), ("ʊ", "UH"))
_IPA = {
    **{"aɪ": "AY", "aʊ": "AW", "eɪ": "EY", "ɛɪ": "EY", "oʊ": "OW", "əʊ": "OW", "ɔɪ": "OY"},
    **{"ɒɪ": "OY", "ɛː": "EH R"},
    **{f"{vowel}ə{r}": f"{phoneme} R" for vowel, phoneme in _CENTRING for r in ("", *_R)},
    **{f"ɛː{r}": "EH R" for r in _R},
    **{f"ə{r}": "ER" for r in _R},
    **{f"{vowel}{long}{r}": "ER" for vowel in "ɜɝɚ" for long in ("", _LONG) for r in _R},
    **{"ɑ": "AA", "ɒ": "AA", "a": "AA", "æ": "AE", "ʌ": "AH", "ə": "AH", "ɐ": "AH", "ɔ": "AO"},
    **{"ɛ": "EH", "e": "EH", "ɜ": "ER", "ɝ": "ER", "ɚ": "ER", "ɪ": "IH", "ɨ": "IH", "i": "IY"},
    **{"o": "OW", "ʊ": "UH", "u": "UW", "ʉ": "UW"},
    **{"tʃ": "CH", "ʧ": "CH", "dʒ": "JH", "ʤ": "JH", "ð": "DH", "ŋ": "NG", "ʃ": "SH"},
    **{"θ": "TH", "ʒ": "ZH", "j": "Y", "ɡ": "G", "ɹ": "R", "ɻ": "R", "ɾ": "T", "ʔ": "T"},
    **{"ɫ": "L", "ʍ": "W", "ɦ": "HH", "h": "HH", "x": "K"},
    **{symbol: symbol.upper() for symbol in "bdfgklmnprstvwz"},
}
_LONGEST_SYMBOL = max(map(len, _IPA))
_IPA_VOWELS = frozenset("aeiouæɑɒɐɔəɚɛɜɝɨɪʉʊʌ")
_IPA_ONLY = frozenset("".join(_IPA) + _PRIMARY + _SECONDARY + _LONG) - frozenset(
    "abcdefghijklmnopqrstuvwxyz"
)
# Other characters that look the same, or are typed for want of the right ones.
_IPA_LOOKALIKES = {
    **dict.fromkeys("ǝә", "ə"),
    **dict.fromkeys("'’‘ʼ′´`ʹ", _PRIMARY),
    **{"ε": "ɛ", "α": "ɑ", "ɩ": "ɪ", "ʚ": "ɛ", "∫": "ʃ", "ɷ": "ʊ", "ı": "ɪ", ":": _LONG},
}

# Only British English has them; those with a length are British where no r is heard after a vowel.
_BRITISH = ("ɒ", "əʊ", "ɜ", "ɛː", *(f"{vowel}ə" for vowel, _ in _CENTRING))
_WITHOUT_R = ("ɑ", "ɔ")

# X-SAMPA in symbols of IPA, the longest first; lower-case letters are the same in both.
_SAMPA = {
    **{"r\\`": "ɻ", "r\\": "ɹ", "h\\": "ɦ", "@`": "ɚ", "3`": "ɝ", "_=": _SYLLABIC},
    **{"=": _SYLLABIC, ":\\": _HALF_LONG, ":": _LONG, '"': _PRIMARY, "%": _SECONDARY},
    **{"@": "ə", "{": "æ", "&": "æ", "}": "ʉ", "1": "ɨ", "3": "ɜ", "4": "ɾ", "5": "ɫ"},
    **{"6": "ɐ", "?": "ʔ", "A": "ɑ", "D": "ð", "E": "ɛ", "I": "ɪ", "N": "ŋ", "O": "ɔ"},
    **{"Q": "ɒ", "S": "ʃ", "T": "θ", "U": "ʊ", "V": "ʌ", "W": "ʍ", "Z": "ʒ"},
}
# Diacritics that make no difference to an English word, and what parts syllables.
_SAMPA_SILENT = re.compile(r"_[\w^~\"?<>}]\\?|[`'~^.|/\[\]()\-\s,]")


class Token(NamedTuple):
    """A piece of what was typed, as it stands between two blanks.

    Attributes:
        text: As typed; of IPA, one symbol.
        start: Where it begins in what was typed.
        phonemes: What it was read as; none where it could not be.
        problem: A sentence that says why it could not be read.
        meant: What it may have been meant for, where somebody could know.
        near: A sound that only British English has, of which the phonemes are the nearest.
    """

    text: str
    start: int
    phonemes: tuple[str, ...] = ()
    problem: str = ""
    meant: str = ""
    near: str = ""


def is_ipa(text: str) -> bool:
    """Whether there is a symbol that is in IPA only."""
    return not _IPA_ONLY.isdisjoint(text)


def read_ipa(given: Pasted) -> list[Token]:
    """A token for each sound of IPA, or for what is none."""
    return _read_symbols(_plain_ipa(given), "IPA")


def read_sampa(given: Pasted) -> list[Token]:
    """A token for each sound of X-SAMPA, or for what is none."""
    symbols, places, place = [], [], 0
    while place < len(given.text):
        found = (given.text[place : place + size] for size in (3, 2, 1))
        symbol = next((each for each in found if each in _SAMPA), "")
        silent = _SAMPA_SILENT.match(given.text, place)
        if silent and len(symbol) < len(silent[0]):
            place = silent.end()
            continue
        symbol = symbol or given.text[place]
        symbols.append(_SAMPA.get(symbol, symbol))
        places.append(place)
        place += len(symbol)
    return _read_symbols(given.placed("".join(symbols), places), "X-SAMPA")


def _read_symbols(given: Pasted, notation: str) -> list[Token]:
    """A token for each sound of IPA; vowels have no stress where the text marks none at all."""
    symbols = _syllables(given)
    is_marked = _PRIMARY in symbols.text or _SECONDARY in symbols.text
    drops_r = not _has_final_r(symbols.text)
    stress, place = "0", 0
    tokens: list[Token] = []
    while place < len(symbols.text):
        if symbols.text[place] in (_PRIMARY, _SECONDARY):
            stress = "1" if symbols.text[place] == _PRIMARY else "2"
            place += 1
            continue
        if symbols.text[place] in (_LONG, _HALF_LONG):
            place += 1
            continue
        sizes = range(_LONGEST_SYMBOL, 0, -1)
        found = (symbols.text[place : place + size] for size in sizes)
        symbol = next((each for each in found if each in _IPA), symbols.text[place])
        typed, start = symbols.typed(place, place + len(symbol))
        place += len(symbol)
        if symbol not in _IPA:
            problem = f"{typed} is no sound of English in {notation}; leave it out."
            tokens.append(Token(typed, start, problem=problem))
            continue
        phonemes = []
        for phoneme in _IPA[symbol].split():
            is_vowel = phoneme in VOWELS
            phonemes.append(phoneme + stress if is_vowel and is_marked else phoneme)
            stress = "0" if is_vowel else stress
        is_long = symbols.text[place : place + 1] == _LONG
        near = typed if _is_british(symbol, is_long=is_long, drops_r=drops_r) else ""
        tokens.append(Token(typed, start, tuple(phonemes), near=near))
    return tokens


def _is_british(symbol: str, *, is_long: bool, drops_r: bool) -> bool:
    if symbol in _BRITISH:
        return True
    return symbol in _WITHOUT_R and is_long and drops_r


def _has_final_r(symbols: str) -> bool:
    """Whether an r is heard that no vowel follows, as in American English."""
    sounds = re.sub(f"[{_PRIMARY}{_SECONDARY}{_LONG}{_HALF_LONG}]", "", symbols)
    vowels = "".join(sorted(_IPA_VOWELS))
    return re.search(f"[ɚɝ]|[rɹɻ](?![{vowels}])", sounds) is not None


def _syllables(given: Pasted) -> Pasted:
    """A consonant that is a syllable gets its vowel before it."""
    symbols: list[str] = []
    places: list[int] = []
    for place, symbol in enumerate(given.text):
        if symbol == _SYLLABIC and symbols:
            symbols.insert(-1, "ə")
            places.insert(-1, places[-1])
        elif symbol != _SYLLABIC:
            symbols.append(symbol)
            places.append(place)
    return given.placed("".join(symbols), places)


def _plain_ipa(given: Pasted) -> Pasted:
    """Without what makes no difference to an English word: ties, syllables, brackets."""
    symbols, places = [], []
    for place, each in enumerate(given.text):
        for symbol in unicodedata.normalize("NFD", each.lower()):
            symbol = _IPA_LOOKALIKES.get(symbol, symbol)
            if symbol == _SYLLABIC or _makes_a_difference(symbol):
                symbols.append(symbol)
                places.append(place)
    return given.placed("".join(symbols), places)


def _makes_a_difference(symbol: str) -> bool:
    return (
        not unicodedata.combining(symbol)
        and unicodedata.category(symbol) not in ("Zs", "Cc", "Ps", "Pe", "Pd")
        and symbol not in '.‿ʰʲʷˠ˞/\\|,;"'
    )
