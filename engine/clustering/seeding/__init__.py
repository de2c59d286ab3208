"""Choosing the first centroids among the points.

`seed_centroids` can be imported from here. It is looked up when asked for: its module imports
TensorFlow, and the window imports this package before TensorFlow is loaded.
"""

from typing import Any


def __getattr__(name: str) -> Any:
    if name != "seed_centroids":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from engine.clustering.seeding import in_memory

    return in_memory.seed_centroids
