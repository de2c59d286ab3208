"""What a speller has learned of each phoneme: a vector ("phoneme2vec")."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine.data.writing import write_rows
from engine.frames import sealed
from engine.seq2seq.speller import Speller
from engine.seq2seq.vocabulary import PHONEMES


def phoneme_vectors(speller: Speller) -> np.ndarray:
    """The embedding of each phoneme, (P, E), in the order of `PHONEMES`, padding first.

    Where a speller has more than one table they stand side by side: a transformer has one for the
    phoneme itself, one for it as the neighbour before and one as the neighbour after; an ensemble
    has those of all its members, at their own scales.
    """
    tables = [
        weight.numpy()
        for name, weight in sorted(speller.named_weights().items())
        if name.endswith("vectors") and weight.shape[0] == len(PHONEMES)
    ]
    return sealed(np.concatenate(tables, 1))


def write_vectors(path: str | Path, phonemes: Sequence[str], vectors: np.ndarray) -> None:
    """Write `phoneme,1,2,...`: a line for each phoneme.

    Args:
        path: The file, which is replaced.
        phonemes: N names.
        vectors: (N, E).

    Raises:
        DataError: The file cannot be written.
    """
    rows = ([phoneme, *vector] for phoneme, vector in zip(phonemes, vectors, strict=True))
    write_rows(path, ["phoneme", *map(str, range(1, vectors.shape[1] + 1))], rows)
