"""What a speller has learned of each phoneme: a vector ("phoneme2vec")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.data.output.formats import TEXT_TABLE, check_suffix
from engine.data.output.table_files import frame_of, write_table
from engine.frames import sealed
from engine.spelling.vocabulary import PHONEMES

if TYPE_CHECKING:
    from engine.seq2seq.model.speller import Speller


def phoneme_vectors(speller: Speller) -> np.ndarray:
    """The embedding of each phoneme, as `vectors_of` the speller's weights."""
    return vectors_of({name: each.numpy() for name, each in speller.named_weights().items()})


def vectors_of(weights: Mapping[str, np.ndarray]) -> np.ndarray:
    """The embedding of each phoneme, (P, E), in the order of `PHONEMES`, padding first.

    Where a speller has more than one table they stand side by side: a transformer has one for the
    phoneme itself, one for it as the neighbour before and one as the neighbour after; an ensemble
    has those of all its members, at their own scales.

    Args:
        weights: Of one speller, by name, as it has them or as its file does; any float type.
    """
    tables = [
        weight.astype(np.float32)
        for name, weight in sorted(weights.items())
        if name.endswith("vectors") and weight.shape[0] == len(PHONEMES)
    ]
    return sealed(np.concatenate(tables, 1))


def write_vectors(path: str | Path, phonemes: Sequence[str], vectors: np.ndarray) -> None:
    """Write `phoneme,1,2,...`: a line for each phoneme.

    Args:
        path: The file, which is replaced; not .npy, for there is text in it.
        phonemes: N names.
        vectors: (N, E).

    Raises:
        ParameterError: The suffix is not that of a table with text in it.
        DataError: The file cannot be written.
    """
    check_suffix(path, TEXT_TABLE)
    numbered = zip(map(str, range(1, vectors.shape[1] + 1)), map(np.array, vectors.T), strict=True)
    write_table(path, frame_of([("phoneme", list(phonemes)), *numbered]))
