"""The settings of the phoneme map."""

from dataclasses import dataclass

from app.settings.sections import one_of
from engine.spelling.library import ENSEMBLES
from engine.spelling.recipes import RECIPES


@dataclass(frozen=True, slots=True, kw_only=True)
class PhonemeMapSettings:
    """Which speller's phonemes are shown.

    Attributes:
        speller: Its name. An ensemble has no map; the first speller is shown instead.
    """

    speller: str = one_of("attention", *RECIPES, *ENSEMBLES)
