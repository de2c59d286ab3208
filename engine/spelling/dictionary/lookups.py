"""Finds words of the dictionary for people who type one, correctly or not.

A text that is not listed may be close to a word in its spelling or its sound. Spelling: few letters
inserted, deleted, replaced or transposed with their neighbour (Damerau, F. J., 1964, A technique
for computer detection and correction of spelling errors). Sound: rough rules turn the letters into
phonemes, which are compared with those of every word in the same manner, as in Zobel, J. and Dart,
P. (1996), Phonetic string matching. All words are compared at once, letter by letter.
"""

import functools
import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.spelling.dictionary.pronunciations import all_pronunciations
from engine.spelling.known_words import frequency
from engine.spelling.notation.pasted import pasted
from engine.spelling.vocabulary import CONSONANTS, KINDS, MAX_LETTERS, VOWELS, bare

N_NEAR = 6
_N_WEIGHED = 60  # candidates whose frequencies are looked up

# The costs of a different letter and of a different sound; easily confused sounds cost less.
_ONE = 4
_VOWELS, _SCHWA, _VOICE, _KIND = 2, 1, 1, 3
_VOICED = ("SZ", "FV", "TD", "KG", "PB", ("TH", "DH"), ("SH", "ZH"), ("CH", "JH"))
# The smaller of its two distances decides how near a word is. The weight of the other distance, and
# the bonus of a word that is ten times as frequent.
_OTHER, _FREQUENT = 0.3, 0.5
# The largest of these smaller distances for each letter typed; beyond it nothing is near.
_FARTHEST = 0.35 * _ONE
# The cost of the same letters in another order (tounge, yatch), if the first one is correct.
_DISORDERED = 3
# Letters without a vowel have no sound to compare; they may have one typing error.
_VOWEL = re.compile("[aeiouy]")
# Words are compared if their length differs by at most this many symbols, plus a quarter.
_ROOM = 3

_FOLDED = str.maketrans(
    {**dict.fromkeys("’‘ʼ´`′", "'"), "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d"}
)
# Characters around a word that do not belong to it: emphasis, brackets, punctuation.
_AROUND = ' \t"“”„«»‹›,;:!?…()[]{}<>/\\|*_~#=+`'
_VARIANT = re.compile(r"\(\d+\)$|\s*\(\d+$")
_LONGEST = 200  # characters that are examined
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_DOUBLED = re.compile(r"([bdfklmnprstvz])\1")

# How letters are usually pronounced; the first matching rule counts. Words have blanks around.
_E = r"(?=[^aeiouyx ]e )"  # a consonant and a silent e follow
_RULES = tuple(
    (re.compile(pattern), tuple(sounds.split()))
    for pattern, sounds in (
        *(("(?<= )[kgp](?=n)", ""), ("(?<= )w(?=r)", ""), ("(?<= )p(?=s)", ""), ("(?<= )x", "Z")),
        *(("wh(?=o)", "HH"), ("wh", "W"), ("mb(?= )|mn(?= )", "M"), ("tch", "CH"), ("sch", "S K")),
        *(("[stc]ion", "SH AH N"), ("[ct]ious", "SH AH S"), ("[ct]ial", "SH AH L")),
        *(("ture(?= )", "CH ER"), ("sc(?=[eiy])", "S"), ("dg(?=[eiy])", "JH"), ("acht", "AA T")),
        *(("aught|ought", "AO T"), ("eigh|aigh", "EY"), ("igh", "AY"), ("ough", "AH F")),
        *(("augh", "AE F"), ("gh(?=[aeiou])", "G"), ("gh", ""), ("cc(?=[eiy])", "K S")),
        *(("ch(?=[lr])", "K"), ("ch", "CH"), ("sh", "SH"), ("ph", "F"), ("th", "TH")),
        *(("ck|cq", "K"), ("que(?= )", "K"), ("qu", "K W"), ("c(?=[eiy])", "S"), ("gg", "G")),
        *(("g(?=[eiy])|j", "JH"), ("x", "K S"), ("ng(?![aeiou])", "NG"), ("n(?=[gkxq])", "NG")),
        *(("le(?= )", "AH L"), ("(?<=[^aeiou ])re(?= )", "ER"), ("air|eir|are(?= )", "EH R")),
        *(("ear|eer|ier", "IH R"), ("oar|oor|our|ore?", "AO R"), ("ar", "AA R")),
        *(("[eiuy]re(?= )|[eiuy]r(?![aeiouy])", "ER"), ("oi|oy", "OY"), ("ow(?= )", "OW")),
        *(("ou|ow", "AW"), ("au|aw", "AO"), ("ai|ay|ei|ey(?=[a-z])", "EY"), ("ee|ea|ie", "IY")),
        *(("oa|oe", "OW"), ("oo|ew|ue|ui|eu", "UW"), ("ey", "IY"), ("y(?=[aeiou])", "Y")),
        *((f"a{_E}", "EY"), (f"e{_E}", "IY"), (f"[iy]{_E}", "AY"), (f"o{_E}", "OW")),
        *((f"u{_E}", "UW"), ("(?<=[aeiouy][^aeiouy ])e(?= )", ""), ("(?<=[b-z])y(?= )", "IY")),
        *(("o(?= )", "OW"), ("[ei](?= )", "IY"), ("a(?= )", "AH")),
        *(("a", "AE"), ("e", "EH"), ("[iy]", "IH"), ("o", "AA"), ("u", "AH")),
        *(("[ckq]", "K"), ("h", "HH")),
        *((letter, letter.upper()) for letter in "bdfglmnprstvwz"),
    )
)


