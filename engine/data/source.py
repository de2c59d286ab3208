"""Points from what the user names: a recipe, or a file."""

from collections.abc import Sequence

from engine.data.dataset import Dataset, select_columns
from engine.data.generators import generate, is_recipe, parse_recipe
from engine.data.tables import read_table


def load(source: str, columns: Sequence[str] | None = None) -> Dataset:
    """Draw or read the points of a source; a file that exists wins over a recipe of its name.

    Args:
        source: A recipe such as `blobs:clusters=6,seed=0`, or the path of a table.
        columns: The columns to take, by name, or by number from 1; None for all that are numbers.

    Raises:
        EngineError: As `parse_recipe` and `read_table`.
    """
    if not is_recipe(source):
        return read_table(source, columns)
    dataset = generate(parse_recipe(source))
    return dataset if columns is None else select_columns(dataset, columns)
