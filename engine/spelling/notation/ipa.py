"""Pronunciations in IPA or in X-SAMPA, sound by sound, as phonemes of ARPAbet.

IPA as in dictionaries of American and of British English: International Phonetic Association
(1999), Handbook, Cambridge University Press. X-SAMPA is IPA in ASCII: Wells, J. C. (1995),
Computer-coding the IPA, University College London; its symbols are turned into those of IPA.

The spellers have learned American English. What only British English has is read as the nearest
American phoneme, and its token says so.
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
_APART = "."  # between syllables, and for a blank, a hyphen or a linking mark
_RHOTIC = "˞"
_R = ("r", "ɹ", "ɻ", "ʳ")
_CENTRING = (("ɪ", "IH"), ("e", "EH"), ("ɛ", "EH"), ("ʊ", "UH"))
_IPA = {
    **{"aɪ": "AY", "aʊ": "AW", "eɪ": "EY", "ɛɪ": "EY", "oʊ": "OW", "əʊ": "OW", "ɔɪ": "OY"},
    **{"ɒɪ": "OY", "ɛː": "EH R"},
    # As older dictionaries, and newer British ones, write them.
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
# Letters of American linguists: Pullum, G. K. and Ladusaw, W. A. (1996), Phonetic Symbol Guide.
_WITH_CARON = {"s": "ʃ", "z": "ʒ", "c": "tʃ", "j": "dʒ"}
# Diacritics that are letters, and marks around a pronunciation.
_SILENT = frozenset('ʰʲʷˠⁿˡᵐᵗᵖᵏ/\\|,;"')
_MOST_DECIDED = 4  # each doubles the readings to look up
# Other characters that look the same, or are typed for want of the right ones.
_IPA_LOOKALIKES = {
    **dict.fromkeys("ǝә", "ə"),
    **dict.fromkeys("'’‘ʼ′´`ʹ", _PRIMARY),
    **{"ε": "ɛ", "α": "ɑ", "ɩ": "ɪ", "ʚ": "ɛ", "∫": "ʃ", "ɷ": "ʊ", "ı": "ɪ", ":": _LONG},
    **{"\u030d": _SYLLABIC},  # above a letter that reaches below the line
}

# What a vowel of British English becomes: one and its r, or two vowels (dear, idea); and an a that
# is short in newer British dictionaries, and long in others (cat, father).
_TWO_WAYS = {
    "ɪə": (("IH{}", "R"), ("IY{}", "AH0")),
    "ʊə": (("UH{}", "R"), ("UW{}", "AH0")),
    "a": (("AE{}",), ("AA{}",)),
}
# They have their r, whether it is written at the beginning of the next syllable or not.
_WITH_R = frozenset({"ɜ", "ɛː", *(f"{vowel}ə" for vowel, _ in _CENTRING)})
_NEXT_R = re.compile(rf"{_LONG}?\{_APART}+[{''.join(_R)}]")
# Sounds that English has in a few words from elsewhere, and Americans say otherwise.
FOREIGN = ("x",)

# Only British English has them; those with a length are British where no r is heard after a vowel.
_BRITISH = ("ɒ", "əʊ", "ɜ", "ɛː", *(f"{vowel}ə" for vowel, _ in _CENTRING))
_WITHOUT_R = ("ɑ", "ɔ")

# X-SAMPA in symbols of IPA, the longest first; lower-case letters are the same in both.
_SAMPA = {
    **{"r\\`": "ɻ", "r\\": "ɹ", "h\\": "ɦ", "@`": "ɚ", "3`": "ɝ", "_=": _SYLLABIC},
    **{"=": _SYLLABIC, ":\\": _HALF_LONG, ":": _LONG, '"': _PRIMARY, "%": _SECONDARY},
    **{"@": "ə", "{": "æ", "&": "æ", "}": "ʉ", "1": "ɨ", "3": "ɜ", "4": "ɾ", "5": "ɫ"},
    **{"6": "ɐ", "?": "ʔ", "A": "ɑ", "D": "ð", "E": "ɛ", "I": "ɪ", "N": "ŋ", "O": "ɔ"},
    **{"`": _RHOTIC, **dict.fromkeys((".", " ", "\t", "-"), _APART)},
    **{"Q": "ɒ", "S": "ʃ", "T": "θ", "U": "ʊ", "V": "ʌ", "W": "ʍ", "Z": "ʒ"},
}
# Diacritics that make no difference to an English word, and what parts syllables.
_SAMPA_SILENT = re.compile(r"_[\w^~\"?<>}]\\?|-\\|['~^|/\[\](),]")


class Token(NamedTuple):
    """A piece of what was typed, as it stands between two blanks.

    Attributes:
        text: As typed; of IPA, one symbol.
        start: Where it begins in what was typed.
        phonemes: What it was read as; none where it could not be.
        problem: A sentence that says why it could not be read.
        meant: What it may have been meant for, where somebody could know.
        near: A sound that American English has not, of which the phonemes are the nearest.
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
    """Whether there is a symbol that is in IPA only."""
    return bool(only_ipa(text))


