"""Reads pronunciations as people write them: ARPAbet in any form, IPA, or X-SAMPA.

ARPAbet as in the CMU Pronouncing Dictionary: 39 phonemes, vowels with a stress of 0, 1 or 2 or
without. `ipa` reads IPA and X-SAMPA; `citations` handles the text around them.
"""

import difflib
import functools
import re
import unicodedata
from collections.abc import Sequence

from engine.errors import DataError
from engine.spelling.dictionary.pronunciations import pronunciations
from engine.spelling.notation.citations import BETWEEN_SAMPA, cited, several
from engine.spelling.notation.ipa import FOREIGN, Token, is_ipa, read_ipa, read_sampa
from engine.spelling.notation.pasted import QUOTES, Pasted, pasted, unquoted
from engine.spelling.notation.pieces import NAMED, PIECE, knows
from engine.spelling.vocabulary import CONSONANTS, MAX_PHONEMES, VOWELS, bare

__all__ = ["Token", "notes_of", "parse", "phonemes_of", "read"]

EXAMPLE = "K AE1 T"

_STRESSED = re.compile(r"([A-Z]+)(\d+)")
# Characters of a text; 40 phonemes take far fewer.
_LONGEST = 2000
# Separators of two pronunciations of the same word in ARPAbet.
_BETWEEN = re.compile(r"\s*[,;|/~]\s*|\s+or\s+", re.IGNORECASE)
_ALIKE = 0.5  # two pronunciations of one word share more than this fraction of phonemes
# Letters of other alphabets, and the Latin letters they look like.
_LOOK_ALIKE = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеѕіјкорсухΑΒΕΖΗΙΚΜΝΟΡΤΥΧοκρυχ",
    "ABESIJKMHOPCTYXaesijkopcyxABEZHIKMNOPTYXokpux",
)
_VOWELS = frozenset(VOWELS)
# The longest mistyped phoneme; it shares at least half of its letters with the real one.
_LONGEST_SLIP = 9
_NAMES = sorted(NAMED)
_ALPHABETS = ("CYRILLIC", "GREEK")

