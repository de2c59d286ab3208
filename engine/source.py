"""Points from a source that the user names: a recipe, ready-made data, or a file."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from engine.data.dataset import Dataset, Description, rounded, select_columns
from engine.data.generated.generators import generate, is_recipe, parse_recipe
from engine.data.images import is_picture, points_of, read_photo
from engine.data.tables import readers as tables
from engine.data.tables.columns import unique_names
from engine.data.tables.options import TableOptions
from engine.data.tables.readers import read_table
from engine.data.tables.reading import Preview
from engine.errors import DataError
from engine.ready_made import is_ready_made, read_ready_made

if TYPE_CHECKING:
    import polars as pl

_COMPARED = 10_000  # points that are compared with the file


def load(
    source: str, columns: Sequence[str] | None = None, options: TableOptions | None = None
) -> Dataset:
    """Draw or read the points of a source; an existing file takes precedence over other names.

    Args:
        source: A recipe such as `blobs:clusters=6,seed=0`, a name such as `iris`, or the path of a
            table, or of a picture: the colours of its pixels.
        columns: The columns to use, by name, or by number from 1; None for all that look like
            measurements.
        options: How to read a table, as far as that is known; only for a table.

    Raises:
        EngineError: Raised by `parse_recipe`, `read_ready_made`, `read_photo` or `read_table`.
    """
    if is_table(source):
        return read_table(source, columns, options)
    dataset = _whole(source)
    return dataset if columns is None else select_columns(dataset, columns)


def preview(source: str, options: TableOptions | None = None) -> Preview:
    """The beginning of a table as it would be read; raises what `readers.preview` raises."""
    return tables.preview(source, options)


def read_frame(dataset: Description) -> "pl.DataFrame":
    """Read the whole source of points: every column, clustered or not.

    Args:
        dataset: The points.

    Returns:
        `dataset.n_rows` rows, numbers as numbers and words as text. For points that do not come
        from a file: their columns, with names and classes if they have any.

    Raises:
        EngineError: Raised by `load`; or the file has changed since the points were read.
    """
    import polars as pl

    if is_table(dataset.source):
        frame = tables.read_typed(
            dataset.source, dataset.reading.options if dataset.reading else None
        )
    else:
        whole = _whole(dataset.source)
        columns = zip(whole.columns, whole.points.T, strict=True)
        frame = pl.DataFrame({name: np.array(own) for name, own in columns})
        texts = {"name": whole.names, whole.class_column or "class": whole.classes}
        for name, own in texts.items():
            if own is not None:
                unique = unique_names([*frame.columns, name])[-1]
                frame = frame.with_columns(pl.Series(unique, own, dtype=pl.String))
    if frame.height != dataset.n_rows or not _holds(frame, dataset):
        raise DataError(f"{dataset.source} has changed since it was read; open it again.")
    return frame


def _holds(frame: "pl.DataFrame", dataset: Description) -> bool:
    """Whether a table still contains the first points."""
    points = getattr(dataset, "points", None)
    if points is None:
        return True
    first = np.arange(min(len(points), _COMPARED))
    rows = first if dataset.kept is None else dataset.kept[first]
    points = points[first]
    for index, name in enumerate(dataset.columns):
        if name not in frame.columns:
            return False
        column = frame[name].gather(rows)
        if column.dtype.is_numeric() and not np.array_equal(
            rounded(column.to_numpy().astype(np.float64)[:, np.newaxis])[:, 0], points[:, index]
        ):
            return False
    return True


def is_table(source: str) -> bool:
    """Whether a source is the path of a table, existing or not."""
    return is_file(source) and not is_picture(source)


def is_generated(source: str) -> bool:
    """Whether a source is a recipe from which points are drawn."""
    return not is_file(source) and not is_ready_made(source)


def is_file(source: str) -> bool:
    """Whether a source is the path of a file, existing or not."""
    return os.path.isfile(source) or not (is_ready_made(source) or is_recipe(source))


def _whole(source: str) -> Dataset:
    if is_picture(source):
        return points_of(read_photo(source))
    return read_ready_made(source) if is_ready_made(source) else generate(parse_recipe(source))