def only_ipa(text: str) -> frozenset[str]:
    """The symbols of a text that are in IPA only."""
    return _IPA_ONLY.intersection(unicodedata.normalize("NFD", text))


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
    symbols = _composed(given)
    text = symbols.text
    is_marked = _PRIMARY in text or _SECONDARY in text
    drops_r = not _has_final_r(text)
    stress, place = "0", 0
    tokens: list[Token] = []
    two_ways: dict[int, list[tuple[str, ...]]] = {}
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
        is_open = symbol in _TWO_WAYS and not linked and not is_long
        if is_open:
            shown = stress if is_marked else ""
            ways = [tuple(p.format(shown) for p in way) for way in _TWO_WAYS[symbol]]
            ways = [tuple(p if is_marked else p.rstrip("0") for p in way) for way in ways]
            is_weak = is_marked and stress == "0" and symbol != "a"
            two_ways[len(tokens)] = ways[::-1] if is_weak else ways
        phonemes = []
        for phoneme in _IPA[symbol].split():
            is_vowel = phoneme in VOWELS
            phonemes.append(phoneme + stress if is_vowel and is_marked else phoneme)
            stress = "0" if is_vowel else stress
        is_near = (
            is_open or symbol in FOREIGN or _is_british(symbol, is_long=is_long, drops_r=drops_r)
        )
        tokens.append(Token(typed, start, tuple(phonemes), near=typed if is_near else ""))
    return _decided(tokens, two_ways)


def _no_sound(typed: str, notation: str) -> str:
    return f"{typed} is no sound of English in {notation}; leave it out."


def _decided(tokens: Sequence[Token], two_ways: dict[int, list[tuple[str, ...]]]) -> list[Token]:
    """Choose among the ways to read some tokens: those of a listed word, else the first ones."""
    if not two_ways:
        return list(tokens)
    first: list[Token] | None = None
    for ways in itertools.product(*list(two_ways.values())[:_MOST_DECIDED]):
        chosen = list(tokens)
        for index, way in zip(two_ways, ways, strict=False):
            chosen[index] = tokens[index]._replace(phonemes=way)
        if _is_listed([phoneme for token in chosen for phoneme in token.phonemes]):
            return chosen
        first = first or chosen
    return first or list(tokens)


def _is_listed(phonemes: Sequence[str]) -> bool:
    """Whether a word has these phonemes, whatever their stress, or an r at its end."""
    plain = bare(phonemes)
    with_r = (*plain[:-1], "ER") if plain[-1:] == ("AH",) else plain
    return bool(listed_for(plain) or listed_for(with_r))


def _is_british(symbol: str, *, is_long: bool, drops_r: bool) -> bool:
    if symbol in _BRITISH:
        return True
    return symbol in _WITHOUT_R and is_long and drops_r


def _has_final_r(symbols: str) -> bool:
    """Whether an r is heard that no vowel follows, as in American English."""
    sounds = re.sub(f"[{_PRIMARY}{_SECONDARY}{_LONG}{_HALF_LONG}{_APART}]", "", symbols)
    vowels = "".join(sorted(_IPA_VOWELS))
    return re.search(f"[ɚɝ]|[rɹɻʳ](?![{vowels}])", sounds) is not None


def _composed(given: Pasted) -> Pasted:
    """A consonant that is a syllable gets its vowel before it, an r-coloured vowel its r."""
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
    """Without what makes no difference to an English word: ties, tones, brackets."""
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
    """Each letter and each mark of a text, and its place."""
    for place, each in enumerate(text):
        for symbol in unicodedata.normalize("NFD", each.lower()):
            symbol = _IPA_LOOKALIKES.get(symbol, symbol)
            is_apart = symbol == "‿" or unicodedata.category(symbol) in ("Zs", "Cc", "Pd")
            yield place, _APART if is_apart else symbol


def _makes_a_difference(symbol: str, before: str) -> bool:
    if symbol == _SYLLABIC:
        return True
    if unicodedata.combining(symbol):
        # Over a consonant these make another one, over a vowel its tone or its nose.
        is_changed = symbol == _CARON or (symbol == _TILDE and before == "n")
        return is_changed and before not in _IPA_VOWELS
    return unicodedata.category(symbol) not in ("Ps", "Pe") and symbol not in _SILENT
