"""The settings of the spelling lab."""

from dataclasses import dataclass

from app.controls.transport import RATES
from app.settings.sections import one_of
from engine.spelling.library import ENSEMBLES
from engine.spelling.recipes import RECIPES


@dataclass(frozen=True, slots=True, kw_only=True)
class SpellingSettings:
    """Which spellers write which word.

    Attributes:
        speller: The name of the speller.
        beside: The name of a second one beside it; empty for none.
        known_words: Whether spellings that people write come first.
        phonemes: What was typed.
        by_letter: Whether words are written letter by letter.
        rate: Letters a second; 0 is as fast as possible.
    """

    speller: str = one_of("attention", *RECIPES, *ENSEMBLES)
    beside: str = one_of("", "", *RECIPES, *ENSEMBLES)
    known_words: bool = False
    phonemes: str = "B R AH0 Z IH1 L Y AH0 N"
    by_letter: bool = True
    rate: float = one_of(2.0, *RATES)
