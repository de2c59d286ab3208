"""A word as frames, one for each letter. Does not import TensorFlow itself.

The search for a word is one computation; the frames show the letters it found, with what it
computed for each of them.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import TYPE_CHECKING

from engine.spelling import known_words
from engine.spelling.dictionary.pronunciations import listed_for
from engine.spelling.frames import LetterFrame, SpellFrame, Standing

if TYPE_CHECKING:
    from engine.spelling.decoding import Decoder


def spell(
    decoders: Sequence[Decoder],
    phonemes: Sequence[str],
    *,
    width: int,
    prefixes: Sequence[str],
    known: bool = False,
    n_written: int = 0,
) -> Generator[LetterFrame, None, None]:
    """Spell one pronunciation with each speller, and write the best words letter by letter.

    Args:
        decoders: The spellers.
        phonemes: 1 to 40.
        width: The beam width.
        prefixes: For each speller, the letters that its word has to begin with; `_` ends it.
        known: Whether spellings that people write more often come first.
        n_written: Letters already written in the first frame.

    Yields:
        A frame for each letter, the first with `n_written` letters.

    Raises:
        ParameterError: A prefix has other characters than letters, or is too long.
    """
    results = [
        decoder.spell([phonemes], width, prefix)[0]
        for decoder, prefix in zip(decoders, prefixes, strict=True)
    ]
    if known:
        results = [known_words.reranked(result) for result in results]
    standings = [known_words.standings(result) for result in results]
    yield from letters(results, standings, [0] * len(results), n_written)


def letters(
    results: Sequence[SpellFrame],
    standings: Sequence[Sequence[Standing]],
    chosen: Sequence[int],
    n_written: int = 0,
) -> Iterator[LetterFrame]:
    """The frames of words that have been found already.

    Args:
        results: One for each speller.
        standings: For each speller, the standing of each of its spellings.
        chosen: For each speller, the index of the spelling to write.
        n_written: Letters already written in the first frame.
    """
    listed = tuple(listed_for(results[0].phonemes))
    n_positions = max(
        len(result.spellings[index].probabilities)
        for result, index in zip(results, chosen, strict=True)
    )
    for n in range(min(n_written, n_positions), n_positions + 1):
        yield LetterFrame(
            results=tuple(results),
            standings=tuple(map(tuple, standings)),
            chosen=tuple(chosen),
            n_written=n,
            listed=listed,
        )
