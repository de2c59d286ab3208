"""Spells pronunciations: beam search over letters, with words and frames as the result."""

from collections.abc import Iterator, Sequence

from engine.seq2seq.beam_search import STEP, BeamSearch, padded
from engine.seq2seq.model.encoder_decoder import EncoderDecoder
from engine.spelling.frames import SpellFrame, Spelling
from engine.spelling.vocabulary import (
    MAX_LETTERS,
    MAX_PHONEMES,
    SOURCE,
    TARGET,
    check_prefix,
)

# Letters and end mark: enough space for words longer than any in the training set, so that users
# see when a speller writes them.
_MIN_POSITIONS = MAX_LETTERS + 2


class Decoder:
    """Spells with one model.

    Args:
        speller: The model: phonemes in, letters out.
        compiled: Whether XLA compiles the search; see `BeamSearch`.
    """

    def __init__(self, speller: EncoderDecoder, *, compiled: bool = False) -> None:
        self.speller = speller
        self._search = BeamSearch(
            speller, SOURCE, TARGET, min_positions=_MIN_POSITIONS, compiled=compiled
        )

    def words(
        self, pronunciations: Sequence[Sequence[str]], width: int = 1
    ) -> list[list[tuple[str, float]]]:
        """Spell N pronunciations, and return nothing but the words.

        Args:
            pronunciations: Each of 1 to 40 phonemes.
            width: The beam width; 1 is greedy search.

        Returns:
            For each, up to `width` different words with their log-probabilities, the most probable
            first.
        """
        return [
            [("".join(letters), score) for letters, score in outputs]
            for outputs in self._search.best(pronunciations, width)
        ]

    def spell(
        self, pronunciations: Sequence[Sequence[str]], width: int = 5, prefix: str = ""
    ) -> list[SpellFrame]:
        """Spell N pronunciations, and return everything that was computed for each letter.

        Args:
            pronunciations: Each of 1 to 40 phonemes.
            width: The beam width.
            prefix: Letters that every word has to begin with; `_` after them ends it.

        Returns:
            For each, up to `width` spellings, the most probable first.

        Raises:
            ParameterError: The prefix has other characters than letters, or is too long.
        """
        check_prefix(prefix)
        found = self._search.hypotheses(pronunciations, width, prefix)
        return [
            SpellFrame(
                phonemes=tuple(phonemes),
                spellings=tuple(Spelling.of("".join(word), each) for word, each in hypotheses),
                heads=self.speller.heads,
                sees_phonemes=self.speller.attends,
            )
            for phonemes, hypotheses in zip(pronunciations, found, strict=True)
        ]

    def warm_up(self, width: int = 5, first: int = 0) -> Iterator[int]:
        """Trace what the first words will need, and yield each length that is ready.

        Args:
            width: The beam width.
            first: How many phonemes the waiting word has; its length comes first.
        """
        wanted = min(padded(first or 1), MAX_PHONEMES)
        for n_phonemes in dict.fromkeys((wanted, STEP, 2 * STEP)):
            self.spell([["T"] * n_phonemes], width)
            yield n_phonemes
