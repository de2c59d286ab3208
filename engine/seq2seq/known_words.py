"""Spellings weighed by how often they are written, for people who want a word that exists.

Speer, R. (2022). rspeer/wordfreq: v3.0. https://doi.org/10.5281/zenodo.7199437
"""

import math
from dataclasses import replace

from engine.frames import SpellFrame, Spelling

# How much the logarithm of a word's frequency counts beside that of its probability, and the
# frequency of a word that is in no list: chosen on the validation words.
WEIGHT = 0.5
_NEVER = 1e-9


def frequency(word: str) -> float:
    """The part of all English words in print and on the net that is this one; 0 if in no list."""
    import wordfreq

    return float(wordfreq.word_frequency(word, "en"))


def score(spelling: Spelling) -> float:
    """What known words are ranked by; no probability, for it does not sum to one."""
    return spelling.log_probability + WEIGHT * math.log(max(frequency(spelling.letters), _NEVER))


def reranked(frame: SpellFrame) -> SpellFrame:
    """The same spellings, those that people write more often before those they hardly do."""
    return replace(frame, spellings=tuple(sorted(frame.spellings, key=score, reverse=True)))
