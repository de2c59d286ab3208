"""k-means: one driver of Lloyd's algorithm, mini-batches, options and frames.

`fit` and `lloyd` can be imported from here. They are looked up when asked for: their module imports
TensorFlow, and the window imports this package before TensorFlow is loaded.
"""

from typing import Any

_EXPORTED = ("fit", "lloyd")


def __getattr__(name: str) -> Any:
    if name not in _EXPORTED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from engine.clustering.kmeans import driver

    return getattr(driver, name)
