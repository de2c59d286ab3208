"""Ready-made data: points that can be asked for by name.

The tables under `assets/` are registered here; other parts of the engine register theirs.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from engine import assets
from engine.data.dataset import Dataset
from engine.data.tables.readers import read_table

FOLDER = assets.folder("data")
PHOTOGRAPH = "summer-palace.jpg"


@dataclass(frozen=True, slots=True)
class ReadyMade:
    """Points that can be asked for by name.

    Attributes:
        name: What to ask for, such as `iris`.
        description: A sentence about the points.
        read: Reads them, given the variant that was asked for; empty for the usual one.
        has_variants: Whether `NAME:VARIANT` can be asked for too.
    """

    name: str
    description: str
    read: Callable[[str], Dataset]
    has_variants: bool = False


# By name, in the order in which they are offered.
READY_MADE: dict[str, ReadyMade] = {}


def register(source: ReadyMade) -> None:
    """Offer ready-made data; another part of the engine calls this once for each of its sources."""
    READY_MADE[source.name] = source


def is_ready_made(source: str) -> bool:
    """Whether a source names ready-made data: `iris`, or `phonemes:plain` for a variant."""
    name, colon, variant = source.strip().partition(":")
    found = READY_MADE.get(name)
    return found is not None and (not colon or (found.has_variants and bool(variant)))


def read_ready_made(source: str) -> Dataset:
    """Read ready-made data; `is_ready_made` must hold.

    Raises:
        EngineError: There is no such variant, or a file is damaged.
    """
    name, _, variant = source.strip().partition(":")
    return replace(READY_MADE[name].read(variant), source=source.strip())


def _register_table(name: str, description: str) -> None:
    def read(_: str) -> Dataset:
        # A note that the class column is not numeric would say nothing new: it names the points.
        return replace(read_table(FOLDER / f"{name}.csv"), notes=())

    register(ReadyMade(name, description, read))


_register_table("iris", "150 irises of three species, four lengths in cm.")
_register_table("wine", "178 wines of three cultivators, 13 measurements; standardize them.")
_register_table("digits", "1,797 handwritten digits, 8 x 8 pixels.")
