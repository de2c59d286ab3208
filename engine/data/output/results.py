"""What was computed as tables: labels, centroids, points, alignments.

The suffix decides the format, as `table_files.write_table` says. .npy holds, without names:

- labels: (R,) int64, one for each row of the source, -1 for a row that has no cluster;
- points: (N, D) float32, and centroids: (K, D) as they were computed, in the units of the data;
- a table with its clusters: (R, C + 1) float64, the cluster last, NaN where there is nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.data.dataset import Dataset, Description
from engine.data.output.formats import TEXT_TABLE, check_suffix
from engine.data.output.table_files import frame_of, write_table
from engine.data.tables.columns import unique_names

if TYPE_CHECKING:
    import polars as pl

_LABELS_A_BLOCK = 2**20
CLUSTER = "cluster"


def write_labels(path: str | Path, labels: np.ndarray, dataset: Description) -> None:
    """Write `row,label`, or `row,name,label`: a line for each row of the source, from 1, in order.

    A block of rows at a time, so that there may be many millions.

    Args:
        path: The file, which is replaced; .npy holds the labels alone, as (R,) int64.
        labels: (N,) integers, a label for each of the data set's points; -1 for none.
        dataset: Says which rows the points were, and their names; what is said of a dropped row is
            left empty, and is -1 in .npy.

    Raises:
        ParameterError: The suffix is not that of a table.
        DataError: The file cannot be written.
    """
    write_table(path, _label_blocks(labels, dataset), array=lambda: every_label(labels, dataset))


def _label_blocks(labels: np.ndarray, dataset: Description) -> "Iterator[pl.DataFrame]":
    for start in range(0, dataset.n_rows, _LABELS_A_BLOCK):
        stop = min(start + _LABELS_A_BLOCK, dataset.n_rows)
        yield _labels_of(range(start, stop), labels, dataset)


def _labels_of(rows: range, labels: np.ndarray, dataset: Description) -> "pl.DataFrame":
    """The lines for some of the rows."""
    import polars as pl

    first, last = rows.start, rows.stop
    if dataset.kept is not None:
        first, last = np.searchsorted(dataset.kept, [first, last]).tolist()
    own = slice(first, last)
    kept = slice(None) if dataset.kept is None else dataset.kept[own] - rows.start
    every = np.full(len(rows), -1, np.int64)
    every[kept] = labels[own]
    columns: dict[str, object] = {"row": np.arange(rows.start, rows.stop) + 1}
    if dataset.names is not None:
        names = np.full(len(rows), None, object)
        names[kept] = dataset.names[own]
        columns["name"] = pl.Series(names.tolist(), dtype=pl.String)
    return pl.DataFrame(columns | {"label": _or_null(every)})


def _or_null(labels: np.ndarray) -> "pl.Series":
    """Labels as a column, null where there is none."""
    import polars as pl

    column = pl.Series(CLUSTER, labels)
    return column.set(column < 0, None)


def every_label(labels: np.ndarray, dataset: Description) -> np.ndarray:
    """A label for each row of the source: (R,) int64, -1 for a row that was left out or has none.

    Args:
        labels: (N,) integers, a label for each of the data set's points; -1 for none.
        dataset: Says which rows the points were.
    """
    every = np.full(dataset.n_rows, -1, np.int64)
    every[slice(None) if dataset.kept is None else dataset.kept] = labels
    return every


def write_with_clusters(
    path: str | Path, table: "pl.DataFrame", labels: np.ndarray, dataset: Description
) -> None:
    """Write the table that the points came from, all of it, with one more column: the cluster.

    Args:
        path: The file, which is replaced.
        table: R rows in the order of the source, all columns, those left out too.
        labels: (N,) integers, a label for each of the data set's points; -1 is left empty.
        dataset: Says which rows the points were; a row that was left out has no cluster.

    Raises:
        ParameterError: The suffix is not that of a table, or .npy and there is text in the table.
        DataError: The file cannot be written.
    """
    column = _or_null(every_label(labels, dataset))
    write_table(path, table.with_columns(column.alias(cluster_name(table.columns))))


def cluster_name(columns: Sequence[str]) -> str:
    """What the column of the cluster is called beside others: "cluster", or "cluster (2)"..."""
    name, count, taken = CLUSTER, 1, {each.casefold() for each in columns}
    while name in taken:
        count += 1
        name = f"{CLUSTER} ({count})"
    return name


def write_points(path: str | Path, dataset: Dataset) -> None:
    """Write `<columns>`: a line for each point, in the units of the data.

    Read again they are the same points: the digits are the shortest that give the same float32.

    Args:
        path: The file, which is replaced; .npy holds (N, D) float32.
        dataset: Whose points.

    Raises:
        ParameterError: The suffix is not that of a table.
        DataError: The file cannot be written.
    """
    write_table(path, table_of_points(dataset), array=dataset.points)


def table_of_points(dataset: Dataset) -> "pl.DataFrame":
    """The N points as a table: a column of float32 for each of D."""
    return frame_of(zip(dataset.columns, map(np.array, dataset.points.T), strict=True))


def write_centroids(
    path: str | Path, centroids: np.ndarray, columns: Sequence[str], sizes: np.ndarray
) -> None:
    """Write `cluster,size,<columns>`: a line for each centroid, from 0, as the labels count.

    Args:
        path: The file, which is replaced; .npy holds the centroids alone, (K, D).
        centroids: (K, D) in the user's units.
        columns: D names.
        sizes: (K,) integers, how many points each centroid has.

    Raises:
        ParameterError: The suffix is not that of a table.
        DataError: The file cannot be written.
    """
    header = ["cluster", "size", *columns]
    values = [np.arange(len(centroids)), np.asarray(sizes), *map(np.array, centroids.T)]
    table = frame_of(zip(header, values, strict=True))
    write_table(path, table, header=header, array=centroids)


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where one speller looked for each letter of its word.

    Attributes:
        speller: Its name.
        letters: L names.
        weights: (L, T), or (L, 1) of a speller that sees the whole word at once.
        whole_word: Whether it is such a speller.
    """

    speller: str
    letters: Sequence[str]
    weights: np.ndarray
    whole_word: bool = False


def write_alignments(
    path: str | Path, phonemes: Sequence[str], alignments: Sequence[Alignment]
) -> None:
    """Write `speller,letter,<phonemes>,whole word`: a line for each letter of each speller.

    There is a last column only where a speller sees the whole word at once: its weights stand
    there, and it has none for the phonemes. In .parquet a phoneme that comes again is counted up:
    "AH0 (2)".

    Args:
        path: The file, which is replaced; not .npy, for there is text in it.
        phonemes: T names.
        alignments: Of the same phonemes.

    Raises:
        ParameterError: The suffix is not that of a table with text in it.
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