class Found(NamedTuple):
    """A word as the dictionary spells it, and all its pronunciations, in the listed order."""

    word: str
    pronunciations: list[tuple[str, ...]]


def look_up(word: str) -> Found | None:
    """Find a word, ignoring case, accents, hyphens and apostrophes: naive for naïve.

    Returns:
        None if the dictionary does not have it.
    """
    seen = _VARIANT.sub("", _fold(pasted(word[:_LONGEST]).text).strip(_AROUND))
    bare_letters = re.sub("['. -]", "", seen)
    # Full stops at the end belong to U.S., or end a sentence.
    for name in (seen, seen.rstrip(".").strip(_AROUND), seen.strip("'-."), bare_letters):
        if pronunciations := all_pronunciations().get(name):
            return Found(name, pronunciations)
    return None


def near(word: str) -> tuple[str, ...]:
    """The words of the dictionary that are nearest to a word that is not listed.

    Args:
        word: Any characters; those that are not letters are ignored.

    Returns:
        Up to 6 words, the most likely first, by spelling and sound; none if nothing is near.
    """
    letters = _letters_of(_fold(word[: 4 * MAX_LETTERS]))[: MAX_LETTERS + 4]
    if not letters:
        return ()
    words = _words()
    spelled = words.letters.distances(letters)
    by_sound = words.sounds.distances(sounds_like(letters))
    disordered = words.disordered.get(_order(letters), [])
    spelled[disordered] = np.minimum(spelled[disordered], _DISORDERED)
    lesser, other = np.minimum(spelled, by_sound), np.maximum(spelled, by_sound)
    cost = lesser + _OTHER * other
    if _VOWEL.search(letters):
        cost[lesser > _FARTHEST * max(len(letters), 2)] = np.inf
    else:
        cost[spelled > _ONE] = np.inf
    candidates = np.argsort(cost, kind="stable")[:_N_WEIGHED]
    ranked = sorted(
        (float(cost[index]) - _FREQUENT * _commonness(words.names[index]), words.names[index])
        for index in candidates
        if np.isfinite(cost[index])
    )
    return tuple(name for _, name in ranked if name != letters)[:N_NEAR]


def sounds_like(letters: str) -> tuple[str, ...]:
    """The phonemes, without stress, that rough rules make of letters a-z."""
    text = f" {_DOUBLED.sub(lambda match: match[1], letters)} "
    sounds: list[str] = []
    place = 1
    while place < len(text) - 1:
        for pattern, phonemes in _RULES:
            if match := pattern.match(text, place):
                sounds += phonemes
                place = match.end()
                break
        else:
            place += 1
    return tuple(sounds)


