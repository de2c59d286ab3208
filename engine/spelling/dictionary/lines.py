"""Lines of pronouncing dictionaries: optionally a word, and its pronunciation.

They are in the layout of the CMU dictionary, `CAT(1)  K AE1 T`, or separated by blanks, a tab, a
comma or a semicolon, in quotation marks, or followed by a number or a label. The pronunciation may
be in IPA or X-SAMPA.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from engine.errors import DataError
from engine.spelling.dictionary.pronunciations import all_pronunciations
from engine.spelling.notation.citations import LABEL_BEHIND, LABELS, cited
from engine.spelling.notation.pasted import QUOTES, pasted, unquoted
from engine.spelling.notation.phonemes import (
    MEANT,
    Token,
    has_capitals_within,
    is_glued,
    is_of_other_notation,
    known,
    notes_of,
    parse,
    phonemes_of,
    read,
)
from engine.spelling.notation.pieces import PIECE, all_named, knows
from engine.spelling.vocabulary import bare

# A word without its variant, and the rest: after a blank, or after two as in the dictionary.
_ENTRY = re.compile(r"(?P<word>'?[a-z][a-z'.\-]*)(?:\(\d+\))?:?\s+(?P<rest>\S.*)", re.IGNORECASE)
_WIDE = re.compile(r"(?P<word>\S+?)(?:\(\d+\))?(?:\s\s+|\t\s*)(?P<rest>\S.*)")
_LETTERS = re.compile(r"'?[^\W\d_][^\W\d_'.\-]*(?:['.\-][^\W\d_]*)*")
_SHORTEST = 3  # letters of a piece that cannot be a phoneme
_COMMENT = re.compile(r"#|;;;")
# Cells, the first one a word. The quotation marks around the line have been removed before.
_QUOTED_CELLS = re.compile(r'"?(?P<word>[^"\s,;]+)"\s*[,;|\t ]\s*"?(?P<rest>[^"\s][^"]*)"?')
_CELLS = re.compile(r"(?P<word>[^\s\",;|]+)\s*[,;|]\s*(?P<rest>[^\s,;|][^,;|]*)")
_NUMBER = re.compile(r"[-+]?\d*[.,]?\d+(?:[eE][+-]?\d+)?%?")
_LONGEST = 2000  # characters of a word with its sounds


class Reading(NamedTuple):
    """A line of a pronouncing dictionary.

    Attributes:
        word: The word in lower case; None if there is none.
        phonemes: 1 to 40 phonemes.
        notes: Sentences about how it was read.
    """

    word: str | None
    phonemes: tuple[str, ...]
    notes: tuple[str, ...] = ()


def read_entry(line: str, *, has_word: bool = False) -> Reading:
    """Parse a line of a pronouncing dictionary: optionally a word, and its pronunciation.

    The first piece is a word if it cannot be a phoneme: `cat K AE1 T`, or in the layout of the CMU
    dictionary `CAT(1)  K AE1 T`. If it could be a phoneme (`ER  ER1`), it is a word if the
    dictionary lists it with these phonemes, or if two blanks follow and `has_word` is true.

    Args:
        line: A pronunciation as for `parse`, optionally after a word, and before a comment (` #`).
        has_word: Whether the lines around it begin with a word, too.

    Raises:
        DataError: Raised by `parse`.
    """
    word, tokens = read_line(_without_comment(line), has_word=has_word)
    return Reading(word, phonemes_of(tokens), notes_of(tokens))


def read_line(line: str, *, has_word: bool = False) -> tuple[str | None, list[Token]]:
    """The word of a line, if there is one, and its sounds piece by piece, even invalid ones.

    Args:
        line: The same as for `read_entry`, without a comment.
        has_word: Whether the lines around it begin with a word, too.
    """
    if len(line) > _LONGEST:
        return None, read(line)
    given = unquoted(pasted(line))
    found = cited(given)
    if found.is_cited:
        return found.word, read(line)
    if found.problem and found.sounds.text.startswith(("/", "[")):
        return None, read(line)
    word, rest = _in_front(found.sounds.text, has_word)
    if rest == found.sounds.text:
        return word, read(line)
    # Their positions in the line; cells that were joined have none.
    start = max(line.rfind(rest), 0)
    return word, [token._replace(start=start + token.start) for token in read(rest)]


def has_words_in_front(lines: Iterable[str]) -> bool:
    """Whether all lines are a word and its phonemes, as far as that can be recognized.

    If two blanks separate them on each line, a single word that is no phoneme is enough evidence;
    with one blank most of the words have to be no phonemes.
    """
    plain = [
        _in_columns(unquoted(pasted(_without_comment(line)[:_LONGEST])).text) for line in lines
    ]
    found = [_WIDE.fullmatch(line) or _ENTRY.fullmatch(line) for line in plain]
    parts = [each for each in found if each and all_named(each["rest"])]
    n_words = sum(not knows(each["word"]) for each in parts)
    are_wide = all(map(_WIDE.fullmatch, plain))
    return len(parts) == len(plain) and n_words > (0 if are_wide else len(plain) / 2)


def _without_comment(line: str) -> str:
    return _COMMENT.split(line, maxsplit=1)[0]


def _in_columns(line: str) -> str:
    """A line of a table as a word and its sounds, without labels and numbers."""
    line = LABEL_BEHIND.sub("", line)
    cells = _QUOTED_CELLS.fullmatch(line)
    if not cells:
        cells = _CELLS.fullmatch(line)
        cells = cells if cells and _is_before_sounds(cells["word"], cells["rest"]) else None
    if cells:
        return f"{cells['word']}\t{cells['rest'].strip()}"
    return next(filter(None, (_two_of_many(line.split(each)) for each in "\t;|,")), line)


def _two_of_many(cells: list[str]) -> str:
    """A word and its sounds, if all other cells are numbers and labels; otherwise nothing."""
    plain = [cell.strip(' "') for cell in cells]
    words = [cell for cell in plain if cell and not _NUMBER.fullmatch(cell)]
    kept = words[:1] + [cell for cell in words[1:] if not _labels(cell)]
    if len(cells) < 3 or len(kept) != 2 or " " in kept[0]:
        return ""
    # A single phoneme may be a column of a table of phonemes.
    is_said = (" " in kept[1] and all_named(kept[1])) or is_of_other_notation(kept[1])
    return "\t".join(kept) if is_said else ""


def _labels(cell: str) -> bool:
    return cell.islower() and cell.strip(".()") in LABELS


def _is_before_sounds(word: str, rest: str) -> bool:
    """Whether two cells are a word and its sounds, and not phonemes separated by commas."""
    if all_named(rest):
        return not is_glued(word) or _is_lower_before_upper(word, rest) or _lists(word, rest)
    return bool(_LETTERS.fullmatch(word)) and is_of_other_notation(rest) and known(rest)


def _in_front(line: str, has_word: bool) -> tuple[str | None, str]:
    """The word of a line, if there is one, and the rest."""
    columns = _in_columns(line)
    found = _WIDE.fullmatch(columns)
    if found and _is_word(found["word"], found["rest"], has_word):
        return found["word"].lower(), found["rest"]
    if found and _lists(found["word"], f"/{found['rest']}/"):
        return found["word"].lower(), f"/{found['rest']}/"
    found = _ENTRY.fullmatch(columns)
    if found and _is_word_by_one_blank(found["word"], found["rest"], has_word):
        return found["word"].lower(), found["rest"]
    return None, LABEL_BEHIND.sub("", line)


def _is_word(word: str, rest: str, has_word: bool) -> bool:
    """Whether the text that stands two blanks before sounds is a word."""
    if not all_named(rest):
        return _is_word_before_symbols(word, rest, has_word)
    pieces = [piece.strip(QUOTES) for piece in PIECE.findall(word)]
    is_phonemes = bool(pieces) and all(map(is_glued, pieces))
    if not is_phonemes:
        return True
    return has_word or _is_lower_before_upper(word, rest) or _lists(word, rest)


def _is_word_before_symbols(word: str, rest: str, has_word: bool) -> bool:
    """Whether the text that stands two blanks before IPA or X-SAMPA is a word, and no symbol."""
    if not _LETTERS.fullmatch(word) or not is_of_other_notation(rest) or not known(rest):
        return False
    if re.search(r"\s\s|\t", rest) or is_of_other_notation(word):
        return False
    return len(word) > 1 or has_word or _lists(word, rest)


def _is_word_by_one_blank(word: str, rest: str, has_word: bool) -> bool:
    if _is_lower_before_upper(word, rest):
        return _known(rest)
    if knows(word):
        return (has_word or not all_named(rest)) and _lists(word, rest)
    # So short that it may be a mistyped phoneme.
    if len(word) < _SHORTEST or word.upper() in MEANT or (not word.islower() and is_glued(word)):
        return _lists(word, rest)
    # Capitals within a word may be X-SAMPA, and so may the rest.
    return all_named(rest) if has_capitals_within(word) else _known(rest)


def _known(rest: str) -> bool:
    """Whether the text after a word is sounds, in at least one notation."""
    return all_named(rest) or known(rest)


def _is_lower_before_upper(word: str, rest: str) -> bool:
    return word.islower() and rest != rest.lower()


def _lists(word: str, rest: str) -> bool:
    """Whether the dictionary lists a word with these sounds, ignoring stress."""
    listed = all_pronunciations().get(word.lower())
    if not listed:
        return False
    try:
        phonemes = bare(parse(rest))
    except DataError:
        return False
    return phonemes in map(bare, listed)
