"""Results as tables: labels, centroids, points.

The suffix decides the format, as in `table_files.write_table`. A .npy file holds, without names:

- labels: (R,) int64, one for each row of the source, -1 for a row that has no cluster;
- points: (N, D) float32, and centroids: (K, D) as computed, in the units of the data;
- a table with its clusters: (R, C + 1) float64, the cluster last, NaN for missing values.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.data.dataset import Dataset, Description
from engine.data.output.table_files import frame_of, write_table

if TYPE_CHECKING:
    import polars as pl

_LABELS_A_BLOCK = 2**20
CLUSTER = "cluster"
_NO_POINT = -2


def write_labels(
    path: str | Path, labels: np.ndarray, dataset: Description, *, has_noise: bool = False
) -> None:
    """Write `row,label`, or `row,name,label`: a line for each row of the source, from 1, in order.

    The rows are written block by block, so there may be many millions.

    Args:
        path: The file, which is replaced; .npy holds the labels alone, as (R,) int64.
        labels: (N,) integers, a label for each of the data set's points; -1 for none.
        dataset: Gives the rows and names of the points. The cells of a dropped row are left empty,
            or -1 in .npy.
        has_noise: Whether -1 is the label of noise: then it is written, otherwise left empty.

    Raises:
        ParameterError: The suffix is not that of a table.
        DataError: The file cannot be written.
    """
    blocks = _label_blocks(labels, dataset, has_noise)
    write_table(path, blocks, array=lambda: every_label(labels, dataset))


def _label_blocks(
    labels: np.ndarray, dataset: Description, has_noise: bool
) -> "Iterator[pl.DataFrame]":
    for start in range(0, dataset.n_rows, _LABELS_A_BLOCK):
        stop = min(start + _LABELS_A_BLOCK, dataset.n_rows)
        yield _labels_of(range(start, stop), labels, dataset, has_noise)


def _labels_of(
    rows: range, labels: np.ndarray, dataset: Description, has_noise: bool
) -> "pl.DataFrame":
    """The lines for some of the rows."""
    import polars as pl

    first, last = rows.start, rows.stop
    if dataset.kept is not None:
        first, last = np.searchsorted(dataset.kept, [first, last]).tolist()
    own = slice(first, last)
    kept = slice(None) if dataset.kept is None else dataset.kept[own] - rows.start
    every = np.full(len(rows), _NO_POINT, np.int64)
    every[kept] = labels[own]
    columns: dict[str, object] = {"row": np.arange(rows.start, rows.stop) + 1}
    if dataset.names is not None:
        names = np.full(len(rows), None, object)
        names[kept] = dataset.names[own]
        columns["name"] = pl.Series(names.tolist(), dtype=pl.String)
    return pl.DataFrame(columns | {"label": _or_null(every, has_noise)})


def _or_null(labels: np.ndarray, has_noise: bool) -> "pl.Series":
    """Labels as a column, null where there is none."""
    import polars as pl

    column = pl.Series(CLUSTER, labels)
    return column.set(column < (-1 if has_noise else 0), None)


def every_label(labels: np.ndarray, dataset: Description, *, left_out: int = -1) -> np.ndarray:
    """A label for each row of the source: (R,) int64.

    Args:
        labels: (N,) integers, a label for each of the data set's points; -1 for none.
        dataset: Gives the rows of the points.
        left_out: The label of a row that was left out.
    """
    every = np.full(dataset.n_rows, left_out, np.int64)
    every[slice(None) if dataset.kept is None else dataset.kept] = labels
    return every


def write_with_clusters(
    path: str | Path,
    table: "pl.DataFrame",
    labels: np.ndarray,
    dataset: Description,
    *,
    has_noise: bool = False,
) -> None:
    """Write the whole table that the points come from, with one more column: the cluster.

    Args:
        path: The file, which is replaced.
        table: R rows in the order of the source, with all columns, also those left out.
        labels: (N,) integers, a label for each of the data set's points; -1 is left empty.
        dataset: Gives the rows of the points; a row that was left out has no cluster.
        has_noise: Whether -1 is the label of noise: then it is written, otherwise left empty.

    Raises:
        ParameterError: The suffix is not that of a table, or it is .npy and the table has text.
        DataError: The file cannot be written.
    """
    column = _or_null(every_label(labels, dataset, left_out=_NO_POINT), has_noise)
    write_table(path, table.with_columns(column.alias(cluster_name(table.columns))))


def cluster_name(columns: Sequence[str]) -> str:
    """A name for the column of the cluster that is not taken: "cluster", or "cluster (2)"..."""
    name, count, taken = CLUSTER, 1, {each.casefold() for each in columns}
    while name in taken:
        count += 1
        name = f"{CLUSTER} ({count})"
    return name


def write_points(path: str | Path, dataset: Dataset) -> None:
    """Write `<columns>`: a line for each point, in the units of the data.

    Reading them gives the same points: the digits are the shortest that give the same float32.

    Args:
        path: The file, which is replaced; .npy holds (N, D) float32.
        dataset: The points.

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
    """Write `cluster,size,<columns>`: a line for each centroid, numbered from 0 like the labels.

    Args:
        path: The file, which is replaced; .npy holds the centroids alone, (K, D).
        centroids: (K, D) in the user's units.
        columns: D names.
        sizes: (K,) integers, the number of points of each centroid.

    Raises:
        ParameterError: The suffix is not that of a table.
        DataError: The file cannot be written.
    """
    header = ["cluster", "size", *columns]
    values = [np.arange(len(centroids)), np.asarray(sizes), *map(np.array, centroids.T)]
    table = frame_of(zip(header, values, strict=True))
    write_table(path, table, header=header, array=centroids)
