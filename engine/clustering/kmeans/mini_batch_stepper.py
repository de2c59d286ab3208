"""Mini-batch k-means as frames: the seeding, the batches, and the labels known so far."""

from collections.abc import Generator
from dataclasses import replace
from typing import Any

import numpy as np

from engine.clustering.base import Start
from engine.clustering.checks import check
from engine.clustering.chunks import chunks_of
from engine.clustering.frames import Phase, Stop
from engine.clustering.kmeans.backends.streamed import Streamed
from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.kmeans.mini_batch import batches
from engine.clustering.kmeans.mini_batch_frames import MiniBatchFrame
from engine.clustering.kmeans.options import MiniBatchOptions
from engine.clustering.seeding.in_memory import seeds
from engine.frames import sealed

# This many batches have a frame each; later, a frame follows every further 1 % of batches.
_ONE_BY_ONE = 100


def mini_batch(
    points: np.ndarray, options: MiniBatchOptions, start: Start | None = None
) -> Generator[KMeansFrame, None, None]:
    """Seed, then move the centroids batch by batch.

    Args:
        points: (N, D) float32.
        options: What to do.
        start: Where to continue from. If it has fewer than K centroids, the seeding adds the rest.
            How many points each centroid was given before is not known, so its count restarts at 0.

    Yields:
        Frames of phase SEED, one for each missing centroid; then `MiniBatchFrame`s, the first
        before any batch. The last frame has a label for every point and says why the run stopped.

    Raises:
        EngineError: See `seed_centroids` and `fit`.
    """
    check(points, points[:1] if start is None else start.centroids)
    given, first = (None, 0) if start is None else (start.centroids, start.iteration)
    before = None if start is None else start.labels
    if given is None or len(given) < options.n_clusters:
        for frame in seeds(points, options.n_clusters, options.seeding, options.seed, given):
            yield frame
            given, before = frame.centroids, frame.labels
    if given is None:  # impossible: `MiniBatchOptions` refuses k = 0
        raise ValueError("There is no centroid to begin with.")
    yield from _after_seeding(_Labelling(points, given, before), options, first)


def _after_seeding(
    labelling: "_Labelling", options: MiniBatchOptions, first: int
) -> Generator[MiniBatchFrame, None, None]:
    """Yield the frames of the batches, and those of the last assignment."""
    backend = labelling.backend
    nothing = np.empty(0, np.int64)
    stop = Stop.MAX_ITER if first >= options.max_batches else None
    frame = labelling.frame(backend.start, nothing, phase=Phase.START, iteration=first, stop=stop)
    yield frame
    for seen in batches(backend, options, first):
        stop = seen.stop
        if stop or _is_shown(seen.iteration):
            frame = labelling.frame(
                *(seen.centroids, seen.batch),
                phase=Phase.UPDATE,
                iteration=seen.iteration,
                stop=stop,
            )
            yield frame
    if not labelling.at_once:
        yield from labelling.rest(frame, stop)


def _is_shown(iteration: int) -> bool:
    return iteration <= _ONE_BY_ONE or iteration % (iteration // _ONE_BY_ONE) == 0


class _Labelling:
    """Finds the labels of the points: of all points if there is time for that in each frame.

    Attributes:
        at_once: Whether all points are compared with the centroids for each frame.
    """

    def __init__(
        self, points: np.ndarray, centroids: np.ndarray, labels: np.ndarray | None
    ) -> None:
        """Begin.

        Args:
            points: (N, D) float32.
            centroids: (K, D), the initial centroids.
            labels: (N,) those of the frame before; None if there is none.
        """
        self.backend = Streamed(points, centroids)
        self._chunks = list(chunks_of(points, len(centroids)))
        self.at_once = len(self._chunks) == 1
        self._unknown = np.full(len(points), -1, np.int32)
        self._before = self._unknown if labels is None else labels
        self._centroids = self.backend.start

    def frame(
        self,
        centroids: np.ndarray,
        batch: np.ndarray,
        *,
        phase: Phase,
        iteration: int,
        stop: Stop | None,
    ) -> MiniBatchFrame:
        """Make the frame of (K, D) centroids; the (B,) points of the batch always get labels."""
        labels, inertias = self._unknown.copy(), np.full(len(centroids), np.nan)
        if self.at_once:
            labels[:], inertias = self._assigned(self._chunks[0], centroids)
        elif len(batch):
            labels[batch], _ = self._assigned(batch, centroids)
            stop = None  # the last frame is still to come
        moved = np.linalg.norm(centroids - self._centroids, axis=1).max()
        self._centroids = centroids
        return MiniBatchFrame(
            iteration=iteration,
            phase=phase,
            centroids=sealed(centroids + self.backend.origin),
            inertias=sealed(inertias),
            shift=float(moved),
            batch=sealed(batch),
            stop=stop,
            **self._counted(labels),
        )

    def rest(
        self, frame: MiniBatchFrame, stop: Stop | None
    ) -> Generator[MiniBatchFrame, None, None]:
        """Label all points for the centroids of the last frame, one chunk for each frame."""
        labels, inertias = np.array(frame.labels), np.zeros(len(frame.centroids))
        for chunk in self._chunks:
            labels[chunk], more = self._assigned(chunk, self._centroids)
            inertias += more
            is_last = chunk is self._chunks[-1]
            yield replace(
                frame,
                phase=Phase.ASSIGN,
                inertias=sealed(inertias if is_last else np.full(len(inertias), np.nan)),
                shift=0.0,
                stop=stop if is_last else None,
                **self._counted(labels),
            )

    def _assigned(
        self, which: slice | np.ndarray, centroids: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """(n,) labels of some points, and (K,) sums of squared distances to their centroids."""
        points = self.backend.points[which]
        labels = self.backend.summarize(points, centroids)[0]
        distances = self.backend.own_distances(points, labels, centroids)
        return labels, np.bincount(labels, weights=distances, minlength=len(centroids))

    def _counted(self, labels: np.ndarray) -> dict[str, Any]:
        """Return (N,) labels with their counts and changes, as fields of a frame."""
        changed = int(np.count_nonzero((labels != self._before) & (labels >= 0)))
        self._before = sealed(labels)
        sizes = np.bincount(labels[labels >= 0], minlength=len(self._centroids))
        return {"labels": self._before, "sizes": sealed(sizes), "changed": changed}
