"""Reads, seeds and clusters points that stay in their file, chunk by chunk."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.clustering.chunks import finished
from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.kmeans.options import KMeansOptions
from engine.commands.clustering.job import Show
from engine.data.arrays.mapped import MappedDataset, MappedPoints, open_mapped
from engine.data.tables.options import TableOptions


def load(
    source: str, columns: Sequence[str] | None, how: TableOptions, show: Show
) -> MappedDataset:
    """Read all rows once, without storing them; raises what `open_mapped` raises."""
    return finished(open_mapped(source, columns, how), lambda share: show(f"{100 * share:.0f} %"))


def seed(points: MappedPoints, options: KMeansOptions, show: Show) -> np.ndarray:
    """Return (K, D) centroids; raises what `seed_centroids` raises."""
    from engine.clustering.seeding.streamed import seed_in_chunks

    def report(reached: Any) -> None:
        show(f"{reached.number} of {options.n_clusters}, {reached.percent}")

    chunks = seed_in_chunks(points, options.n_clusters, options.seeding, options.seed)
    return finished(chunks, report)


def fit(points: MappedPoints, start: np.ndarray, options: KMeansOptions, show: Show) -> KMeansFrame:
    """Run Lloyd's algorithm to the end; raises what `driver.fit` raises."""
    from engine.clustering.kmeans.driver import fit_in_chunks

    chunks = fit_in_chunks(
        points, start, max_iter=options.max_iter, tol=options.tol, empty=options.empty
    )
    return finished(chunks, lambda at: show(f"iteration {at.number}, {at.percent}"))