class _Rows:
    """N sequences of symbols, all of which are compared with another one at once.

    Args:
        rows: The sequences.
        costs: (S, S) uint8, the cost of replacing one symbol by another.
        codes: The index of each symbol in `costs`; 0 is none.
    """

    def __init__(
        self, rows: Sequence[Sequence[str]], costs: np.ndarray, codes: dict[str, int]
    ) -> None:
        self._costs, self._codes = costs, codes
        lengths = np.array([len(row) for row in rows])
        self._order = np.argsort(lengths, kind="stable")
        self._lengths = lengths[self._order]
        self._columns = np.zeros((self._lengths[-1], len(rows)), np.uint8)
        flat = [codes[symbol] for index in self._order for symbol in rows[index]]
        starts = np.repeat(np.cumsum(self._lengths) - self._lengths, self._lengths)
        places = np.arange(len(flat)) - starts
        self._columns[places, np.repeat(np.arange(len(rows)), self._lengths)] = flat

    def distances(self, symbols: Sequence[str]) -> np.ndarray:
        """(N,) float32, the minimal cost of turning these symbols into each sequence.

        It is infinite for sequences that are much longer or shorter.
        """
        room = _ROOM + len(symbols) // 4
        first = np.searchsorted(self._lengths, len(symbols) - room)
        last = np.searchsorted(self._lengths, len(symbols) + room, "right")
        found = np.full(len(self._order), np.inf, np.float32)
        if first < last:
            lengths = self._lengths[first:last]
            columns = self._columns[: lengths[-1], first:last]
            found[self._order[first:last]] = self._compared(symbols, columns, lengths)
        return found

    def _compared(
        self, symbols: Sequence[str], columns: np.ndarray, lengths: np.ndarray
    ) -> np.ndarray:
        wanted = [self._codes[symbol] for symbol in symbols]
        one, (n_columns, n_rows) = np.uint8(_ONE), columns.shape
        steps = np.arange(n_columns + 1, dtype=np.uint8)[:, np.newaxis] * one
        before, now = np.empty(0, np.uint8), np.repeat(steps, n_rows, 1)
        for place, code in enumerate(wanted):
            next_ = now + one  # the symbol deleted
            np.minimum(next_[1:], now[:-1] + self._costs[code][columns], out=next_[1:])
            if place:
                # Two transposed neighbours are one change.
                swapped = (columns[:-1] == code) & (columns[1:] == wanted[place - 1])
                places, rows = np.nonzero(swapped)
                better = np.minimum(next_[places + 2, rows], before[places, rows] + one)
                next_[places + 2, rows] = better
            for column in range(1, n_columns + 1):  # symbols inserted
                np.minimum(next_[column], next_[column - 1] + one, out=next_[column])
            before, now = now, next_
        return np.asarray(now[lengths, np.arange(n_rows)])


class _Words(NamedTuple):
    names: list[str]
    letters: _Rows
    sounds: _Rows
    disordered: dict[str, list[int]]


@functools.cache
def _words() -> _Words:
    """Every word: its letters without punctuation, and its first pronunciation."""
    spelled = {name: _letters_of(name) for name in all_pronunciations()}
    # People do not write names of punctuation marks, such as !exclamation-point.
    names = [name for name in spelled if name[0].isalpha() or name[0] == "'"]
    disordered: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        disordered.setdefault(_order(spelled[name]), []).append(index)
    letters = " abcdefghijklmnopqrstuvwxyz"
    sounds = (" ", *VOWELS, *CONSONANTS)
    changed = np.full((len(letters), len(letters)), _ONE, np.uint8)
    np.fill_diagonal(changed, 0)
    return _Words(
        names,
        _Rows(
            [spelled[name] for name in names],
            changed,
            {letter: code for code, letter in enumerate(letters)},
        ),
        _Rows(
            [bare(all_pronunciations()[name][0]) for name in names],
            np.array([[_confused(a, b) for b in sounds] for a in sounds], np.uint8),
            {sound: code for code, sound in enumerate(sounds)},
        ),
        disordered,
    )


def _letters_of(word: str) -> str:
    return re.sub("[^a-z]", "", word)


def _order(letters: str) -> str:
    """A key that is the same for words with the same first letter and the same letters."""
    return letters[:1] + "".join(sorted(letters[1:]))


def _confused(first: str, second: str) -> int:
    """The cost of mishearing one sound for another."""
    pair = {first, second}
    if len(pair) == 1:
        return 0
    if pair <= set(VOWELS):
        return _SCHWA if "AH" in pair else _VOWELS
    if any(pair == set(voiced) for voiced in _VOICED):
        return _VOICE
    alike = any(pair <= set(sounds) for kind, sounds in KINDS.items() if kind != "vowels")
    return _KIND if alike else _ONE


def _commonness(word: str) -> float:
    """The decimal logarithm of how often a word occurs in a thousand million words."""
    return float(np.log10(max(frequency(word), 1e-9) * 1e9))


def _fold(word: str) -> str:
    """The word without accents and capitals, with the ASCII apostrophe and hyphen."""
    plain = _DASHES.sub("-", word.strip().casefold().translate(_FOLDED))
    decomposed = unicodedata.normalize("NFKD", plain)
    return "".join(each for each in decomposed if not unicodedata.combining(each))
