"""All ready-made data, of whatever part of the engine: points that can be asked for by name."""

from dataclasses import replace

from engine.data.dataset import Dataset
from engine.data.generated.ready_made import TABLES
from engine.spelling.phoneme_points import PHONEME_POINTS

# By name, in the order in which they are offered.
READY_MADE = {each.name: each for each in (*TABLES, PHONEME_POINTS)}


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