# Symbols of people who know another phoneme set, or guess.
MEANT = {
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

# Never found in ARPAbet: a vowel with a length mark, a stress in front, 3 as a vowel.
_SAMPA_ONLY = re.compile(
    r"""@|3`|[rh]\\(?=[\w"%{])|[%&"](?=[\w{])|(?<=[\w@{])["%]|[AIOUEQVaiou3@{]:(?!\s)"""
    r"""|(?:^|(?<=[\sb-df-hj-np-tv-z"]))3(?=[:a-zDNSTZ`])"""
)

_QUOTED = re.compile(r"""(?<![\w@{}\\])(?:"([^"]*)"|'([^']*)')(?![\w@{}&])""")


def read(text: str) -> list[Token]:
    """Read one pronunciation piece by piece, even if some of them are invalid.

    Args:
        text: The same as for `parse`.

    Returns:
        The pieces, in order; none for an empty text.
    """
    if len(text) > _LONGEST:
        too_long = (
            f"{len(text):,} characters are too many for one word: it may have {MAX_PHONEMES} "
            "phonemes."
        )
        return [Token(text, 0, problem=too_long)]
    found = cited(unquoted(pasted(text)))
    given = found.sounds
    if found.problem:
        return [_whole(given, found.problem)]
    pieces = _pieces(given)
    if not pieces:
        return []
    is_sampa = _is_sampa(given.text)
    if not is_sampa and NAMED.issuperset(given.text[slice(*piece)].upper() for piece in pieces):
        return _read_one(given, pieces)
    if is_ipa(given.text):
        return read_ipa(given)
    if is_sampa:
        alternatives = BETWEEN_SAMPA.split(given.text.strip("/[] "))
        return (
            [_whole(given, several(alternatives))] if len(alternatives) > 1 else read_sampa(given)
        )
    is_slashed = _is_slashed(given.text)
    if is_slashed and given.text.islower():
        return read_ipa(given)
    return _read_undecided(given, pieces, is_slashed)


def parse(text: str) -> tuple[str, ...]:
    """Read one pronunciation.

    Args:
        text: ARPAbet in upper or lower case, with blanks, commas or dashes between the phonemes,
            or without if that is unambiguous; IPA; or X-SAMPA. Quotation marks, slashes and
            brackets around it, and invisible characters, are ignored.

    Returns:
        1 to 40 phonemes.

    Raises:
        DataError: There is no phoneme, one is unknown, or there are too many.
    """
    return phonemes_of(read(text))


def phonemes_of(tokens: Sequence[Token]) -> tuple[str, ...]:
    """The phonemes of a whole pronunciation; raises what `parse` raises."""
    if not tokens:
        raise DataError(f"There is no phoneme; type some, such as {EXAMPLE}.")
    for token in tokens:
        if token.problem:
            raise DataError(token.problem)
    phonemes = tuple(phoneme for token in tokens for phoneme in token.phonemes)
    if len(phonemes) > MAX_PHONEMES:
        raise DataError(
            f"{len(phonemes):,} phonemes are too many: a word may have {MAX_PHONEMES} at most."
        )
    return phonemes


def notes_of(tokens: Sequence[Token]) -> tuple[str, ...]:
    """Return sentences about a pronunciation that may have been read in an unintended way."""
    notes = []
    if british := _approximated(tokens, is_foreign=False):
        notes.append(
            f"This is read as British, with the nearest American sounds ({british}): an "
            "approximation; write R where an r is spelled but not heard."
        )
    if foreign := _approximated(tokens, is_foreign=True):
        notes.append(f"American English has no such sound; the nearest is taken ({foreign}).")
    return (*notes, *dict.fromkeys(token.note for token in tokens if token.note))


def _approximated(tokens: Sequence[Token], *, is_foreign: bool) -> str:
    near = (
        f"{token.near} as {' '.join(bare(token.phonemes))}"
        for token in tokens
        if token.near and (token.near in FOREIGN) == is_foreign
    )
    return ", ".join(dict.fromkeys(near))


def known(text: str) -> bool:
    """Whether a text consists only of phonemes, in any notation."""
    try:
        return bool(parse(text))
    except DataError:
        return False


def is_glued(piece: str) -> bool:
    """Whether a piece is one phoneme, or several without blanks between them."""
    return len(piece) <= 3 * MAX_PHONEMES and _cut(piece.upper()) is not None


def is_of_other_notation(text: str) -> bool:
    """Whether a text has symbols of IPA or X-SAMPA."""
    return (
        is_ipa(text)
        or _is_sampa(text)
        or _is_slashed(text)
        or any(map(has_capitals_within, PIECE.findall(text)))
    )


def _pieces(given: Pasted) -> list[tuple[int, int]]:
    """The start and end of each piece between blanks, dashes and brackets, without quotes."""
    found = []
    for match in PIECE.finditer(given.text):
        start, end = match.span()
        piece = match[0]
        start += len(piece) - len(piece.lstrip(QUOTES))
        end -= len(piece) - len(piece.rstrip(QUOTES))
        if start < end:
            found.append((start, end))
    return found


def _whole(given: Pasted, problem: str, meant: str = "") -> Token:
    """A single token for a text that cannot be read."""
    return Token(*given.typed(0, len(given.text)), problem=problem, meant=meant)


def _read_one(given: Pasted, pieces: Sequence[tuple[int, int]]) -> list[Token]:
    """Read ARPAbet, unless there are two pronunciations."""
    tokens = _read_arpabet(given, pieces)
    alternatives = [each for each in _BETWEEN.split(given.text) if PIECE.search(each)]
    if len(alternatives) > 1 and _are_alternatives(alternatives):
        return [_whole(given, several(alternatives))]
    return tokens


def _are_alternatives(alternatives: Sequence[str]) -> bool:
    """Whether these are pronunciations of one word, and not its syllables.

    Each has its own main stress, or they are similar.
    """
    pronunciations = [_phonemes_in(each) for each in alternatives]
    if (
        not all(_VOWELS.intersection(bare(each)) for each in pronunciations)
        or max(map(len, pronunciations)) < 2
    ):
        return False
    if all(any(phoneme.endswith("1") for phoneme in each) for each in pronunciations):
        return True
    first = bare(pronunciations[0])
    return all(
        difflib.SequenceMatcher(None, first, bare(each)).ratio() > _ALIKE
        for each in pronunciations[1:]
    )


def _phonemes_in(text: str) -> list[str]:
    return [p for piece in PIECE.findall(text) for p in _cut(piece.strip(QUOTES).upper()) or ()]


def _read_arpabet(given: Pasted, pieces: Sequence[tuple[int, int]]) -> list[Token]:
    tokens = [_read(given.text[start:end], *given.typed(start, end)) for start, end in pieces]
    if len(tokens) == 1:
        piece = given.text[slice(*pieces[0])]
        return [tokens[0]._replace(note=_note_of_a_word(piece, tokens[0].phonemes))]
    return tokens


def _note_of_a_word(piece: str, phonemes: tuple[str, ...]) -> str:
    """A sentence if phonemes without blanks are also a word, which sounds different."""
    listed = pronunciations().get(piece.lower(), []) if len(phonemes) > 1 else []
    if not listed or bare(phonemes) in map(bare, listed):
        return ""
    return (
        f"This is read as the sounds {' '.join(phonemes)}; the word {piece.lower()} sounds like "
        f"{' '.join(listed[0])}."
    )


def _read(piece: str, typed: str, start: int) -> Token:
    """The phoneme of a piece, or its phonemes if blanks were left out."""
    name = piece.upper()
    if name in NAMED:
        return Token(typed, start, (name,))
    if len(name) > 3 * MAX_PHONEMES:
        too_long = f"{name[:12]}... is too long: a word may have {MAX_PHONEMES} phonemes."
        return Token(typed, start, problem=too_long)
    phonemes = _cut(name)
    if phonemes is None:
        advice, meant = _advice(name)
        return Token(typed, start, problem=f"{name} is not a phoneme{advice}", meant=meant)
    return Token(typed, start, phonemes)


@functools.lru_cache(maxsize=1024)
def _cut(token: str) -> tuple[str, ...] | None:
    """Split a token into the fewest phonemes, each vowel with the digit after it, if possible.

    The only ambiguity is N G, which is read as the far more frequent NG.
    """
    # From the end: how to read the rest after each position.
    rests: list[tuple[str, ...] | None] = [None] * len(token) + [()]
    for start in reversed(range(len(token))):
        for size in (1, 2, 3):
            piece, after = token[start : start + size], token[start + size : start + size + 1]
            rest = rests[start + size] if start + size <= len(token) else None
            if rest is None or piece not in NAMED or after.isdigit():
                continue
            found = rests[start]
            if found is None or len(rest) + 1 < len(found):
                rests[start] = (piece, *rest)
    return rests[0]


@functools.lru_cache(maxsize=4096)
def _advice(token: str) -> tuple[str, str]:
    """The end of a sentence about an unknown token, and what it was probably meant to be."""
    if token.isdigit():
        return " but a number; leave the number out.", ""
    if alphabet := _alphabet_of(token):
        latin = token.translate(_LOOK_ALIKE)
        meant = latin if latin in NAMED else ""
        hint = f"did you mean {latin} in Latin ones?" if meant else "type it in Latin ones."
        return f": it has {alphabet} letters; {hint}", meant
    stressed = _STRESSED.fullmatch(token)
    if stressed and stressed[1] in CONSONANTS:
        return f": only vowels carry a stress; write {stressed[1]}.", stressed[1]
    if stressed and stressed[1] in VOWELS:
        meant = f"{stressed[1]}1"
        return f": the stress of a vowel is 0, 1 or 2, as in {meant}.", meant
    name = stressed[1] if stressed else token
    listed = pronunciations().get(token.lower(), [()])[0]
    if listed and len(token) > (2 if name in MEANT else 1):
        meant = " ".join(listed)
        return f" but a word; it sounds like {meant}.", meant
    if name in MEANT:
        return f"; did you mean {MEANT[name]}?", MEANT[name]
    if close := _closest(token):
        return f"; did you mean {close}?", close
    return f"; write how a word sounds, such as {EXAMPLE} for cat.", ""


def _alphabet_of(token: str) -> str:
    """The alphabet of the first letter that only looks Latin: Cyrillic, Greek or empty."""
    names = (unicodedata.name(each, "").split(" ")[0] for each in token)
    return next((name.capitalize() for name in names if name in _ALPHABETS), "")


def _closest(token: str) -> str:
    """The phoneme whose spelling is closest to a token, if there is one."""
    if len(token) > _LONGEST_SLIP:
        return ""
    near = [
        name
        for name in _NAMES
        # At least half of the letters of both are shared: no other phoneme can be close.
        if 4 * sum(map(token.__contains__, name)) >= len(token) + len(name)
    ]
    return next(iter(difflib.get_close_matches(token, near, 1, 0.5)), "")


def _is_slashed(text: str) -> bool:
    return len(text) > 2 and text[0] + text[-1] in ("//", "[]")


def _read_undecided(
    given: Pasted, pieces: Sequence[tuple[int, int]], is_slashed: bool
) -> list[Token]:
    """Read ASCII letters: as ARPAbet, or as X-SAMPA if only that is possible, or more likely.

    X-SAMPA has capitals where IPA has special letters, also in the middle of a word.
    """
    arpabet = _read_one(given, pieces)
    words = [given.text[start:end] for start, end in pieces]
    if not is_slashed and not any(has_capitals_within(word) for word in words):
        return arpabet
    sampa = read_sampa(given)
    if any(token.problem for token in sampa):
        return arpabet
    as_arpabet = [phoneme for token in arpabet for phoneme in token.phonemes]
    has_vowel = any(phoneme.rstrip("012") in VOWELS for phoneme in as_arpabet)
    if any(token.problem for token in arpabet):
        # DeVito is a name, not sounds.
        is_name = any(w[0].isupper() and w.lower() in pronunciations() for w in words)
        return arpabet if is_name and not is_slashed else sampa
    if any(phoneme[-1].isdigit() for phoneme in as_arpabet):
        return arpabet
    if not has_vowel:
        return sampa
    return [_ambiguous(given, arpabet, sampa)]


def has_capitals_within(word: str) -> bool:
    """Whether a capital follows a small letter, or a small letter follows two capitals."""
    small, capitals = re.search("[a-z]", word), re.search("[A-Z]{2}", word)
    if small and re.search("[A-Z]", word[small.end() :]):
        return True
    return bool(capitals and re.search("[a-z]", word[capitals.end() :]))


def _ambiguous(given: Pasted, *readings: Sequence[Token]) -> Token:
    """A token that cannot be read because it is ambiguous."""
    shown = [" ".join(p for token in tokens for p in token.phonemes) for tokens in readings]
    typed, _ = given.typed(0, len(given.text))
    return _whole(
        given,
        f"{typed} could be ARPAbet ({shown[0]}) or X-SAMPA ({shown[1]}); write the phonemes "
        "with blanks between them.",
        shown[0],
    )


def _is_sampa(text: str) -> bool:
    """Whether a text has a symbol that only X-SAMPA has."""
    if not text.isascii():
        return False
    # In pairs they are quotation marks; within a word they are stress marks.
    enclosed = _QUOTED.sub(r" \1\2 ", text)
    enclosed = re.sub(r"\{([^{}]*)\}", r" \1 ", enclosed)
    bare = re.sub(r'^[\s/\[]*"(?=[^"]*$)', "", enclosed)
    if all(knows(piece.strip(QUOTES)) for piece in PIECE.findall(bare)) and "{" not in bare:
        return False
    return "{" in enclosed or _SAMPA_ONLY.search(enclosed) is not None
