"""The attention of spellers as a table. Does not import TensorFlow."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.data.output.formats import TEXT_TABLE, check_suffix
from engine.data.output.table_files import write_table
from engine.data.tables.columns import unique_names


@dataclass(frozen=True, slots=True)
class Alignment:
    """The attention of one speller for each letter of its word.

    Attributes:
        speller: The name of the speller.
        letters: L names.
        weights: (L, T), or (L, 1) for a speller that sees the whole word at once.
        whole_word: Whether the speller sees the whole word at once.
    """

    speller: str
    letters: Sequence[str]
    weights: np.ndarray
    whole_word: bool = False


def write_alignments(
    path: str | Path, phonemes: Sequence[str], alignments: Sequence[Alignment]
) -> None:
    """Write `speller,letter,<phonemes>,whole word`: a line for each letter of each speller.

    The last column exists only if a speller sees the whole word at once: its weights are in that
    column, and its cells for the phonemes are empty. In .parquet a repeated phoneme is numbered:
    "AH0 (2)".

    Args:
        path: The file, which is replaced; not .npy, which holds no text.
        phonemes: T names.
        alignments: Alignments with the same phonemes.

    Raises:
        ParameterError: The suffix does not name a table format that holds text.
        DataError: The file cannot be written.
    """
    check_suffix(path, TEXT_TABLE)
    import polars as pl

    has_whole = any(one.whole_word for one in alignments)
    header = ["speller", "letter", *phonemes, *(["whole word"] if has_whole else [])]
    names = unique_names(header)
    blocks = []
    for one in alignments:
        n_letters = len(one.letters)
        nothing = pl.Series([None] * n_letters, dtype=pl.Float32)
        seen = list(one.weights.astype(np.float32).T)
        if one.whole_word:
            cells = [*[nothing] * len(phonemes), *seen]
        else:
            cells = [*seen, *([nothing] if has_whole else [])]
        values = [pl.Series([one.speller] * n_letters), pl.Series(list(one.letters)), *cells]
        blocks.append(pl.DataFrame(dict(zip(names, values, strict=True))))
    write_table(path, blocks, header=header)
