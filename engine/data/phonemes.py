"""Pronunciations as people write them: ARPAbet in any dress, IPA, or X-SAMPA.

ARPAbet as in the CMU Pronouncing Dictionary: 39 phonemes, vowels with a stress of 0, 1 or 2 or
without; and the lines of that dictionary, in its own layout too. IPA and X-SAMPA: `ipa`.
"""

import difflib
import functools
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from engine.data.ipa import Token, is_ipa, read_ipa, read_sampa
from engine.data.pasted import QUOTES, Pasted, pasted, unquoted
from engine.data.pronunciations import all_pronunciations, pronunciations
from engine.errors import DataError
from engine.seq2seq.vocabulary import CONSONANTS, MAX_PHONEMES, PHONEME_IDS, VOWELS, bare

__all__ = ["Token", "notes_of", "parse", "parse_entry", "phonemes_of", "read", "read_entry"]

EXAMPLE = "K AE1 T"

_PIECE = re.compile(r"[^\s,;.|/\\\-–—_{}()\[\]·•‧+<>⟨⟩]+")
# A word, its variant left out, and what follows: after a blank, or after two as in the dictionary.
_ENTRY = re.compile(r"(?P<word>'?[a-z][a-z'.\-]*)(?:\(\d+\))?:?\s+(?P<rest>\S.*)", re.IGNORECASE)
_WIDE = re.compile(r"(?P<word>\S+?)(?:\(\d+\))?(?:\s\s+|\t\s*)(?P<rest>\S.*)")
_SHORTEST = 3  # letters of what is certainly no phoneme
_COMMENT = re.compile(r"#|;;;")
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

# What nobody writes in ARPAbet: a vowel with its length, a stress in front, 3 as a vowel.
_SAMPA_ONLY = re.compile(
    r"""@|[rh]\\(?=\w)|[%&"](?=[\w{])|(?<=[\w@{])["%]|[AIOUEQVaiou3@{]:(?!\s)"""
    r"""|(?:^|(?<=[\sb-df-hj-np-tv-z"]))3(?=[:a-zDNSTZ`])"""
)


def read(text: str) -> list[Token]:
    """Read one pronunciation piece by piece, whatever is wrong with some of them.

    Args:
        text: As of `parse`.

    Returns:
        The pieces in order; none for an empty text.
    """
    given = unquoted(pasted(text))
    pieces = _pieces(given)
    if not pieces:
        return []
    is_sampa = _is_sampa(given.text)
    if not is_sampa and _NAMED.issuperset(given.text[slice(*piece)].upper() for piece in pieces):
        return _read_arpabet(given, pieces)
    if is_ipa(given.text):
        return read_ipa(given)
    if is_sampa:
        return read_sampa(given)
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
            f"{len(phonemes)} phonemes are too many: a word may have {MAX_PHONEMES} at most."
        )
    return phonemes


def notes_of(tokens: Sequence[Token]) -> tuple[str, ...]:
    """What is to be said of a pronunciation that could be read: where it is an approximation."""
    near = dict.fromkeys(
        f"{token.near} as {' '.join(p.rstrip('012') for p in token.phonemes)}"
        for token in tokens
        if token.near
    )
    if not near:
        return ()
    return (
        f"This is read as British, with the nearest American sounds ({', '.join(near)}): an "
        "approximation; write R where an r is spelled but not heard.",
    )


class Reading(NamedTuple):
    """A line of a pronouncing dictionary.

    Attributes:
        word: In lower case; None where there is none.
        phonemes: 1 to 40.
        notes: Sentences about what was read as something near.
    """

    word: str | None
    phonemes: tuple[str, ...]
    notes: tuple[str, ...] = ()


def parse_entry(line: str) -> tuple[str | None, tuple[str, ...]]:
    """Read a line of a pronouncing dictionary: `read_entry` without its notes."""
    word, phonemes, _ = read_entry(line)
    return word, phonemes


def read_entry(line: str, *, has_word: bool = False) -> Reading:
    """Read a line of a pronouncing dictionary: perhaps a word, and how it is said.

    A word stands before its phonemes where it cannot be a phoneme itself: `cat K AE1 T`, and in
    the layout of the CMU dictionary, `CAT(1)  K AE1 T`. Where it could be one (`ER  ER1`), it is a
    word where the dictionary lists it with these phonemes, or, after two blanks, `has_word`.

    Args:
        line: As of `parse`, perhaps with a word before it and a comment after ` #`.
        has_word: Whether the lines around it have a word in front, too.

    Raises:
        DataError: As `parse`.
    """
    line = _without_comment(line)
    word, rest = _in_front(unquoted(pasted(line)).text, has_word)
    tokens = read(line if word is None else rest)
    return Reading(word, phonemes_of(tokens), notes_of(tokens))


def has_words_in_front(lines: Iterable[str]) -> bool:
    """Whether all lines are a word and phonemes, as far as that can be told.

    Two blanks between them on each line tell it where one word is no phoneme; one blank only where
    most of them are none.
    """
    plain = [unquoted(pasted(_without_comment(line))).text for line in lines]
    found = [_WIDE.fullmatch(line) or _ENTRY.fullmatch(line) for line in plain]
    parts = [each for each in found if each and _all_named(each["rest"])]
    n_words = sum(not _knows(each["word"]) for each in parts)
    are_wide = all(map(_WIDE.fullmatch, plain))
    return len(parts) == len(plain) and n_words > (0 if are_wide else len(plain) / 2)


