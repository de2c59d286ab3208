"""The vector that a speller has learned for each phoneme ("phoneme2vec"). No TensorFlow."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.data.output.formats import TEXT_TABLE, check_suffix
from engine.data.output.table_files import frame_of, write_table
from engine.frames import sealed
from engine.spelling.vocabulary import PHONEMES

if TYPE_CHECKING:
    from engine.seq2seq.model.encoder_decoder import EncoderDecoder


def phoneme_vectors(speller: "EncoderDecoder") -> np.ndarray:
    """The embedding of each phoneme: `vectors_of` the speller's weights."""
    return vectors_of({name: each.numpy() for name, each in speller.named_weights().items()})


def vectors_of(weights: Mapping[str, np.ndarray]) -> np.ndarray:
    """The embedding of each phoneme, (P, E), in the order of `PHONEMES`, padding first.

    If a speller has several tables, they stand side by side: a transformer has one for the phoneme
    itself, one for the phoneme as the previous neighbour and one as the next; an ensemble has the
    tables of all its members, each at its own scale.

    Args:
        weights: The weights of one speller by name, from the model or its file; any float type.
    """
    tables = [
        weight.astype(np.float32)
        for name, weight in sorted(weights.items())
        if name.endswith("vectors") and weight.shape[0] == len(PHONEMES)
    ]
    return sealed(np.concatenate(tables, 1))


def write_vectors(path: str | Path, phonemes: Sequence[str], vectors: np.ndarray) -> None:
    """Write a table `phoneme,1,2,...` with a line for each phoneme.

    Args:
        path: The file, which is replaced; not .npy, which holds no text.
        phonemes: N names.
        vectors: (N, E).

    Raises:
        ParameterError: The suffix does not name a table format that holds text.
        DataError: The file cannot be written.
    """
    check_suffix(path, TEXT_TABLE)
    numbered = zip(map(str, range(1, vectors.shape[1] + 1)), map(np.array, vectors.T), strict=True)
    write_table(path, frame_of([("phoneme", list(phonemes)), *numbered]))
