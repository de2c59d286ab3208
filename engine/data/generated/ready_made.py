"""Ready-made tables: points that have a name, read from `assets/`."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from engine import assets
from engine.data.dataset import Dataset
from engine.data.tables.readers import read_table

FOLDER = assets.folder("data")
PHOTOGRAPH = "summer-palace.jpg"


@dataclass(frozen=True, slots=True)
class ReadyMade:
    """Points that have a name.

    Attributes:
        name: The name, such as `iris`.
        description: A sentence about the points.
        read: Reads them, given the variant; empty for the usual one.
        has_variants: Whether `NAME:VARIANT` works, too.
    """

    name: str
    description: str
    read: Callable[[str], Dataset]
    has_variants: bool = False


def _table(name: str, description: str) -> ReadyMade:
    def read(_: str) -> Dataset:
        # A note that the class column is not numeric would say nothing new: it names the points.
        return replace(read_table(FOLDER / f"{name}.csv"), notes=())

    return ReadyMade(name, description, read)


TABLES = (
    _table("iris", "150 irises of three species, four lengths in cm."),
    _table("wine", "178 wines of three cultivators, 13 measurements; standardize them."),
    _table("digits", "1,797 handwritten digits, 8 x 8 pixels."),
)
