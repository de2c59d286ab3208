"""Spellings weighted by their frequency in English, for people who want an existing word.

Speer, R. (2022). rspeer/wordfreq: v3.0. https://doi.org/10.5281/zenodo.7199437
"""

import math
from dataclasses import replace

from engine.spelling.dictionary.pronunciations import listed_for, pronunciations
from engine.spelling.frames import SpellFrame, Spelling, Standing

# The weight of the logarithm of a word's frequency relative to that of its probability, and the
# frequency of a word that is in no list; both were chosen on the validation set
# (docs/decisions/0005-spellers.md).
WEIGHT = 1.0
_NEVER = 1e-9


def frequency(word: str) -> float:
    """The frequency of a word in English texts, in print and online; 0 if it is in no list.

    Occurrences with a following 's count too, because a speller cannot write it.
    """
    import wordfreq

    return float(sum(wordfreq.word_frequency(word + ending, "en") for ending in ("", "'s")))


def shares(frame: SpellFrame) -> list[float]:
    """The share of each spelling among those listed, by its probability and its frequency.

    The dictionary may list several words for exactly these phonemes, which sound the same. So those
    of them that were found share their probability equally, and only their frequency distinguishes
    them.

    Returns:
        p_i f_i ** WEIGHT, divided by the sum over all i: from 0 to 1, one for each spelling.
    """
    listed = listed_for(frame.phonemes)
    alike = [spelling.probability for spelling in frame.spellings if spelling.letters in listed]
    logarithms = []
    for spelling in frame.spellings:
        is_alike = spelling.letters in listed and sum(alike) > 0
        evidence = math.log(sum(alike) / len(alike)) if is_alike else spelling.log_probability
        commonness = WEIGHT * math.log(max(frequency(spelling.letters), _NEVER))
        logarithms.append(evidence + commonness)
    largest = max(logarithms)
    parts = [math.exp(logarithm - largest) for logarithm in logarithms]
    return [part / sum(parts) for part in parts]


def reranked(frame: SpellFrame) -> SpellFrame:
    """The same spellings in another order: those that people write more often come first.

    The order is that of `shares`, which become the shares of the frame.
    """
    pairs = sorted(zip(shares(frame), frame.spellings, strict=True), key=_share, reverse=True)
    parts, spellings = zip(*pairs, strict=True)
    return replace(frame, spellings=spellings, weighed=parts)


def _share(pair: tuple[float, Spelling]) -> float:
    return pair[0]


def standings(frame: SpellFrame) -> tuple[Standing, ...]:
    """Return what the dictionary says about each spelling."""
    listed = listed_for(frame.phonemes)
    return tuple(
        Standing.HOMOPHONE
        if spelling.letters in listed
        else Standing.WORD
        if spelling.letters in pronunciations()
        else Standing.UNKNOWN
        for spelling in frame.spellings
    )
