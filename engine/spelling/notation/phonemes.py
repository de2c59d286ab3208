"""Pronunciations as people write them: ARPAbet in any dress, IPA, or X-SAMPA.

ARPAbet as in the CMU Pronouncing Dictionary: 39 phonemes, vowels with a stress of 0, 1 or 2 or
without. IPA and X-SAMPA: `ipa`; what stands around them: `citations`.
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
# Characters of a text; a pronunciation of 40 phonemes has far fewer.
_LONGEST = 2000
# What stands between two pronunciations of the same word in ARPAbet.
_BETWEEN = re.compile(r"\s*[,;|/~]\s*|\s+or\s+", re.IGNORECASE)
_ALIKE = 0.5  # of the phonemes of two pronunciations of one word, more than this part
# Letters of other alphabets, and what they look like.
_LOOK_ALIKE = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеѕіјкорсухΑΒΕΖΗΙΚΜΝΟΡΤΥΧοκρυχ",
    "ABESIJKMHOPCTYXaesijkopcyxABEZHIKMNOPTYXokpux",
)
_VOWELS = frozenset(VOWELS)
# Letters of what may be a phoneme with slips in it: half of both have to be in common.
_LONGEST_SLIP = 9
_NAMES = sorted(NAMED)
_ALPHABETS = ("CYRILLIC", "GREEK")

# What people write who know another phoneme set, or guess.
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

# What nobody writes in ARPAbet: a vowel with its length, a stress in front, 3 as a vowel.
_SAMPA_ONLY = re.compile(
    r"""@|3`|[rh]\\(?=[\w"%{])|[%&"](?=[\w{])|(?<=[\w@{])["%]|[AIOUEQVaiou3@{]:(?!\s)"""
    r"""|(?:^|(?<=[\sb-df-hj-np-tv-z"]))3(?=[:a-zDNSTZ`])"""
)

_QUOTED = re.compile(r"""(?<![\w@{}\\])(?:"([^"]*)"|'([^']*)')(?![\w@{}&])""")


def read(text: str) -> list[Token]:
    """Read one pronunciation piece by piece, whatever is wrong with some of them.

    Args:
        text: As of `parse`.

    Returns:
        The pieces in order; none for an empty text.
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
        ways = BETWEEN_SAMPA.split(given.text.strip("/[] "))
        return [_whole(given, several(ways))] if len(ways) > 1 else read_sampa(given)
    is_slashed = _is_slashed(given.text)
    if is_slashed and given.text.islower():
        return read_ipa(given)
    return _read_undecided(given, pieces, is_slashed)


def parse(text: str) -> tuple[str, ...]:
    """Read one pronunciation.

    Args:
        text: ARPAbet in capitals or not, with blanks, commas or dashes between the phonemes, or
            nothing where they can be told apart without; IPA; or X-SAMPA. Quotation marks, slashes
            and brackets around it, and characters that nobody sees, make no difference.

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
            f"{len(phonemes):,} phonemes are too many: a word may have {MAX_PHONEMES} at most."
        )
    return phonemes


def notes_of(tokens: Sequence[Token]) -> tuple[str, ...]:
    """What is to be said of a pronunciation that could be read, but perhaps not as it was meant."""
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
    """Whether a text is nothing but phonemes in whatever notation."""
    try:
        return bool(parse(text))
    except DataError:
        return False


def is_glued(piece: str) -> bool:
    """Whether a piece is one phoneme, or some without blanks between them."""
    return len(piece) <= 3 * MAX_PHONEMES and _cut(piece.upper()) is not None


def is_of_other_notation(text: str) -> bool:
    """Whether a text has signs of IPA or of X-SAMPA."""
    return (
        is_ipa(text)
        or _is_sampa(text)
        or _is_slashed(text)
        or any(map(has_capitals_within, PIECE.findall(text)))
    )


def _pieces(given: Pasted) -> list[tuple[int, int]]:
    """Where the pieces between blanks, dashes and brackets begin and end, without quotes."""
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
    """A token for all of a text, which cannot be read."""
    return Token(*given.typed(0, len(given.text)), problem=problem, meant=meant)


def _read_one(given: Pasted, pieces: Sequence[tuple[int, int]]) -> list[Token]:
    """Read ARPAbet, unless there are two pronunciations."""
    tokens = _read_arpabet(given, pieces)
    ways = [way for way in _BETWEEN.split(given.text) if PIECE.search(way)]
    if len(ways) > 1 and _are_alternatives(ways):
        return [_whole(given, several(ways))]
    return tokens


