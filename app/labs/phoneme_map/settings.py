"""What the map of the phonemes keeps for the next start."""

from dataclasses import dataclass

from app.settings.sections import one_of
from engine.spelling.library import ENSEMBLES
from engine.spelling.recipes import RECIPES


@dataclass(frozen=True, slots=True, kw_only=True)
class PhonemeMapSettings:
    """Whose phonemes are shown.

    Attributes:
        speller: Its name. An ensemble has no map; the first speller is shown for it.
    """

    speller: str = one_of("attention", *RECIPES, *ENSEMBLES)
