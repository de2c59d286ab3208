"""Reads pronunciations in IPA or X-SAMPA, sound by sound, as phonemes of ARPAbet.

IPA as in dictionaries of American and of British English: International Phonetic Association
(1999), Handbook, Cambridge University Press. X-SAMPA is IPA in ASCII: Wells, J. C. (1995),
Computer-coding the IPA, University College London; its symbols are converted to IPA.

The spellers have learned American English. A sound that only British English has is read as the
nearest American phoneme, and its token says so.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from engine.spelling.dictionary.pronunciations import listed_for
from engine.spelling.notation.pasted import Pasted
from engine.spelling.vocabulary import VOWELS, bare

_PRIMARY, _SECONDARY, _LONG, _HALF_LONG, _SYLLABIC = "ˈ", "ˌ", "ː", "ˑ", "\u0329"
_APART = "."  # between syllables; also stands for a blank, a hyphen or a linking mark
_RHOTIC = "˞"
_R = ("r", "ɹ", "ɻ", "ʳ")
_CENTRING = (("ɪ", "IH"), ("e", "EH"), ("ɛ", "EH"), ("ʊ", "UH"))
_IPA = {
    **{"aɪ": "AY", "aʊ": "AW", "eɪ": "EY", "ɛɪ": "EY", "oʊ": "OW", "əʊ": "OW", "ɔɪ": "OY"},
    **{"ɒɪ": "OY", "ɛː": "EH R"},
    # The symbols of older dictionaries, and of newer British ones.
    **{"ou": "OW", "ow": "OW", "əu": "OW", "əʉ": "OW", "ɵʊ": "OW", "ɔi": "OY", "oi": "OY"},
    **{"au": "AW", "aw": "AW", "ɑʊ": "AW", "ɑu": "AW", "ei": "EY", "ɛi": "EY", "ej": "EY"},
    **{"ai": "AY", "aj": "AY", "ʌɪ": "AY", "ɑɪ": "AY", "ɑi": "AY"},
    **{f"{vowel}ə{r}": f"{phoneme} R" for vowel, phoneme in _CENTRING for r in ("", *_R)},
    **{f"ɛː{r}": "EH R" for r in _R},
    **{f"{vowel}{r}": "ER" for vowel in "əᵊ" for r in _R},
    **{f"{vowel}{long}{r}": "ER" for vowel in "ɜɝɚ" for long in ("", _LONG) for r in _R},
    **{"ɑ": "AA", "ɒ": "AA", "a": "AA", "æ": "AE", "ʌ": "AH", "ə": "AH", "ɐ": "AH", "ɔ": "AO"},
    **{"ɛ": "EH", "e": "EH", "ɜ": "ER", "ɝ": "ER", "ɚ": "ER", "ɪ": "IH", "ɨ": "IH", "i": "IY"},
    **{"o": "OW", "ʊ": "UH", "u": "UW", "ʉ": "UW", "ᵊ": "AH", "ᵻ": "IH", "ᵿ": "UH", "ɵ": "UH"},
    **{"tʃ": "CH", "ʧ": "CH", "dʒ": "JH", "ʤ": "JH", "ð": "DH", "ŋ": "NG", "ʃ": "SH"},
    **{"θ": "TH", "ʒ": "ZH", "j": "Y", "ɡ": "G", "ɹ": "R", "ɻ": "R", "ʳ": "R", "ɾ": "T", "ʔ": "T"},
    **{"ɫ": "L", "ʍ": "W", "ɦ": "HH", "h": "HH", "x": "K"},
    **{symbol: symbol.upper() for symbol in "bdfgklmnprstvwz"},
}
_LONGEST_SYMBOL = max(map(len, _IPA))
_IPA_VOWELS = frozenset("aeiouæɑɒɐɔəɚɛɜɝɨɪʉʊʌɵᵊᵻᵿ")
_CARON, _TILDE = "\u030c", "\u0303"
_IPA_ONLY = frozenset("".join(_IPA) + _PRIMARY + _SECONDARY + _LONG + _RHOTIC + _CARON) - frozenset(
    "abcdefghijklmnopqrstuvwxyz"
)
# Symbols of American linguists: Pullum, G. K. and Ladusaw, W. A. (1996), Phonetic Symbol Guide.
_WITH_CARON = {"s": "ʃ", "z": "ʒ", "c": "tʃ", "j": "dʒ"}
# Diacritics that are characters of their own, and marks around a pronunciation.
_SILENT = frozenset('ʰʲʷˠⁿˡᵐᵗᵖᵏ/\\|,;"')
_MOST_DECIDED = 4  # each doubles the readings to look up
# Characters that look the same, or that people type instead of the correct ones.
_IPA_LOOKALIKES = {
    **dict.fromkeys("ǝә", "ə"),
    **dict.fromkeys("'’‘ʼ′´`ʹ", _PRIMARY),
    **{"ε": "ɛ", "α": "ɑ", "ɩ": "ɪ", "ʚ": "ɛ", "∫": "ʃ", "ɷ": "ʊ", "ı": "ɪ", ":": _LONG},
    **{"\u030d": _SYLLABIC},  # placed above letters with a descender
}

# What a British vowel becomes: a vowel with its r, or two vowels (dear, idea); and the a that is
# short in newer British dictionaries, and long in others (cat, father).
_TWO_READINGS = {
    "ɪə": (("IH{}", "R"), ("IY{}", "AH0")),
    "ʊə": (("UH{}", "R"), ("UW{}", "AH0")),
    "a": (("AE{}",), ("AA{}",)),
}
# They have their r, whether it is written at the beginning of the next syllable or not.
_WITH_R = frozenset({"ɜ", "ɛː", *(f"{vowel}ə" for vowel, _ in _CENTRING)})
_NEXT_R = re.compile(rf"{_LONG}?\{_APART}+[{''.join(_R)}]")
# Sounds of a few loanwords, which Americans pronounce differently.
FOREIGN = ("x",)

# Only British English has them; those with a length mark are British if no r follows the vowel.
_BRITISH = ("ɒ", "əʊ", "ɜ", "ɛː", *(f"{vowel}ə" for vowel, _ in _CENTRING))
_WITHOUT_R = ("ɑ", "ɔ")

# X-SAMPA symbols and their IPA, the longest first; lower-case letters are the same in both.
_SAMPA = {
    **{"r\\`": "ɻ", "r\\": "ɹ", "h\\": "ɦ", "@`": "ɚ", "3`": "ɝ", "_=": _SYLLABIC},
    **{"=": _SYLLABIC, ":\\": _HALF_LONG, ":": _LONG, '"': _PRIMARY, "%": _SECONDARY},
    **{"@": "ə", "{": "æ", "&": "æ", "}": "ʉ", "1": "ɨ", "3": "ɜ", "4": "ɾ", "5": "ɫ"},
    **{"6": "ɐ", "?": "ʔ", "A": "ɑ", "D": "ð", "E": "ɛ", "I": "ɪ", "N": "ŋ", "O": "ɔ"},
    **{"`": _RHOTIC, **dict.fromkeys((".", " ", "\t", "-"), _APART)},
    **{"Q": "ɒ", "S": "ʃ", "T": "θ", "U": "ʊ", "V": "ʌ", "W": "ʍ", "Z": "ʒ"},
}
# Diacritics that make no difference in English, and separators of syllables.
_SAMPA_SILENT = re.compile(r"_[\w^~\"?<>}]\\?|-\\|['~^|/\[\](),]")


class Token(NamedTuple):
    """A piece of the typed text, between two blanks.

    Attributes:
        text: The piece as typed; in IPA one symbol.
        start: Its position in the typed text.
        phonemes: The phonemes it was read as; none if it could not be read.
        problem: Why it could not be read, as a sentence.
        meant: What it was probably meant to be, if that can be guessed.
        near: A sound that American English lacks, for which the phonemes are the nearest.
        note: A sentence about how it was read.
    """

    text: str
    start: int
    phonemes: tuple[str, ...] = ()
    problem: str = ""
    meant: str = ""
    near: str = ""
    note: str = ""


def is_ipa(text: str) -> bool:
    """Whether a text has a symbol that only IPA has."""
    return bool(only_ipa(text))


def only_ipa(text: str) -> frozenset[str]:
    """The symbols of a text that only IPA has."""
    return _IPA_ONLY.intersection(unicodedata.normalize("NFD", text))


def read_ipa(given: Pasted) -> list[Token]:
    """Return a token for each sound of IPA, and for each piece that is not a sound."""
    return _read_symbols(_plain_ipa(given), "IPA")


def read_sampa(given: Pasted) -> list[Token]:
    """Return a token for each sound of X-SAMPA, and for each piece that is not a sound."""
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
    """Return a token for each sound of IPA; vowels get no stress if the text marks none at all."""
    symbols = _composed(given)
    text = symbols.text
    is_marked = _PRIMARY in text or _SECONDARY in text
    drops_r = not _has_final_r(text)
    stress, place = "0", 0
    tokens: list[Token] = []
    ambiguous: dict[int, list[tuple[str, ...]]] = {}
    while place < len(text):
        if text[place] in (_PRIMARY, _SECONDARY):
            stress = "1" if text[place] == _PRIMARY else "2"
        if text[place] in (_PRIMARY, _SECONDARY, _LONG, _HALF_LONG, _APART):
            place += 1
            continue
        found = (text[place : place + size] for size in range(_LONGEST_SYMBOL, 0, -1))
        symbol = next((each for each in found if each in _IPA), text[place])
        typed, start = symbols.typed(place, place + len(symbol))
        place += len(symbol)
        if symbol not in _IPA:
            tokens.append(Token(typed, start, problem=_no_sound(typed, notation)))
            continue
        linked = _NEXT_R.match(text, place) if symbol in _WITH_R else None
        place = linked.end() if linked else place
        is_long = text[place : place + 1] == _LONG
        is_open = symbol in _TWO_READINGS and not linked and not is_long
        if is_open:
            shown = stress if is_marked else ""
            readings = [
                tuple(p.format(shown) for p in reading) for reading in _TWO_READINGS[symbol]
            ]
            readings = [
                tuple(p if is_marked else p.rstrip("0") for p in reading) for reading in readings
            ]
            is_weak = is_marked and stress == "0" and symbol != "a"
            ambiguous[len(tokens)] = readings[::-1] if is_weak else readings
        phonemes = []
        for phoneme in _IPA[symbol].split():
            is_vowel = phoneme in VOWELS
            phonemes.append(phoneme + stress if is_vowel and is_marked else phoneme)
            stress = "0" if is_vowel else stress
        is_near = (
            is_open or symbol in FOREIGN or _is_british(symbol, is_long=is_long, drops_r=drops_r)
        )
        tokens.append(Token(typed, start, tuple(phonemes), near=typed if is_near else ""))
    return _decided(tokens, ambiguous)


def _no_sound(typed: str, notation: str) -> str:
    return f"{typed} is not a sound of English in {notation}; leave it out."


def _decided(tokens: Sequence[Token], ambiguous: dict[int, list[tuple[str, ...]]]) -> list[Token]:
    """Choose the readings of ambiguous tokens: those of a listed word, else the first ones."""
    if not ambiguous:
        return list(tokens)
    first: list[Token] | None = None
    for readings in itertools.product(*list(ambiguous.values())[:_MOST_DECIDED]):
        chosen = list(tokens)
        for index, reading in zip(ambiguous, readings, strict=False):
            chosen[index] = tokens[index]._replace(phonemes=reading)
        if _is_listed([phoneme for token in chosen for phoneme in token.phonemes]):
            return chosen
        first = first or chosen
    return first or list(tokens)


def _is_listed(phonemes: Sequence[str]) -> bool:
    """Whether a word has these phonemes, ignoring stress and a final r."""
    plain = bare(phonemes)
    with_r = (*plain[:-1], "ER") if plain[-1:] == ("AH",) else plain
    return bool(listed_for(plain) or listed_for(with_r))


def _is_british(symbol: str, *, is_long: bool, drops_r: bool) -> bool:
    if symbol in _BRITISH:
        return True
    return symbol in _WITHOUT_R and is_long and drops_r


def _has_final_r(symbols: str) -> bool:
    """Whether an r is written that no vowel follows, as in American English."""
    sounds = re.sub(f"[{_PRIMARY}{_SECONDARY}{_LONG}{_HALF_LONG}{_APART}]", "", symbols)
    vowels = "".join(sorted(_IPA_VOWELS))
    return re.search(f"[ɚɝ]|[rɹɻʳ](?![{vowels}])", sounds) is not None


def _composed(given: Pasted) -> Pasted:
    """Add the vowel before a syllabic consonant, and the r after an r-coloured vowel."""
    symbols: list[str] = []
    places: list[int] = []
    for place, symbol in enumerate(given.text):
        before = next((each for each in reversed(symbols) if each != _LONG), "")
        if symbol == _SYLLABIC:
            if symbols:
                symbols.insert(-1, "ə")
                places.insert(-1, places[-1])
            continue
        if symbol == _RHOTIC:
            if before not in _IPA_VOWELS or before in "ɚɝ":
                continue  # a retroflex consonant
            symbol = "r"
        symbols.append(symbol)
        places.append(place)
    return given.placed("".join(symbols), places)


def _plain_ipa(given: Pasted) -> Pasted:
    """Remove what makes no difference in English: ties, tones, brackets."""
    symbols: list[str] = []
    places: list[int] = []
    for place, symbol in _decomposed(given.text):
        before = symbols[-1] if symbols else ""
        if symbol == _CARON and before in _WITH_CARON:
            letters = _WITH_CARON[before]
            symbols[-1:], places[-1:] = letters, [places[-1]] * len(letters)
        elif _makes_a_difference(symbol, before):
            symbols.append(symbol)
            places.append(place)
    return given.placed("".join(symbols), places)


def _decomposed(text: str) -> Iterator[tuple[int, str]]:
    """Each letter and each mark of a text, with its position."""
    for place, each in enumerate(text):
        for symbol in unicodedata.normalize("NFD", each.lower()):
            symbol = _IPA_LOOKALIKES.get(symbol, symbol)
            is_apart = symbol == "‿" or unicodedata.category(symbol) in ("Zs", "Cc", "Pd")
            yield place, _APART if is_apart else symbol


def _makes_a_difference(symbol: str, before: str) -> bool:
    if symbol == _SYLLABIC:
        return True
    if unicodedata.combining(symbol):
        # Over a consonant these make another one; over a vowel they mark tone or nasality.
        is_changed = symbol == _CARON or (symbol == _TILDE and before == "n")
        return is_changed and before not in _IPA_VOWELS
    return unicodedata.category(symbol) not in ("Ps", "Pe") and symbol not in _SILENT