def _are_alternatives(ways: Sequence[str]) -> bool:
    """Whether these are ways to say one word rather than its syllables.

    Each has its own main stress, or they are alike.
    """
    said = [_phonemes_in(way) for way in ways]
    if not all(_VOWELS.intersection(bare(way)) for way in said) or max(map(len, said)) < 2:
        return False
    if all(any(phoneme.endswith("1") for phoneme in way) for way in said):
        return True
    first = bare(said[0])
    return all(difflib.SequenceMatcher(None, first, bare(way)).ratio() > _ALIKE for way in said[1:])


def _phonemes_in(way: str) -> list[str]:
    return [p for piece in PIECE.findall(way) for p in _cut(piece.strip(QUOTES).upper()) or ()]


def _read_arpabet(given: Pasted, pieces: Sequence[tuple[int, int]]) -> list[Token]:
    tokens = [_read(given.text[start:end], *given.typed(start, end)) for start, end in pieces]
    if len(tokens) == 1:
        piece = given.text[slice(*pieces[0])]
        return [tokens[0]._replace(note=_note_of_a_word(piece, tokens[0].phonemes))]
    return tokens


def _note_of_a_word(piece: str, phonemes: tuple[str, ...]) -> str:
    """A sentence, where phonemes without blanks are a word too, and one that sounds otherwise."""
    ways = pronunciations().get(piece.lower(), []) if len(phonemes) > 1 else []
    if not ways or bare(phonemes) in map(bare, ways):
        return ""
    return (
        f"This is read as the sounds {' '.join(phonemes)}; the word {piece.lower()} sounds like "
        f"{' '.join(ways[0])}."
    )


def _read(piece: str, typed: str, start: int) -> Token:
    """The phoneme of a piece, or its phonemes where blanks were left out."""
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
    """Cut a token into the fewest phonemes, each vowel with the digit behind it, if there is a way.

    Only N G can be read as NG too, which is far more frequent.
    """
    # From the end: how to read what follows each place.
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
    """The end of a sentence about an unknown token, and what it may have been meant for."""
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
    """The alphabet of the first letter that looks Latin and is none: Cyrillic, Greek or empty."""
    names = (unicodedata.name(each, "").split(" ")[0] for each in token)
    return next((name.capitalize() for name in names if name in _ALPHABETS), "")


def _closest(token: str) -> str:
    """The phoneme that is spelled most like a token, if there is one."""
    if len(token) > _LONGEST_SLIP:
        return ""
    near = [
        name
        for name in _NAMES
        # As many letters in common as half of both at least: none else can be close.
        if 4 * sum(map(token.__contains__, name)) >= len(token) + len(name)
    ]
    return next(iter(difflib.get_close_matches(token, near, 1, 0.5)), "")


def _is_slashed(text: str) -> bool:
    return len(text) > 2 and text[0] + text[-1] in ("//", "[]")


def _read_undecided(
    given: Pasted, pieces: Sequence[tuple[int, int]], is_slashed: bool
) -> list[Token]:
    """Letters of ASCII only: ARPAbet, or X-SAMPA where only that is possible, or is likelier.

    X-SAMPA has capitals where IPA has letters of its own, in the middle of a word too.
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
        # DeVito is a name, and no sounds.
        is_name = any(w[0].isupper() and w.lower() in pronunciations() for w in words)
        return arpabet if is_name and not is_slashed else sampa
    if any(phoneme[-1].isdigit() for phoneme in as_arpabet):
        return arpabet
    if not has_vowel:
        return sampa
    return [_ambiguous(given, arpabet, sampa)]


def has_capitals_within(word: str) -> bool:
    """Whether a capital follows a small letter, or a small letter two capitals."""
    small, capitals = re.search("[a-z]", word), re.search("[A-Z]{2}", word)
    if small and re.search("[A-Z]", word[small.end() :]):
        return True
    return bool(capitals and re.search("[a-z]", word[capitals.end() :]))


def _ambiguous(given: Pasted, *readings: Sequence[Token]) -> Token:
    """A token that cannot be read, for it could be read in two ways."""
    ways = [" ".join(p for token in tokens for p in token.phonemes) for tokens in readings]
    typed, _ = given.typed(0, len(given.text))
    return _whole(
        given,
        f"{typed} could be ARPAbet ({ways[0]}) or X-SAMPA ({ways[1]}); write the phonemes "
        "with blanks between them.",
        ways[0],
    )


def _is_sampa(text: str) -> bool:
    """Whether there is something that is in X-SAMPA only."""
    if not text.isascii():
        return False
    # In pairs they enclose; within a word they are stresses.
    enclosed = _QUOTED.sub(r" \1\2 ", text)
    enclosed = re.sub(r"\{([^{}]*)\}", r" \1 ", enclosed)
    bare = re.sub(r'^[\s/\[]*"(?=[^"]*$)', "", enclosed)
    if all(knows(piece.strip(QUOTES)) for piece in PIECE.findall(bare)) and "{" not in bare:
        return False
    return "{" in enclosed or _SAMPA_ONLY.search(enclosed) is not None
