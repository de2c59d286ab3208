"""Points from what the user names: a recipe, ready-made data, or a file."""

import os
from collections.abc import Sequence

from engine.data.dataset import Dataset, select_columns
from engine.data.generators import generate, is_recipe, parse_recipe
from engine.data.images import is_picture, points_of, read_photo
from engine.data.ready_made import is_ready_made, read_ready_made
from engine.data.tables import read_table


def load(source: str, columns: Sequence[str] | None = None) -> Dataset:
    """Draw or read the points of a source; a file that exists wins over anything else of its name.

    Args:
        source: A recipe such as `blobs:clusters=6,seed=0`, a name such as `iris`, or the path of a
            table, or of a picture: the colours of its pixels.
        columns: The columns to take, by name, or by number from 1; None for all that are numbers.

    Raises:
        EngineError: As `parse_recipe`, `read_ready_made`, `read_photo` and `read_table`.
    """
    if is_file(source) and not is_picture(source):
        return read_table(source, columns)
    dataset = _whole(source)
    return dataset if columns is None else select_columns(dataset, columns)


def is_generated(source: str) -> bool:
    """Whether a source is a recipe, from which points are drawn."""
    return not is_file(source) and not is_ready_made(source)


def is_file(source: str) -> bool:
    """Whether a source is the path of a file, there or not."""
    return os.path.isfile(source) or not (is_ready_made(source) or is_recipe(source))


def _whole(source: str) -> Dataset:
    if is_picture(source):
        return points_of(read_photo(source))
    return read_ready_made(source) if is_ready_made(source) else generate(parse_recipe(source))