def _without_comment(line: str) -> str:
    return _COMMENT.split(line, maxsplit=1)[0]


def _in_front(line: str, has_word: bool) -> tuple[str | None, str]:
    """The word of a line, if there is one, and the rest."""
    found = _WIDE.fullmatch(line)
    if found and _all_named(found["rest"]) and _is_word(found["word"], found["rest"], has_word):
        return found["word"].lower(), found["rest"]
    found = _ENTRY.fullmatch(line)
    if found and _is_word_by_one_blank(found["word"], found["rest"], has_word):
        return found["word"].lower(), found["rest"]
    return None, line


def _is_word(word: str, rest: str, has_word: bool) -> bool:
    """Whether what stands two blanks before phonemes is a word."""
    pieces = [piece.strip(QUOTES) for piece in _PIECE.findall(word)]
    is_phonemes = bool(pieces) and all(map(_is_glued, pieces))
    if not is_phonemes:
        return True
    return has_word or _is_lower_before_upper(word, rest) or _lists(word, rest)


def _is_word_by_one_blank(word: str, rest: str, has_word: bool) -> bool:
    if _is_lower_before_upper(word, rest):
        return _known(rest)
    if _knows(word):
        return has_word and _lists(word, rest)
    # So short it may be a phoneme with a slip in it.
    if len(word) < _SHORTEST or word.upper() in _MEANT or (not word.islower() and _is_glued(word)):
        return _lists(word, rest)
    # Capitals within a word may be X-SAMPA, and so all that follows.
    return _all_named(rest) if _has_capitals_within(word) else _known(rest)


def _is_glued(token: str) -> bool:
    return len(token) <= 3 * MAX_PHONEMES and _cut(token.upper()) is not None


def _is_lower_before_upper(word: str, rest: str) -> bool:
    return word.islower() and rest != rest.lower()


def _lists(word: str, rest: str) -> bool:
    """Whether the dictionary has a word with these phonemes, whatever their stress."""
    if not _all_named(rest):
        return False
    said = bare([piece.upper() for piece in _PIECE.findall(rest)])
    return said in [bare(way) for way in all_pronunciations().get(word.lower(), [])]


def _all_named(text: str) -> bool:
    pieces = _PIECE.findall(text)
    return bool(pieces) and all(map(_knows, pieces))


def _knows(token: str) -> bool:
    return token.upper() in _NAMED


def _known(text: str) -> bool:
    """Whether a text is nothing but phonemes in whatever dress."""
    try:
        return bool(parse(text))
    except DataError:
        return False


def _pieces(given: Pasted) -> list[tuple[int, int]]:
    """Where the pieces between blanks, dashes and brackets begin and end, without quotes."""
    found = []
    for match in _PIECE.finditer(given.text):
        start, end = match.span()
        piece = match[0]
        start += len(piece) - len(piece.lstrip(QUOTES))
        end -= len(piece) - len(piece.rstrip(QUOTES))
        if start < end:
            found.append((start, end))
    return found


def _read_arpabet(given: Pasted, pieces: Sequence[tuple[int, int]]) -> list[Token]:
    return [_read(given.text[start:end], *given.typed(start, end)) for start, end in pieces]


def _read(piece: str, typed: str, start: int) -> Token:
    """The phoneme of a piece, or its phonemes where blanks were left out."""
    name = piece.upper()
    if name in _NAMED:
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


def _is_slashed(text: str) -> bool:
    return len(text) > 2 and text[0] + text[-1] in ("//", "[]")


def _read_undecided(
    given: Pasted, pieces: Sequence[tuple[int, int]], is_slashed: bool
) -> list[Token]:
    """Letters of ASCII only: ARPAbet, or X-SAMPA where only that is possible, or is likelier.

    X-SAMPA has capitals where IPA has letters of its own, in the middle of a word too.
    """
    arpabet = _read_arpabet(given, pieces)
    words = [given.text[start:end] for start, end in pieces]
    if not is_slashed and not any(_has_capitals_within(word) for word in words):
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


def _has_capitals_within(word: str) -> bool:
    """Whether a capital follows a small letter, or a small letter two capitals."""
    small, capitals = re.search("[a-z]", word), re.search("[A-Z]{2}", word)
    if small and re.search("[A-Z]", word[small.end() :]):
        return True
    return bool(capitals and re.search("[a-z]", word[capitals.end() :]))


def _ambiguous(given: Pasted, *readings: Sequence[Token]) -> Token:
    """A token that cannot be read, for it could be read in two ways."""
    ways = [" ".join(p for token in tokens for p in token.phonemes) for tokens in readings]
    typed, start = given.typed(0, len(given.text))
    return Token(
        typed,
        start,
        problem=f"{typed} could be ARPAbet ({ways[0]}) or X-SAMPA ({ways[1]}); write the phonemes "
        "with blanks between them.",
        meant=ways[0],
    )


def _is_sampa(text: str) -> bool:
    """Whether there is something that is in X-SAMPA only."""
    if not text.isascii():
        return False
    # In pairs they enclose.
    enclosed = re.sub(r"\"([^\"]*)\"|'([^']*)'", r" \1\2 ", text)
    enclosed = re.sub(r"\{([^{}]*)\}", r" \1 ", enclosed)
    bare = re.sub(r'^[\s/\[]*"(?=[^"]*$)', "", enclosed)
    if all(_knows(piece.strip(QUOTES)) for piece in _PIECE.findall(bare)) and "{" not in bare:
        return False
    return "{" in enclosed or _SAMPA_ONLY.search(enclosed) is not None
