"""Spellings weighed by how often they are written, for people who want a word that exists.

Speer, R. (2022). rspeer/wordfreq: v3.0. https://doi.org/10.5281/zenodo.7199437
"""

import math
from dataclasses import replace

from engine.data.pronunciations import listed_for, pronunciations
from engine.frames import SpellFrame, Spelling, Standing

# How much the logarithm of a word's frequency counts beside that of its probability, and the
# frequency of a word that is in no list: chosen on the validation words.
WEIGHT = 1.0
_NEVER = 1e-9


def frequency(word: str) -> float:
    """The part of all English words in print and on the net that is this one; 0 if in no list.

    A word counts where it is followed by 's too, which a speller cannot write.
    """
    import wordfreq

    return float(sum(wordfreq.word_frequency(word + ending, "en") for ending in ("", "'s")))


def score(spelling: Spelling) -> float:
    """What known words are ranked by; no probability, for it does not sum to one."""
    return spelling.log_probability + WEIGHT * math.log(max(frequency(spelling.letters), _NEVER))


def reranked(frame: SpellFrame) -> SpellFrame:
    """The same spellings, those that people write more often before those they hardly do.

    Homophones, words that the dictionary lists for exactly these phonemes, stand together at the
    place of the best of them: which one is meant cannot be heard, so the more frequent is first.
    """
    listed = listed_for(frame.phonemes)
    alike = [spelling for spelling in frame.spellings if spelling.letters in listed]
    alike.sort(key=lambda spelling: frequency(spelling.letters), reverse=True)
    ordered: list[Spelling] = []
    for spelling in sorted(frame.spellings, key=score, reverse=True):
        if spelling.letters not in listed:
            ordered.append(spelling)
        elif spelling not in ordered:
            ordered += alike
    return replace(frame, spellings=tuple(ordered))


def standings(frame: SpellFrame) -> tuple[Standing, ...]:
    """What the dictionary says of each spelling."""
    listed = listed_for(frame.phonemes)
    return tuple(
        Standing.HOMOPHONE
        if spelling.letters in listed
        else Standing.WORD
        if spelling.letters in pronunciations()
        else Standing.UNKNOWN
        for spelling in frame.spellings
    )
